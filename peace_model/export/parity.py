"""Does the exported graph say what the network says? Largest differences between torch and onnxruntime."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from peace_model.export.onnx import INPUTS, OUTPUTS
from peace_model.networks.inference_graph import InferenceGraph

MAX_LOGIT_DIFFERENCE = 1e-3
MAX_MAP_DIFFERENCE = 4e-3
"""Of a map scaled to its own maximum, as it is shown."""


class ParityError(Exception):
    """The exported graph and the network disagree; str() says on which output and by how much."""


@dataclass(frozen=True)
class Parity:
    """Largest absolute differences; maps after scaling to their maximum. windows: how many were compared."""

    windows: int
    logits: float
    attention: float
    gradcam: float


def compare(graph: InferenceGraph, path: Path, inputs: tuple[Tensor, Tensor, Tensor, Tensor]) -> Parity:
    """Run both on the same windows. Raises ParityError when they differ by more than the limits above."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, sess_options=options, providers=["CPUExecutionProvider"])
    feed = {name: value.numpy() for name, value in zip(INPUTS, inputs, strict=True)}
    theirs = dict(zip(OUTPUTS, session.run(list(OUTPUTS), feed), strict=True))
    with torch.inference_mode():
        ours = {name: value.numpy() for name, value in zip(OUTPUTS, graph.eval()(*inputs), strict=True)}
    found = Parity(
        len(inputs[0]), float(np.abs(ours["logits"] - theirs["logits"]).max()),
        *(float(np.abs(_scaled(ours[name]) - _scaled(theirs[name])).max()) for name in ("attention", "gradcam")))
    for name, value, limit in (("logits", found.logits, MAX_LOGIT_DIFFERENCE),
                               ("attention", found.attention, MAX_MAP_DIFFERENCE),
                               ("gradcam", found.gradcam, MAX_MAP_DIFFERENCE)):
        if not value <= limit:
            raise ParityError(f"{name} of the exported graph differs by {value:.2g}, more than {limit:g}")
    return found


def _scaled(maps: np.ndarray) -> np.ndarray:
    top = np.abs(maps).max(axis=-1, keepdims=True)
    return maps / np.where(top > 1e-6, top, 1.0)

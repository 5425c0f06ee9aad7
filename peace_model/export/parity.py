"""Does the exported graph say what the network says? Largest differences between torch and onnxruntime."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from peace_model.export.onnx import ABNORMALITIES, INPUTS, OUTPUTS, outputs_of
from peace_model.networks.inference_graph import InferenceGraph

MAX_LOGIT_DIFFERENCE = 1e-4
MAX_MAP_DIFFERENCE = 1e-3
"""Of a map scaled to its own maximum, as it is shown."""
_BATCH = 16
_LOGITS = (OUTPUTS[0], ABNORMALITIES)


class ParityError(Exception):
    """The exported graph and the network disagree; str() says on which output and by how much."""


@dataclass(frozen=True)
class Parity:
    """Largest absolute differences; maps after scaling to their maximum. windows: how many were compared.

    abnormalities: of their logits; None where the network has no head for them.
    """

    windows: int
    logits: float
    attention: float
    gradcam: float
    abnormalities: float | None = None


def compare(graph: InferenceGraph, path: Path, inputs: tuple[Tensor, Tensor, Tensor, Tensor]) -> Parity:
    """Run both on the same windows. Raises ParityError when they differ by more than the limits above."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, sess_options=options, providers=["CPUExecutionProvider"])
    outputs = outputs_of(graph)
    largest = dict.fromkeys(outputs, 0.0)
    for given in _batches(inputs):
        feed = {name: value.numpy() for name, value in zip(INPUTS, given, strict=True)}
        with torch.inference_mode():
            ours = [value.numpy() for value in graph.eval()(*given)]
        for name, mine, theirs in zip(outputs, ours, session.run(list(outputs), feed), strict=True):
            if name not in _LOGITS:
                mine, theirs = _scaled(mine), _scaled(theirs)
            difference = float(np.abs(mine - theirs).max())
            # A difference that is no number is one too many: it stays the largest.
            largest[name] = difference if not difference <= largest[name] else largest[name]
    for name, value in largest.items():
        limit = MAX_LOGIT_DIFFERENCE if name in _LOGITS else MAX_MAP_DIFFERENCE
        if not value <= limit:
            raise ParityError(f"{name} of the exported graph differs by {value:.2g}, more than {limit:g}")
    return Parity(len(inputs[0]), **largest)


def _batches(inputs: tuple[Tensor, ...]) -> Iterator[tuple[Tensor, ...]]:
    for first in range(0, len(inputs[0]), _BATCH):
        yield tuple(value[first: first + _BATCH] for value in inputs)


def _scaled(maps: np.ndarray) -> np.ndarray:
    top = np.abs(maps).max(axis=-1, keepdims=True)
    return maps / np.where(top > 1e-6, top, 1.0)

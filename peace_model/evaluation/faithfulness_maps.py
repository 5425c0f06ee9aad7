"""The maps of a network on examples, each of the example's own label, and how alike two sets of maps are."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from peace_model.evaluation.faithfulness_examples import Examples
from peace_model.evaluation.scoring import network_answer
from peace_model.explanation.agreement import rank_correlation
from peace_model.explanation.occlusion import occlusion_drops
from peace_model.networks.inference_graph import InferenceGraph
from peace_model.networks.peace import Peace

BATCH = 16

Maps = NDArray[np.floating]
Told = Callable[[int], None]


@torch.inference_mode()
def graph_maps(model: Peace, examples: Examples, told: Told) -> dict[str, Maps]:
    """Grad-CAM++ and attention, (n, T) each, on the device where the model is."""
    graph = InferenceGraph(model).eval()
    device = next(model.parameters()).device
    found: dict[str, list[Maps]] = {"gradcam": [], "attention": []}
    for first in range(0, len(examples), BATCH):
        part = slice(first, first + BATCH)
        signal, mask, valid, age, columns = (
            torch.from_numpy(np.ascontiguousarray(values[part])).to(device) for values in (
                examples.signal, examples.lead_mask, examples.valid_samples, examples.age_days, examples.columns))
        attention, gradcam = graph(signal, mask, valid, age)[1:3]
        rows = torch.arange(len(columns), device=device)
        found["gradcam"].append(gradcam[rows, columns].cpu().numpy())
        found["attention"].append(attention[rows, columns].cpu().numpy())
        told(len(columns))
    return {method: np.concatenate(maps) for method, maps in found.items()}


def occlusion_maps(model: Peace, examples: Examples, patch: int, told: Told) -> Maps:
    """Falls of the logit (n, 12, T') patch by patch as the application shows them, 0 where it rises."""
    answer = network_answer(model)
    maps = []
    for row in range(len(examples)):
        one = examples.take(np.array([row]))

        def run(signal: NDArray[np.float32], one: Examples = one) -> NDArray[np.float32]:
            count = len(signal)
            logits = answer(signal=signal, lead_mask=np.repeat(one.lead_mask, count, axis=0),
                            valid_samples=np.repeat(one.valid_samples, count), age_days=np.repeat(one.age_days, count))
            return np.asarray(logits[:, int(one.columns[0])])

        logit = float(run(one.signal)[0])
        told(1)
        drops, _ = occlusion_drops(
            run, one.signal[0], logit=logit, leads=np.flatnonzero(one.lead_mask[0] > 0),
            valid_samples=int(one.valid_samples[0]), patch=patch, told=told)
        maps.append(np.maximum(drops, 0))
    return np.array(maps, np.float32)


def occlusion_passes(examples: Examples, patch: int) -> int:
    """Windows that `occlusion_maps` runs."""
    steps = -(-examples.valid_samples // patch)
    return int(((examples.lead_mask > 0).sum(axis=1) * (1 + steps)).sum()) + len(examples)


def over_time(maps: Maps, *, patch: int, stride: int, tokens: int) -> Maps:
    """Occlusion maps (n, 12, T') averaged over the leads and read at the centres of tokens: (n, tokens)."""
    steps = (np.arange(maps.shape[2]) + 0.5) * patch
    return np.array([np.interp(np.arange(tokens) * stride, steps, row) for row in maps.mean(axis=1)])


def similarities(first: Maps, second: Maps) -> NDArray[np.float64]:
    """Rank correlation (n,) of each map with its counterpart; a constant map has nothing in common with any."""
    return np.array([rank_correlation(one.ravel(), other.ravel()) or 0.0
                     for one, other in zip(first, second, strict=True)])

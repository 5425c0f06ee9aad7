"""Do the maps depend on what was learnt, and do they point at what the logit needs?

Weight randomisation after Adebayo et al. (2018); deletion after Samek et al. (2017).
"""

import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from peace_model.datasets.store import Store
from peace_model.networks.inference_graph import InferenceGraph
from peace_model.networks.peace import Peace

DELETED_PART = 0.2


def check_maps(
    model: Peace, store: Store, rows: NDArray[np.int64], *, seed: int, recordings: int = 100
) -> dict[str, Any]:
    """Checks of "gradcam" and "attention" on the positive label with the highest logit of each of some recordings."""
    positive = rows[np.array(store.targets[rows]).any(axis=1)]
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.choice(positive, min(recordings, len(positive)), replace=False))
    signal = torch.from_numpy(np.array(store.signal[chosen]))
    mask = torch.from_numpy(np.array(store.lead_mask[chosen]))
    valid = torch.from_numpy(store.valid_samples[chosen])
    targets = torch.from_numpy(np.array(store.targets[chosen])).bool()
    graph = InferenceGraph(model).eval()
    logits, maps = _run(graph, signal, mask, valid)
    label = logits.masked_fill(~targets, -torch.inf).argmax(dim=1)
    index = torch.arange(len(chosen))
    _, random_maps = _run(InferenceGraph(_randomised(model, seed)).eval(), signal, mask, valid)
    _, constant = _run(graph, torch.zeros_like(signal[:1]), torch.ones_like(mask[:1]), valid[:1])
    samples_per_token = model.encoder.config.stride
    report: dict[str, Any] = {}
    for method, own in maps.items():
        mine, other = own[index, label], random_maps[method][index, label]
        agreement = [_rank_correlation(a.numpy(), b.numpy()) for a, b in zip(mine, other, strict=True)]
        similarity = float(np.nanmean(agreement)) if not np.isnan(agreement).all() else float("nan")
        drop = _deletion(graph, signal, mask, valid, mine, samples_per_token)[index, label]
        shuffled = torch.from_numpy(rng.permuted(mine.numpy(), axis=1))
        chance = _deletion(graph, signal, mask, valid, shuffled, samples_per_token)[index, label]
        gain = ((logits[index, label] - drop) - (logits[index, label] - chance)).numpy()
        error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
        at_constant = float(constant[method].amax() - constant[method].amin())
        report[method] = {
            "text": _sentence(method, similarity, float(gain.mean()), error, len(chosen)),
            "recordings": len(chosen), "seed": seed,
            "rank_correlation_with_random_weights": similarity,
            "logit_drop_deleting_marked_fifth": float((logits[index, label] - drop).mean()),
            "logit_drop_deleting_random_fifth": float((logits[index, label] - chance).mean()),
            "gain_over_random": float(gain.mean()), "standard_error": error,
            "spread_on_constant_input": at_constant,
            "empty_maps": int((mine.amax(dim=1) <= 0).sum()),
        }
    return report


@torch.inference_mode()
def _run(graph: InferenceGraph, signal: Tensor, mask: Tensor, valid: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    parts = [graph(signal[k: k + 16], mask[k: k + 16], valid[k: k + 16], torch.full((len(signal[k: k + 16]),), np.nan))
             for k in range(0, len(signal), 16)]
    logits, attention, gradcam = (torch.cat(column) for column in zip(*parts, strict=True))
    return logits, {"gradcam": gradcam, "attention": attention}


def _deletion(
    graph: InferenceGraph, signal: Tensor, mask: Tensor, valid: Tensor, maps: Tensor, samples_per_token: int
) -> Tensor:
    """Logits after the fifth of the tokens that a map (B, T) marks most is set to the leads' mean."""
    count = max(1, round(DELETED_PART * maps.shape[1]))
    marked = torch.zeros_like(maps, dtype=torch.bool).scatter(1, maps.topk(count, dim=1).indices, True)
    gone = marked.repeat_interleave(samples_per_token, dim=1)
    gone = torch.roll(gone, -(samples_per_token // 2), dims=1)[:, : signal.shape[-1]]
    return _run(graph, signal.masked_fill(gone.unsqueeze(1), 0.0), mask, valid)[0]


def _randomised(model: Peace, seed: int) -> Peace:
    """A copy whose matrices hold the same numbers in random places; norms and biases stay."""
    copied = copy.deepcopy(model)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in copied.parameters():
            if parameter.ndim >= 2:
                order = torch.randperm(parameter.numel(), generator=generator)
                parameter.copy_(parameter.flatten()[order].reshape(parameter.shape))
    return copied


def _rank_correlation(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    ranks = [np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(float) for values in (a, b)]
    if a.max() == a.min() or b.max() == b.min():
        return float("nan")
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _sentence(method: str, similarity: float, gain: float, error: float, count: int) -> str:
    """What a reader should know of a kind of map, from its figures."""
    name = {"gradcam": "Grad-CAM++", "attention": "Attention"}[method]
    learnt = ("follows what the network learnt" if abs(similarity) < 0.3
              else "partly looks the same with random weights")
    points = ("deleting what it marks lowers the logit more than deleting random places" if gain > 2 * error
              else "deleting what it marks lowers the logit no more than deleting random places")
    return (f"{name} {learnt} (rank correlation {similarity:.2f} with random weights); {points} "
            f"({gain:+.2f} \N{PLUS-MINUS SIGN} {error:.2f}, {count} recordings)")

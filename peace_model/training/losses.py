"""The losses: labels (masked cross-entropy) and alignment of ECGs with what is said of them (LSBC)."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class AlignConfig:
    """LSBC. mode: which recordings attract each other. `shared`: those with any label in common. `jaccard`: as
    strongly as their label sets overlap. `per_label`: one contrast a label, between the recordings that have it.
    balanced: every label present weighs the same, else every recording (most of them NORM) does."""

    mode: Literal["shared", "per_label", "jaccard"] = "shared"
    balanced: bool = False


def positive_weights(targets: Tensor, known: Tensor, *, cap: float | None) -> Tensor:
    """min(negatives / positives, cap) per label, (C,); a label without positives gets the cap; no cap: all 1.

    targets and known (n, C).
    """
    if cap is None:
        return torch.ones(targets.shape[1])
    positives = (targets * known).sum(dim=0)
    negatives = ((1 - targets) * known).sum(dim=0)
    return torch.where(positives > 0, negatives / positives.clamp(min=1.0), cap).clamp(max=cap)


def masked_bce(logits: Tensor, targets: Tensor, *, weights: Tensor, known: Tensor) -> Tensor:
    """Mean binary cross-entropy over the entries whose target is known; positives count `weights` times."""
    losses = functional.binary_cross_entropy_with_logits(logits, targets, pos_weight=weights, reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1.0)


def prior_bce(targets: Tensor, known: Tensor, *, weights: Tensor) -> float:
    """The masked cross-entropy of a network that answers every recording with each label's frequency.

    What fine-tuning measures its progress against (method 3.5): a good checkpoint never halves its own loss.
    """
    share = ((targets * known).sum(dim=0) / known.sum(dim=0).clamp(min=1.0)).clamp(1e-6, 1 - 1e-6)
    # A weighted positive moves the best constant answer from p to wp / (wp + 1 - p).
    best = weights * share / (weights * share + 1 - share)
    return float(masked_bce(best.logit().expand_as(targets), targets, weights=weights, known=known))


def lsbc(similarity: Tensor, present: Tensor, config: AlignConfig = AlignConfig()) -> Tensor:
    """Label-supervised bidirectional contrast of a batch: pairs that share a label attract.

    similarity (B, B): recording i with the descriptors of recording j, over the temperature. present (B, C), 0 or 1.
    Recordings without any label are left out; zero when fewer than two remain.
    """
    kept = present.sum(dim=1) > 0
    if int(kept.sum()) < 2:
        return similarity.sum() * 0.0
    similarity, present = similarity[kept][:, kept], present[kept]
    if config.mode == "per_label":
        return _per_label(similarity, present, balanced=config.balanced)
    pull = present @ present.T
    if config.mode == "shared":
        pull = (pull > 0).to(similarity.dtype)
    else:
        count = present.sum(dim=1)
        pull = pull / (count[:, None] + count[None, :] - pull)
    rows = (present / present.sum(dim=0).clamp(min=1.0)).sum(dim=1) if config.balanced else torch.ones_like(pull[0])
    return _both_ways(similarity, pull, rows / rows.sum())


def _per_label(similarity: Tensor, present: Tensor, *, balanced: bool) -> Tensor:
    """Mean over the labels present of each label's own contrast (the "AugCL" of KED)."""
    counts = present.sum(dim=0)
    labels = [int(label) for label in counts.nonzero().flatten()]
    each = torch.stack([
        _both_ways(similarity, torch.outer(present[:, label], present[:, label]), present[:, label] / counts[label])
        for label in labels])
    weights = torch.ones_like(each) if balanced else counts[labels]
    return (each * weights).sum() / weights.sum()


def _both_ways(similarity: Tensor, pull: Tensor, rows: Tensor) -> Tensor:
    """Half of ECG -> descriptors plus half of descriptors -> ECG. pull (B, B) symmetric, rows (B,) sums to 1."""
    share = pull / pull.sum(dim=1, keepdim=True).clamp(min=1e-12)
    to_knowledge = -(share * similarity.log_softmax(dim=1)).sum(dim=1)
    to_ecg = -(share * similarity.T.log_softmax(dim=1)).sum(dim=1)
    return (rows * (to_knowledge + to_ecg)).sum() / 2

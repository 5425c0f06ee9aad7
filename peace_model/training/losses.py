"""The three losses of PEACE: labels from ECG tokens, labels from descriptors, and alignment of the two (LSBC)."""

import torch
from torch import Tensor
from torch.nn import functional

MAX_POSITIVE_WEIGHT = 20.0


def positive_weights(targets: Tensor, known: Tensor | None = None) -> Tensor:
    """min(negatives / positives, 20) per label, (C,); a label without positives gets the maximum. targets (n, C)."""
    known = torch.ones_like(targets) if known is None else known
    positives = (targets * known).sum(dim=0)
    negatives = ((1 - targets) * known).sum(dim=0)
    return (negatives / positives.clamp(min=1.0)).clamp(max=MAX_POSITIVE_WEIGHT)


def masked_bce(logits: Tensor, targets: Tensor, *, weights: Tensor, known: Tensor | None = None) -> Tensor:
    """Mean binary cross-entropy over the entries whose target is known; positives count `weights` times."""
    losses = functional.binary_cross_entropy_with_logits(logits, targets, pos_weight=weights, reduction="none")
    if known is None:
        return losses.mean()
    return (losses * known).sum() / known.sum().clamp(min=1.0)


def lsbc(ecg: Tensor, knowledge: Tensor, targets: Tensor, temperature: Tensor) -> Tensor:
    """Label-supervised bidirectional contrast between unit vectors (B, e): pairs that share a label attract.

    Recordings without any label are left out; zero when fewer than two remain. targets (B, C).
    """
    kept = targets.sum(dim=1) > 0
    if int(kept.sum()) < 2:
        return ecg.sum() * 0.0
    ecg, knowledge, targets = ecg[kept], knowledge[kept], targets[kept]
    similarity = ecg @ knowledge.T / temperature
    shared = ((targets @ targets.T) > 0).to(similarity.dtype)
    share = shared / shared.sum(dim=1, keepdim=True)  # symmetric counts: the same share serves both directions
    to_knowledge = -(share * similarity.log_softmax(dim=1)).sum(dim=1).mean()
    to_ecg = -(share * similarity.T.log_softmax(dim=1)).sum(dim=1).mean()
    return (to_knowledge + to_ecg) / 2

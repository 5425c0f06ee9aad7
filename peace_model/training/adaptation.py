"""Adaptation baselines: an ECG-only network that also sees a target population's recordings, without their labels.

DANN: Ganin et al., JMLR 17:59 (2016): a classifier of the domain behind a gradient reversal, whose strength rises with
progress. MMD: Long et al., ICML (2015): the maximum mean discrepancy between pooled features under a sum of Gaussian
kernels whose widths follow the median distance.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from peace_model.datasets.augment import AugmentConfig
from peace_model.datasets.store import Store
from peace_model.networks.ecg_network import Encoded
from peace_model.networks.ecg_only import EcgOnly, EcgOnlyConfig
from peace_model.training.batch import Batch, make_batch
from peace_model.training.losses import masked_bce

KERNEL_WIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Of the Gaussian kernels, in units of the median squared distance of a batch."""
STEEPNESS = 10.0
"""How fast the reversal reaches its full strength (Ganin et al., section 5.2)."""


class DomainEcgOnly(EcgOnly):
    """`EcgOnly` with a classifier of the domain on its pooled features; both are trained together, it alone answers
    at inference."""

    def __init__(self, config: EcgOnlyConfig) -> None:
        super().__init__(config)
        width = self.encoder.width
        self.domain = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1))


class _Reversal(torch.autograd.Function):
    """The identity forwards; backwards the gradient times minus `strength`."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return features.view_as(features)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * gradients[0], None


def reversed_gradient(features: Tensor, strength: float) -> Tensor:
    """The same features; what flows back through them is reversed and scaled."""
    return _Reversal.apply(features, strength)


def reversal_strength(progress: float) -> float:
    """From 0 at the start to nearly 1 at the end of training; progress in [0, 1]."""
    return float(2 / (1 + np.exp(-STEEPNESS * progress)) - 1)


def domain_loss(domain: nn.Module, source: Tensor, target: Tensor, *, strength: float) -> Tensor:
    """Cross-entropy of telling source (B, d) from target (M, d) features, both sides weighing the same."""
    told = [domain(reversed_gradient(features, strength)).squeeze(-1) for features in (source, target)]
    return (functional.binary_cross_entropy_with_logits(told[0], torch.zeros_like(told[0]))
            + functional.binary_cross_entropy_with_logits(told[1], torch.ones_like(told[1]))) / 2


def discrepancy(source: Tensor, target: Tensor) -> Tensor:
    """Squared maximum mean discrepancy of source (B, d) and target (M, d) features; 0 for the same features."""
    both = torch.cat([source, target])
    distance = torch.cdist(both, both, compute_mode="donot_use_mm_for_euclid_dist").square()
    middle = distance.detach().median().clamp(min=1e-12)
    similar = torch.stack([torch.exp(-distance / (width * middle)) for width in KERNEL_WIDTHS]).mean(dim=0)
    n = len(source)
    return similar[:n, :n].mean() + similar[n:, n:].mean() - 2 * similar[:n, n:].mean()


class WithTarget:
    """Losses of a batch of the source beside half as many target recordings, encoded together ("label", "domain").

    steps: of the whole run. Which target recordings come is drawn from the seed and the step alone, so that a resumed
    run sees the same ones.
    """

    def __init__(
        self, kind: str, store: Store, target: NDArray[np.int64], augment: AugmentConfig, *, steps: int, seed: int
    ) -> None:
        self.distance: Callable[[DomainEcgOnly, Tensor, Tensor, float], Tensor] = {
            "dann": lambda model, source, other, progress: domain_loss(
                model.domain, source, other, strength=reversal_strength(progress)),
            "mmd": lambda model, source, other, progress: discrepancy(source, other)}[kind]
        self.store, self.target, self.augment, self.steps, self.seed = store, target, augment, steps, seed

    def __call__(self, model: DomainEcgOnly, batch: Batch) -> dict[str, Tensor]:
        rng = np.random.default_rng([self.seed, 2, batch.step])
        size = min(len(self.target), max(1, len(batch.signal) // 2))
        rows = np.sort(rng.choice(self.target, size, replace=False))
        other = make_batch(self.store, rows, self.augment, weights=batch.weights, seed=self.seed,
                           step=batch.step).to(batch.signal.device)
        encoded = model.encode(
            torch.cat([batch.signal, other.signal]), torch.cat([batch.lead_mask, other.lead_mask]),
            torch.cat([batch.valid_samples, other.valid_samples]))
        own = Encoded(*(part[: len(batch.signal)] for part in encoded))
        logits, _ = model.read_ecg(own, batch.age_days)
        pooled = encoded.mean()
        return {
            "label": masked_bce(logits, batch.targets, weights=batch.weights, known=batch.known),
            "domain": self.distance(model, pooled[: len(batch.signal)], pooled[len(batch.signal):],
                                    batch.step / self.steps)}

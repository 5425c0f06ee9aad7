"""Barlow Twins (Zbontar et al., ICML 2021) between ECGs and clinical context, with the signs of a collapse.

Each column of both embeddings is standardised over the batch; C is their cross-correlation. The loss pulls its diagonal
to 1 and the rest to 0: the same recording says the same in both, and no column says what another says.
"""

import torch
from torch import Tensor

from peace_model.datasets.context import StandardContext
from peace_model.evaluation.collapse import DIAGONAL, RANK, STD
from peace_model.networks.joint_embedding import JointNetwork
from peace_model.training.batch import Batch
from peace_model.training.parallel import gathered

LOSS = "joint"
_EPSILON = 1e-5


class JointObjective:
    """The loss of a batch, and the monitors beside it. context: of the store's rows."""

    def __init__(self, context: StandardContext) -> None:
        self.values, self.present = torch.from_numpy(context.values), torch.from_numpy(context.present)

    def __call__(self, model: JointNetwork, batch: Batch) -> dict[str, Tensor]:
        own, device = batch.rows[batch.share], batch.signal.device
        mean, projected = model.embed_ecg(batch.signal, batch.lead_mask, batch.valid_samples)
        told = model.embed_context(self.values[own].to(device), self.present[own].to(device))
        mean, projected, told = (gathered(part.float()) for part in (mean, projected, told))
        correlation = cross_correlation(projected, told)
        return {LOSS: barlow_twins(correlation, model.config.redundancy), **monitors(mean, correlation)}


def cross_correlation(one: Tensor, other: Tensor) -> Tensor:
    """(P, P) of two embeddings (B, P); 0 in the rows and columns of a constant one."""
    return standardised(one).T @ standardised(other) / len(one)


def standardised(embedding: Tensor) -> Tensor:
    centred = embedding - embedding.mean(dim=0)
    return centred / (centred.square().mean(dim=0) + _EPSILON).sqrt()


def barlow_twins(correlation: Tensor, redundancy: float) -> Tensor:
    """sum (1 - C_ii)^2 + redundancy * sum_{i != j} C_ij^2."""
    diagonal = correlation.diagonal()
    return (1 - diagonal).square().sum() + redundancy * (correlation.square().sum() - diagonal.square().sum())


@torch.no_grad()
def monitors(mean: Tensor, correlation: Tensor) -> dict[str, Tensor]:
    """Signs of a collapse. mean (B, e): what diagnoses will be read from; correlation (P, P).

    embedding_std: mean over the columns of the standard deviation, of embeddings scaled to the length sqrt(e): near 0
    when all recordings look the same. effective_rank: of C, (sum s^2)^2 / sum s^4 over its singular values.
    mean_diagonal: of C.
    """
    scaled = mean / mean.norm(dim=1, keepdim=True).clamp(min=1e-12) * mean.shape[1] ** 0.5
    power = correlation.square().sum()
    fourth = (correlation.T @ correlation).square().sum()
    return {STD: scaled.std(dim=0, correction=0).mean(), RANK: power.square() / fourth.clamp(min=1e-12),
            DIAGONAL: correlation.diagonal().mean()}

"""Stage one of the transfer of clinical knowledge (arXiv 2512.07021): ECG and clinical context in one space.

Both embeddings go through projectors of their own; the loss between them is `training.barlow_twins`. What a diagnosis
is later read from is the encoder: projectors and tabular network stay behind.
"""

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from peace_model.networks.ecg_network import EncodingNetwork
from peace_model.networks.tabular_mlp import TabularMlp


@dataclass(frozen=True)
class JointConfig:
    """encoder: a name of `ENCODERS`. features: columns of the context. hidden, dropout: of the tabular network.
    projector: widths of both projectors, the last is the common space. redundancy: lambda of the loss, the weight of
    what lies beside the diagonal."""

    encoder: str
    features: int
    hidden: tuple[int, ...] = (128, 128, 128)
    dropout: float = 0.5
    projector: tuple[int, ...] = (1024, 1024, 512)
    redundancy: float = 5e-3

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class JointNetwork(EncodingNetwork):
    """The encoder, the tabular network and their projectors."""

    def __init__(self, config: JointConfig) -> None:
        super().__init__(config.encoder)
        self.config = config
        self.tabular = TabularMlp(config.features, config.hidden, config.dropout)
        self.project_ecg = projector(self.encoder.width, config.projector)
        self.project_context = projector(self.tabular.width, config.projector)

    def embed_ecg(self, signal: Tensor, lead_mask: Tensor, valid_samples: Tensor) -> tuple[Tensor, Tensor]:
        """The encoder's mean token (B, e), which diagnoses are read from, and its projection (B, P)."""
        mean = self.encode(signal, lead_mask, valid_samples).mean()
        return mean, self.project_ecg(mean)

    def embed_context(self, values: Tensor, present: Tensor) -> Tensor:
        """(B, P) of values and present (B, F)."""
        return self.project_context(self.tabular(values, present))


def projector(into: int, widths: tuple[int, ...]) -> nn.Sequential:
    """Linear layers with batch norm and ReLU between them, none behind the last."""
    layers: list[nn.Module] = []
    for out in widths[:-1]:
        layers += [nn.Linear(into, out), nn.BatchNorm1d(out), nn.ReLU()]
        into = out
    return nn.Sequential(*layers, nn.Linear(into, widths[-1]))


def fresh_joint(config: JointConfig, seed: int) -> JointNetwork:
    torch.manual_seed(seed)
    return JointNetwork(config)

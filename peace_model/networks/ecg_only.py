"""The fair control of PEACE: the same encoder with a linear head on its pooled tokens, no text, no label queries."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from peace_model.networks.ecg_network import Beside, EcgNetwork, Encoded
from peace_model.networks.masks import mean_max_token, mean_weights


@dataclass(frozen=True)
class EcgOnlyConfig:
    """encoder: a name of `ENCODERS`. labels: how many. statements: targets of the auxiliary head; 0 = none."""

    encoder: str
    labels: int
    pooling: Literal["mean", "mean_max"] = "mean"
    dropout: float = 0.1
    statements: int = 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> "EcgOnlyConfig":
        return cls(**fields)


class EcgOnly(EcgNetwork):
    """Logits (B, C) and mean-pooling weights (B, C, T), the same for every label. It does not use the age."""

    def __init__(self, config: EcgOnlyConfig) -> None:
        super().__init__(config.encoder, config.statements)
        self.config = config
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(self.encoder.width * (2 if config.pooling == "mean_max" else 1), config.labels)

    def read_ecg(self, encoded: Encoded, age_days: Tensor, beside: Beside | None = None) -> tuple[Tensor, Tensor]:
        mixed = self.config.pooling == "mean_max"
        pooled = mean_max_token(encoded.features, encoded.padding) if mixed else encoded.mean()
        weights = mean_weights(encoded.padding, self.config.labels, like=encoded.features)
        return self.head(self.dropout(pooled)), weights


def fresh_ecg_only(config: EcgOnlyConfig, seed: int) -> EcgOnly:
    torch.manual_seed(seed)
    return EcgOnly(config)

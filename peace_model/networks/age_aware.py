"""The age-aware network of the pediatric ML journal (stevetodman/peds-ecg-viewer), rebuilt from its description: an
encoder's mean token with an embedding of the age beside it, and a head on both."""

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from peace_model.networks.age_embedding import AgeEmbedding
from peace_model.networks.ecg_network import Beside, EcgNetwork, Encoded
from peace_model.networks.masks import mean_weights


@dataclass(frozen=True)
class AgeAwareConfig:
    """encoder: a name of `ENCODERS`. labels: how many. age_width: of the age's vector; hidden: of the head.
    statements: targets of the auxiliary head; 0 = none."""

    encoder: str
    labels: int
    age_width: int = 32
    hidden: int = 64
    dropout: float = 0.3
    statements: int = 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> "AgeAwareConfig":
        return cls(**fields)


class AgeAware(EcgNetwork):
    """Logits (B, C) and mean-pooling weights (B, C, T), the same for every label."""

    def __init__(self, config: AgeAwareConfig) -> None:
        super().__init__(config.encoder, config.statements)
        self.config = config
        self.age = AgeEmbedding(config.age_width)
        self.head = nn.Sequential(
            nn.Linear(self.encoder.width + config.age_width, config.hidden), nn.ReLU(), nn.Dropout(config.dropout),
            nn.Linear(config.hidden, config.labels))

    def read_ecg(self, encoded: Encoded, age_days: Tensor, beside: Beside | None = None) -> tuple[Tensor, Tensor]:
        pooled = torch.cat([encoded.mean(), self.age(age_days)], dim=1)
        return self.head(pooled), mean_weights(encoded.padding, self.config.labels, like=encoded.features)


def fresh_age_aware(config: AgeAwareConfig, seed: int) -> AgeAware:
    torch.manual_seed(seed)
    return AgeAware(config)

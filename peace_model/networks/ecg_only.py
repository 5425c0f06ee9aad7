"""The fair control of PEACE: the same encoder with a linear head on its mean token, no text, no label queries."""

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from peace_model.networks.peace import mean_token, padding_tokens
from peace_model.networks.xresnet1d import ENCODERS, XResNet1d


@dataclass(frozen=True)
class EcgOnlyConfig:
    """encoder: a name of `ENCODERS`. labels: how many."""

    encoder: str
    labels: int
    dropout: float = 0.1

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class EcgOnly(nn.Module):
    """Logits (B, C) and mean-pooling weights (B, C, T), which are the same for every label."""

    def __init__(self, config: EcgOnlyConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = XResNet1d(ENCODERS[config.encoder])
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(self.encoder.width, config.labels)

    def forward(self, signal: Tensor, lead_mask: Tensor, valid_samples: Tensor) -> tuple[Tensor, Tensor]:
        features = self.encoder(signal * lead_mask.unsqueeze(-1))
        padding = padding_tokens(features.shape[-1], self.encoder.config.stride, valid_samples)
        logits = self.head(self.dropout(mean_token(features, padding)))
        kept = (~padding).to(features.dtype)
        weights = kept / kept.sum(dim=1, keepdim=True)
        return logits, weights.unsqueeze(1).expand(-1, self.config.labels, -1)


def fresh_ecg_only(config: EcgOnlyConfig, seed: int) -> EcgOnly:
    torch.manual_seed(seed)
    return EcgOnly(config)

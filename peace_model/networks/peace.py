"""PEACE: an ECG encoder and a label query network, taught with clinical descriptors, reading ECGs alone.

Two separate passes run through the same label query network: over ECG tokens, and over the three axis tokens of a
recording's labels. Axis tokens are built from the labels, so they never share a memory with ECG tokens.
Reconstructed from the summaries of arXiv 2605.00647; details that no source gives are ours.
"""

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from peace_model.networks.label_query_network import LabelQueryNetwork, LqnConfig
from peace_model.networks.text_encoder import TextProjection
from peace_model.networks.xresnet1d import ENCODERS, XResNet1d

AXES = ("rhythm", "morphology", "st_t")


@dataclass(frozen=True)
class PeaceConfig:
    """encoder: a name of `ENCODERS`. align_width: of the space where ECG and knowledge are compared."""

    encoder: str = "xresnet1d_256"
    text_width: int = 384
    lqn: LqnConfig = LqnConfig()
    align_width: int = 128

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> "PeaceConfig":
        return cls(**{**fields, "lqn": LqnConfig(**fields["lqn"])})


class Peace(nn.Module):
    """names (C, text width) and descriptors (C, 3, text width): frozen sentence embeddings, kept as buffers."""

    names: Tensor
    descriptors: Tensor

    def __init__(self, config: PeaceConfig, names: Tensor, descriptors: Tensor) -> None:
        super().__init__()
        encoder = ENCODERS[config.encoder]
        width = config.lqn.width
        if encoder.widths[-1] != width:
            raise ValueError(f"encoder {encoder.name} gives tokens of width {encoder.widths[-1]}, the LQN has {width}")
        self.config = config
        self.register_buffer("names", names)
        self.register_buffer("descriptors", descriptors)
        self.encoder = XResNet1d(encoder)
        self.text = TextProjection(config.text_width, width)
        self.lqn = LabelQueryNetwork(config.lqn)
        self.axis_embedding = nn.Parameter(torch.randn(len(AXES), width) * 0.02)
        self.fuse = nn.Linear(len(AXES) * width, width)
        self.fuse_norm = nn.LayerNorm(width)
        self.project_ecg = nn.Linear(width, config.align_width)
        self.project_knowledge = nn.Linear(width, config.align_width)
        self.log_temperature = nn.Parameter(torch.tensor(0.07).log())

    @property
    def temperature(self) -> Tensor:
        return self.log_temperature.exp().clamp(0.01, 0.5)

    def queries(self) -> Tensor:
        """(C, d), one a label, from its name alone."""
        return self.text(self.names)

    def encode(self, signal: Tensor, lead_mask: Tensor, valid_samples: Tensor) -> tuple[Tensor, Tensor]:
        """Features (B, d, T) and which tokens lie in the padding (B, T), True = padding."""
        features = self.encoder(signal * lead_mask.unsqueeze(-1))
        return features, padding_tokens(features.shape[-1], self.encoder.config.stride, valid_samples)

    def read_ecg(self, features: Tensor, padding: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (B, C) and attention (B, C, T) from ECG tokens alone."""
        return self.lqn(self.queries(), features.transpose(1, 2), padding)

    def axis_tokens(self, targets: Tensor) -> Tensor:
        """(B, 3, d): per axis the mean of the descriptors of the labels that are present; zeros where none is."""
        bank = self.text(self.descriptors)
        total = torch.einsum("bc,cad->bad", targets, bank)
        return total / targets.sum(dim=1).clamp(min=1.0)[:, None, None]

    def read_knowledge(self, axis_tokens: Tensor) -> Tensor:
        """Logits (B, C) from axis tokens alone: teaches the queries what the descriptors say."""
        return self.lqn(self.queries(), axis_tokens + self.axis_embedding)[0]

    def align_ecg(self, features: Tensor, padding: Tensor) -> Tensor:
        """Unit vectors (B, align width) of the mean over tokens that are not padding."""
        return functional.normalize(self.project_ecg(mean_token(features, padding)), dim=-1)

    def align_knowledge(self, axis_tokens: Tensor) -> Tensor:
        """Unit vectors (B, align width) of the fused descriptors."""
        fused = self.fuse_norm(functional.gelu(self.fuse(axis_tokens.flatten(1))))
        return functional.normalize(self.project_knowledge(fused), dim=-1)

    def forward(self, signal: Tensor, lead_mask: Tensor, valid_samples: Tensor) -> tuple[Tensor, Tensor]:
        """Inference: logits (B, C) and attention (B, C, T); no text, no labels."""
        return self.read_ecg(*self.encode(signal, lead_mask, valid_samples))


def mean_token(features: Tensor, padding: Tensor) -> Tensor:
    """(B, d): mean of features (B, d, T) over the tokens that are not padding."""
    kept = (~padding).to(features.dtype).unsqueeze(1)
    return (features * kept).sum(dim=-1) / kept.sum(dim=-1).clamp(min=1.0)


def padding_tokens(count: int, stride: int, valid_samples: Tensor) -> Tensor:
    """(B, count) True where a token's centre lies at or behind the first padded sample; token 0 always stays."""
    centres = torch.arange(count, device=valid_samples.device) * stride
    return centres[None, :] >= valid_samples.clamp(min=1)[:, None]

"""PEACE: an ECG encoder and a label query network, taught with clinical descriptors, reading ECGs alone.

Two separate passes run through the same label query network: over ECG tokens, and over the axis tokens of a
recording's labels. Axis tokens are built from the labels, so they never share a memory with ECG tokens.
Reconstructed from the summaries of arXiv 2605.00647; details that no source gives are ours.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from peace_model.networks.age_film import AgeFilm
from peace_model.networks.descriptor_bank import AXES
from peace_model.networks.ecg_network import Beside, EcgNetwork, Encoded
from peace_model.networks.label_query_network import LabelQueryNetwork, LqnConfig
from peace_model.networks.live_text import LiveText, LiveTextConfig
from peace_model.networks.text_encoder import TextProjection


@dataclass(frozen=True)
class PeaceConfig:
    """encoder: a name of `ENCODERS`. align_width: of the space where ECG and knowledge are compared.

    The switches that controls need, each in its natural state by default:
    queries: from the labels' names, or from fixed random vectors in their place.
    descriptors: a token an axis, or one token of the three sentences together.
    shuffle_seed: every label gets all texts of another one, drawn from this seed.
    age: the queries depend on the age. statements: targets of the auxiliary head, in training only; 0 = none.
    live_text: a text encoder that learns too (see `live_text`), in place of embeddings that stay.
    """

    encoder: str = "resnet1d_pyramid"
    text_width: int = 384
    lqn: LqnConfig = LqnConfig()
    align_width: int = 128
    queries: Literal["text", "random"] = "text"
    descriptors: Literal["axes", "fused"] = "axes"
    shuffle_seed: int | None = None
    age: bool = False
    statements: int = 0
    live_text: LiveTextConfig | None = None

    @property
    def axes(self) -> int:
        """Tokens that the descriptors of a recording make."""
        return len(AXES) if self.descriptors == "axes" else 1

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> "PeaceConfig":
        live = fields.get("live_text")
        return cls(**{**fields, "lqn": LqnConfig(**fields["lqn"]),
                      "live_text": None if live is None else LiveTextConfig(**live)})


class Peace(EcgNetwork):
    """names (C, text width) and descriptors (C, axes, text width): sentence embeddings, kept as buffers.

    With a live text encoder they are where it began, and its own stand in their place.
    """

    names: Tensor
    descriptors: Tensor

    def __init__(self, config: PeaceConfig, names: Tensor, descriptors: Tensor) -> None:
        super().__init__(config.encoder, config.statements)
        if descriptors.shape != (len(names), config.axes, config.text_width):
            raise ValueError(f"descriptors {tuple(descriptors.shape)} do not fit {len(names)} labels, {config.axes} "
                             f"axes and text width {config.text_width}")
        width = config.lqn.width
        self.config = config
        self.register_buffer("names", names)
        self.register_buffer("descriptors", descriptors)
        self.adapt = nn.Identity() if self.encoder.width == width else nn.Linear(self.encoder.width, width)
        self.live = None if config.live_text is None else LiveText(config.live_text, len(names), config.axes)
        self.text = TextProjection(config.text_width, width)
        self.age_film = AgeFilm(width) if config.age else None
        self.lqn = LabelQueryNetwork(config.lqn)
        self.axis_embedding = nn.Parameter(torch.randn(config.axes, width) * 0.02)
        self.fuse = nn.Linear(config.axes * width, width)
        self.fuse_norm = nn.LayerNorm(width)
        self.project_ecg = nn.Linear(width, config.align_width)
        self.project_knowledge = nn.Linear(width, config.align_width)
        self.log_temperature = nn.Parameter(torch.tensor(0.07).log())

    @property
    def temperature(self) -> Tensor:
        return self.log_temperature.exp().clamp(0.01, 0.5)

    def queries(self) -> Tensor:
        """(C, d), one a label, from its name alone."""
        if self.live is None or self.config.queries == "random":
            return self.text(self.names)
        return self.text(self.live.names())

    def memory(self, features: Tensor) -> Tensor:
        """Encoder features (B, e, T) as the label query network reads them: (B, T, d)."""
        return self.adapt(features.transpose(1, 2))

    def at_age(self, queries: Tensor, age_days: Tensor) -> Tensor:
        """Queries (C, d) for the ages (B,): (B, C, d) in a network conditioned on age, unchanged in any other."""
        return queries if self.age_film is None else self.age_film(queries, age_days)

    def read_with(self, queries: Tensor, encoded: Encoded, age_days: Tensor) -> tuple[Tensor, Tensor]:
        """As `read_ecg` for any queries (Q, d), such as those of a text that is no label: (B, Q) and (B, Q, T)."""
        return self.lqn(self.at_age(queries, age_days), self.memory(encoded.features), encoded.padding)

    def read_ecg(self, encoded: Encoded, age_days: Tensor, beside: Beside | None = None) -> tuple[Tensor, Tensor]:
        """Logits (B, C) and attention (B, C, T) from ECG tokens alone."""
        return self.read_with(self.queries(), encoded, age_days)

    def axis_tokens(self, targets: Tensor) -> Tensor:
        """(B, axes, d): per axis the mean of the descriptors of the labels that are present; zeros where none is."""
        bank = self.text(self.descriptors if self.live is None else self.live.descriptors())
        total = torch.einsum("bc,cad->bad", targets, bank)
        return total / targets.sum(dim=1).clamp(min=1.0)[:, None, None]

    def read_knowledge(self, axis_tokens: Tensor) -> Tensor:
        """Logits (B, C) from axis tokens alone: teaches the queries what the descriptors say, at no age."""
        return self.lqn(self.queries(), axis_tokens + self.axis_embedding)[0]

    def align_ecg(self, encoded: Encoded) -> Tensor:
        """Unit vectors (B, align width) of the mean over tokens that are not padding."""
        return functional.normalize(self.project_ecg(self.adapt(encoded.mean())), dim=-1)

    def align_knowledge(self, axis_tokens: Tensor) -> Tensor:
        """Unit vectors (B, align width) of the fused descriptors."""
        fused = self.fuse_norm(functional.gelu(self.fuse(axis_tokens.flatten(1))))
        return functional.normalize(self.project_knowledge(fused), dim=-1)

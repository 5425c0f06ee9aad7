"""What all networks share: an encoder and its masks; and, of those with labels, the heads beside the labels."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from peace_model.networks.encoders import build_encoder
from peace_model.networks.masks import mean_token, padding_tokens, visible
from peace_model.networks.pooled_head import PooledHead


class Encoded(NamedTuple):
    """features (B, e, T) with padding (B, T), deep (B, f, U) with deep_padding (B, U); padding is True there."""

    features: Tensor
    padding: Tensor
    deep: Tensor
    deep_padding: Tensor

    def mean(self) -> Tensor:
        """(B, e): the mean token, padding left out."""
        return mean_token(self.features, self.padding)


class Beside(NamedTuple):
    """What a hybrid reads beside the ECG: lead_mask (B, 12), and measured (B, F), NaN where one is missing."""

    lead_mask: Tensor
    measured: Tensor


class EncodingNetwork(nn.Module):
    """A network that reads ECGs through an encoder, a name of `ENCODERS`."""

    def __init__(self, encoder: str) -> None:
        super().__init__()
        self.encoder = build_encoder(encoder)

    def encode(self, signal: Tensor, lead_mask: Tensor, valid_samples: Tensor) -> Encoded:
        """Everything the heads read; done once a batch."""
        tokens, deep = self.encoder(visible(signal, lead_mask, valid_samples), valid_samples)
        return Encoded(
            tokens, padding_tokens(tokens.shape[-1], self.encoder.stride, valid_samples),
            deep, padding_tokens(deep.shape[-1], self.encoder.deep_stride, valid_samples))


class EcgNetwork(EncodingNetwork):
    """signal (B, 12, N), lead_mask (B, 12), valid_samples (B,), age_days (B,) with NaN for unknown ->
    logits (B, C) and weights (B, C, T) over the tokens.

    statements: targets of the auxiliary head; 0 = none. A head for abnormalities is put on afterwards.
    """

    def __init__(self, encoder: str, statements: int) -> None:
        super().__init__(encoder)
        self.statements = PooledHead(self.encoder.deep_width, statements) if statements else None
        self.abnormalities: PooledHead | None = None

    def with_abnormalities(self, count: int, *, seed: int) -> None:
        """Put on a fresh head for so many abnormalities, from the seed; nothing else changes."""
        torch.manual_seed(seed)
        self.abnormalities = PooledHead(self.encoder.deep_width, count)

    def read_ecg(self, encoded: Encoded, age_days: Tensor, beside: Beside | None = None) -> tuple[Tensor, Tensor]:
        """Logits (B, C) and weights (B, C, T) from ECG tokens, and in a hybrid from what stands beside them."""
        raise NotImplementedError

    def read_statements(self, encoded: Encoded) -> Tensor:
        """Logits (B, S) of the auxiliary statements, for training. Raises ValueError when the network has none."""
        if self.statements is None:
            raise ValueError("this network was built without statements")
        return self.statements(encoded.deep, encoded.deep_padding)

    def read_abnormalities(self, encoded: Encoded) -> Tensor:
        """Logits (B, A) of abnormalities. Raises ValueError when the network has no head for them."""
        if self.abnormalities is None:
            raise ValueError("this network has no head for abnormalities")
        return self.abnormalities(encoded.deep, encoded.deep_padding)

    def forward(
        self, signal: Tensor, lead_mask: Tensor, valid_samples: Tensor, age_days: Tensor,
        measured: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Inference; no text, no labels. measured: what a hybrid reads beside the signal."""
        beside = None if measured is None else Beside(lead_mask, measured)
        return self.read_ecg(self.encode(signal, lead_mask, valid_samples), age_days, beside)

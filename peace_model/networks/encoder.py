"""What an encoder is: a module that turns 12 leads into tokens over time, and says where each token looks."""

from collections.abc import Iterable
from typing import NamedTuple

from torch import Tensor, nn

LEADS = 12


class Stages(NamedTuple):
    """What an encoder gives of B windows, both after a ReLU.

    tokens (B, width, T): what label queries read and maps are drawn on.
    deep (B, deep width, U): the last stage, which pooled heads read; the tokens themselves where there is no other.
    """

    tokens: Tensor
    deep: Tensor


class Encoder(nn.Module):
    """signal (B, 12, N), valid_samples (B,) -> `Stages`, with T = ceil(N / stride) and U = ceil(N / deep_stride).

    Token k is centred on sample k * stride. Masked leads and padding arrive as zeros (see `masks.visible`); an encoder
    whose tokens see the whole window keeps the padding out of them itself, by valid_samples.
    receptive_field: samples that one token can see, at most; None = the whole window.
    """

    width: int
    stride: int
    receptive_field: int | None
    deep_width: int
    deep_stride: int

    def forward(self, signal: Tensor, valid_samples: Tensor) -> Stages:
        raise NotImplementedError

    def depths(self) -> tuple[nn.Module, ...]:
        """Its parts with weights, from the input on; what freezing the early layers counts."""
        return with_weights(part for child in self.children()
                            for part in (child if isinstance(child, nn.ModuleList) else (child,)))

    def freeze(self, n_samples: int) -> None:
        """Make constants of what no exported graph can compute, for windows of n_samples; most have nothing to do."""


def with_weights(parts: Iterable[nn.Module]) -> tuple[nn.Module, ...]:
    """Those that have parameters."""
    return tuple(part for part in parts if next(part.parameters(), None) is not None)

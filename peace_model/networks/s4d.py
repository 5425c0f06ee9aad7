"""S4D: diagonal state spaces over time (Gu et al., "On the Parameterization and Initialization of Diagonal State Space
Models", 2022), as the ECG encoder of arXiv 2407.17856 uses S4: bidirectional, gated, norm after the sum.

A strided stem makes the tokens, so their count stays small (250 for 1,000 samples, 1,250 for 5,000). In training the
kernel is applied by FFT. No exported graph can compute the complex kernel; `freeze` stores its spectrum as a constant
and applies it by two real matrices, which is also the fastest form on a CPU at these lengths.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from peace_model.networks.encoder import LEADS, Encoder, Stages
from peace_model.networks.masks import padding_tokens

MAX_TOKENS = 1250
"""The matrices of the frozen form grow with the square: 12.5 MB here, 50 MB at twice the length."""


@dataclass(frozen=True)
class S4dConfig:
    """state: real dimensions of each channel's state. stride: input samples a token."""

    name: str
    width: int
    layers: int = 4
    state: int = 8
    stride: int = 4
    stem_kernel: int = 9
    dropout: float = 0.2


S4DS = (
    S4dConfig("s4d_128", 128),
    S4dConfig("s4d_512", 512),
    S4dConfig("s4d_tiny", 16, layers=2, stride=8),
)


class S4dEncoder(Encoder):
    """Tokens see the whole window; each layer hides the padding, so they are those of the recording without it."""

    def __init__(self, config: S4dConfig) -> None:
        super().__init__()
        self.config = config
        self.width = self.deep_width = config.width
        self.stride = self.deep_stride = config.stride
        self.receptive_field = None
        self.stem = nn.Conv1d(
            LEADS, config.width, config.stem_kernel, stride=config.stride, padding=config.stem_kernel // 2)
        self.layers = nn.ModuleList(S4dLayer(config) for _ in range(config.layers))
        self.last = nn.Linear(config.width, config.width)

    def forward(self, signal: Tensor, valid_samples: Tensor) -> Stages:
        x = self.stem(signal).transpose(1, 2)
        kept = ~padding_tokens(x.shape[1], self.stride, valid_samples).unsqueeze(-1)
        for layer in self.layers:
            x = layer(x, kept)
        tokens = functional.relu(self.last(x)).transpose(1, 2)
        return Stages(tokens, tokens)

    def freeze(self, n_samples: int) -> None:
        tokens = -(-n_samples // self.stride)
        if tokens > MAX_TOKENS:
            raise ValueError(f"{self.config.name}: {tokens} tokens of {n_samples} samples are more than {MAX_TOKENS}, "
                             "too many for the exported form")
        fourier = Fourier(tokens).to(self.stem.weight.device)
        for layer in self.layers:
            assert isinstance(layer, S4dLayer)
            layer.states.freeze(fourier)


class S4dLayer(nn.Module):
    """x (B, T, d) -> (B, T, d): states over time, GELU, gated linear unit, sum, norm.

    kept (B, T, 1): False on padding.
    """

    def __init__(self, config: S4dConfig) -> None:
        super().__init__()
        self.states = DiagonalStates(config.width, config.state)
        self.gate = nn.Linear(config.width, 2 * config.width)
        self.norm = nn.LayerNorm(config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, kept: Tensor) -> Tensor:
        seen = torch.where(kept, x, 0.0)
        y = self.dropout(functional.gelu(self.states(seen.transpose(1, 2)).transpose(1, 2)))
        return self.norm(x + self.dropout(functional.glu(self.gate(y), dim=-1)))


class DiagonalStates(nn.Module):
    """u (B, d, T) -> (B, d, T): each channel through its own linear system forwards and another backwards in time."""

    def __init__(self, width: int, state: int) -> None:
        super().__init__()
        modes = state // 2  # complex modes come in conjugate pairs: one of each pair is kept
        self.log_step = nn.Parameter(torch.rand(width) * math.log(0.1 / 0.001) + math.log(0.001))
        self.log_decay = nn.Parameter(torch.full((width, modes), math.log(0.5)))
        self.frequency = nn.Parameter(math.pi * torch.arange(modes).repeat(width, 1).float())
        self.read_out = nn.Parameter(torch.randn(2, width, modes, 2) * 0.5**0.5)
        self.skip = nn.Parameter(torch.randn(width))
        self.fourier: Fourier | None = None

    def kernel(self, length: int) -> Tensor:
        """(2, d, length): impulse responses forwards and backwards, zero-order hold."""
        poles = torch.complex(-self.log_decay.exp(), self.frequency)
        turn = poles * self.log_step.exp()[:, None]
        weights = torch.view_as_complex(self.read_out) * (turn.exp() - 1) / poles
        times = torch.arange(length, device=turn.device)
        return 2 * (weights.unsqueeze(-1) * (turn.unsqueeze(-1) * times).exp()).sum(dim=2).real

    def spectrum(self, length: int) -> Tensor:
        """Complex (d, length + 1): of both responses laid on one circle of 2 length steps, which never wraps."""
        forwards, backwards = self.kernel(length)
        return torch.fft.rfft(torch.cat([forwards, backwards.flip(-1)], dim=-1))

    def forward(self, u: Tensor) -> Tensor:
        length = u.shape[-1]
        if self.fourier is not None:
            return self.fourier(u, self.spectrum_real, self.spectrum_imaginary) + u * self.skip[:, None]
        u = u.float()  # there are no transforms in half precision
        turned = torch.fft.rfft(u, n=2 * length) * self.spectrum(length)
        return torch.fft.irfft(turned, n=2 * length)[..., :length] + u * self.skip[:, None]

    spectrum_real: Tensor
    spectrum_imaginary: Tensor

    @torch.no_grad()
    def freeze(self, fourier: "Fourier") -> None:
        spectrum = self.spectrum(fourier.length) * fourier.weights
        self.register_buffer("spectrum_real", spectrum.real.contiguous())
        self.register_buffer("spectrum_imaginary", spectrum.imag.contiguous())
        self.fourier = fourier


class Fourier(nn.Module):
    """Filtering of `length` steps through a spectrum by real matrices: the DFT of 2 length steps, half of them zero."""

    cosine: Tensor
    sine: Tensor
    weights: Tensor

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length
        # The product is reduced to one turn before the cosine: its argument stays exact.
        steps = torch.outer(torch.arange(length), torch.arange(length + 1)) % (2 * length)
        angles = steps.double() * (math.pi / length)
        self.register_buffer("cosine", angles.cos().float())
        self.register_buffer("sine", angles.sin().float())
        weights = torch.full((length + 1,), 1 / length)
        weights[0] = weights[-1] = 0.5 / length
        self.register_buffer("weights", weights)

    def forward(self, u: Tensor, real: Tensor, imaginary: Tensor) -> Tensor:
        """u (B, d, length); real and imaginary (d, length + 1) parts of the spectrum times `weights`."""
        cosine, sine = u @ self.cosine, u @ self.sine  # the transform of u is cosine - i sine
        turned_real = cosine * real + sine * imaginary
        turned_imaginary = cosine * imaginary - sine * real
        return turned_real @ self.cosine.T - turned_imaginary @ self.sine.T

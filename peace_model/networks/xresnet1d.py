"""xresnet1d: a residual network over time with a three-convolution stem and average-pooled shortcuts.

He et al., "Bag of Tricks for Image Classification" (2019), carried to one dimension as in Strodthoff et al. (2020).
Every convolution pads symmetrically, so token k is centred on sample k * stride.
"""

from dataclasses import dataclass
from math import prod

from torch import Tensor, nn

from peace_model.networks.encoder import LEADS, Encoder, Stages, with_weights

EXPANSION = 4
"""A bottleneck's outer width over its inner one."""


@dataclass(frozen=True)
class XResNet1dConfig:
    """stem: widths of its three convolutions. widths, blocks, strides: one entry a stage; the last width is that of
    the tokens. bottleneck: blocks of three convolutions instead of two."""

    name: str
    stem: tuple[int, int, int]
    widths: tuple[int, ...]
    blocks: tuple[int, ...]
    strides: tuple[int, ...]
    kernel: int = 5
    bottleneck: bool = False

    @property
    def stride(self) -> int:
        """Input samples a token; the stem's first convolution and its pooling halve the rate once each."""
        return 4 * prod(self.strides)

    @property
    def receptive_field(self) -> int:
        """Samples that one token can see, at most."""
        field, jump = self.kernel, 2
        field += 2 * (self.kernel - 1) * jump
        field += 2 * jump
        jump *= 2
        for count, stride in zip(self.blocks, self.strides, strict=True):
            for block in range(count):
                field += (self.kernel - 1) * jump
                jump *= stride if block == 0 else 1
                field += 0 if self.bottleneck else (self.kernel - 1) * jump
        return field


def _ked(name: str, blocks: tuple[int, ...]) -> XResNet1dConfig:
    """The trunk of KED (ECGFM-KED): bottlenecks, 768 channels, one token in 32 samples (12 x 1000 -> 32 tokens).

    Too coarse for an exported graph, whose maps need 100 tokens for 10 s.
    """
    return XResNet1dConfig(name, (32, 32, 64), (256, 512, 512, 768), blocks, (1, 2, 2, 2), bottleneck=True)


XRESNET1D_256 = XResNet1dConfig("xresnet1d_256", (32, 32, 64), (64, 128, 256), (2, 2, 2), (1, 2, 1))
"""Of the first bundle: 1.6 million parameters, stride 8: 125 tokens for 10 s at 100 Hz."""
XRESNET1D18_256 = XResNet1dConfig("xresnet1d18_256", (32, 32, 64), (64, 128, 192, 256), (2, 2, 2, 2), (1, 2, 1, 1))
"""Four stages of two basic blocks, kept at stride 8 so that its graph can be exported."""
XRESNET1D50_768 = _ked("xresnet1d50_768", (3, 4, 6, 3))
XRESNET1D101_768 = _ked("xresnet1d101_768", (3, 4, 23, 3))
"""7.9 million parameters."""
XRESNET1D_TINY = XResNet1dConfig("xresnet1d_tiny", (8, 8, 16), (16, 32), (1, 1), (1, 2))
"""For tests: the same shape, three orders of magnitude cheaper."""

XRESNETS = (XRESNET1D_256, XRESNET1D18_256, XRESNET1D50_768, XRESNET1D101_768, XRESNET1D_TINY)


class XResNet1d(Encoder):
    """The tokens are the last stage, after its ReLU."""

    def __init__(self, config: XResNet1dConfig) -> None:
        super().__init__()
        self.config = config
        self.width = self.deep_width = config.widths[-1]
        self.stride = self.deep_stride = config.stride
        self.receptive_field = config.receptive_field
        first, second, third = config.stem
        layers: list[nn.Module] = [
            _conv(LEADS, first, config.kernel, stride=2), _conv(first, second, config.kernel),
            _conv(second, third, config.kernel), nn.MaxPool1d(3, stride=2, padding=1)]
        width = third
        for out, count, stride in zip(config.widths, config.blocks, config.strides, strict=True):
            for block in range(count):
                layers.append(_Block(config, width, out, stride if block == 0 else 1))
                width = out
        self.layers = nn.Sequential(*layers)

    def forward(self, signal: Tensor, valid_samples: Tensor) -> Stages:
        tokens = self.layers(signal)
        return Stages(tokens, tokens)

    def depths(self) -> tuple[nn.Module, ...]:
        return with_weights(self.layers)


def _conv(into: int, out: int, kernel: int, *, stride: int = 1, active: bool = True, zero: bool = False) -> nn.Module:
    convolution = nn.Conv1d(into, out, kernel, stride=stride, padding=kernel // 2, bias=False)
    nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
    norm = nn.BatchNorm1d(out)
    nn.init.constant_(norm.weight, 0.0 if zero else 1.0)
    return nn.Sequential(convolution, norm, nn.ReLU()) if active else nn.Sequential(convolution, norm)


class _Block(nn.Module):
    """Two convolutions, or three of a bottleneck; the last starts at zero: a new block begins as its shortcut."""

    def __init__(self, config: XResNet1dConfig, into: int, out: int, stride: int) -> None:
        super().__init__()
        kernel, inner = config.kernel, out // EXPANSION
        if config.bottleneck:
            self.path = nn.Sequential(
                _conv(into, inner, 1), _conv(inner, inner, kernel, stride=stride),
                _conv(inner, out, 1, active=False, zero=True))
        else:
            self.path = nn.Sequential(
                _conv(into, out, kernel, stride=stride), _conv(out, out, kernel, active=False, zero=True))
        shortcut: list[nn.Module] = []
        if stride != 1:
            shortcut.append(nn.AvgPool1d(stride, stride=stride, ceil_mode=True))
        if into != out:
            shortcut.append(_conv(into, out, 1, active=False))
        self.shortcut = nn.Sequential(*shortcut)
        self.act = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.path(x) + self.shortcut(x))

"""xresnet1d: a residual network over time with a three-convolution stem and average-pooled shortcuts.

He et al., "Bag of Tricks for Image Classification" (2019), carried to one dimension as in Strodthoff et al. (2020).
Every convolution pads symmetrically, so token k is centred on sample k * stride.
"""

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class EncoderConfig:
    """Shape of an encoder. stride: input samples per token; the last width is the width of the tokens."""

    name: str
    stem: tuple[int, int, int]
    widths: tuple[int, ...]
    blocks: tuple[int, ...]
    strides: tuple[int, ...]
    kernel: int = 5

    @property
    def stride(self) -> int:
        total = 4  # the stem's first convolution and its pooling halve the rate once each
        for stride in self.strides:
            total *= stride
        return total

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
                field += (self.kernel - 1) * jump
        return field


XRESNET1D_256 = EncoderConfig("xresnet1d_256", (32, 32, 64), (64, 128, 256), (2, 2, 2), (1, 2, 1))
"""1.6 million parameters, stride 8: 125 tokens for 10 s at 100 Hz."""
XRESNET1D_TINY = EncoderConfig("xresnet1d_tiny", (8, 8, 16), (16, 32), (1, 1), (1, 2))
"""For tests: the same shape, three orders of magnitude cheaper."""

ENCODERS = {config.name: config for config in (XRESNET1D_256, XRESNET1D_TINY)}


class XResNet1d(nn.Module):
    """(B, 12, N) -> features (B, width, ceil(N / stride)), after the last ReLU."""

    def __init__(self, config: EncoderConfig, leads: int = 12) -> None:
        super().__init__()
        self.config = config
        first, second, third = config.stem
        layers: list[nn.Module] = [
            _conv(leads, first, config.kernel, stride=2), _conv(first, second, config.kernel),
            _conv(second, third, config.kernel), nn.MaxPool1d(3, stride=2, padding=1)]
        width = third
        for out, count, stride in zip(config.widths, config.blocks, config.strides, strict=True):
            for block in range(count):
                layers.append(_Block(width, out, config.kernel, stride if block == 0 else 1))
                width = out
        self.layers = nn.Sequential(*layers)

    @property
    def width(self) -> int:
        return self.config.widths[-1]

    def forward(self, signal: Tensor) -> Tensor:
        return self.layers(signal)


def _conv(into: int, out: int, kernel: int, *, stride: int = 1, active: bool = True, zero: bool = False) -> nn.Module:
    convolution = nn.Conv1d(into, out, kernel, stride=stride, padding=kernel // 2, bias=False)
    nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
    norm = nn.BatchNorm1d(out)
    nn.init.constant_(norm.weight, 0.0 if zero else 1.0)
    return nn.Sequential(convolution, norm, nn.ReLU()) if active else nn.Sequential(convolution, norm)


class _Block(nn.Module):
    """Two convolutions; the second starts at zero so that a new block begins as its shortcut."""

    def __init__(self, into: int, out: int, kernel: int, stride: int) -> None:
        super().__init__()
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

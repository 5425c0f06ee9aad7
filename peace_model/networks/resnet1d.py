"""ResNet-1D of the pediatric ML journal (stevetodman/peds-ecg-viewer), rebuilt from its description.

Stem of one wide convolution and max pooling, four stages of basic blocks; with dropout 0.5 and a linear head on the
mean token the small one has 969,409 parameters at one output. Stride 32: 32 tokens for 12 x 1000, a baseline and not
made for export.
"""

from dataclasses import dataclass

from torch import Tensor, nn

from peace_model.networks.encoder import LEADS, Encoder, Stages, with_weights

STRIDES = (1, 2, 2, 2)


@dataclass(frozen=True)
class ResNet1dConfig:
    """width: of the first stage; every stage doubles it. blocks: one entry a stage."""

    name: str
    width: int
    blocks: tuple[int, int, int, int]
    kernel: int = 7
    stem_kernel: int = 15

    @property
    def receptive_field(self) -> int:
        field, jump = self.stem_kernel, 2
        field += 2 * jump
        jump *= 2
        for count, stride in zip(self.blocks, STRIDES, strict=True):
            for block in range(count):
                field += (self.kernel - 1) * jump
                jump *= stride if block == 0 else 1
                field += (self.kernel - 1) * jump
        return field


RESNETS = (
    ResNet1dConfig("resnet1d_small", 32, (1, 1, 1, 1)),
    ResNet1dConfig("resnet1d_medium", 64, (2, 2, 2, 2)),
)


class ResNet1d(Encoder):
    """The tokens are the last stage, after its ReLU."""

    def __init__(self, config: ResNet1dConfig) -> None:
        super().__init__()
        self.width = self.deep_width = config.width * 8
        self.stride = self.deep_stride = 32
        self.receptive_field = config.receptive_field
        layers: list[nn.Module] = [
            _conv(LEADS, config.width, config.stem_kernel, 2), nn.ReLU(), nn.MaxPool1d(3, stride=2, padding=1)]
        width = config.width
        for stage, (count, stride) in enumerate(zip(config.blocks, STRIDES, strict=True)):
            out = config.width * 2**stage
            for block in range(count):
                layers.append(_Block(width, out, config.kernel, stride if block == 0 else 1))
                width = out
        self.layers = nn.Sequential(*layers)

    def forward(self, signal: Tensor, valid_samples: Tensor) -> Stages:
        tokens = self.layers(signal)
        return Stages(tokens, tokens)

    def depths(self) -> tuple[nn.Module, ...]:
        return with_weights(self.layers)


def _conv(into: int, out: int, kernel: int, stride: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv1d(into, out, kernel, stride=stride, padding=kernel // 2, bias=False), nn.BatchNorm1d(out))


class _Block(nn.Module):
    def __init__(self, into: int, out: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.path = nn.Sequential(_conv(into, out, kernel, stride), nn.ReLU(), _conv(out, out, kernel, 1))
        self.shortcut = nn.Identity() if stride == 1 and into == out else _conv(into, out, 1, stride)
        self.act = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.act(self.path(x) + self.shortcut(x))

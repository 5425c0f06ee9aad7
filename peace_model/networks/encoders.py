"""All encoders by name."""

from collections.abc import Callable
from functools import partial

from peace_model.networks.encoder import Encoder
from peace_model.networks.pyramid import PYRAMIDS, PyramidResNet1d
from peace_model.networks.resnet1d import RESNETS, ResNet1d
from peace_model.networks.s4d import S4DS, S4dEncoder
from peace_model.networks.xresnet1d import XRESNETS, XResNet1d

ENCODERS: dict[str, Callable[[], Encoder]] = {
    **{config.name: partial(PyramidResNet1d, config) for config in PYRAMIDS},
    **{config.name: partial(XResNet1d, config) for config in XRESNETS},
    **{config.name: partial(ResNet1d, config) for config in RESNETS},
    **{config.name: partial(S4dEncoder, config) for config in S4DS},
}


def build_encoder(name: str) -> Encoder:
    """A fresh encoder. Raises ValueError naming the encoders there are."""
    if name not in ENCODERS:
        raise ValueError(f"no encoder named {name}; there are {', '.join(ENCODERS)}")
    return ENCODERS[name]()

"""The network as it is released: norms folded into convolutions, matrices on the grid of 16-bit floats.

Calibration, figures and the exported graph all come from this form, so halving the file changes no decision.
"""

import copy

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from peace_model.networks.peace import Peace
from peace_model.networks.pyramid import Join


def released(model: Peace) -> Peace:
    """A copy in evaluation mode, without what only training needs, folded and rounded; the model given stays."""
    copied = copy.deepcopy(model).eval()
    copied.statements = None
    _fold(copied.encoder)
    with torch.no_grad():
        if copied.live is not None:
            if copied.config.queries == "text":
                copied.names = copied.live.names()
            copied.descriptors, copied.live = copied.live.descriptors(), None
        for parameter in copied.parameters():
            parameter.requires_grad_(False)
            if parameter.ndim >= 2:
                parameter.copy_(parameter.half().float())
    return copied


def _fold(module: nn.Module) -> None:
    for name, child in module.named_children():
        if isinstance(child, Join):
            child.fold()
            continue
        _fold(child)
        parts = list(child) if isinstance(child, nn.Sequential) else []
        if (len(parts) >= 2 and isinstance(parts[0], (nn.Conv1d, nn.Conv2d))
                and isinstance(parts[1], (nn.BatchNorm1d, nn.BatchNorm2d))):
            setattr(module, name, nn.Sequential(fuse_conv_bn_eval(parts[0], parts[1]), *parts[2:]))

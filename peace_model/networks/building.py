"""A fresh PEACE network for a list of labels, with its text and the switches of its controls applied."""

import dataclasses

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from peace_model.networks.descriptor_bank import DescriptorBank, fused_text, load_bank
from peace_model.networks.live_text import FrozenTextLayers
from peace_model.networks.peace import Peace, PeaceConfig


def fresh_peace(
    config: PeaceConfig, codes: tuple[str, ...], seed: int, *, bank: DescriptorBank | None = None
) -> Peace:
    """Weights, and random queries where the configuration asks for them, come from the seed.

    bank: texts other than the shipped ones, in the order of the codes. Raises DescriptorError.
    A configuration with a live text encoder gives a network without its texts, for a checkpoint to fill.
    """
    bank = _arranged(load_bank(codes) if bank is None else bank, config)
    torch.manual_seed(seed)
    if config.live_text is not None:
        width = config.text_width
        return Peace(config, torch.full((len(codes), width), torch.nan),
                     torch.full((len(codes), config.axes, width), torch.nan))
    names = torch.from_numpy(bank.names.copy())
    descriptors = bank.descriptors if config.descriptors == "axes" else bank.fused
    return Peace(config, _queried(names, config), torch.from_numpy(descriptors.copy()))


def live_peace(
    config: PeaceConfig, codes: tuple[str, ...], seed: int, encoder: FrozenTextLayers, *,
    bank: DescriptorBank | None = None,
) -> Peace:
    """As `fresh_peace`, with the text encoder that learns; its width and shape are written into the configuration."""
    bank = _arranged(load_bank(codes) if bank is None else bank, config)
    sentences = [sentence for parts in bank.texts
                 for sentence in (parts[1:] if config.descriptors == "axes" else (fused_text(parts),))]
    live = encoder.live(names=[parts[0] for parts in bank.texts], sentences=sentences)
    config = dataclasses.replace(config, text_width=live.config.width, live_text=live.config)
    torch.manual_seed(seed)
    with torch.no_grad():
        names, descriptors = live.eval().names(), live.descriptors()
    model = Peace(config, _queried(names, config), descriptors)
    model.live = live.train()
    return model


def _arranged(bank: DescriptorBank, config: PeaceConfig) -> DescriptorBank:
    if config.shuffle_seed is None:
        return bank
    order = _derangement(len(bank.texts), config.shuffle_seed)
    return dataclasses.replace(
        bank, names=bank.names[order], descriptors=bank.descriptors[order], fused=bank.fused[order],
        texts=tuple(bank.texts[index] for index in order))


def _queried(names: Tensor, config: PeaceConfig) -> Tensor:
    return functional.normalize(torch.randn_like(names), dim=-1) if config.queries == "random" else names


def _derangement(count: int, seed: int) -> NDArray[np.int64]:
    """An order of range(count) in which nothing keeps its place. Raises ValueError for fewer than two."""
    if count < 2:
        raise ValueError("texts can be shuffled among two labels or more")
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(count)
        if not (order == np.arange(count)).any():
            return order

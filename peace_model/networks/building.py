"""A fresh PEACE network for a list of labels, with its text and the switches of its controls applied."""

import dataclasses

import numpy as np
import torch
from numpy.typing import NDArray

from peace_model.networks.descriptor_bank import DescriptorBank, load_bank
from peace_model.networks.peace import Peace, PeaceConfig


def fresh_peace(
    config: PeaceConfig, codes: tuple[str, ...], seed: int, *, bank: DescriptorBank | None = None
) -> Peace:
    """Weights, and random queries where the configuration asks for them, come from the seed.

    bank: texts other than the shipped ones, in the order of the codes. Raises DescriptorError.
    """
    bank = load_bank(codes) if bank is None else bank
    if config.shuffle_seed is not None:
        bank = _reordered(bank, _derangement(len(codes), config.shuffle_seed))
    torch.manual_seed(seed)
    names = torch.from_numpy(bank.names.copy())
    if config.queries == "random":
        names = torch.nn.functional.normalize(torch.randn_like(names), dim=-1)
    descriptors = bank.descriptors if config.descriptors == "axes" else bank.fused
    return Peace(config, names, torch.from_numpy(descriptors.copy()))


def _derangement(count: int, seed: int) -> NDArray[np.int64]:
    """An order of range(count) in which nothing keeps its place. Raises ValueError for fewer than two."""
    if count < 2:
        raise ValueError("texts can be shuffled among two labels or more")
    rng = np.random.default_rng(seed)
    while True:
        order = rng.permutation(count)
        if not (order == np.arange(count)).any():
            return order


def _reordered(bank: DescriptorBank, order: NDArray[np.int64]) -> DescriptorBank:
    return dataclasses.replace(
        bank, names=bank.names[order], descriptors=bank.descriptors[order], fused=bank.fused[order],
        texts=tuple(bank.texts[index] for index in order))

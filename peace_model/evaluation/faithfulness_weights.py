"""Networks whose weights were put in random places, from the head down: a map of theirs must not look as before.

Cascading and full randomisation after Adebayo et al. (2018), "Sanity Checks for Saliency Maps". Every matrix keeps its
own numbers in a random order, so that its scale stays; norms and biases stay as they are.
"""

import copy
from collections.abc import Iterator

import torch
from torch import nn

from peace_model.networks.peace import Peace


def cascade(model: Peace, seed: int) -> Iterator[tuple[str, Peace]]:
    """(name of the part randomised last, network) from the head down to the stem; the last one is random throughout.

    Every network given is the same object, changed further each time.
    """
    copied = copy.deepcopy(model)
    generator = torch.Generator().manual_seed(seed)
    done: set[str] = set()
    stages = [*_reading_stages(copied), *_encoder_stages(copied)]
    for name in stages:
        touched = _randomise(copied, name, done, generator)
        if touched:
            done |= touched
            yield name, copied


def randomised(model: Peace, seed: int) -> Peace:
    """A copy that is random throughout: the last of the cascade."""
    *_, (_name, last) = cascade(model, seed)
    return last


def _reading_stages(model: Peace) -> list[str]:
    layers = range(len(model.lqn.layers) - 1, -1, -1)
    return ["lqn.head", *(f"lqn.layers.{layer}" for layer in layers), "text", "age_film", "adapt"]


def _encoder_stages(model: Peace) -> list[str]:
    names = []
    for name, child in model.encoder.named_children():
        if isinstance(child, nn.ModuleList | nn.Sequential) and len(child) > 1:
            names += [f"encoder.{name}.{place}" for place in range(len(child))]
        else:
            names.append(f"encoder.{name}")
    # Parameters of the encoder outside its children come last, with the stem.
    return [*reversed(names), "encoder"]


def _randomise(model: Peace, prefix: str, done: set[str], generator: torch.Generator) -> set[str]:
    touched = set()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.startswith(f"{prefix}.") and name not in done and parameter.ndim >= 2:
                order = torch.randperm(parameter.numel(), generator=generator).to(parameter.device)
                parameter.copy_(parameter.flatten()[order].reshape(parameter.shape))
                touched.add(name)
    return touched

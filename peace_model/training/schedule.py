"""Learning rate over a run and the running average of weights."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor


def warm_cosine(step: int, *, total: int, warm_up: float, final: float) -> float:
    """Factor on the base rate: linear from 0 over the first `warm_up` part, then a half cosine down to `final`."""
    rising = max(1, round(warm_up * total))
    if step < rising:
        return (step + 1) / rising
    done = min(1.0, (step - rising) / max(1, total - rising))
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * done))


class WeightAverage:
    """Exponential moving average of a model's floating-point state, buffers included.

    Early on the average forgets faster, min(decay, (1 + t) / (10 + t)), so that the start leaves no trace.
    """

    def __init__(self, state: dict[str, Tensor], decay: float, steps: int = 0) -> None:
        self.decay = decay
        self.steps = steps
        self.state = {name: value.detach().clone() for name, value in state.items()}

    @torch.no_grad()
    def update(self, items: Iterable[tuple[str, Tensor]]) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, value in items:
            if value.dtype.is_floating_point:
                self.state[name].lerp_(value.detach(), 1 - decay)
            else:
                self.state[name].copy_(value)

    def load(self, state: dict[str, Tensor], steps: int) -> None:
        """Go on from a saved average."""
        for name, value in state.items():
            self.state[name].copy_(value)
        self.steps = steps

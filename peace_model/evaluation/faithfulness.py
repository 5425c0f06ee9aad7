"""Do maps mark what the logit needs? Deletion and insertion against random order.

Samek et al. (2017), Petsiuk et al. (2018). Deletion sets what a map marks most to the training mean (0 after
standardisation), part by part, and watches the logit fall; insertion starts from nothing but the mean and puts back
what the map marks most. The area between a map's curve and that of a random order says how much better it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.faithfulness_examples import Examples
from peace_model.evaluation.scoring import Answer

FRACTIONS = (0.1, 0.2, 0.35, 0.5, 0.7)
"""Parts of the map that are taken away or put back; nothing and everything are the same for every order."""
BATCH = 32

Told = Callable[[int], None]
"""Called with the windows run since the last call."""


@dataclass(frozen=True)
class Grid:
    """What the units of a map cover. samples: of one unit; offset: of the first; leads: one unit a lead and step, or
    one a step over all leads.
    """

    samples: int
    offset: int
    leads: bool

    def cover(self, units: NDArray[np.bool_], n_samples: int) -> NDArray[np.bool_]:
        """Which samples (12, N) the chosen units (T,) or (12, T) cover."""
        wide = np.repeat(units, self.samples, axis=-1)
        begin = -self.offset
        wide = wide[..., begin:] if begin >= 0 else np.pad(wide, [(0, 0)] * (wide.ndim - 1) + [(-begin, 0)])
        short = n_samples - wide.shape[-1]
        wide = np.pad(wide, [(0, 0)] * (wide.ndim - 1) + [(0, max(short, 0))])[..., :n_samples]
        return wide if self.leads else np.broadcast_to(wide, (12, n_samples))

    def usable(self, steps: int, *, lead_mask: NDArray[np.float32], valid_samples: int) -> NDArray[np.bool_]:
        """Which units of a map of so many steps lie on recorded signal."""
        inside = np.arange(steps) * self.samples + self.offset + self.samples // 2 < valid_samples
        return (lead_mask > 0)[:, None] & inside if self.leads else inside


@dataclass(frozen=True, eq=False)
class Curves:
    """Of n examples, in logits, over FRACTIONS: own (n, K) and random (n, K); gains (n,): area by which the map's order
    is better than the random one, above 0 = better.
    """

    own: NDArray[np.float64]
    random: NDArray[np.float64]
    gains: NDArray[np.float64]


def deletion(
    answer: Answer, examples: Examples, maps: NDArray[np.floating], grid: Grid, *, seed: int, told: Told
) -> Curves:
    """The logit should fall faster than in random order. maps: (n, T), or (n, 12, T) for a grid of leads."""
    own, random = _run_both(answer, examples, maps, grid, seed=seed, told=told, keep=False)
    return Curves(own, random, _area(random - own))


def insertion(
    answer: Answer, examples: Examples, maps: NDArray[np.floating], grid: Grid, *, seed: int, told: Told
) -> Curves:
    """The logit should come back faster than in random order."""
    own, random = _run_both(answer, examples, maps, grid, seed=seed, told=told, keep=True)
    return Curves(own, random, _area(own - random))


def lead_drops(answer: Answer, examples: Examples, *, told: Told) -> NDArray[np.float32]:
    """Fall of the logit (n, 12) when a whole lead is set to the training mean; 0 for leads not recorded."""
    whole = logits_of(answer, examples, examples.signal, told=told)
    drops = np.zeros((len(examples), 12), np.float32)
    for lead in range(12):
        used = np.flatnonzero(examples.lead_mask[:, lead] > 0)
        part = examples.take(used)
        changed = part.signal.copy()
        changed[:, lead] = 0
        drops[used, lead] = whole[used] - logits_of(answer, part, changed, told=told)
    return drops


def logits_of(answer: Answer, examples: Examples, signal: NDArray[np.float32], *, told: Told) -> NDArray[np.float32]:
    """The logit (n,) of each example's own label on changed signals (n, 12, N)."""
    parts = [np.zeros(0, np.float32)]
    for first in range(0, len(examples), BATCH):
        part = slice(first, first + BATCH)
        logits = answer(signal=signal[part], lead_mask=examples.lead_mask[part],
                        valid_samples=examples.valid_samples[part], age_days=examples.age_days[part])
        parts.append(logits[np.arange(len(logits)), examples.columns[part]])
        told(len(logits))
    return np.concatenate(parts)


def passes(count: int) -> int:
    """Windows run by deletion and insertion together on `count` examples."""
    return 2 * 2 * len(FRACTIONS) * count


def _run_both(
    answer: Answer, examples: Examples, maps: NDArray[np.floating], grid: Grid, *, seed: int, told: Told, keep: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    n_samples = examples.signal.shape[-1]
    usable = [grid.usable(maps.shape[-1], lead_mask=mask, valid_samples=int(valid)) for mask, valid in zip(
        examples.lead_mask, examples.valid_samples, strict=True)]
    found = []
    for values in (maps, rng.random(maps.shape)):
        curve = np.zeros((len(examples), len(FRACTIONS)))
        for place, fraction in enumerate(FRACTIONS):
            signal = np.zeros_like(examples.signal)
            for row in range(len(examples)):
                marked = grid.cover(_marked(values[row], usable[row], fraction), n_samples)
                signal[row] = np.where(marked == keep, examples.signal[row], 0)
            curve[:, place] = logits_of(answer, examples, signal, told=told)
        found.append(curve)
    return found[0], found[1]


def _marked(values: NDArray[np.floating], usable: NDArray[np.bool_], fraction: float) -> NDArray[np.bool_]:
    """The units with the greatest values that make up a fraction of the usable ones."""
    flat = np.where(usable, values, -np.inf).ravel()
    count = round(fraction * int(usable.sum()))
    marked = np.zeros(flat.size, bool)
    marked[np.argsort(-flat, kind="stable")[:count]] = True
    return marked.reshape(values.shape)


def _area(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area (n,) under differences (n, K) over the fractions, which are 0 at nothing and at everything."""
    at = np.array([0.0, *FRACTIONS, 1.0])
    closed = np.pad(gains, ((0, 0), (1, 1)))
    return np.asarray(((closed[:, 1:] + closed[:, :-1]) / 2 * np.diff(at)).sum(axis=1))

"""Smooth bell functions with finite support, so that every wave has an exact beginning and end.

A bell is a squared cosine with its own width before and after its centre. Sums of bells, each with a vector on the
orthogonal axes, make the P, QRS and T loops, as in McSharry PE et al., IEEE Trans Biomed Eng 2003;50:289 and
Sameni R et al., EURASIP J Adv Signal Process 2007:43407, where Gaussians never quite end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Loop:
    """A wave of the heart vector as a sum of bells; eq=False because arrays have no single truth value.

    centre, before, after: float64 (n_bells,), in fractions of the wave's duration, supports within [0, 1].
    vectors_mv: float64 (n_bells, 3), the peak of each bell on x, y, z.
    """

    centre: Array
    before: Array
    after: Array
    vectors_mv: Array

    def __post_init__(self) -> None:
        slack = 1e-9
        if (self.centre - self.before < -slack).any() or (self.centre + self.after > 1 + slack).any():
            raise ValueError("a bell reaches outside its wave")

    def at(self, fraction: Array) -> Array:
        """Heart vector float64 (3, n) at fractions (n,) of the wave's duration; zero outside [0, 1]."""
        away = fraction[None, :] - self.centre[:, None]
        width = np.where(away < 0, self.before[:, None], self.after[:, None])
        bells = np.where(np.abs(away) < width, np.cos(0.5 * np.pi * away / width) ** 2, 0.0)
        wave: Array = self.vectors_mv.T @ bells
        return wave

    def scaled(self, factor: float) -> "Loop":
        return Loop(self.centre, self.before, self.after, self.vectors_mv * factor)

    def with_vectors(self, vectors_mv: Array) -> "Loop":
        return Loop(self.centre, self.before, self.after, vectors_mv)

    def squeezed(self, start: float, stop: float) -> "Loop":
        """The same loop run through between two fractions of a longer wave."""
        span = stop - start
        return Loop(start + span * self.centre, span * self.before, span * self.after, self.vectors_mv)

    def plus(self, other: "Loop") -> "Loop":
        return Loop(np.r_[self.centre, other.centre], np.r_[self.before, other.before],
                    np.r_[self.after, other.after], np.vstack([self.vectors_mv, other.vectors_mv]))


def loop(*bells: tuple[float, float, float, tuple[float, float, float] | Array]) -> Loop:
    """A loop from (centre, before, after, vector in mV) tuples."""
    return Loop(np.array([b[0] for b in bells], dtype=float), np.array([b[1] for b in bells], dtype=float),
                np.array([b[2] for b in bells], dtype=float), np.array([b[3] for b in bells], dtype=float))


def fractions(n: int = 200) -> Array:
    """An even grid (n,) over a wave, for measuring it away from any sampling rate."""
    return (np.arange(n) + 0.5) / n


def turned(vectors_mv: Array, angle_rad: float) -> Array:
    """Vectors (n, 3) turned in the frontal plane, from the left (x) towards the feet (y)."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.column_stack([c * vectors_mv[:, 0] - s * vectors_mv[:, 1],
                            s * vectors_mv[:, 0] + c * vectors_mv[:, 1], vectors_mv[:, 2]])

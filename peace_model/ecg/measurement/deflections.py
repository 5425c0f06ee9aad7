"""The deflections of a QRS in one lead: Q, R, S and further ones.

A deflection counts from 0.02 mV and 6 ms on (CSE Working Party, Eur Heart J 1985;6:815), and above twice the noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_MV = 0.02
LEAST_S = 0.006


@dataclass(frozen=True)
class Deflection:
    """One excursion from the level before the QRS. peak: its sample in the beat; height_mv has its sign; width: in
    samples, between the crossings of the level, which lie between samples.
    """

    peak: int
    height_mv: float
    width: float


@dataclass(frozen=True)
class QrsWaves:
    """The QRS of one lead, mV. q, r, s: 0 where the deflection is absent, Q and S as positive depths.

    A QRS without any R counts as an S. r is the taller of R and R'. second_r: R', after an S that follows an R.
    r_peak: sample of the tallest R, None without one. r_width, s_width: samples, of the tallest R and the deepest S.
    """

    q_mv: float
    r_mv: float
    s_mv: float
    second_r_mv: float
    r_peak: int | None
    r_width: float = 0.0
    s_width: float = 0.0


def deflections(beat_mv: NDArray[np.float64], fs_hz: float, *, first: int, last: int,
                noise_mv: float) -> tuple[Deflection, ...]:
    """The deflections between two samples, both included, in time order. beat_mv: its level before the QRS is 0."""
    samples = beat_mv[first:last + 1]
    least_mv = max(LEAST_MV, 2 * noise_mv)
    positive = samples > 0
    edges = np.flatnonzero(np.diff(positive)) + 1
    found: list[Deflection] = []
    for start, stop in zip([0, *edges.tolist()], [*edges.tolist(), len(samples)], strict=True):
        part = samples[start:stop]
        peak = start + int(np.argmax(np.abs(part)))
        if stop - start < LEAST_S * fs_hz or abs(samples[peak]) < least_mv:
            continue
        # What still rises where the QRS ends is the ST segment, not a wave of the QRS.
        if found and peak >= len(samples) - 1:
            continue
        found.append(Deflection(first + peak, float(samples[peak]),
                                _crossing(samples, stop) - _crossing(samples, start)))
    return tuple(found)


def _crossing(samples: NDArray[np.float64], edge: int) -> float:
    """Where the level is crossed between sample edge - 1 and edge; the first and the last sample where nothing is."""
    if edge == 0 or edge == len(samples):
        return float(min(edge, len(samples) - 1))
    before, after = abs(float(samples[edge - 1])), abs(float(samples[edge]))
    return edge - 1 + before / (before + after) if before + after > 0 else float(edge)


def qrs_waves(found: tuple[Deflection, ...]) -> QrsWaves:
    """Names for the deflections of one lead."""
    upright = [wave for wave in found if wave.height_mv > 0]
    if not upright:
        deepest = min(found, key=lambda wave: wave.height_mv, default=None)
        return QrsWaves(0.0, 0.0, 0.0, 0.0, None) if deepest is None else QrsWaves(
            0.0, 0.0, -deepest.height_mv, 0.0, None, s_width=deepest.width)
    first_r = upright[0].peak
    before = [-wave.height_mv for wave in found if wave.height_mv < 0 and wave.peak < first_r]
    after = [wave for wave in found if wave.height_mv < 0 and wave.peak > first_r]
    deepest = min(after, key=lambda wave: wave.height_mv, default=None)
    tallest = max(upright, key=lambda wave: wave.height_mv)
    later = [wave.height_mv for wave in upright if after and wave.peak > after[0].peak]
    return QrsWaves(
        q_mv=max(before, default=0.0), r_mv=tallest.height_mv,
        s_mv=-deepest.height_mv if deepest is not None else 0.0, second_r_mv=max(later, default=0.0),
        r_peak=tallest.peak, r_width=tallest.width, s_width=deepest.width if deepest is not None else 0.0)

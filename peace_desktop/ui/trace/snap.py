"""Where calipers snap to: the extremes and the steepest points of the trace as it is drawn."""

from dataclasses import dataclass

import numpy as np

from peace_desktop.ui.trace.samples import LeadSamples

REACH_MM = 2.0
"""A hand that is farther along the paper from anything to be met stays where it is."""
_NEAR_S = 0.010
"""An extreme is the highest or lowest, a steepest point the steepest, of as much on either side of it."""
_AROUND_S = 0.040
_LEAST_MM = 0.5
"""What does not stand out of its surroundings by this much on the paper is noise to the eye."""
_HEIGHT_COUNTS_MM = 3.0
"""Beyond this the height of the hand says no more of what it means."""
_SLOPE_COST_MM = 0.6
"""A peak is meant rather than its own flank."""


@dataclass(frozen=True)
class Feature:
    """A sample, counted from the recording's first, that a reader would measure from. steep: not an extreme."""

    sample: int
    steep: bool


@dataclass(frozen=True)
class Drawn:
    """How a lead is drawn: samples a second, and millimetres of paper a second and a millivolt."""

    fs_hz: float
    mm_per_s: float
    mm_per_mv: float

    @property
    def reach(self) -> int:
        """Samples along the paper within which calipers snap."""
        return max(1, round(REACH_MM / self.mm_per_s * self.fs_hz))


def features(values_mv: LeadSamples, first: int, last: int, drawn: Drawn) -> tuple[Feature, ...]:
    """Extremes and steepest points of a lead from sample first to last, in order; none beside missing samples."""
    near, around = (max(1, round(seconds * drawn.fs_hz)) for seconds in (_NEAR_S, _AROUND_S))
    least_mv = _LEAST_MM / drawn.mm_per_mv
    begin = max(first - around - 1, 0)
    part = np.asarray(values_mv[begin : last + around + 2], np.float64)
    found = []
    for place in range(max(first - begin, 1), min(last - begin + 1, len(part) - 1)):
        beside = part[max(place - near, 0) : place + near + 1]
        if not np.isfinite(beside).all():
            continue
        if _stands_out(part, place, near, around, least_mv):
            found.append(Feature(begin + place, steep=False))
        elif _steepest(part, place, near, least_mv):
            found.append(Feature(begin + place, steep=True))
    return tuple(found)


def snapped(values_mv: LeadSamples, sample: int, drawn: Drawn, *, hand_mv: float | None = None) -> int:
    """The extreme or steepest point that is meant by a sample; the sample itself where there is none within reach.

    hand_mv: how high the hand is, on the lead's own scale; None where only the time is known.
    """
    def away_mm(feature: Feature) -> float:
        along = abs(feature.sample - sample) / drawn.fs_hz * drawn.mm_per_s
        up = 0.0 if hand_mv is None else abs(float(values_mv[feature.sample]) - hand_mv) * drawn.mm_per_mv
        return float(np.hypot(along, min(up, _HEIGHT_COUNTS_MM))) + (_SLOPE_COST_MM if feature.steep else 0.0)

    within = features(values_mv, sample - drawn.reach, sample + drawn.reach, drawn)
    return min(within, key=away_mm).sample if within else sample


def following(values_mv: LeadSamples, sample: int, way: int, drawn: Drawn, *, first: int, last: int) -> int:
    """The next extreme or steepest point after a sample (way 1) or before it (-1), between two samples; else itself."""
    step = drawn.reach * 4
    while first < sample < last or (sample == first and way > 0) or (sample == last and way < 0):
        ahead = (sample + 1, min(sample + step, last)) if way > 0 else (max(sample - step, first), sample - 1)
        found = features(values_mv, *ahead, drawn)
        if found:
            return found[0 if way > 0 else -1].sample
        if ahead[1] >= last and way > 0 or ahead[0] <= first and way < 0:
            break
        step *= 2
    return sample


def _stands_out(part: np.ndarray, place: int, near: int, around: int, least_mv: float) -> bool:
    """Whether a sample is the first highest or lowest of those near it and the trace leaves it on both sides."""
    beside = part[max(place - near, 0) : place + near + 1]
    sides = part[max(place - around, 0) : place], part[place + 1 : place + around + 1]
    for up in (1.0, -1.0):
        value = up * part[place]
        falls = all(value - np.nanmin(up * side) >= least_mv for side in sides)
        if falls and value == (up * beside).max() and value > up * part[place - 1]:
            return True
    return False


def _steepest(part: np.ndarray, place: int, near: int, least_mv: float) -> bool:
    begin, end = max(place - near, 1), min(place + near, len(part) - 2)
    slopes = np.abs(part[begin + 1 : end + 2] - part[begin - 1 : end])
    own = slopes[place - begin]
    change = abs(part[min(place + near, len(part) - 1)] - part[max(place - near, 0)])
    return bool(change >= least_mv and own == np.nanmax(slopes) and int(np.nanargmax(slopes)) == place - begin)

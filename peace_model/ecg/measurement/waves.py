"""The boundaries of one wave on a beat with little noise: the common method of P, QRS and T.

A wave begins and ends where slopes fall to a small share of the wave's own greatest slope. The question is put to the
length of the slope over all leads, and to each lead alone; of the leads' answers an order statistic near the
outermost is taken, as readers do who mark the earliest onset and the latest offset without believing a single odd
lead. The answers are averaged and moved by a constant, which makes up for the smoothing and for the threshold.
"""

from dataclasses import dataclass

import numpy as np

from peace_model.ecg.measurement.crossings import Indices, flank, leftward, ranked, rightward
from peace_model.ecg.measurement.tuning import Edge
from peace_model.ecg.measurement.working_signal import MS, Array

_FAINT = 0.3
"""Leads whose wave is smaller than this share of the middle lead's do not vote on its boundaries."""
_MOST_REST = 0.5
"""Of the greatest slope: a wave in noise still has its steepest part."""
_OUTSIDE_MS = (7, 20)
"""From a boundary: far enough that the smoothed flank has passed, near enough to be what a reader sees beside it."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """Absolute slopes of the voting leads (n, m), of all together (1, m), and the rest of both, (n,) and (1,)."""

    each: Array
    together: Array
    rest: Array
    rest_together: Array


def slopes_of(signed: Array) -> Slopes:
    """rest: the slope that a quarter of the window stays below."""
    each = np.abs(signed)
    together = np.sqrt((each ** 2).sum(axis=0))[None]
    return Slopes(each, together, np.percentile(each, 25, axis=1), np.percentile(together, 25, axis=1))


def boundary(slopes: Slopes, edge: Edge, span: tuple[int, int], limit: int, *, end: bool) -> float:
    """Onset (or, with end, offset) over all leads, not yet moved, of the wave whose flank on that side lies in `span`.

    limit: the sample that the boundary may not pass.
    """
    found = [float(_walk(slopes.together, slopes.rest_together, share, span, limit, edge, end=end)[0])
             for share in edge.shares]
    height = slopes.each[:, span[0]:span[1] + 1].max(axis=1)
    voting = height >= _FAINT * np.median(height)
    for share, rank in edge.leads:
        marks = _walk(slopes.each[voting], slopes.rest[voting], share, span, limit, edge, end=end)
        found.append(ranked(marks, rank, latest=end))
    return float(np.mean(found))


def move_share(slopes: Slopes, edge: Edge, at: float, *, end: bool) -> float:
    """How much of the edge's move is made, 0 to 1: by the slopes just outside the boundary found `at`."""
    if edge.ripple is None:
        return 1.0
    near, far = (round(at + (1 if end else -1) * distance * MS) for distance in _OUTSIDE_MS)
    first, last = sorted((max(0, near), max(0, far)))
    outside = slopes.together[0, first:last]
    if len(outside) == 0:
        return 1.0
    none, whole = edge.ripple
    return float(np.clip((outside.mean() / slopes.together.max() - none) / (whole - none), 0.0, 1.0))


def lead_boundaries(slopes: Slopes, edge: Edge, span: tuple[int, int], limit: int, *, end: bool) -> Array:
    """The same in each lead alone, float64 (n_leads,)."""
    found = [_walk(slopes.each, slopes.rest, share, span, limit, edge, end=end) for share, _ in edge.leads]
    return np.asarray(np.mean(found, axis=0), dtype=np.float64)


def _walk(speed: Array, rest: Array, share: float, span: tuple[int, int], limit: int, edge: Edge, *,
          end: bool) -> Indices:
    start, greatest = flank(speed, *span, edge.flank_share, end=end)
    loud = speed > np.maximum(share * greatest, np.minimum(edge.over_rest * rest, _MOST_REST * greatest))[:, None]
    walk = rightward if end else leftward
    return walk(loud, start, stay=max(1, round(edge.stay_ms * MS)), limit=limit)

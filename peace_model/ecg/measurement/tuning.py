"""Every number of the delineation that was chosen by looking at annotated recordings, in one place.

Chosen by eye on all of LUDB's recordings, weighing the readers' marks against the known boundaries of simulated
children; tests/oracles/ludb_tuning.py chooses afresh on one half of the recordings and reports on the other, both ways
round, which tells what to expect of recordings never seen.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Edge:
    """How one side of a wave is found.

    sigma_ms: of the smoothing. shares: of the wave's greatest slope over all leads. leads: pairs (share, rank): each
    lead is asked where its slope falls below the share of its own greatest, and the rank-th earliest onset or latest
    offset of twelve leads is taken (0 the outermost). over_rest: no slope below so many times the resting slope counts.
    stay_ms: how long the slope must stay small. flank_share: the walk starts from the outermost sample with this share
    of the greatest slope; 1 is the steepest itself. move_ms and lead_move_ms: how much later the mean of all answers,
    or a lead's own, is put on a wave of an adult's typical width; on a narrower one by the square of its width less,
    on a wider one in proportion more. So the marks meet LUDB's readers, who mark adults' waves generously, and the
    known boundaries of simulated newborns alike.
    ripple: (none, whole) mean slopes just outside the wave, as shares of its greatest slope. Readers count the ripple
    that a recorder's filter leaves there as the wave's own, so the move is made whole where there is as much as
    `whole`, and not at all on a beat as clean as `none`.
    """

    sigma_ms: float
    shares: tuple[float, ...]
    leads: tuple[tuple[float, int], ...]
    over_rest: float
    stay_ms: float
    flank_share: float
    move_ms: float
    lead_move_ms: float
    ripple: tuple[float, float] | None = None


@dataclass(frozen=True)
class Tuning:
    """Two edges and an adult's typical width for each wave, and what a P wave must show to be reported."""

    qrs_on: Edge = Edge(3.5, (0.03,), ((0.02, 2), (0.03, 5)), 5.0, 8.0, 0.5, -9.1, -4.0, (0.002, 0.004))
    qrs_off: Edge = Edge(4.0, (0.03,), ((0.03, 5), (0.08, 2)), 4.0, 12.0, 0.5, 4.8, 0.0, (0.004, 0.010))
    p_on: Edge = Edge(8.0, (0.15, 0.25), ((0.20, 2), (0.35, 1)), 2.0, 4.0, 0.60, -3.5, -1.0)
    p_off: Edge = Edge(8.0, (0.15, 0.25), ((0.20, 1), (0.35, 1)), 2.0, 4.0, 0.60, -5.0, -6.5)
    t_on: Edge = Edge(10.0, (0.30,), ((0.20, 3), (0.30, 3)), 2.0, 4.0, 0.70, -17.0, 0.0)
    t_off: Edge = Edge(10.0, (0.30,), ((0.20, 3), (0.20, 5)), 2.0, 4.0, 0.55, 9.0, -4.0)
    p_ms: float = 105.0
    qrs_ms: float = 95.0
    t_ms: float = 180.0
    p_least_likeness: float = 0.65
    p_least_mv: float = 0.010


TUNED = Tuning()

_SMOOTHED_SAMPLES = 0.65
_ON_LATER, _OFF_EARLIER = 1.8, 1.7
"""Milliseconds for each further millisecond of smoothing."""


def for_rate(tuning: Tuning, fs_hz: float) -> Tuning:
    """The tuning for a recording's own rate.

    A recording of few samples a second holds no sharp corners: its filter rings beside them, about one sample wide, and
    the QRS seems to begin earlier and end later. So much more smoothing stills the ringing; the marks are moved back by
    what the same recordings at 100 and 500 Hz then differ, half-way between PTB-XL's own files (folds 1-8) and LUDB
    decimated here. From 190 samples a second on nothing changes.
    """
    least_ms = _SMOOTHED_SAMPLES * 1000 / fs_hz

    def smoother(edge: Edge, moved: float) -> Edge:
        more_ms = max(0.0, least_ms - edge.sigma_ms)
        return replace(edge, sigma_ms=edge.sigma_ms + more_ms, move_ms=edge.move_ms + moved * more_ms)

    return replace(tuning, qrs_on=smoother(tuning.qrs_on, _ON_LATER), qrs_off=smoother(tuning.qrs_off, -_OFF_EARLIER))

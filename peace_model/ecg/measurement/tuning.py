"""Every number of the delineation that was chosen by looking at annotated recordings, in one place.

tests/oracles/ludb_tuning.py chooses them on one half of LUDB's recordings and reports on the other, both ways round.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edge:
    """How one side of a wave is found.

    shares: of the wave's greatest slope over all leads. leads: pairs (share, rank): each lead is asked where its slope
    falls below the share of its own greatest, and the rank-th earliest onset or latest offset of twelve leads is taken
    (0 the outermost). bias_ms moves the mean of all these, lead_bias_ms that of a single lead; sign as on the time
    axis. sigma_ms: of the smoothing. stay_ms: how long the slope must stay small. flank_share: the walk starts from
    the outermost sample with this share of the greatest slope; 1 is the steepest itself.
    """

    sigma_ms: float
    shares: tuple[float, ...]
    leads: tuple[tuple[float, int], ...]
    bias_ms: float
    lead_bias_ms: float
    stay_ms: float
    flank_share: float


@dataclass(frozen=True)
class Tuning:
    """Two edges a wave, and what a P wave must show to be reported."""

    qrs_on: Edge = Edge(3.0, (0.04, 0.06), ((0.05, 5), (0.08, 3), (0.12, 1)), -14.3, -8.0, 12.0, 0.5)
    qrs_off: Edge = Edge(4.0, (0.04, 0.06), ((0.05, 1), (0.08, 1)), 8.0, 4.0, 12.0, 0.5)
    p_on: Edge = Edge(8.0, (0.15, 0.25), ((0.20, 2), (0.35, 1)), -4.0, 0.0, 4.0, 1.0)
    p_off: Edge = Edge(8.0, (0.15, 0.25), ((0.20, 1), (0.35, 1)), -5.0, 0.0, 4.0, 1.0)
    t_on: Edge = Edge(10.0, (0.30,), ((0.20, 3), (0.30, 3)), 0.0, 0.0, 4.0, 1.0)
    t_off: Edge = Edge(10.0, (0.30,), ((0.20, 3), (0.20, 5)), 9.0, 0.0, 4.0, 1.0)
    p_least_likeness: float = 0.66
    p_least_likeness_irregular: float = 0.90
    p_irregular: float = 0.15
    p_least_mv: float = 0.010


TUNED = Tuning()

"""What a percentile strip draws: a child's value, the band of the age group and those of its neighbours, as data."""

from dataclasses import dataclass

from peace_model.ecg.measurement.value import Measurement
from peace_model.ecg.norms import Limit, load_norms


@dataclass(frozen=True)
class PercentileStrip:
    """One source's bands around one value, all in the limit's unit.

    own: the group the age falls in; younger, older: the groups beside it in the same source, None where it has none.
    approximate_z: of the value in its own group, from three percentiles; None where that cannot be told.
    may_flag: whether the limit is one that flags; otherwise it is shown for reading only.
    """

    value: float
    own: Limit
    younger: Limit | None
    older: Limit | None
    approximate_z: float | None
    may_flag: bool


def percentile_strips(item: Measurement) -> tuple[PercentileStrip, ...]:
    """One strip a source, those that may flag first; none without a value or a limit with both ends or an upper one."""
    if item.value is None:
        return ()
    norms, strips = load_norms(), []
    for answer in (item.limit, item.reference):
        seen = set()
        for limit in answer.limits if answer is not None else ():
            if limit.source in seen or limit.p98 is None:
                continue
            seen.add(limit.source)  # The first limit of a source is that of the age's own group.
            younger, older = norms.beside(limit)
            strips.append(PercentileStrip(item.value, limit, younger, older, limit.approximate_z(item.value),
                                          limit.cross_checked))
    return tuple(strips)

"""Laboratory values of MIMIC-IV (module hosp) near ECGs, as abnormalities "<Lab>_low" and "<Lab>_high".

After CardioLab (Strodthoff et al., arXiv 2407.17856 and its successor): the reference range of a laboratory test is the
median of the ranges printed beside its values; of each test the value nearest to the ECG counts, within an hour either
way; values of a rarer fluid than the test's commonest are left out, as are values without number, time or range.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.context import Abnormality
from peace_model.datasets.table import TableRow, read_rows
from peace_model.ecg.recording import RecordingError

NEAR = timedelta(minutes=60)
LEAST_VALUES = 200
"""Of a laboratory test, before it is one of the abnormalities."""
LEAST_EACH_WAY = 10
"""Recordings that have it and that do not, in every part that figures are made of."""
_EVENTS = ("subject_id", "itemid", "charttime", "valuenum", "ref_range_lower", "ref_range_upper")
_ITEMS = ("itemid", "label", "fluid")
_REMEDY = "use labevents.csv and d_labitems.csv of MIMIC-IV's module hosp"
_CITATION = "Median of the reference ranges printed beside the values of this test in the data set."

Range = tuple[float | None, float | None]
"""Lowest and highest normal value; None for a side that is open."""


@dataclass(frozen=True)
class Moment:
    """A recording: of whom, and when."""

    subject: str
    time: datetime


@dataclass(frozen=True)
class Laboratory:
    """ranges: test -> its reference range. nearest: for each recording, test -> value."""

    ranges: Mapping[str, Range]
    nearest: Sequence[Mapping[str, float]]


@dataclass
class _Seen:
    """What the events of one item add up to."""

    ranges: Counter[Range] = field(default_factory=Counter)
    values: dict[int, tuple[timedelta, float]] = field(default_factory=dict)


def read_laboratory(folder: Path, moments: Sequence[Moment]) -> Laboratory:
    """The events, read once and row by row. Raises RecordingError naming table, row and column.

    Reference ranges are those of the subjects that have an ECG.
    """
    items = {row.needed("itemid"): (row.text("label"), row.text("fluid"))
             for row in read_rows(_table(folder, "d_labitems"), _ITEMS, remedy=_REMEDY)}
    of_subject: dict[str, list[int]] = defaultdict(list)
    for place, moment in enumerate(moments):
        of_subject[moment.subject].append(place)
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for row in read_rows(_table(folder, "labevents"), _EVENTS, remedy=_REMEDY):
        places = of_subject.get(row.needed("subject_id"))
        if places is None or not row.text("valuenum") or not row.text("charttime"):
            continue
        item = row.needed("itemid")
        if item not in items:
            raise row.error("itemid", "is not in d_labitems")
        low, high = _bound(row, "ref_range_lower"), _bound(row, "ref_range_upper")
        if low == high == 0 or (low is None and high is None):
            continue
        value, time = row.number_in("valuenum"), time_of(row, "charttime")
        of_item = seen[item]
        of_item.ranges[low, high] += 1
        for place in places:
            apart = abs(time - moments[place].time)
            if apart <= NEAR and (place not in of_item.values or apart < of_item.values[place][0]):
                of_item.values[place] = (apart, value)
    return _by_test(items, seen, len(moments))


def abnormalities_of(
    found: Laboratory, parts: Iterable[NDArray[np.bool_]]
) -> tuple[tuple[Abnormality, ...], NDArray[np.uint8], NDArray[np.uint8]]:
    """Abnormalities with abnormal and known, uint8 (n, A) each: those that LEAST_EACH_WAY recordings of every part have
    and as many have not. parts: bool (n,) each."""
    every = list(parts)
    kept: list[tuple[Abnormality, NDArray[np.uint8], NDArray[np.uint8]]] = []
    for test, (low, high) in sorted(found.ranges.items()):
        values = np.array([nearest.get(test, np.nan) for nearest in found.nearest])
        known = ~np.isnan(values)
        for side, limit, beyond in (("low", low, np.less), ("high", high, np.greater)):
            if limit is None:
                continue
            yes, no = known & beyond(values, limit), known & ~beyond(values, limit)
            if all(min((yes & part).sum(), (no & part).sum()) >= LEAST_EACH_WAY for part in every):
                word = "under" if side == "low" else "over"
                kept.append((Abnormality(f"{test}_{side}", f"{test}, {side}", f"{test} {word} {limit:g}", _CITATION),
                             yes.astype(np.uint8), known.astype(np.uint8)))
    none = [np.zeros((len(found.nearest), 0), np.uint8)]
    return (tuple(item for item, _, _ in kept),
            np.concatenate([*none, *(yes[:, None] for _, yes, _ in kept)], axis=1),
            np.concatenate([*none, *(known[:, None] for _, _, known in kept)], axis=1))


def time_of(row: TableRow, column: str) -> datetime:
    try:
        return datetime.fromisoformat(row.text(column))
    except ValueError as error:
        raise row.error(column, "not a date and time such as 2180-07-23 08:44:00") from error


def _by_test(items: Mapping[str, tuple[str, str]], seen: Mapping[str, _Seen], count: int) -> Laboratory:
    """Items of one name are one test, in the fluid that most of its values are of."""
    fluids: dict[str, Counter[str]] = defaultdict(Counter)
    for item, of_item in seen.items():
        name, fluid = items[item]
        if name:
            fluids[name][fluid] += of_item.ranges.total()
    ranges: dict[str, Range] = {}
    nearest: list[dict[str, tuple[timedelta, float]]] = [{} for _ in range(count)]
    for name, counts in fluids.items():
        fluid = counts.most_common(1)[0][0]
        own = [of_item for item, of_item in seen.items() if items[item] == (name, fluid)]
        printed = sum((of_item.ranges for of_item in own), Counter[Range]())
        if printed.total() < LEAST_VALUES:
            continue
        ranges[name] = (_median(printed, 0), _median(printed, 1))
        for of_item in own:
            for place, (apart, value) in of_item.values.items():
                if name not in nearest[place] or apart < nearest[place][name][0]:
                    nearest[place][name] = (apart, value)
    return Laboratory(ranges, [{name: value for name, (_, value) in of_one.items()} for of_one in nearest])


def _median(ranges: Counter[Range], side: int) -> float | None:
    """Of one side of the ranges, each as often as it is printed, the open ones left out; None where all are open."""
    counts = Counter[float]()
    for pair, count in ranges.items():
        if (limit := pair[side]) is not None:
            counts[limit] += count
    if not counts:
        return None
    limits = sorted(counts)
    up_to = list(accumulate(counts[limit] for limit in limits))
    lower, upper = (limits[bisect_left(up_to, rank)] for rank in ((up_to[-1] + 1) // 2, up_to[-1] // 2 + 1))
    return (lower + upper) / 2


def _bound(row: TableRow, column: str) -> float | None:
    return row.number_in(column) if row.text(column) else None


def _table(folder: Path, name: str) -> Path:
    """The table, or its compressed form where only that is there."""
    packed = folder / f"{name}.csv.gz"
    if not (folder / f"{name}.csv").is_file() and packed.is_file():
        return packed
    if not folder.is_dir():
        raise RecordingError(folder, "folder", "not found", _REMEDY)
    return folder / f"{name}.csv"

"""Published limits by age and sex: which ones hold for a child, and where a value stands among them.

The table is resources/norms/pediatric_normals.csv (Rijnbeek 2001 and others, named in norms.json). Its age groups are
half-open, [min, max) in days. A limit is never moved to an age it was not published for, never averaged between sources
and never shared between formulas; only limits whose figures agree in several transcriptions may flag a value.
"""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

from peace_model.ecg.age import DAYS_PER_MONTH, DAYS_PER_YEAR, Age, Precision, short_age_text
from peace_model.resources import resource
from peace_model.words import Sentence

Position = Literal["above", "below", "inside"]
LimitSex = Literal["F", "M", "B", "union"]
"""F or M; B: published for both sexes together; union: both ranges spanned, because the sex is unknown."""

NEAR_BOUNDARY = 0.10
"""Within this fraction of a group's age boundary the neighbouring group is shown too."""
MAX_GROUPS_SHOWN = 2

Z_OF_98TH = 2.054
"""Standard normal deviate of the 98th percentile."""
LARGEST_Z = 4.0
"""Beyond this a z from three percentiles says no more than that the value is far outside."""


class NormsError(Exception):
    """The table of limits is not the one norms.json describes."""


@dataclass(frozen=True)
class Limit:
    """One published range. None where the source gives no such percentile. Ages in days, [min, max).

    source: as the table names it. name: short, for a line of text ("Rijnbeek 2001"). transcriptions: how many copies of
    the publication agree on p02, p50 and p98. display_only: no rule may rest on it, whatever the copies.
    """

    parameter: str
    lead: str | None
    sex: LimitSex
    age_min_days: int
    age_max_days: int
    p02: float | None
    p50: float | None
    p98: float | None
    unit: str
    source: str
    cross_checked: bool
    name: str = ""
    notes: str = ""
    transcriptions: tuple[int, int, int] = (0, 0, 0)
    display_only: bool = False

    def approximate_z(self, value: float) -> float | None:
        """A z from the three percentiles, as if each half of the distribution were normal; within [-4, 4].

        None for an axis, which is an angle, and where the median or the percentile on the value's side is missing.
        Approximate, and to be called so wherever it is shown.
        """
        if self.unit == "deg" or self.p50 is None:
            return None
        end = self.p98 if value >= self.p50 else self.p02
        if end is None or end == self.p50:
            return None
        z = Z_OF_98TH * (value - self.p50) / abs(end - self.p50)
        return min(max(z, -LARGEST_Z), LARGEST_Z)

    def position(self, value: float) -> Position | None:
        """Where a value stands; None where the percentile needed is not published. An axis is judged on its arc."""
        if self.unit == "deg":
            return arc_position(value, self.p02, self.p98) if self.p02 is not None and self.p98 is not None else None
        if self.p98 is not None and value > self.p98:
            return "above"
        if self.p02 is not None and value < self.p02:
            return "below"
        return "inside" if self.p02 is not None and self.p98 is not None else None



def arc_position(value_deg: float, first_deg: float, last_deg: float) -> Position:
    """Where an angle stands to the arc that runs clockwise from first to last; outside, by the nearer end."""
    if (value_deg - first_deg) % 360 <= (last_deg - first_deg) % 360:
        return "inside"
    return "above" if (value_deg - last_deg) % 360 <= (first_deg - value_deg) % 360 else "below"


def agreed_position(positions: Sequence[Position | None], *, is_angle: bool) -> Position | None:
    """Where a value stands to several limits that may hold: outside only if every one says so, the most apt one first.

    An angle outside all arcs may be nearer to another end of each; the most apt limit's is said. None without limits.
    """
    known = [position for position in positions if position is not None]
    if not known:
        return None
    apart = len(set(known)) > 1 and not is_angle
    return "inside" if apart or "inside" in known else known[0]


class LimitReason(Sentence):
    """Why there is no limit."""


@dataclass(frozen=True)
class LimitAnswer:
    """The limits for one child, most apt first: sources side by side, then a neighbouring age group of each.

    limits is empty exactly when reason says why. near_boundary: neighbouring groups are among the limits.
    """

    limits: tuple[Limit, ...]
    reason: LimitReason | None
    near_boundary: bool

    def position(self, value: float) -> Position | None:
        """Above or below only if every cross-checked limit shown says so; None without such a limit."""
        checked = [limit for limit in self.limits if limit.cross_checked]
        return agreed_position([limit.position(value) for limit in checked],
                               is_angle=any(limit.unit == "deg" for limit in checked))


@dataclass(frozen=True)
class Norms:
    """The whole table with its version and the SHA-256 of its text (line ends as \\n)."""

    version: str
    sha256: str
    rows: tuple[Limit, ...]
    citations: tuple[tuple[str, str], ...]

    def limits(self, parameter: str, *, lead: str | None = None, age: Age | None, sex: Literal["F", "M"] | None,
               include_single_transcriptions: bool = False) -> LimitAnswer:
        """The limits of a parameter ("heart_rate", "qrs_axis", "r_amplitude" with its lead, ...) for age and sex."""
        if age is None:
            return _none("age_unknown", "no limit: the age is unknown")
        published = self._by_parameter.get((parameter, lead or ""), ())
        rows = [row for row in published if row.cross_checked or include_single_transcriptions]
        if not published:
            return _none("not_published", "no published limit for this measurement")
        if not rows:
            return _none("not_cross_checked", "no limit that several transcriptions confirm")
        first_day, last_day = possible_days(age)
        own: list[Limit] = []
        neighbours: list[Limit] = []
        for source in dict.fromkeys(row.source for row in rows):
            groups = _for_sex([row for row in rows if row.source == source], sex)
            mine = [row for row in groups if row.age_min_days <= last_day and first_day < row.age_max_days]
            if len(mine) > MAX_GROUPS_SHOWN:
                return _none("age_too_coarse", "no limit: the age is known only to the {precision}",
                             precision=str(age.precision))
            own += mine
            if len(mine) == 1:
                neighbours += _neighbours(groups, mine[0], age.days)
        if not own:
            return _none("outside_table", "no published limit (age {age})", age=short_age_text(age))
        spans = len({(row.source, row.age_min_days) for row in own}) > len({row.source for row in own})
        return LimitAnswer((*own, *neighbours), None, bool(neighbours) or spans)

    def beside(self, limit: Limit) -> tuple[Limit | None, Limit | None]:
        """The same source's limits for the next younger and the next older age group; None where there is none."""
        rows = [row for row in self._by_parameter.get((limit.parameter, limit.lead or ""), ())
                if row.source == limit.source]
        groups = _for_sex(rows, limit.sex if limit.sex == "F" or limit.sex == "M" else None)
        younger = next((row for row in groups if row.age_max_days == limit.age_min_days), None)
        older = next((row for row in groups if row.age_min_days == limit.age_max_days), None)
        return younger, older

    @cached_property
    def _by_parameter(self) -> dict[tuple[str, str], list[Limit]]:
        table: dict[tuple[str, str], list[Limit]] = {}
        for row in self.rows:
            table.setdefault((row.parameter, row.lead or ""), []).append(row)
        return table


def _none(code: str, template: str, **values: str) -> LimitAnswer:
    return LimitAnswer((), LimitReason(code, template, tuple(values.items())), near_boundary=False)


def possible_days(age: Age) -> tuple[int, int]:
    """The first and the last day that an age of its precision may stand for."""
    width = {Precision.DAY: 1, Precision.MONTH: int(DAYS_PER_MONTH), Precision.YEAR: int(DAYS_PER_YEAR)}[age.precision]
    return age.days, age.days + width - 1


def _for_sex(rows: list[Limit], sex: Literal["F", "M"] | None) -> list[Limit]:
    """One row per age group: the sex's own or the one for both; for an unknown sex the union of both ranges."""
    if sex is not None:
        return [row for row in rows if row.sex in (sex, "B")]
    groups: dict[tuple[int, int], list[Limit]] = {}
    for row in rows:
        groups.setdefault((row.age_min_days, row.age_max_days), []).append(row)
    return [_union(group) for group in groups.values()]


def _union(group: list[Limit]) -> Limit:
    if len(group) == 1:
        return group[0]
    lows, highs = [row.p02 for row in group], [row.p98 for row in group]
    return replace(
        group[0], sex="union", p50=None, cross_checked=all(row.cross_checked for row in group),
        transcriptions=tuple(min(counts) for counts in zip(*(row.transcriptions for row in group), strict=True)),
        p02=None if None in lows else min(low for low in lows if low is not None),
        p98=None if None in highs else max(high for high in highs if high is not None))


def _neighbours(groups: list[Limit], own: Limit, age_days: int) -> list[Limit]:
    """The group beyond a boundary that is nearer than a tenth of its age."""
    found = []
    for row in groups:
        below, above = row.age_max_days == own.age_min_days, row.age_min_days == own.age_max_days
        boundary = own.age_min_days if below else own.age_max_days
        if (below or above) and abs(age_days - boundary) <= NEAR_BOUNDARY * boundary:
            found.append(row)
    return found


@lru_cache(maxsize=1)
def load_norms() -> Norms:
    """The table of this installation. Raises NormsError where it is not the one norms.json was written for."""
    about = json.loads(resource("norms", "norms.json").read_text(encoding="utf-8"))
    text = resource("norms", about["table"]).read_bytes().replace(b"\r\n", b"\n")
    sha256 = hashlib.sha256(text).hexdigest()
    if sha256 != about["sha256"]:
        raise NormsError("the table of limits was changed after norms.json was written; reinstall the application")
    sources = {entry["source"]: entry for entry in about["sources"]}
    rows = tuple(_row(cells, sources[cells["source"]]) for cells in csv.DictReader(io.StringIO(text.decode("utf-8"))))
    citations = tuple((entry["source"], f"{entry['citation']} {entry['cohort']}") for entry in about["sources"])
    return Norms(about["version"], sha256, rows, citations)


def _row(cells: dict[str, str], source: dict[str, Any]) -> Limit:
    sexes: dict[str, LimitSex] = {"F": "F", "M": "M", "B": "B"}
    return Limit(
        parameter=cells["parameter"], lead=cells["lead"] or None, sex=sexes[cells["sex"]],
        age_min_days=int(cells["age_min_days"]), age_max_days=int(cells["age_max_days"]), p02=_number(cells["p02"]),
        p50=_number(cells["p50"]), p98=_number(cells["p98"]), unit=cells["unit"], source=cells["source"],
        cross_checked=cells["cross_checked"] == "yes", name=source["name"], notes=cells["notes"],
        transcriptions=(int(cells["n_src_p02"]), int(cells["n_src_p50"]), int(cells["n_src_p98"])),
        display_only=source.get("display_only", False))


def _number(cell: str) -> float | None:
    return float(cell) if cell else None

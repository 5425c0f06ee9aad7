"""ECG paper: which lead stands where, over which seconds, at which gain, in which ink; for screen and print alike.

Qt-free and pure. Positions are rows, columns and seconds of paper; whoever draws multiplies by mm/s and mm/mV.
Layouts and the 25 mm/s, 10 mm/mV standard follow AHA/ACCF/HRS 2007 Part I (Cabrera order as an option there).
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Literal

from peace_model.ecg.leads import CABRERA_LIMB, FRANK, LIMB, PRECORDIAL, STANDARD_12
from peace_model.resources import resource

MINUS = "\N{MINUS SIGN}"
PAGE_S = 10.0
PULSE_MV = 1.0
PULSE_S = 0.2

Group = Literal["limb", "precordial", "rhythm"]
Side = Literal["left", "right"]

_EXTRA_ORDER = ("V3R", "V4R", "V5R", "V6R", "V7", "V8", "V9", *FRANK)
_RHYTHM_PREFERENCE = ("II", "MLII", "V1", "I", "V5")


class LayoutKind(StrEnum):
    """How the leads are arranged on the paper."""

    THREE_BY_FOUR_RHYTHM = "3x4+rhythm"
    SIX_BY_TWO = "6x2"
    TWELVE_BY_ONE = "12x1"
    CABRERA = "cabrera"
    STRIP = "strip"
    """The leads of a long recording, each in a row; gaps for leads not recorded would fill the page."""


@dataclass(frozen=True)
class Strip:
    """One lead's place: row and column count from the top left; start_s and end_s are seconds of the recording.

    label: what is written at the trace. sign: -1 where the lead is drawn upside down (−aVR), else 1.
    present: False leaves a labelled gap; the lead is not in the recording.
    """

    lead: str
    label: str
    row: int
    column: int
    start_s: float
    end_s: float
    sign: Literal[1, -1]
    present: bool
    group: Group

    @property
    def precordial(self) -> bool:
        """Whether the precordial gain applies; a rhythm strip follows its lead."""
        return self.lead not in LIMB


@dataclass(frozen=True)
class Pulse:
    """One calibration pulse at the end of a row: the gain it shows is that of `strip`."""

    row: int
    side: Side
    strip: Strip


@dataclass(frozen=True)
class Gain:
    """Gain of the paper. precordial_half: precordial leads at half of it, because children's voltages collide."""

    mm_per_mv: float = 10.0
    precordial_half: bool = False

    def of(self, strip: Strip) -> float:
        """mm per mV of one strip."""
        return self.mm_per_mv / 2 if self.precordial_half and strip.precordial else self.mm_per_mv


@dataclass(frozen=True)
class PageLayout:
    """A page of strips. seconds: width of the paper; column_s: width of one column; start_s: first second shown."""

    kind: LayoutKind
    strips: tuple[Strip, ...]
    rows: int
    columns: int
    seconds: float
    start_s: float

    @property
    def column_s(self) -> float:
        return self.seconds / self.columns

    @property
    def consecutive(self) -> bool:
        """Whether every column goes on in time where the one before it ended."""
        return all(
            abs(strip.start_s - self.start_s - self.x_s(strip)) < 1e-9
            for strip in self.strips
            if strip.end_s > strip.start_s
        )

    def x_s(self, strip: Strip) -> float:
        """Where a strip begins on the paper, in seconds from the left edge of the traces."""
        return strip.column * self.column_s

    def row(self, index: int) -> tuple[Strip, ...]:
        """The strips of one row, left to right."""
        return tuple(sorted((s for s in self.strips if s.row == index), key=lambda s: s.column))

    def pulses(self) -> tuple[Pulse, ...]:
        """One pulse at the left of every row, and one at its right where the row ends in another group of leads."""
        found: list[Pulse] = []
        for index in range(self.rows):
            strips = self.row(index)
            if not strips:
                continue
            found.append(Pulse(index, "left", strips[0]))
            if strips[-1].precordial != strips[0].precordial:
                found.append(Pulse(index, "right", strips[-1]))
        return tuple(found)


def page_layout(
    kind: LayoutKind,
    *,
    leads: tuple[str, ...],
    duration_s: float,
    start_s: float = 0.0,
    seconds: float = PAGE_S,
    rhythm_lead: str = "II",
) -> PageLayout:
    """The strips of one page of `seconds` of paper, beginning at start_s of a recording with these leads.

    Every lead of the recording is shown: leads beyond the standard twelve follow in rows of their own. A standard lead
    that is not in the recording keeps its place with present=False, except in a STRIP. The page is moved back into the
    recording when it would run past the end. Columns are consecutive in time; where the recording is shorter than the
    page, a late column starts as late as still fills it (`PageLayout.consecutive` is then False).
    rhythm_lead: replaced by II, MLII, V1, I, V5 or the first lead, in this order, when the recording has not got it.
    Raises ValueError for an empty recording or paper.
    """
    if not (duration_s > 0 and seconds > 0):
        raise ValueError(f"duration_s is {duration_s} and seconds is {seconds}; expected both above 0")
    if not leads:
        raise ValueError("a page needs at least one lead")
    start_s = min(max(start_s, 0.0), max(duration_s - seconds, 0.0))
    cells = _cells(kind, leads)
    columns = 1 + max(column for _, _, column in cells)
    rows = 1 + max(row for _, row, _ in cells)
    column_s = seconds / columns
    latest_s = max(duration_s - column_s, 0.0)
    strips = []
    for name, row, column in cells:
        lead = name.removeprefix("-")
        begin_s = min(start_s + column * column_s, latest_s)
        strips.append(
            Strip(
                lead=lead,
                label=MINUS + lead if name.startswith("-") else lead,
                row=row,
                column=column,
                start_s=begin_s,
                end_s=min(begin_s + column_s, duration_s),
                sign=-1 if name.startswith("-") else 1,
                present=lead in leads,
                group="limb" if lead in LIMB else "precordial",
            )
        )
    if kind is LayoutKind.THREE_BY_FOUR_RHYTHM:
        shown = _rhythm_lead(leads, rhythm_lead)
        strips.append(
            Strip(shown, shown, rows, 0, start_s, min(start_s + seconds, duration_s), 1, True, "rhythm")
        )
        rows += 1
    return PageLayout(kind, tuple(strips), rows, columns, seconds, start_s)


def _cells(kind: LayoutKind, leads: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """(name, row, column) of every strip but the rhythm strip; a name with "-" is drawn upside down."""
    if kind is LayoutKind.STRIP:
        own = (*(lead for lead in STANDARD_12 if lead in leads), *_extra_leads(leads))
        return [(lead, row, 0) for row, lead in enumerate(own)]
    if kind is LayoutKind.THREE_BY_FOUR_RHYTHM:
        height, names = 3, STANDARD_12
    elif kind is LayoutKind.SIX_BY_TWO:
        height, names = 6, STANDARD_12
    elif kind is LayoutKind.CABRERA:
        height, names = 6, CABRERA_LIMB + PRECORDIAL
    else:
        height, names = 12, STANDARD_12
    cells = [(name, index % height, index // height) for index, name in enumerate(names)]
    columns = len(names) // height
    cells += [(name, height + index // columns, index % columns) for index, name in enumerate(_extra_leads(leads))]
    return cells


def _extra_leads(leads: tuple[str, ...]) -> tuple[str, ...]:
    known = tuple(lead for lead in _EXTRA_ORDER if lead in leads)
    return known + tuple(lead for lead in leads if lead not in STANDARD_12 and lead not in known)


def _rhythm_lead(leads: tuple[str, ...], wanted: str) -> str:
    return next(lead for lead in (wanted, *_RHYTHM_PREFERENCE, *leads) if lead in leads)


@dataclass(frozen=True)
class Ink:
    """Colours ("#rrggbb" by name), pen widths in mm of paper, and the ramp of the map from nothing to most."""

    colours: dict[str, str]
    widths_mm: dict[str, float]
    map_ramp: tuple[str, ...]
    map_levels: int

    def map_colour(self, value: float) -> str:
        """The map's colour for a value in [0, 1], in one of map_levels steps."""
        return self.map_palette[round(min(max(value, 0.0), 1.0) * (self.map_levels - 1))]

    @cached_property
    def map_palette(self) -> tuple[str, ...]:
        """The map_levels colours of the ramp, from nothing to most."""
        return tuple(self._between(level / (self.map_levels - 1)) for level in range(self.map_levels))

    def _between(self, share: float) -> str:
        position = share * (len(self.map_ramp) - 1)
        low = min(int(position), len(self.map_ramp) - 2)
        ends = [[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in self.map_ramp[low : low + 2]]
        return "#" + "".join(f"{round(a + (b - a) * (position - low)):02x}" for a, b in zip(*ends, strict=True))


@cache
def load_ink() -> Ink:
    """The paper's ink from resources/paper.json."""
    data = json.loads(resource("paper.json").read_text(encoding="utf-8"))
    return Ink(data["colours"], data["widths_mm"], tuple(data["map_ramp"]), data["map_levels"])

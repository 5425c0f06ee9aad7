"""ECG paper: which lead stands where, over which seconds, at which gain, in which ink; for screen and print alike.

Qt-free and pure. Positions are rows, columns and seconds of paper; whoever draws multiplies by mm/s and mm/mV.
Layouts and the 25 mm/s, 10 mm/mV standard follow AHA/ACCF/HRS 2007 Part I (Cabrera order as an option there).
"""

import json
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Literal

from peace_desktop.report.arrangement import WITH_RHYTHM, LayoutKind, cells, fitting
from peace_model.ecg.leads import LIMB
from peace_model.resources import resource

__all__ = ["Gain", "Ink", "LayoutKind", "PageLayout", "Pulse", "Strip", "load_ink", "page_layout"]

MINUS = "\N{MINUS SIGN}"
PAGE_S = 10.0
PULSE_MV = 1.0
PULSE_S = 0.2

Group = Literal["limb", "precordial", "rhythm"]
Side = Literal["left", "right"]

_LEAST_FACTOR, _MOST_FACTOR = 0.25, 4.0
_RHYTHM_PREFERENCE = ("II", "MLII", "V1", "I", "V5")


@dataclass(frozen=True)
class Strip:
    """One lead's place: row and column count from the top left; start_s and end_s are seconds of the recording.

    label: what is written at the trace. sign: -1 where the lead is drawn upside down (−aVR), else 1.
    present: False leaves a labelled gap; the lead is not in the recording. stroke: among the leads that are drawn over
    each other on one baseline, which of the ink's strokes; None where the strip stands alone.
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
    stroke: int | None = None

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
    """Gain of the paper. precordial_half: precordial leads at half of it, because children's voltages collide.

    own: (lead, factor) of leads drawn larger or smaller than that; written at each of them.
    """

    mm_per_mv: float = 10.0
    precordial_half: bool = False
    own: tuple[tuple[str, float], ...] = ()

    def of(self, strip: Strip) -> float:
        """mm per mV of one strip."""
        return self._usual(strip) * self.factor(strip.lead)

    def of_pulse(self, strip: Strip) -> float:
        """mm per mV of the pulse beside a strip; of leads over each other that of those without a gain of their own."""
        return self.of(strip) if strip.stroke is None else self._usual(strip)

    def _usual(self, strip: Strip) -> float:
        return self.mm_per_mv / 2 if self.precordial_half and strip.precordial else self.mm_per_mv

    def factor(self, lead: str) -> float:
        """By how much one lead is drawn larger than the paper's gain; 1 as the others."""
        return dict(self.own).get(lead, 1.0)

    def scaled(self, lead: str, by: float) -> "Gain":
        """One lead at so many times the gain it has; unchanged where that would leave the range 1/4 to 4."""
        factor = self.factor(lead) * by
        if not _LEAST_FACTOR <= factor <= _MOST_FACTOR:
            return self
        others = tuple(item for item in self.own if item[0] != lead)
        return replace(self, own=others if factor == 1.0 else (*others, (lead, factor)))


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

    def mapped(self, lead: str | None) -> tuple[Strip, ...]:
        """The recorded strips behind which a map is drawn: all of them, or those of the map's lead.

        Where leads lie over each other a map of all leads is drawn once a row, and one of a single lead not at all: it
        would seem to speak of all of them.
        """
        there = [strip for strip in self.strips if strip.present and lead in (None, strip.lead)]
        alone = [strip for strip in there if strip.stroke is None]
        first = {strip.row: strip for strip in reversed(there) if strip.stroke is not None} if lead is None else {}
        return (*alone, *first.values())

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

    Every lead of the recording is shown: leads beyond those of the layout follow in rows of their own. A lead of the
    layout that is not in the recording keeps its place with present=False, except in a STRIP. A layout whose leads the
    recording has not got gives way to another (`arrangement.fitting`). The page is moved back into the
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
    kind = fitting(kind, leads)
    placed = cells(kind, leads)
    columns = 1 + max(cell.column for cell in placed)
    rows = 1 + max(cell.row for cell in placed)
    column_s = seconds / columns
    latest_s = max(duration_s - column_s, 0.0)
    strips = []
    for cell in placed:
        lead = cell.name.removeprefix("-")
        upside_down = cell.name.startswith("-")
        begin_s = min(start_s + cell.column * column_s, latest_s)
        strips.append(
            Strip(
                lead=lead,
                label=MINUS + lead if upside_down else lead,
                row=cell.row,
                column=cell.column,
                start_s=begin_s,
                end_s=min(begin_s + column_s, duration_s),
                sign=-1 if upside_down else 1,
                present=lead in leads,
                group="limb" if lead in LIMB else "precordial",
                stroke=cell.stroke,
            )
        )
    if kind in WITH_RHYTHM:
        shown = _rhythm_lead(leads, rhythm_lead)
        strips.append(
            Strip(shown, shown, rows, 0, start_s, min(start_s + seconds, duration_s), 1, True, "rhythm")
        )
        rows += 1
    return PageLayout(kind, tuple(strips), rows, columns, seconds, start_s)


def _rhythm_lead(leads: tuple[str, ...], wanted: str) -> str:
    return next(lead for lead in (wanted, *_RHYTHM_PREFERENCE, *leads) if lead in leads)


@dataclass(frozen=True)
class Stroke:
    """How one of several leads over each other is drawn. dash_mm: drawn and left out in turn, () for a whole line."""

    colour: str
    dash_mm: tuple[float, ...]


@dataclass(frozen=True)
class Ink:
    """Colours ("#rrggbb" by name), pen widths in mm of paper, and the ramp of the map from nothing to most.

    strokes: of leads over each other; with more leads than strokes they begin again.
    """

    colours: dict[str, str]
    widths_mm: dict[str, float]
    map_ramp: tuple[str, ...]
    map_levels: int
    strokes: tuple[Stroke, ...]

    def stroke(self, strip: Strip) -> Stroke:
        """How a strip's trace is drawn."""
        if strip.stroke is None:
            return Stroke(self.colours["trace"], ())
        return self.strokes[strip.stroke % len(self.strokes)]

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
    return Ink(data["colours"], data["widths_mm"], tuple(data["map_ramp"]), data["map_levels"],
               tuple(Stroke(item["colour"], tuple(item["dash_mm"])) for item in data["strokes"]))

"""How the leads are arranged on the paper: which lead stands in which row and column of each layout."""

from dataclasses import dataclass
from enum import StrEnum

from peace_model.ecg.leads import CABRERA_LIMB, FRANK, LIMB, PEDIATRIC_15, PRECORDIAL, RIGHT_AND_POSTERIOR, STANDARD_12

_EXTRA_ORDER = ("V3R", "V4R", "V5R", "V6R", "V7", "V8", "V9", *FRANK)


class LayoutKind(StrEnum):
    """How the leads are arranged on the paper."""

    THREE_BY_FOUR_RHYTHM = "3x4+rhythm"
    THREE_BY_FIVE_RHYTHM = "3x5+rhythm"
    """V3R, V4R and V7 in a column of their own; only for recordings that have one of them."""
    SIX_BY_TWO = "6x2"
    TWELVE_BY_ONE = "12x1"
    CABRERA = "cabrera"
    OVERLAY = "overlay"
    """The leads of a group over each other on one baseline, at the same seconds: limb, chest, then the others."""
    STRIP = "strip"
    """The leads of a long recording, each in a row; gaps for leads not recorded would fill the page."""


WITH_RHYTHM = frozenset({LayoutKind.THREE_BY_FOUR_RHYTHM, LayoutKind.THREE_BY_FIVE_RHYTHM})
"""Layouts that end in a rhythm strip."""

_TABLES: dict[LayoutKind, tuple[int, tuple[str, ...]]] = {
    LayoutKind.THREE_BY_FOUR_RHYTHM: (3, STANDARD_12),
    LayoutKind.THREE_BY_FIVE_RHYTHM: (3, PEDIATRIC_15),
    LayoutKind.SIX_BY_TWO: (6, STANDARD_12),
    LayoutKind.CABRERA: (6, CABRERA_LIMB + PRECORDIAL),
    LayoutKind.TWELVE_BY_ONE: (12, STANDARD_12),
}
"""Rows, and the leads column by column; a name with "-" is drawn upside down."""


@dataclass(frozen=True)
class Cell:
    """One lead's place. name: with "-" where it is drawn upside down. stroke: among the leads over each other."""

    name: str
    row: int
    column: int
    stroke: int | None = None


def offered(kind: LayoutKind, leads: tuple[str, ...]) -> bool:
    """Whether a layout makes sense for these leads: the one for right-sided leads and V7 only where one is there."""
    return kind is not LayoutKind.THREE_BY_FIVE_RHYTHM or any(lead in leads for lead in RIGHT_AND_POSTERIOR)


def fitting(kind: LayoutKind, leads: tuple[str, ...]) -> LayoutKind:
    """The layout, or 3x4 with rhythm strip in place of one that is not offered for these leads."""
    return kind if offered(kind, leads) else LayoutKind.THREE_BY_FOUR_RHYTHM


def cells(kind: LayoutKind, leads: tuple[str, ...]) -> list[Cell]:
    """Every strip but the rhythm strip. Leads a layout has no place for follow in rows of their own."""
    if kind is LayoutKind.STRIP:
        own = (*(lead for lead in STANDARD_12 if lead in leads), *_others(leads, STANDARD_12))
        return [Cell(lead, row, 0) for row, lead in enumerate(own)]
    if kind is LayoutKind.OVERLAY:
        groups = (LIMB, PRECORDIAL, _others(leads, STANDARD_12))
        return [Cell(lead, row, 0, stroke) for row, group in enumerate(groups) for stroke, lead in enumerate(group)]
    height, names = _TABLES[kind]
    columns = len(names) // height
    made = [Cell(name, index % height, index // height) for index, name in enumerate(names)]
    return made + [Cell(name, height + index // columns, index % columns)
                   for index, name in enumerate(_others(leads, names))]


def _others(leads: tuple[str, ...], placed: tuple[str, ...]) -> tuple[str, ...]:
    """The leads of a recording that are not placed yet, in the usual order of those beyond the standard twelve."""
    named = {name.removeprefix("-") for name in placed}
    known = tuple(lead for lead in _EXTRA_ORDER if lead in leads and lead not in named)
    return known + tuple(lead for lead in leads if lead not in named and lead not in known)

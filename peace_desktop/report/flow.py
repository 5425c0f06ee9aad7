"""Blocks of text poured into columns of fixed height: smaller letters first, then a plain note of what is left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from peace_desktop.report.fonts import faces, printable, shortened, wrapped
from peace_desktop.texts import _

SIZES_PT = (7.2, 6.8, 6.4, 6.0, 5.6)
LEADING = 1.22
_MM_PER_POINT = 25.4 / 72
_HEADING_EXTRA_MM = 1.5
_LEAST_SHRINK = 0.8


@dataclass(frozen=True)
class Text:
    """Words at x from the column's left edge and `down` from the item's top to the baseline, in mm."""

    x: float
    down: float
    text: str
    size_pt: float
    ink: str = "text"
    bold: bool = False
    anchor: Literal["left", "right"] = "left"


@dataclass(frozen=True)
class Bar:
    """A filled rectangle; x and down name its upper left corner."""

    x: float
    down: float
    width: float
    height: float
    ink: str


@dataclass(frozen=True)
class Item:
    """Something that stays together: its height in mm and what is drawn in it."""

    height: float
    marks: tuple[Text | Bar, ...]


@dataclass(frozen=True)
class Block:
    """A heading with items. shorten: 0 stays whole; items of higher numbers are left out first, from the end, and
    `note` says how many.
    """

    heading: str
    items: tuple[Item, ...]
    shorten: int = 0
    note: Callable[[int], str] = field(default=lambda count: _("… {n} more in the record").format(n=count))


def line_mm(size_pt: float) -> float:
    """Height of one line."""
    return size_pt * LEADING * _MM_PER_POINT


def line(marks: Sequence[Text | Bar], size_pt: float) -> Item:
    """One line of marks."""
    return Item(line_mm(size_pt), tuple(marks))


def paragraph(
    text: str, width: float, size_pt: float, *, ink: str = "text", bold: bool = False, indent: float = 0.0,
    bullet: str = "",
) -> Item:
    """A wrapped paragraph as one item; the bullet stands in the indent."""
    lines = wrapped(printable(text), width - indent, size_pt, bold=bold)
    step = line_mm(size_pt)
    marks = [
        Text(indent, step * index + _baseline(size_pt), words, size_pt, ink, bold) for index, words in enumerate(lines)
    ]
    if bullet:
        marks.insert(0, Text(0.0, _baseline(size_pt), bullet, size_pt, ink, bold))
    return Item(step * len(lines), tuple(marks))


def cells(
    columns: Sequence[tuple[float, float, str]], size_pt: float, *, ink: str = "text", bold: bool = False
) -> tuple[Text, ...]:
    """Texts of one table line from (x, width, text); a negative width sets the text right-aligned at x.

    A text too wide for its cell is set a little smaller, and cut with … only when that is not enough.
    """
    made = []
    for x, width, text in columns:
        words, fitted = printable(text), size_pt
        if (wide := text_width(words, size_pt, bold=bold)) > abs(width):
            fitted = max(size_pt * abs(width) / wide, size_pt * _LEAST_SHRINK)
            words = shortened(words, abs(width), fitted, bold=bold)
        made.append(Text(x, _baseline(size_pt), words, fitted, ink, bold, "right" if width < 0 else "left"))
    return tuple(made)


def cell_lines(x: float, width: float, text: str, size_pt: float, *, ink: str = "text", bold: bool = False
               ) -> tuple[Text, ...]:
    """A table cell of as many lines as its text needs; set a little smaller where that saves one."""
    words = printable(text)
    if text_width(words, size_pt * _LEAST_SHRINK, bold=bold) <= width:
        return cells([(x, width, text)], size_pt, ink=ink, bold=bold)
    step = line_mm(size_pt)
    return tuple(Text(x, step * index + _baseline(size_pt), part, size_pt, ink, bold)
                 for index, part in enumerate(wrapped(words, width, size_pt, bold=bold)))


def heading(text: str, width: float, size_pt: float) -> Item:
    """A block's title over a thin rule."""
    words = Text(0.0, _baseline(size_pt) + 0.6, printable(text), size_pt, "accent", True)
    height = line_mm(size_pt) + _HEADING_EXTRA_MM
    return Item(height, (Bar(0.0, 0.0, width, 0.18, "rule"), words))


def gap(height: float) -> Item:
    """Empty space."""
    return Item(height, ())


def height_of(blocks: Sequence[Block], size_pt: float, width: float) -> float:
    """Height of blocks with their headings and the space between them."""
    return sum(item.height for item in poured(blocks, size_pt, width))


def poured(blocks: Sequence[Block], size_pt: float, width: float) -> list[Item]:
    """The items of all blocks in order, each block under its heading; one without a heading goes on from the last."""
    items: list[Item] = []
    for block in blocks:
        if items and block.heading:
            items.append(gap(line_mm(size_pt) * 0.5))
        if block.heading:
            items.append(heading(block.heading, width, size_pt))
        items.extend(block.items)
    return items


def shortened_to(blocks: Sequence[Block], size_pt: float, width: float, height: float) -> list[Block]:
    """The blocks, items left out from the end of the tallest of those to be shortened first, until all fit the height.

    A block that lost items ends in its note. Blocks that may not be shortened stay whole.
    """
    kept = list(blocks)
    left_out = [0] * len(kept)
    whole = [block.items for block in kept]
    while height_of(kept, size_pt, width) > height:
        candidates = [k for k, block in enumerate(kept) if block.shorten and left_out[k] < len(whole[k])]
        if not candidates:
            break
        tallest = max(candidates, key=lambda k: (kept[k].shorten, _tall(whole[k], left_out[k])))
        left_out[tallest] += 1
        note = kept[tallest].note(left_out[tallest])
        items = whole[tallest][: len(whole[tallest]) - left_out[tallest]]
        noted = (*items, paragraph(note, width, size_pt, ink="warning"))
        kept[tallest] = replace(kept[tallest], items=noted)
    return kept


def _tall(items: Sequence[Item], left_out: int) -> float:
    return sum(item.height for item in items[: len(items) - left_out])


def _baseline(size_pt: float) -> float:
    return size_pt * 0.93 * _MM_PER_POINT


def text_width(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Printed width of a text in mm."""
    return faces()[bold].width_mm(text, size_pt)

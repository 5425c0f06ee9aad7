"""The blocks under the traces: input truth, measurements, predictions with statements, the reading, rule results,
associated findings.

Every builder takes the column's width in mm and the letter size in points, so that a page can be tried at every size.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peace_desktop.report.associated_words import AssociatedText
from peace_desktop.report.flow import (
    SIZES_PT,
    Bar,
    Block,
    Item,
    Text,
    cell_lines,
    cells,
    height_of,
    line,
    line_mm,
    paragraph,
    poured,
    shortened_to,
)
from peace_desktop.report.fonts import printable, wrapped, wrapped_with_ends
from peace_desktop.report.printed import LabelRow, MeasurementRow, ReportContent
from peace_desktop.report.terms import agreement_words, percent
from peace_desktop.texts import _, as_fact, in_clauses

COLUMN_SHARES = (0.265, 0.45, 0.285)
COLUMN_GAP_MM = 4.5
_BANNER_PAD_MM = 0.8
_LEAST_LINES = 3
_MOST_LINES = 14
"""With more labels, negative ones on which the reader says nothing else share a line, two and two."""
_PAIR_GAP_MM = 3.0


@dataclass(frozen=True)
class Column:
    """What stands in one column: x offset and width in mm, items from the top down."""

    x: float
    width: float
    items: tuple[Item, ...]


def columns(content: ReportContent, width: float, height: float) -> tuple[Column, ...]:
    """The three columns, in the largest letters in which everything fits; shortened with a note when nothing does."""
    widths = [share * (width - 2 * COLUMN_GAP_MM) for share in COLUMN_SHARES]
    for size in SIZES_PT:
        parts = _spread(content, widths, height, size)
        if all(height_of(part, size, w) <= height for part, w in zip(parts, widths, strict=True)):
            break
    made, x = [], 0.0
    for part, w in zip(parts, widths, strict=True):
        made.append(Column(x, w, tuple(poured(shortened_to(part, size, w, height), size, w))))
        x += w + COLUMN_GAP_MM
    return tuple(made)


def _spread(content: ReportContent, widths: list[float], height: float, size: float) -> list[list[Block]]:
    """The blocks of the columns. A comment for which its column has no room goes on in that left in the other two."""
    parts = [_truth(content, widths[0], size), _labels(content, widths[1], size), _reading(content, widths[2], size)]
    _place_associated(parts, content, widths, height, size)
    if not content.comment or height_of(parts[2], size, widths[2]) <= height:
        return parts
    places = [(2, "", _("COMMENT"))]
    for index, pointer in ((1, _("goes on under the predictions")), (0, _("goes on under the measurements"))):
        if _lines_left(parts[index], height, size, widths[index]) >= _LEAST_LINES:
            places.append((index, pointer, _("COMMENT, CONTINUED")))
    parts[2] = parts[2][:-1]
    rest = printable(content.comment)
    for place, (index, _pointer, title) in enumerate(places):
        lines = wrapped_with_ends(rest, widths[index], size)
        room = _lines_left(parts[index], height, size, widths[index])
        if len(lines) <= room or place == len(places) - 1:
            parts[index] = [*parts[index], _comment([line for line, _end in lines], size, widths[index], title)]
            break
        room = max(room - 1, 0)
        rest = "".join(line + end for line, end in lines[room:])
        block = _comment([line for line, _end in lines[:room]], size, widths[index], title)
        arrow = paragraph(f"\N{LEFTWARDS ARROW} {places[place + 1][1]}", widths[index], size, ink="warning")
        parts[index] = [*parts[index], replace(block, items=(*block.items, arrow))]
    return parts


def _place_associated(parts: list[list[Block]], content: ReportContent, widths: list[float], height: float,
                      size: float) -> None:
    """Under the predictions or the measurements or before the comment: where all of them fit. On a page that is full
    even in the smallest letters one line points to the second page, which tells more.
    """
    if content.associated is None:
        return
    for column, end in ((1, None), (0, None), (2, -1)):
        block = _associated(content.associated, widths[column], size)
        told = [*parts[column][:end], block, *(parts[column][end:] if end is not None else ())]
        if height_of(told, size, widths[column]) <= height:
            parts[column] = told
            return
    if size == SIZES_PT[-1]:
        block = Block(_("ASSOCIATED FINDINGS"), (paragraph(_("They stand on the second page."), widths[2], size),))
    parts[2].insert(-1, block)


def _lines_left(blocks: list[Block], height: float, size: float, width: float) -> int:
    """Lines of one more block under its heading that still fit."""
    used = height_of([*blocks, Block("x", ())], size, width)
    return int((height - used) / line_mm(size) + 1e-6)


def _truth(content: ReportContent, width: float, size: float) -> list[Block]:
    findings = tuple(
        paragraph(text, width, size, indent=2.2, bullet="\N{BLACK SMALL SQUARE}", bold=False)
        for text in content.findings
    ) or (paragraph(_("Nothing found that limits reading."), width, size, ink="muted"),)
    rows = tuple(_measurement(row, width, size) for row in content.measurements)
    small = ((*content.edited, *content.limit_sources, *content.unavailable) if rows or content.unavailable
             else (_("None."),))
    sources = tuple(paragraph(text, width, size - 0.4, ink="muted") for text in small)
    title = _("MEASUREMENTS, 2ND\N{EN DASH}98TH PERCENTILE") if content.limit_sources else _("MEASUREMENTS")
    return [Block(_("INPUT TRUTH"), findings, shorten=2), Block(title, (*rows, *sources), shorten=1)]


def _rules(content: ReportContent, width: float, size: float) -> list[Block]:
    """The rules that are met, with what was compared and the criterion; then how many are not."""
    if not content.rules and not content.rules_note:
        return []
    met = tuple(
        paragraph(as_fact(row.name, f"{row.value} \N{MIDDLE DOT} {row.criterion}"), width, size, indent=2.2,
                  bullet="\N{BLACK SMALL SQUARE}")
        for row in content.rules)
    return [Block(_("RULE RESULTS"), (paragraph(content.rules_note, width, size - 0.4, ink="muted"), *met), shorten=1)]


def _measurement(row: MeasurementRow, width: float, size: float) -> Item:
    """One measurement on as many lines as its limits need: a limit is never cut off."""
    marks = cells([(0.0, width * 0.36, row.name), (width * 0.62, -width * 0.26, row.value)], size, bold=bool(row.flag))
    words = f"{row.flag} {row.limits}" if row.flag else row.limits
    limits = cell_lines(width * 0.65, width * 0.35, words, size - 0.6, ink="warning" if row.flag else "muted",
                        bold=bool(row.flag))
    return Item(max(line_mm(size), len(limits) * line_mm(size - 0.6)), marks + limits)


def _labels(content: ReportContent, width: float, size: float) -> list[Block]:
    title = _("PREDICTIONS AND STATEMENTS")
    items: list[Item] = []
    if content.prediction_note:
        items.append(paragraph(content.prediction_note, width, size, ink="warning", bold=True))
    items += [_boxed(text, width, size) for text in content.banner]
    rows: list[Item] = []
    if content.label_rows:
        places = _places(width)
        head = [
            (places[0][0], places[0][1], _("label")),
            (places[1][0], width * 0.24, _("probability, threshold")),
            (places[4][0], places[4][1], _("decision")),
            (places[5][0], places[5][1], _("reader")),
        ]
        whole, short = _by_room(content.label_rows)
        if whole:
            items.append(line(cells(head, size - 0.6, ink="muted"), size))
        rows = [_label(row, width, size) for row in whole]
        if short:
            words = _("negative, where the reader says nothing or agrees: label, probability, threshold, notes, reader")
            rows.append(line(cells([(0.0, width, words)], size - 0.6, ink="muted"), size))
            rows += [_pair(short[first : first + 2], width, size) for first in range(0, len(short), 2)]
    reasons = tuple(
        paragraph(text, width, size - 0.4, ink="muted", indent=4.4, bullet=f"[{number}]")
        for number, text in enumerate(content.reasons, start=1)
    )
    blocks = [Block(title, tuple(items)), Block("", tuple(rows), shorten=1), Block("", reasons, shorten=2)]
    return [block for block in blocks if block.items]


def _associated(text: AssociatedText, width: float, size: float) -> Block:
    """What goes with the ECG, and what is measured here beside it; limits, figures and sources are on the second page.
    """
    lines = [paragraph(" ".join(text.intro), width, size - 0.4, ink="muted")]
    if text.none_words:
        lines.append(paragraph(text.none_words, width, size))
    lines += [paragraph(f"{group.heading} {in_clauses(item.short for item in group.items)}", width, size, indent=2.2,
                        bullet="\N{BLACK SMALL SQUARE}", bold=group.strong) for group in text.groups]
    if counts := in_clauses((text.not_named, text.unheard)):
        lines.append(paragraph(counts, width, size - 0.4, ink="muted"))
    return Block(_("ASSOCIATED FINDINGS"), tuple(lines))


def _by_room(rows: Sequence[LabelRow]) -> tuple[list[LabelRow], list[LabelRow]]:
    """The rows that get a line each, and those that share one."""
    if len(rows) <= _MOST_LINES:
        return list(rows), []
    agreed = agreement_words("agrees")
    short = [row for row in rows if row.positive is False and (not row.statement or row.agreement == agreed)]
    return [row for row in rows if row not in short], short


def _pair(rows: Sequence[LabelRow], width: float, size: float) -> Item:
    """One or two negative labels beside each other."""
    half = (width - _PAIR_GAP_MM) / 2
    marks: tuple[Text | Bar, ...] = ()
    for place, row in enumerate(rows):
        if row.probability is None or row.threshold is None:
            continue
        x = place * (half + _PAIR_GAP_MM)
        numbers = " ".join(f"[{k}]" for k in row.reasons)
        marks += cells([(x, half * 0.60, row.name), (x + half * 0.70, -half * 0.105, percent(row.probability))], size)
        marks += cells([(x + half * 0.81, -half * 0.085, percent(row.threshold)),
                        (x + half * 0.82, half * 0.05, numbers)], size, ink="muted")
        if row.statement:
            marks += cells([(x + half * 0.87, half * 0.13, row.statement)], size, bold=True)
    return line(marks, size)


def _places(width: float) -> tuple[tuple[float, float], ...]:
    """(x, width) of name, bar, probability, threshold, decision, reader; negative widths are right-aligned."""
    return (
        (0.0, width * 0.375),
        (width * 0.385, width * 0.10),
        (width * 0.545, -width * 0.06),
        (width * 0.625, -width * 0.075),
        (width * 0.645, width * 0.135),
        (width * 0.785, width * 0.215),
    )


def _label(row: LabelRow, width: float, size: float) -> Item:
    name, bar, probability, threshold, decision, reader = _places(width)
    strong = bool(row.positive)
    said = f"{row.statement} \N{MIDDLE DOT} {row.agreement}" if row.agreement else row.statement
    numbers = " ".join(f"[{k}]" for k in row.reasons)
    marks: tuple[Text | Bar, ...] = ()
    if row.probability is not None and row.threshold is not None:
        marks += _bar(row.probability, row.threshold, bar, size, strong=strong)
        marks += cells([(*probability, percent(row.probability))], size, bold=strong)
        marks += cells([(*threshold, f"\N{GREATER-THAN OR EQUAL TO} {percent(row.threshold)}")], size, ink="muted")
    marks += cells([(*name, row.name)], size, bold=strong)
    marks += cells([(*decision, f"{row.decision} {numbers}".strip())], size, bold=strong)
    marks += cells([(*reader, said)], size, bold=bool(row.statement))
    return line(marks, size)


def _bar(probability: float, threshold: float, place: tuple[float, float], size: float, *, strong: bool
         ) -> tuple[Text | Bar, ...]:
    x, width = place
    step = line_mm(size)
    top, thick = step * 0.34, step * 0.40
    return (
        Bar(x, top, width, thick, "track"),
        Bar(x, top, max(width * probability, 0.15), thick, "accent" if strong else "bar"),
        Bar(x + width * threshold - 0.15, top - step * 0.14, 0.3, thick + step * 0.28, "text"),
    )


def _boxed(text: str, width: float, size: float) -> Item:
    """A reason that concerns every label: never to be overlooked."""
    inner = paragraph(text, width - 2 * _BANNER_PAD_MM - 3.2, size, ink="warning", bold=True)
    height = inner.height + _BANNER_PAD_MM
    words = tuple(
        replace(mark, x=mark.x + _BANNER_PAD_MM + 3.2, down=mark.down + _BANNER_PAD_MM / 2) for mark in inner.marks
    )
    sign = Text(_BANNER_PAD_MM, words[0].down, "\N{WARNING SIGN}", size, "warning", True)
    return Item(height + 0.5, (Bar(0.0, 0.0, width, height, "warning_paper"), sign, *words))


def _reading(content: ReportContent, width: float, size: float) -> list[Block]:
    """Signature first, so that a long comment can never push it off the page; the comment is the last block."""
    signature = tuple(paragraph(text, width, size, bold=index == 0) for index, text in enumerate(content.signature))
    comment = wrapped(printable(content.comment), width, size) if content.comment else []
    none = Block(_("COMMENT"), (paragraph(_("None."), width, size, ink="muted"),))
    return [Block(_("READING"), signature), *_rules(content, width, size),
            _comment(comment, size, width, _("COMMENT")) if comment else none]


def _comment(lines: list[str], size: float, width: float, title: str) -> Block:
    return Block(
        title,
        tuple(paragraph(words, width, size) for words in lines),
        shorten=2,
        note=lambda count: _("… continued in the record, {n} more lines").format(n=count),
    )

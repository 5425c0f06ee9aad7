"""The report's second page: every measurement, every lead, every rule with its criterion and citation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peace_desktop.report.associated_words import AssociatedText
from peace_desktop.report.flow import (
    SIZES_PT,
    Block,
    Item,
    cell_lines,
    cells,
    height_of,
    line,
    line_mm,
    paragraph,
    poured,
    shortened_to,
)
from peace_desktop.report.limit_words import (
    DASH,
    EDITED_MARK,
    edited_mark,
    group_words,
    measurement_words,
    no_limit_words,
    number_words,
    range_words,
    rule_line,
    rule_value,
    value_words,
)
from peace_desktop.texts import _, as_fact, in_clauses, render, without_stop
from peace_model.ecg.measurement import Measurement, RuleResult, percentile_strips, quantity
from peace_model.ecg.norms import load_norms

SHARES = (0.53, 0.47)
GAP_MM = 6.0
_SMALLER_PT = 0.6
"""Limits and remarks stand smaller than the values."""
_MARKS = {True: "\N{BLACK UP-POINTING TRIANGLE}", False: DASH, None: "?"}


@dataclass(frozen=True)
class Detail:
    """One measurement in words. remark: the flag, or why there is no value, or what lessens it."""

    name: str
    value: str
    limits: str
    remark: str
    flagged: bool


@dataclass(frozen=True)
class RuleLine:
    """One rule: ▲ met, – not met, ? not assessable. sources: numbers of the page's citations, from 1."""

    mark: str
    name: str
    value: str
    criterion: str
    sources: tuple[int, ...]
    met: bool


@dataclass(frozen=True)
class Details:
    """Everything the second page prints. rules_hidden: why no rule is printed, "" where they are.

    facts: how the file was made, a line each. notes: the reader's on stretches of time, by their numbers. associated:
    what associated findings are, then every one the bundle knows, a line each.
    """

    measurements: tuple[Detail, ...]
    heads: tuple[str, ...]
    leads: tuple[tuple[str, ...], ...]
    rules: tuple[RuleLine, ...]
    rules_hidden: str
    citations: tuple[str, ...]
    facts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    associated: tuple[str, ...] = ()


def build_details(measurements: Sequence[Measurement], rules: Sequence[RuleResult], *, rules_hidden: str,
                  facts: tuple[str, ...] = (), notes: tuple[str, ...] = (), associated: AssociatedText | None = None
                  ) -> Details:
    """The page's content in words; rules is empty where they are hidden."""
    citations: dict[str, int] = {}
    rows = tuple(_detail(item, citations) for item in measurements if item.lead is None)
    by_lead: dict[str, list[str]] = {}
    for item in measurements:
        if item.lead is not None:
            by_lead.setdefault(item.lead, []).append(_cell(item))
    heads = (_("lead"), "P", "Q", "R", "S", "R/S", "J", _("J + 60"), "T", _("T polarity"))
    lines = tuple(_rule(item, measurements, citations) for item in rules)
    learnt = (" ".join(associated.intro), *(
        f"{as_fact(item.title, item.here)} {item.figure}" + _sources(_number_of(item.citation, citations))
        for item in associated.every)) if associated is not None else ()
    return Details(rows, heads, tuple((lead, *texts) for lead, texts in by_lead.items()), lines, rules_hidden,
                   tuple(f"[{number}] {text}" for text, number in citations.items()), facts, notes, learnt)


def detail_columns(details: Details, width: float, height: float) -> tuple[tuple[float, tuple[Item, ...]], ...]:
    """(x, items) of both columns, in the largest letters in which they fit; shortened with a note when none do."""
    widths = [share * (width - GAP_MM) for share in SHARES]
    best: tuple[float, float, list[list[Block]]] | None = None
    for size in SIZES_PT:
        for parts in _arrangements(details, widths, size):
            over = sum(max(0.0, height_of(part, size, w) - height) for part, w in zip(parts, widths, strict=True))
            if best is None or over < best[0]:
                best = (over, size, parts)
        if best is not None and best[0] == 0:
            break
    assert best is not None
    _over, size, parts = best
    return tuple((x, tuple(poured(shortened_to(part, size, w, height), size, w)))
                 for part, w, x in zip(parts, widths, (0.0, widths[0] + GAP_MM), strict=True))


def _arrangements(details: Details, widths: Sequence[float], size: float) -> Iterator[list[list[Block]]]:
    """Both columns, with what ends the page under the right one, then more and more of it under the left."""
    left, right = _left(details, widths[0], size), _right(details, widths[1], size)
    ends = [_ends(details, width, size) for width in widths]
    for under_left in range(len(ends[0]) + 1):
        yield [[*left, *ends[0][:under_left]], [*right, *ends[1][under_left:]]]


def _detail(item: Measurement, citations: dict[str, int]) -> Detail:
    strips = percentile_strips(item)
    said = [words] if (words := no_limit_words(item)) else []
    said += [
        (f"{range_words(strip.own.p02, strip.own.p98)} " if strip.may_flag else
         _("for reading only: {limits}").format(limits=range_words(strip.own.p02, strip.own.p98)) + " ")
        + group_words(strip.own)
        + _sources(_number_of(dict(load_norms().citations)[strip.own.source], citations)) for strip in strips]
    flag = {"above": _("above"), "below": _("below")}.get(item.flag or "", "")
    z = next((strip.approximate_z for strip in strips if strip.may_flag and strip.approximate_z is not None), None)
    told = [flag] if flag else []
    told += [_("approximate z {z}").format(z=number_words(z, 1))] if z is not None else []
    told += [_(item.reason)] if item.value is None else [without_stop(render(note)) for note in item.notes]
    return Detail(measurement_words(item.name), value_words(item) + edited_mark(item), in_clauses(said),
                  in_clauses(told), bool(flag))


def _cell(item: Measurement) -> str:
    if item.value is None:
        return DASH
    entry = quantity(item.name, item.lead)
    return (value_words(item) if entry.words else number_words(item.value, entry.decimals)) + edited_mark(item)


def _rule(item: RuleResult, measurements: Sequence[Measurement], citations: dict[str, int]) -> RuleLine:
    criterion = rule_line(item, measurements) if item.why is None else render(item.why)
    numbers = (_number_of(item.citation, citations),) if item.citation else ()
    return RuleLine(_MARKS[item.positive], _(item.name), rule_value(item), criterion, numbers, bool(item.positive))


def _number_of(citation: str, citations: dict[str, int]) -> int:
    return citations.setdefault(citation, len(citations) + 1)


def _sources(*numbers: int) -> str:
    return "".join(f" [{number}]" for number in numbers)


def _left(details: Details, width: float, size: float) -> list[Block]:
    rows = tuple(_measured(row, width, size) for row in details.measurements)
    step = width / (len(details.heads) + 1)
    numbers = [step * (place + 1) for place in range(1, len(details.heads) - 1)]
    words_x = step * (len(details.heads) - 0.9)

    def cells_of(texts: Sequence[str], *, muted: bool = False) -> Item:
        ink = "muted" if muted else "text"
        marks = cells([(0.0, step, texts[0])], size, bold=not muted)
        marks += cells([(x, -step * 0.95, text) for x, text in zip(numbers, texts[1:-1], strict=True)], size, ink=ink)
        marks += cells([(words_x, step * 1.9, texts[-1])], size, ink=ink)
        return line(marks, size)

    table = (cells_of(details.heads, muted=True), *(cells_of(texts) for texts in details.leads))
    if any(EDITED_MARK in text for texts in details.leads for text in texts):
        table += (paragraph(_("{mark} follows from boundaries that a reader moved").format(mark=EDITED_MARK), width,
                            size - _SMALLER_PT, ink="muted"),)
    return [Block(_("MEASUREMENTS, 2ND\N{EN DASH}98TH PERCENTILE"), rows, shorten=1),
            Block(_("EVERY LEAD, mV, MEDIAN BEAT"), table, shorten=2)]


def _measured(row: Detail, width: float, size: float) -> Item:
    """One measurement on as many lines as limits and remark need: where a limit comes from is never cut off."""
    marks = cells([(0.0, width * 0.22, row.name), (width * 0.345, -width * 0.12, row.value)], size, bold=row.flagged)
    small = size - _SMALLER_PT
    limits = cell_lines(width * 0.36, width * (0.36 if row.remark else 0.64), row.limits, small, ink="muted")
    remark = cell_lines(width * 0.73, width * 0.27, row.remark, small, ink="warning" if row.flagged else "muted",
                        bold=row.flagged)
    return Item(max(line_mm(size), max(len(limits), len(remark)) * line_mm(small)), marks + limits + remark)


def _right(details: Details, width: float, size: float) -> list[Block]:
    if details.rules_hidden:
        rules: tuple[Item, ...] = (paragraph(details.rules_hidden, width, size, ink="warning", bold=True),)
    else:
        rules = tuple(
            paragraph(" \N{MIDDLE DOT} ".join(part for part in (rule.name, rule.value, rule.criterion) if part)
                      + _sources(*rule.sources), width, size, indent=3.0, bullet=rule.mark, bold=rule.met,
                      ink="text" if rule.met or rule.mark == DASH else "muted")
            for rule in details.rules)
        rules += (paragraph(_("▲ met, – not met, ? not assessable. A rule that is met is no diagnosis; none met does "
                              "not mean normal."), width, size - 0.4, ink="muted"),)
    notes = tuple(paragraph(text, width, size) for text in details.notes)
    said = [Block(_("NOTES ON STRETCHES OF TIME, NUMBERED AT THE TRACE"), notes)] if notes else []
    learnt = tuple(paragraph(text, width, size - 0.6) for text in details.associated)
    associated = [Block(_("ASSOCIATED FINDINGS"), learnt, shorten=1)] if learnt else []
    return [*said, Block(_("RULE RESULTS"), rules, shorten=1), *associated]


def _ends(details: Details, width: float, size: float) -> list[Block]:
    """What ends the page: how the recording was made, and what the numbers in brackets stand for."""
    facts = tuple(paragraph(text, width, size - 0.6) for text in details.facts)
    sources = tuple(paragraph(text, width, size - 0.6, ink="muted") for text in details.citations)
    return [*([Block(_("ABOUT THIS RECORDING"), facts)] if facts else []), Block(_("SOURCES"), sources, shorten=2)]

"""A study's statistics as a table and as a forest plot: pure functions from figures to words and rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from peace_desktop.review.statistics.intervals import Figure
from peace_desktop.review.statistics.mcnemar import Outcome
from peace_desktop.review.statistics.rows import Comparison, Kind, Row
from peace_desktop.review.statistics.summary import StudyStatistics
from peace_desktop.texts import _, mark
from peace_desktop.ui.agreement.figure_words import figure_name, figure_words, group_words, p_words


class What(StrEnum):
    """What a table is about."""

    READERS = mark("All readers together")
    PAIR = mark("Pairs of readers")
    MODEL_READER = mark("Model and each reader")
    MODEL_REFERENCE = mark("Model and reference")
    CHANGE = mark("Change of mind after the reveal")
    ANSWERS = mark("Answers given")


_KINDS = {What.READERS: Kind.READERS, What.PAIR: Kind.PAIR, What.MODEL_READER: Kind.MODEL_READER,
          What.MODEL_REFERENCE: Kind.MODEL_REFERENCE}
_BY = {"reader": mark("{name}"), "final": mark("{name}, signed"), "model": mark("Model"),
       "reference": mark("Reference")}


@dataclass(frozen=True)
class Choice:
    """What is looked at. label, grouping: "" for all of them. scale: "binary" or "ordinal"."""

    what: What
    label: str
    grouping: str
    scale: str


@dataclass(frozen=True)
class Table:
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ForestRow:
    """One line of the plot. figure: with the reason where there is no value. recordings: compared."""

    name: str
    figure: Figure
    recordings: int


def groupings_of(found: StudyStatistics) -> tuple[str, ...]:
    """The ways the recordings are divided, in order; the row over all is none."""
    return tuple(dict.fromkeys(row.grouping for row in found.rows if row.grouping != "all"))


def whats_of(found: StudyStatistics) -> tuple[What, ...]:
    """What this study has figures of."""
    kinds = {comparison.kind for row in found.rows for comparison in row.comparisons}
    changed = any(row.changes for row in found.rows)
    return tuple(what for what in What if what is What.ANSWERS or what is What.CHANGE and changed
                 or _KINDS.get(what) in kinds)


def figures_in(found: StudyStatistics, choice: Choice) -> tuple[str, ...]:
    """The names of the figures of a choice, in order."""
    if choice.what is What.CHANGE:
        return tuple(dict.fromkeys(outcome.change.name for row in found.rows for change in row.changes
                                   for outcome in change.outcomes if outcome.change is not None))
    return tuple(dict.fromkeys(figure.name for row in found.rows for comparison in row.comparisons
                               if comparison.kind is _KINDS.get(choice.what) and comparison.scale == choice.scale
                               for figure in comparison.figures))


def table_of(found: StudyStatistics, choice: Choice, names: Mapping[str, str]) -> Table:
    """names: words of the labels."""
    first = (_("Label"), _("Group"))
    if choice.what is What.ANSWERS:
        return Table((*first, _("By"), _("present"), _("absent"), _("uncertain"), _("not assessable"), _("missing")),
                     tuple((*_where(row, names), _(_BY[given.by]).format(name=given.name),
                            *(str(getattr(given.tally, answer)) for answer in (
                                "present", "absent", "uncertain", "not_assessable", "missing")))
                           for row in _rows(found, choice) for given in row.given))
    if choice.what is What.CHANGE:
        return _changes(found, choice, names, first)
    figures = figures_in(found, choice)
    heads = tuple(map(figure_name, figures)) or (_("figures"),)
    return Table((*first, _("Who"), _("n"), _("patients"), *heads),
                 tuple((*_where(row, names), _who(comparison), str(comparison.recordings), str(comparison.patients),
                        *_cells(comparison, figures))
                       for row, comparison in _comparisons(found, choice)))


def forest_of(found: StudyStatistics, choice: Choice, figure: str, names: Mapping[str, str]) -> tuple[ForestRow, ...]:
    """One line for each row of the table that has this figure."""
    lines = []
    if choice.what is What.CHANGE:
        for row in _rows(found, choice):
            for change in row.changes:
                for outcome in change.outcomes:
                    if outcome.change is not None and outcome.change.name == figure:
                        lines.append(ForestRow(_line(*_where(row, names), change.reader or _("all readers")),
                                               outcome.change, change.directions.compared))
        return tuple(lines)
    for row, comparison in _comparisons(found, choice):
        lines += [ForestRow(_line(*_where(row, names), _who(comparison)), item, comparison.recordings)
                  for item in comparison.figures if item.name == figure]
    return tuple(lines)


def _line(label: str, group: str, who: str) -> str:
    group = "" if group == _("all") else group
    return " \N{MIDDLE DOT} ".join(part for part in (label, group, who) if part)


def _rows(found: StudyStatistics, choice: Choice) -> Iterator[Row]:
    for row in found.rows:
        if choice.label in ("", row.label) and row.grouping in ("all", choice.grouping):
            yield row


def _comparisons(found: StudyStatistics, choice: Choice) -> Iterator[tuple[Row, Comparison]]:
    for row in _rows(found, choice):
        for comparison in row.comparisons:
            if comparison.kind is _KINDS.get(choice.what) and comparison.scale == choice.scale:
                yield row, comparison


def _where(row: Row, names: Mapping[str, str]) -> tuple[str, str]:
    return names.get(row.label, row.label), group_words(row.grouping, row.group)


def _who(comparison: Comparison) -> str:
    if comparison.kind is Kind.READERS:
        return _("all readers")
    return " / ".join(comparison.readers)


def _cells(comparison: Comparison, figures: tuple[str, ...]) -> Iterator[str]:
    by_name = {figure.name: figure for figure in comparison.figures}
    for name in figures or ("",):
        yield figure_words(by_name[name]) if name in by_name else _("n too small")


def _changes(found: StudyStatistics, choice: Choice, names: Mapping[str, str], first: tuple[str, str]) -> Table:
    rows = []
    for row in _rows(found, choice):
        for change in row.changes:
            counts = change.directions
            by_outcome = {outcome.test.outcome: outcome for outcome in change.outcomes}
            toward = by_outcome.get(Outcome.AGREES_WITH_MODEL) or by_outcome[Outcome.PRESENT]
            tested = toward.test
            p = p_words(tested.p_exact) if tested.p_exact is not None else (
                figure_words(Figure("", None, reason=tested.reason)))
            rows.append((*_where(row, names), change.reader or _("all readers"), str(counts.compared),
                         str(counts.unchanged), str(counts.toward), str(counts.away), str(counts.neither), p,
                         figure_words(toward.change) if toward.change is not None else _("n too small")))
    return Table((*first, _("Reader"), _("n"), _("unchanged"), _("toward the model"), _("away from it"), _("neither"),
                  _("McNemar p"), _("net change")), tuple(rows))

"""What the report's first page says of measurements and rules; all of them stand on its second page."""

from collections.abc import Iterable, Sequence

from peace_desktop.report.limit_words import (
    EDITED_MARK,
    edited_mark,
    group_words,
    measurement_words,
    no_limit_words,
    range_words,
    rule_line,
    rule_value,
    value_words,
)
from peace_desktop.report.printed import MeasurementRow, RuleRow
from peace_desktop.review.measurement_edits import EDITED
from peace_desktop.texts import _, in_clauses, listed, ngettext
from peace_model.ecg.measurement import Measurement, RuleResult
from peace_model.ecg.norms import Limit

FIRST_PAGE = ("heart_rate_bpm", "rhythm_regularity", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_bazett_ms",
              "qtc_fridericia_ms", "qtc_hodges_ms", "qtc_framingham_ms", "p_axis_deg", "qrs_axis_deg", "t_axis_deg")


def measurement_rows(measurements: Iterable[Measurement]) -> tuple[tuple[MeasurementRow, ...], tuple[str, ...]]:
    """The first page's measurements that have a value, and the sources their limits are marked with (a, b, ...)."""
    sources: dict[str, str] = {}
    rows = []
    for item in measurements:
        if item.value is None or item.name not in FIRST_PAGE:
            continue
        answer = item.limit
        limits = in_clauses(_limit(limit, sources) for limit in answer.limits) if answer is not None else ""
        limits = limits or no_limit_words(item)
        flag = {"above": "\N{BLACK UP-POINTING TRIANGLE} " + _("above"),
                "below": "\N{BLACK DOWN-POINTING TRIANGLE} " + _("below")}.get(item.flag or "", "")
        rows.append(MeasurementRow(measurement_words(item.name), value_words(item) + edited_mark(item), limits, flag))
    return tuple(rows), tuple(f"({letter}) {text}" for text, letter in sources.items())


def edited_words(measurements: Iterable[Measurement]) -> tuple[str, ...]:
    """One sentence an edit: who changed measurements of the first page, when, and what was measured automatically."""
    automatic: dict[tuple[str, str], list[str]] = {}
    for item in measurements:
        for told in (dict(note.values) for note in item.notes if note.code == EDITED and item.name in FIRST_PAGE):
            automatic.setdefault((told["reader"], told["when"]), []).append(
                f"{measurement_words(item.name)} {told['automatic']}")
    return tuple(_("{mark} Edited by {reader} on {when}; automatic: {values}").format(
        mark=EDITED_MARK, reader=reader, when=when, values=listed(values))
        for (reader, when), values in automatic.items())


def unavailable_words(measurements: Iterable[Measurement]) -> tuple[str, ...]:
    """One sentence a reason, naming every measurement of the first page that has no value for it."""
    names: dict[str, list[str]] = {}
    for item in measurements:
        if item.value is None and item.name in FIRST_PAGE:
            names.setdefault(_(item.reason), []).append(measurement_words(item.name))
    return tuple(
        _("Not available: {names} ({reason})").format(names=listed(given), reason=reason)
        for reason, given in names.items()
    )


def rule_rows(results: Sequence[RuleResult], measurements: Sequence[Measurement]) -> tuple[tuple[RuleRow, ...], str]:
    """The rules that are met, and one sentence that counts the others; "" without any results."""
    rows = tuple(RuleRow(_(item.name), rule_value(item), rule_line(item, measurements), item.citation)
                 for item in results if item.positive)
    if not results:
        return rows, ""
    not_met = sum(item.positive is False for item in results)
    open_ = sum(item.positive is None for item in results)
    return rows, " ".join((
        ngettext("{n} rule is not met.", "{n} rules are not met.", not_met).format(n=not_met),
        ngettext("{n} rule cannot be assessed.", "{n} rules cannot be assessed.", open_).format(n=open_),
        _("None met does not mean normal.")))


def _limit(limit: Limit, sources: dict[str, str]) -> str:
    text = group_words(limit)
    letter = sources.setdefault(text, chr(ord("a") + len(sources)))
    return f"{range_words(limit.p02, limit.p98)} ({letter})"

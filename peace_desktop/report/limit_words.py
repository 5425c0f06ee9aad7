"""A published limit and a measured value in words: the same on screen and in print."""

from collections.abc import Iterable

from peace_desktop.report.paper import MINUS
from peace_desktop.review.measurement_edits import EDITED
from peace_desktop.texts import _, mark, render, without_stop
from peace_model.ecg.measurement import Measurement, RuleResult, quantity
from peace_model.ecg.norms import Limit

DASH = "\N{EN DASH}"
EDITED_MARK = "\N{DAGGER}"
_LIMIT_SEX = {"F": mark("girls"), "M": mark("boys"), "B": mark("both sexes"), "union": mark("girls and boys together")}
_UNITS = {"deg": "°"}
_OUTSIDE = "outside_table"


def number_words(value: float, decimals: int | None = None) -> str:
    """A number with a true minus sign, never minus zero; as short as it can be without `decimals`."""
    text = f"{value:g}" if decimals is None else f"{value:.{decimals}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def measurement_words(name: str, lead: str | None = None) -> str:
    """A measurement's name; with its lead where it has one."""
    words = _(quantity(name, lead).text)
    return words if lead is None else _("{quantity} in {lead}").format(quantity=words, lead=lead)


def value_words(item: Measurement, *, gap: str = " ") -> str:
    """The value with its unit, or the word it stands for; a dash where nothing was measured."""
    if item.value is None:
        return DASH
    entry = quantity(item.name, item.lead)
    if entry.words:
        return _(entry.word(item.value))
    return number_words(item.value, entry.decimals) + _UNITS.get(item.unit, f"{gap}{item.unit}" if item.unit else "")


def rule_value(item: RuleResult) -> str:
    """What a rule compared, with its unit; "" where nothing was."""
    if item.value is None:
        return ""
    gap = "" if item.unit == "deg" else " "
    return number_words(item.value, 2 if item.unit == "mV" else 0) + gap + _UNITS.get(item.unit, item.unit)


def rule_line(item: RuleResult, measurements: Iterable[Measurement]) -> str:
    """A rule's criterion and what the rule itself remarks; what is remarked of a measurement stands there."""
    said = {note for measured in measurements for note in measured.notes}
    return " \N{MIDDLE DOT} ".join(
        (render(item), *(without_stop(render(note)) for note in item.notes if note not in said)))


def range_words(low: float | None, high: float | None) -> str:
    """2nd to 98th percentile, or the one that is published."""
    if low is not None and high is not None:
        between = f" {_('to')} " if low < 0 or high < 0 else DASH
        return number_words(low) + between + number_words(high)
    if low is not None:
        return f"\N{GREATER-THAN OR EQUAL TO} {number_words(low)}"
    return f"\N{LESS-THAN OR EQUAL TO} {number_words(high)}" if high is not None else DASH


def edited_mark(item: Measurement) -> str:
    """What stands behind a value that a reader's edit changed; "" behind an automatic one."""
    return EDITED_MARK if any(note.code == EDITED for note in item.notes) else ""


def no_limit_words(item: Measurement) -> str:
    """Why nothing is published for a value at this age; "" where a limit holds, or figures for reading do instead."""
    answer = item.limit
    if answer is None or answer.limits or answer.reason is None:
        return ""
    # A table that ends before this age is told even where another one has figures for reading.
    return render(answer.reason) if item.reference is None or answer.reason.code == _OUTSIDE else ""


def group_words(limit: Limit) -> str:
    """Source, ages and sex of a limit."""
    return _("{source}, {ages}, {sex}").format(
        source=limit.name or limit.source, ages=_ages(limit.age_min_days, limit.age_max_days),
        sex=_(_LIMIT_SEX[limit.sex]))


def _ages(first_days: int, last_days: int) -> str:
    if last_days < 2 * 365:
        return _("{first} to under {last} days").format(first=first_days, last=last_days)
    return _("{first} to under {last} years").format(first=round(first_days / 365.25), last=round(last_days / 365.25))

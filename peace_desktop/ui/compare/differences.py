"""What changed between two recordings of one patient, in words and numbers: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from peace_desktop.jobs.comparison import ComparedRecording, Order
from peace_desktop.library.records import RecordingRow
from peace_desktop.report.limit_words import DASH, edited_mark, measurement_words, number_words, value_words
from peace_desktop.review.measurement_edits import EDITED
from peace_desktop.texts import _, age_words, mark, render
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.measurement import Measurement, quantity
from peace_model.ecg.measurement.catalogue import in_lead
from peace_model.ecg.signal.section import SECTIONED_FROM_S

SHOWN: tuple[tuple[str, str | None], ...] = (
    ("heart_rate_bpm", None), ("rhythm_regularity", None), ("p_ms", None), ("pr_ms", None), ("qrs_ms", None),
    ("qt_ms", None), ("qtc_bazett_ms", None), ("qtc_fridericia_ms", None), ("qtc_hodges_ms", None),
    ("qtc_framingham_ms", None), ("p_axis_deg", None), ("qrs_axis_deg", None), ("t_axis_deg", None),
    *((in_lead(template, lead), lead) for lead in ("V1", "V6") for template in ("r_{lead}_mv", "s_{lead}_mv")),
    *((in_lead("t_polarity_{lead}", lead), lead) for lead in ("V1", "V6")))

ORDER_WORDS = {
    Order.DATE: mark("In the order of their dates."),
    Order.AGE: mark("Not every file has a date: in the order of the ages at recording."),
    Order.IMPORT: mark("Dates and ages are not all known: in the order of import, which may be another one."),
}
_SHAPES = {"above": "\N{BLACK UP-POINTING TRIANGLE} ", "below": "\N{BLACK DOWN-POINTING TRIANGLE} "}
_FLAG_WORDS = {"above": mark("above its limit"), "below": mark("below its limit")}
_LEAST_DAYS = {Precision.DAY: 1, Precision.MONTH: 31, Precision.YEAR: 366}
"""Less than this cannot be told apart at that precision."""


@dataclass(frozen=True)
class Difference:
    """One quantity in both recordings. tip: what more is known, lines; accessible: the row in words."""

    name: str
    here: str
    there: str
    change: str
    tip: str
    accessible: str


def differences(here: ComparedRecording, there: ComparedRecording) -> tuple[Difference, ...]:
    """The rows of the comparison, those that neither recording has left out; change is here less there."""
    ours, theirs = ({item.name: item for item in side.measurements} for side in (here, there))
    return tuple(_difference(ours[name], theirs[name], lead) for name, lead in SHOWN
                 if name in ours and name in theirs
                 and (lead is None or ours[name].value is not None or theirs[name].value is not None))


def change(here: Measurement, there: Measurement) -> float | None:
    """here less there as they are shown; of axes the short way round, in (-180, 180]. None where one is missing."""
    if here.value is None or there.value is None:
        return None
    decimals = quantity(here.name, here.lead).decimals
    difference = round(round(here.value, decimals) - round(there.value, decimals), decimals)
    return 180.0 - (180.0 - difference) % 360.0 if here.unit == "deg" else difference


def recording_words(row: RecordingRow) -> str:
    """Title, date (or that it is unknown) and age at recording; of a long one what of it is compared."""
    when = row.recorded_at.strftime("%Y-%m-%d %H:%M") if row.recorded_at is not None else _("date unknown")
    part = (_("measured in its first minute"),) if row.duration_s > SECTIONED_FROM_S else ()
    return " \N{MIDDLE DOT} ".join((row.title, when, age_words(row.age), *part))


def apart_words(here: RecordingRow, there: RecordingRow) -> str:
    """How much earlier or later the other recording was made, "" where that cannot be told."""
    if here.recorded_at is not None and there.recorded_at is not None:
        days = (there.recorded_at.date() - here.recorded_at.date()).days
    elif here.age is not None and there.age is not None:
        days = there.age.days - here.age.days
    else:
        return ""
    finest = Precision.DAY
    if here.recorded_at is None or there.recorded_at is None:
        finest = max((age.precision for age in (here.age, there.age) if age is not None),
                     key=tuple(Precision).index)
    if abs(days) < _LEAST_DAYS[finest]:
        return _("same day") if finest is Precision.DAY else ""
    span = age_words(Age(abs(days), finest, ""))
    return _("{span} earlier").format(span=span) if days < 0 else _("{span} later").format(span=span)


def _difference(here: Measurement, there: Measurement, lead: str | None) -> Difference:
    name = measurement_words(here.name, lead)
    texts = [_value(item) for item in (here, there)]
    words = _change_words(here, there, lead)
    said = [f"{value_words(item)}{', ' + _(_FLAG_WORDS[item.flag]) if item.flag in _FLAG_WORDS else ''}"
            for item in (here, there)]
    tip = "\n".join(dict.fromkeys(line for item in (here, there) for line in _tips(item)))
    spoken = _("{name}: this {here}, other {there}, change {change}").format(
        name=name, here=said[0], there=said[1], change=words)
    return Difference(name, texts[0], texts[1], words, tip, spoken)


def _value(item: Measurement) -> str:
    return _SHAPES.get(item.flag or "", "") + value_words(item, gap="\N{NO-BREAK SPACE}") + edited_mark(item)


def _change_words(here: Measurement, there: Measurement, lead: str | None) -> str:
    difference = change(here, there)
    if difference is None:
        return DASH
    entry = quantity(here.name, lead)
    if entry.words:
        return _("same") if difference == 0 else _("changed")
    text = number_words(difference, entry.decimals)
    return ("+" if difference > 0 and text.strip("0.") else "") + text


def _tips(item: Measurement) -> Sequence[str]:
    notes = [render(note) for note in item.notes if note.code == EDITED]
    return [*notes, *([_(item.reason)] if item.value is None else [])]

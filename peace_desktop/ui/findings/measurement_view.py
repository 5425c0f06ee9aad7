"""Rows of the measurement panel: pure functions from measurements to words and figures to draw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peace_desktop.report.limit_words import (
    DASH,
    edited_mark,
    group_words,
    measurement_words,
    no_limit_words,
    number_words,
    range_words,
    value_words,
)
from peace_desktop.review.measurement_edits import EDITED
from peace_desktop.texts import _, as_fact, aside, in_clauses, listed, put_together, render
from peace_model.ecg.measurement import Measurement, PercentileStrip, percentile_strips, quantity
from peace_model.ecg.norms import load_norms

_SHAPES = {"above": "\N{BLACK UP-POINTING TRIANGLE}", "below": "\N{BLACK DOWN-POINTING TRIANGLE}"}
_AXES = {"p_axis_deg": "P", "qrs_axis_deg": "QRS", "t_axis_deg": "T"}
_TRANSCRIPTIONS = 2
LEAD_COLUMNS = ("p_{lead}_mv", "q_{lead}_mv", "r_{lead}_mv", "s_{lead}_mv", "rs_ratio_{lead}", "st_j_{lead}_mv",
                "st_j60_{lead}_mv", "t_{lead}_mv", "t_polarity_{lead}")


@dataclass(frozen=True)
class MeasurementView:
    """One row. reason says why there is no value; strip is None where nothing can be drawn.

    limit_text: the limits in short; detail: everything else that is known of number and limits, a line each.
    edit_text: the automatic value and who edited it when, "" for an automatic value.
    """

    name: str
    value_text: str
    strip: PercentileStrip | None
    limit_text: str
    flag_text: str
    reason: str
    detail: tuple[str, ...]
    edit_text: str = ""

    @property
    def accessible(self) -> str:
        return put_together(self.name, self.value_text, self.edit_text, self.flag_text, self.limit_text, self.reason)


@dataclass(frozen=True)
class AxisView:
    """What the dial draws: letter -> degrees of the axes that were measured, and the arc for age or None."""

    axes: tuple[tuple[str, float], ...]
    arc: tuple[float, float] | None
    text: str


@dataclass(frozen=True)
class LeadTableView:
    """Heads of the columns and, for every lead, its cells: text, and what more is known of it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def measurement_rows(measurements: Iterable[Measurement]) -> tuple[MeasurementView, ...]:
    """The quantities of the whole recording but for the shape of QRS; counts of beats only where there are such beats.
    """
    return tuple(_row(item) for item in measurements
                 if item.lead is None and not _nothing_to_count(item) and not _of_shape(item))


def shape_lines(measurements: Iterable[Measurement]) -> list[str]:
    """What pattern rules ask of the QRS, a line each: read when a rule is doubted, and else in the way."""
    return [as_fact(measurement_words(item.name), value_words(item) if item.value is not None else _(item.reason))
            for item in measurements if _of_shape(item)]


def axis_view(measurements: Iterable[Measurement]) -> AxisView | None:
    """None without any axis."""
    axes = [item for item in measurements if item.name in _AXES and item.value is not None]
    if not axes:
        return None
    arc = None
    for item in axes:
        strips = percentile_strips(item) if item.name == "qrs_axis_deg" else ()
        if strips and strips[0].may_flag and strips[0].own.p02 is not None and strips[0].own.p98 is not None:
            arc = (strips[0].own.p02, strips[0].own.p98)
    words = [f"{measurement_words(item.name)} {value_words(item)}" for item in axes]
    if arc is not None:
        words.append(_("QRS axis for age {range}").format(range=range_words(*arc)))
    return AxisView(tuple((_AXES[item.name], item.value) for item in axes if item.value is not None), arc,
                    put_together(*words))


def lead_table(measurements: Sequence[Measurement]) -> LeadTableView:
    """Every lead that was recorded, in the catalogue's order."""
    by_lead: dict[str, list[Measurement]] = {}
    for item in measurements:
        if item.lead is not None:
            by_lead.setdefault(item.lead, []).append(item)
    heads = (_("Lead"), "P", "Q", "R", "S", "R/S", "J", _("J + 60"), "T", _("T polarity"))
    return LeadTableView(heads, tuple((lead, tuple(_cell(item) for item in items)) for lead, items in by_lead.items()))


def _cell(item: Measurement) -> tuple[str, str]:
    if item.value is None:
        return DASH, _(item.reason)
    entry = quantity(item.name, item.lead)
    text = value_words(item) if entry.words else number_words(item.value, entry.decimals)
    said = f"{measurement_words(item.name, item.lead)} {value_words(item)}"
    return text + edited_mark(item), "\n".join((said, *_detail(item)))


def _of_shape(item: Measurement) -> bool:
    return item.lead is None and quantity(item.name, item.lead).group == "shape"


def _nothing_to_count(item: Measurement) -> bool:
    return item.name.endswith("_beats_count") and item.value == 0


def _row(item: Measurement) -> MeasurementView:
    answer, strips = item.limit, percentile_strips(item)
    limit_text = in_clauses(
        _("{span} ({source})").format(span=range_words(limit.p02, limit.p98),
                                      source=group_words(limit) if answer.near_boundary else limit.name)
        for limit in answer.limits) if answer is not None else ""
    if not limit_text:
        reading = _("for reading only: {limits}").format(limits=in_clauses(
            range_words(limit.p02, limit.p98) + aside(limit.name) for limit in item.reference.limits)
            ) if item.reference is not None else ""
        limit_text = in_clauses((no_limit_words(item), reading))
    words = {"above": _("above the 98th percentile for age and sex ({source}); check by hand"),
             "below": _("below the 2nd percentile for age and sex ({source}); check by hand")}
    flag = item.flag
    flag_text = ""
    if flag in words and answer is not None:
        source = listed(dict.fromkeys(limit.name for limit in answer.limits))
        flag_text = f"{_SHAPES[flag]} " + words[flag].format(source=source)
    drawable = next((strip for strip in strips if strip.may_flag and strip.own.unit != "deg"), None)
    return MeasurementView(
        name=measurement_words(item.name), value_text=value_words(item, gap="\N{NO-BREAK SPACE}"), strip=drawable,
        limit_text=limit_text, flag_text=flag_text, reason=_(item.reason) if item.value is None else "",
        detail=_detail(item), edit_text=edit_words(item))


def edit_words(item: Measurement) -> str:
    """The automatic value and who edited it when; "" for an automatic value."""
    for note in item.notes:
        if note.code == EDITED:
            told = dict(note.values)
            return _("automatic {automatic}, edited by {reader} on {when}").format(
                automatic=told["automatic"], reader=told["reader"], when=told["when"])
    return ""


def edited_summary(measurements: Iterable[Measurement]) -> str:
    """The intervals, rates and axes that a reader edited, each with the automatic value; "" without any."""
    said = [_("{name} {value} (automatic {automatic})").format(
        name=measurement_words(item.name), value=value_words(item), automatic=dict(note.values)["automatic"])
        for item in measurements if item.lead is None for note in item.notes if note.code == EDITED]
    return _("Measurements edited: {list}").format(list=listed(said)) if said else ""


def _detail(item: Measurement) -> tuple[str, ...]:
    """Notes, bands of the age group and its neighbours, approximate z, citation: what stands one click away."""
    lines = [render(note) for note in item.notes]
    if item.confidence is not None and item.value is not None:
        lines.append(_("Confidence of the boundaries: {share}").format(share=f"{item.confidence:.0%}"))
    citations = dict(load_norms().citations)
    for strip in percentile_strips(item):
        own = strip.own
        lines.append(_("{group}: {range}, median {median}").format(
            group=group_words(own), range=range_words(own.p02, own.p98),
            median=number_words(own.p50) if own.p50 is not None else DASH))
        for limit, text in ((strip.younger, _("Younger group: {range}")), (strip.older, _("Older group: {range}"))):
            if limit is not None:
                lines.append(text.format(range=range_words(limit.p02, limit.p98)))
        if strip.approximate_z is not None:
            lines.append(_("Approximate z: {z}").format(z=number_words(strip.approximate_z, 1)))
        if not strip.may_flag:
            lines.append(_("Two transcriptions agree on the upper limit; it flags nothing here.")
                         if own.transcriptions[2] >= _TRANSCRIPTIONS
                         else _("Single transcription: for reading only, it flags nothing."))
        lines.append(_("Source: {citation}").format(citation=citations[own.source]))
    return tuple(lines)

"""What the boundaries of the median beat come to, beside the automatic values: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peace_desktop.jobs.measured_beat import MeasuredBeat
from peace_desktop.report.limit_words import no_limit_words, number_words, range_words, value_words
from peace_desktop.texts import _, aside, in_clauses, listed, ngettext
from peace_desktop.ui.findings.measurement_view import MeasurementView, measurement_rows
from peace_model.ecg.boundaries import Boundaries
from peace_model.ecg.measurement import Measurement
from peace_model.ecg.measurement.edited import marked
from peace_model.ecg.measurement.intervals import intervals
from peace_model.ecg.norms import Limit

LIVE = ("p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_bazett_ms", "qtc_fridericia_ms", "qtc_hodges_ms",
        "qtc_framingham_ms")
"""What follows from the boundaries and the RR interval alone, at once."""


@dataclass(frozen=True)
class LiveValue:
    """One interval. view: as the measurement panel would show it; automatic_text: the automatic value.

    note: its limits and where it lies, or why there is no value, in one short line.
    """

    view: MeasurementView
    automatic_text: str
    note: str


def live_values(measured: MeasuredBeat, boundaries: Boundaries, automatic: Sequence[Measurement]
                ) -> tuple[LiveValue, ...]:
    """The intervals of these boundaries, against the limits that hold for the recording."""
    by_name = {item.name: item for item in automatic}
    found = intervals(marked(measured.beat, boundaries), by_name["rr_ms"].value)
    rows = []
    for name in LIVE:
        before, now = by_name[name], found[name]
        flag = before.limit.position(now.value) if before.limit is not None and now.value is not None else None
        item = replace(before, value=now.value, origin=now.origin, reason=now.reason, flag=flag, confidence=None,
                       notes=now.notes)
        rows.append(LiveValue(measurement_rows((item,))[0], value_words(before), _note(item)))
    return tuple(rows)


def _note(item: Measurement) -> str:
    if item.value is None:
        return _(item.reason)
    if item.limit is not None and item.limit.limits:
        where = {"above": "\N{BLACK UP-POINTING TRIANGLE} " + _("above {limits}"),
                 "below": "\N{BLACK DOWN-POINTING TRIANGLE} " + _("below {limits}")}.get(item.flag or "", "{limits}")
        return where.format(limits=_limits(item.limit.limits))
    reading = _("for reading only: {limits}").format(
        limits=_limits(item.reference.limits)) if item.reference is not None else ""
    return in_clauses((no_limit_words(item), reading))


def _limits(limits: Sequence[Limit]) -> str:
    """Ranges side by side, each source once."""
    ranges = in_clauses(range_words(limit.p02, limit.p98) for limit in limits)
    return ranges + aside(listed(dict.fromkeys(limit.name for limit in limits)))


def noise_words(measured: MeasuredBeat, lead: str) -> str:
    """How much noise is left on the median: of the chosen lead, or from the quietest to the noisiest."""
    beat = measured.beat
    noise = {name: float(beat.residual_noise_mv[beat.leads.index(name)]) for name in measured.leads}
    beats = ngettext("median of {n} beat", "median of {n} beats", beat.group.count).format(n=beat.group.count)
    if lead:
        rest = _("residual noise {mv} mV in {lead}; ticks: this lead's own boundaries").format(
            mv=number_words(noise[lead], 3), lead=lead)
    else:
        worst = max(noise, key=lambda name: noise[name])
        rest = _("residual noise {least} to {most} mV, most in {lead}").format(
            least=number_words(min(noise.values()), 3), most=number_words(noise[worst], 3), lead=worst)
    return f"{beats} \N{MIDDLE DOT} {rest}"

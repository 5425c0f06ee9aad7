"""From a recording's parts to everything its report prints."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from peace_desktop.report.about import about_lines
from peace_desktop.report.associated_words import associated_text
from peace_desktop.report.details import build_details
from peace_desktop.report.gain_words import own_gains_words
from peace_desktop.report.gestation import basis_words
from peace_desktop.report.label_rows import label_rows
from peace_desktop.report.later_correction import LaterCorrection, correction_words
from peace_desktop.report.measured import edited_words, measurement_rows, rule_rows, unavailable_words
from peace_desktop.report.paper import Gain, LayoutKind, PageLayout, page_layout
from peace_desktop.report.printed import ReportContent, TraceContent
from peace_desktop.report.terms import filter_words, hatch_words, method_words, reading_words
from peace_desktop.report.time_notes import note_lines
from peace_desktop.report.wording import (
    DOT,
    lead_notes,
    page_words,
    person_lines,
    recording_lines,
    section_words,
    status_of,
    time_words,
)
from peace_desktop.review.reading import Reading
from peace_desktop.texts import _, age_words, listed, render
from peace_model.ecg.measurement import Measurement, apply_rules
from peace_model.ecg.measurement.conventions import load_conventions
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import Finding, Recording
from peace_model.ecg.signal.filters import FilterSetting, display_filter_part
from peace_model.ecg.signal.section import Section, part_of
from peace_model.explanation.trust import trust_of
from peace_model.inference.prediction import Explanation, PredictionResult, Verdict

__all__ = ["ReportContent", "build_content"]


def build_content(
    recording: Recording,
    findings: Sequence[Finding],
    measurements: Sequence[Measurement],
    prediction: PredictionResult | None,
    *,
    reading: Reading | None,
    title: str,
    audit_head: str,
    application_version: str,
    printed_at: datetime,
    prediction_error: str = "",
    section: Section | None = None,
    superseded: bool = False,
    corrected: LaterCorrection | None = None,
    gestational_age_weeks: int | None = None,
    blind: bool = False,
    layout: LayoutKind = LayoutKind.THREE_BY_FOUR_RHYTHM,
    gain: Gain | None = None,
    start_s: float | None = None,
    rhythm_lead: str = "II",
    filter_setting: FilterSetting | None = None,
    selected: tuple[str, str] | None = None,
) -> ReportContent:
    """The content of one report page.

    reading: None when nobody has read the recording. blind: of the reader it is printed for; as with a blind reading
    that is not revealed, everything of model and rules stays off the page. section: what of a long recording findings,
    measurements and prediction concern; the page begins with it where start_s is None. superseded: a signed amendment
    replaces this reading. corrected: of the person after the reading was signed. audit_head: sequence and hash of the
    library's audit trail, "" outside a library. selected: (label, method) of the map to shade. start_s: first second of
    the page. layout: of a long recording every lead has a row of its own.
    printed_at: with its time zone; local times are given in that zone. Raises ValueError without one.
    """
    if printed_at.utcoffset() is None:
        raise ValueError("printed_at needs its time zone")
    hidden = blind or (reading is not None and reading.blind)
    shown = None if hidden else prediction
    rows, reasons = label_rows(shown, reading)
    banner = tuple(render(reason) for reason in shown.general_reasons) if shown is not None else ()
    measured, sources = measurement_rows(measurements)
    basis = basis_words(gestational_age_weeks, recording.age)
    results = apply_rules(part_of(recording, section), measurements) if measurements and not hidden else ()
    rules, rules_note = rule_rows(results, measurements)
    associated = associated_text(shown, results) if shown is not None and shown.associated and measurements else None
    no_rules = _("Blind reading: rule results are hidden.") if hidden else ""
    begins_s = start_s if start_s is not None else section.start_s if section is not None else 0.0
    page = page_layout(LayoutKind.STRIP if section is not None else layout, leads=recording.leads,
                       duration_s=recording.duration_s, start_s=begins_s, rhythm_lead=rhythm_lead)
    notes = reading.notes if reading is not None else ()
    only = (section_words(section, recording.duration_s),) if section is not None else ()
    return ReportContent(
        title=title or _("ECG report"),
        simulated=recording.simulated,
        age=age_words(recording.age),
        age_known=recording.age is not None,
        person=person_lines(recording.age, recording.sex, gestational_age_weeks),
        recording=recording_lines(recording),
        status=status_of(reading, superseded=superseded, corrected=corrected, printed_at=printed_at),
        trace=replace(_trace(recording, page, gain or Gain(), filter_setting, shown, selected), notes=notes),
        findings=(*only, *(render(finding) for finding in findings)),
        banner=banner,
        label_rows=rows,
        reasons=reasons,
        prediction_note=_prediction_note(prediction, prediction_error, hidden=hidden),
        measurements=measured,
        edited=edited_words(measurements),
        unavailable=unavailable_words(measurements),
        limit_sources=(*sources, basis) if sources and basis else sources,
        rules=rules,
        rules_note=no_rules or rules_note,
        details=build_details(measurements, results, rules_hidden=no_rules, facts=(*only, *about_lines(recording)),
                              notes=note_lines(notes), associated=associated) if measurements or notes else None,
        signature=_signature(reading, shown, corrected, printed_at),
        comment=reading.comment.strip() if reading is not None else "",
        versions=_versions(shown, application_version, audit_head),
        printed=_("Printed {time}").format(time=printed_at.isoformat(sep=" ", timespec="seconds")),
        application=f"PEACE Desktop {application_version}",
        associated=associated,
    )


def _trace(recording: Recording, page: PageLayout, gain: Gain, filter_setting: FilterSetting | None,
           shown: PredictionResult | None, selected: tuple[str, str] | None) -> TraceContent:
    signal_mv, first = recording.signal_mv, 0
    filters = _("none")
    if filter_setting is not None and filter_setting.active:
        first = math.floor(page.start_s * recording.fs_hz)
        end = math.ceil((page.start_s + page.seconds) * recording.fs_hz) + 1
        signal_mv = display_filter_part(signal_mv, recording.fs_hz, setting=filter_setting,
                                        span=slice(first, min(end, recording.n_samples)))
        filters = filter_words(filter_setting)
    maps: tuple[Explanation, ...] = ()
    if shown is not None and selected is not None:
        maps = shown.maps(*selected)
    trust = trust_of(shown, *selected) if shown is not None and selected is not None and maps else None
    verdict = trust.verdict if trust is not None else Verdict.SUPPORTED
    return TraceContent(
        signal_mv=signal_mv,
        first_sample=first,
        fs_hz=recording.fs_hz,
        leads=recording.leads,
        lead_notes=lead_notes(recording),
        page=page,
        gain=gain,
        scale=_scale(recording, page, gain, filters),
        maps=maps,
        map_legend=_map_legend(maps, shown, verdict),
        map_trust=DOT.join(render(sentence) for sentence in trust.sentences) if trust is not None else "",
        map_verdict=verdict,
    )


def _scale(recording: Recording, page: PageLayout, gain: Gain, filters: str) -> str:
    parts = [_("25 mm/s")]
    if gain.precordial_half:
        parts.append(_("limb {limb}, precordial {precordial} mm/mV").format(
            limb=f"{gain.mm_per_mv:g}", precordial=f"{gain.mm_per_mv / 2:g}"))
    else:
        parts.append(_("{gain} mm/mV").format(gain=f"{gain.mm_per_mv:g}"))
    if own := own_gains_words(gain):
        parts.append(own)
    parts.append(_("filters: {filters}").format(filters=filters))
    end_s = min(page.start_s + page.seconds, recording.duration_s)
    if page.start_s > 0 or end_s < recording.duration_s - 0.05:
        parts.append(page_words(page.start_s, end_s, recording.duration_s))
    if not page.consecutive:
        parts.append(_("columns overlap in time"))
    return DOT.join(parts)


def _map_legend(maps: Sequence[Explanation], shown: PredictionResult | None, verdict: Verdict) -> str:
    if not maps or shown is None:
        return ""
    label, method = maps[0].label, maps[0].method
    name = next((_(item.name) for item in shown.predictions if item.label == label), label)
    words = _("Map: {method} for {label}").format(method=method_words(method), label=name)
    if not any((item.values > 0).any() for item in maps):
        return words + DOT + _("found nothing")
    return DOT.join(part for part in (words, hatch_words(verdict), _("least to most")) if part)


def _prediction_note(prediction: PredictionResult | None, error: str, *, hidden: bool) -> str:
    if hidden:
        return _("Blind reading: predictions are hidden until they are revealed.")
    if prediction is None:
        return _("No prediction: {reason}").format(reason=_(error)) if error else _("No prediction was made.")
    return ""


def _signature(reading: Reading | None, shown: PredictionResult | None, corrected: LaterCorrection | None,
               printed_at: datetime) -> tuple[str, ...]:
    if reading is None:
        return (_("Nobody has read this recording."),)
    confidence = _("{confidence} of 5").format(confidence=reading.confidence) if reading.confidence else _("not given")
    lines = [reading.reader]
    if reading.signed_at is not None and reading.meaning is not None:
        lines.append(_("Signed {time}").format(time=time_words(reading.signed_at, printed_at)))
        lines.append(_("Meaning: {meaning}").format(meaning=reading_words(reading.meaning)))
    else:
        lines.append(_("Not signed."))
    if corrected is not None:
        lines.append(correction_words(corrected, time_words(corrected.at, printed_at)))
    if reading.amends is not None:
        lines.append(_("Amends reading {reading}. Reason: {reason}").format(
            reading=reading.amends[:12], reason=reading.amendment_reason))
    lines.append(_("Confidence: {confidence}").format(confidence=confidence))
    mode = reading_words(reading.mode)
    lines.append(_("Reading {reading}, {mode}").format(reading=reading.reading_id[:12], mode=mode))
    answered = {statement.bundle_sha256 for statement in reading.statements} - {None}
    if shown is not None and (others := sorted(sha[:12] for sha in answered if sha and sha != shown.bundle_sha256)):
        lines.append(_("Some statements answered another model, SHA-256 {hashes}; agreement is with the one printed."
                       ).format(hashes=listed(others)))
    return tuple(lines)


def _versions(shown: PredictionResult | None, application_version: str, audit_head: str) -> tuple[str, ...]:
    norms = load_norms()
    parts = [f"PEACE Desktop {application_version}"]
    if shown is not None:
        parts.append(_("model {name} {version}, SHA-256 {hash}").format(
            name=shown.bundle_name, version=shown.bundle_version, hash=shown.bundle_sha256))
        parts.append(_("pipeline {version}").format(version=shown.pipeline_version))
    else:
        parts.append(_("no model"))
    conventions = load_conventions()
    limits = _("limits {version}, SHA-256 {hash}").format(version=norms.version, hash=norms.sha256[:12])
    rules = _("rule conventions {version}, SHA-256 {hash}").format(
        version=conventions.version, hash=conventions.sha256[:12])
    audit = _("audit head {head}").format(head=audit_head or _("none, not in a library"))
    return (DOT.join(parts), DOT.join((limits, rules, audit)))

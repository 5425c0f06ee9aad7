"""All measurements of one recording, each detected, derived or unavailable with the reason."""

import math
from collections.abc import Mapping

import numpy as np

from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.measurement.amplitudes import p_amplitude, qrs_amplitudes, t_wave
from peace_model.ecg.measurement.axis import axes
from peace_model.ecg.measurement.catalogue import PER_LEAD, WHOLE, Quantity, catalogue, in_lead
from peace_model.ecg.measurement.deflections import QrsWaves, deflections, qrs_waves
from peace_model.ecg.measurement.delineation import delineate
from peace_model.ecg.measurement.intervals import intervals
from peace_model.ecg.measurement.marks import Delineation, MedianBeat
from peace_model.ecg.measurement.rate import LEAST_BEATS, TOO_FEW, rhythm
from peace_model.ecg.measurement.shape import durations, r_peak_time, second_r, slow_onset
from peace_model.ecg.measurement.sound_leads import unsound_leads, why_no_frontal_plane
from peace_model.ecg.measurement.st import st_levels
from peace_model.ecg.measurement.value import Found, Measurement, Note, missing
from peace_model.ecg.norms import LimitAnswer, load_norms
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.electrodes import limb_exchange
from peace_model.ecg.signal.heartbeats import TypicalBeat
from peace_model.ecg.signal.lead_truth import broken_limb_leads
from peace_model.words import mark

FULL_RATE_HZ, FULL_BAND_HZ = 500.0, 150.0
"""Below these amplitudes are underestimated (AHA/ACCF/HRS 2007, part I)."""

_TOO_FEW_COMPLETE = mark("fewer than three complete beats were found")
_EXCHANGED = mark("limb electrodes look exchanged")
_GAIN_DOUBTFUL = Note("gain_doubtful", mark("The limb leads contradict each other: gains may be wrong in every lead."))


def measure(recording: Recording, delineation: Delineation | None = None) -> tuple[Measurement, ...]:
    """Every quantity of the catalogue in its order. delineation: of this recording, made here when not given."""
    beats = delineation if delineation is not None else delineate(recording)
    found = _found(recording, beats)
    return tuple(_with_limits(recording, entry, found[entry.name]) for entry in catalogue(recording.leads))


def _found(recording: Recording, delineation: Delineation) -> dict[str, Found]:
    seen = rhythm(delineation)
    beat = delineation.median
    if beat is None or beat.group.count < LEAST_BEATS:
        why = missing(delineation.reason or (_TOO_FEW_COMPLETE if len(delineation.r_samples) >= LEAST_BEATS
                                             else TOO_FEW))
        nothing = dict.fromkeys((entry.name for entry in catalogue(recording.leads)), why)
        return nothing | seen.found
    unsound = unsound_leads(recording)
    waves = {lead: _qrs_waves(beat, lead) for lead in beat.leads if lead not in unsound}
    found = seen.found | intervals(beat, seen.rr_ms) | _axes(recording, beat, unsound, seen.rr_ms)
    found["slow_onset_ms"] = slow_onset(beat)
    found |= _shape(beat, waves, unsound)
    notes = _amplitude_notes(recording)
    for lead in dict.fromkeys((*STANDARD_12, *recording.leads)):
        found |= _of_lead(beat, lead, waves, notes) if lead in waves else {
            in_lead(template, lead): missing(unsound[lead]) for template, *_rest in PER_LEAD}
    return found


def _shape(beat: MedianBeat, waves: Mapping[str, QrsWaves | None], unsound: dict[str, str]) -> dict[str, Found]:
    found = {}
    for lead in ("aVL", "V1", "V5", "V6"):
        found[f"r_peak_time_{lead.casefold()}_ms"] = (r_peak_time(beat, waves[lead]) if lead in waves
                                                      else missing(unsound[lead]))
    for lead in ("V1", "V2"):
        found[f"second_r_{lead.casefold()}_mv"] = second_r(waves[lead]) if lead in waves else missing(unsound[lead])
    for lead in ("I", "V6"):
        names = (f"r_duration_{lead.casefold()}_ms", f"s_duration_{lead.casefold()}_ms")
        found |= (dict(zip(names, durations(beat, waves[lead]), strict=True)) if lead in waves
                  else dict.fromkeys(names, missing(unsound[lead])))
    return found


def _of_lead(beat: MedianBeat, lead: str, waves: Mapping[str, QrsWaves | None],
             notes: tuple[Note, ...]) -> dict[str, Found]:
    j, j60 = st_levels(beat, lead)
    t, polarity = t_wave(beat, lead, notes)
    rest = {"p_{lead}_mv": p_amplitude(beat, lead, notes), "st_j_{lead}_mv": j, "st_j60_{lead}_mv": j60,
            "t_{lead}_mv": t, "t_polarity_{lead}": polarity}
    return qrs_amplitudes(waves[lead], lead, notes) | {in_lead(name, lead): item for name, item in rest.items()}


def _qrs_waves(beat: MedianBeat, lead: str) -> QrsWaves | None:
    marks = beat.marks.overall
    if marks.qrs_on is None or marks.qrs_off is None:
        return None
    noise_mv = float(np.nan_to_num(beat.residual_noise_mv[beat.leads.index(lead)]))
    return qrs_waves(deflections(beat.lead(lead), beat.fs_hz, first=max(0, math.floor(marks.qrs_on)),
                                 last=math.ceil(marks.qrs_off), noise_mv=noise_mv))


def _axes(recording: Recording, beat: MedianBeat, unsound: dict[str, str], rr_ms: float | None) -> dict[str, Found]:
    names = [entry.name for entry in WHOLE if entry.group == "axes"]
    reason = why_no_frontal_plane(recording, unsound)
    if not reason and rr_ms is not None and limb_exchange(recording, _typical(beat, rr_ms)) is not None:
        reason = _EXCHANGED
    return dict.fromkeys(names, missing(reason)) if reason else axes(beat)


def _typical(beat: MedianBeat, rr_ms: float) -> TypicalBeat | None:
    """The median beat as the check of the electrodes asks for it."""
    marks = beat.marks.overall
    if marks.qrs_on is None or marks.qrs_off is None:
        return None
    return TypicalBeat(beat.signal_mv, beat.fs_hz, beat.r, (round(marks.qrs_on), round(marks.qrs_off)), rr_ms / 1000,
                       beat.group.count)


def _amplitude_notes(recording: Recording) -> tuple[Note, ...]:
    doubtful = (_GAIN_DOUBTFUL,) if broken_limb_leads(recording) else ()
    if recording.fs_hz < FULL_RATE_HZ:
        return (*doubtful, Note("underestimated", mark("Underestimated: sampled at {rate} Hz."),
                                (("rate", f"{recording.fs_hz:g}"),)))
    cut_hz = recording.source.filters.high_cut_hz
    if cut_hz is not None and cut_hz < FULL_BAND_HZ:
        return (*doubtful, Note("underestimated", mark("Underestimated: the recorder filtered above {cut} Hz."),
                                (("cut", f"{cut_hz:g}"),)))
    return doubtful


def _with_limits(recording: Recording, entry: Quantity, found: Found) -> Measurement:
    limit: LimitAnswer | None = None
    reference: LimitAnswer | None = None
    if entry.parameter:
        norms = load_norms()
        lead = entry.lead if entry.group == "leads" else None
        limit = norms.limits(entry.parameter, lead=lead, age=recording.age, sex=recording.sex)
        if not limit.limits:
            reference = norms.limits(entry.parameter, lead=lead, age=recording.age, sex=recording.sex,
                                     include_single_transcriptions=True)
            reference = reference if reference.limits else None
    flag = limit.position(found.value) if limit is not None and found.value is not None else None
    return Measurement(entry.name, found.value, entry.unit, found.origin, found.reason, limit, flag, entry.lead,
                       reference, found.confidence, found.notes)

"""Input truth: what a reader must know of a recording before believing any number drawn from it.

Everything is kept and named, nothing repaired. Codes: simulated, age_unknown, sex_unknown, missing_leads, low_rate,
short_recording, flat_lead, saturated, implausible_voltage, nan_run, lead_off, duplicate_leads, derived_leads,
limb_algebra, limb_leads_swapped, chest_leads_swapped, gain_suspected, baseline_wander, mains, noise. What each means
for measurement and model stands in `consequences`.
"""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import LIMB
from peace_model.ecg.recording import Finding, Recording, RoleKind
from peace_model.ecg.signal.disturbance import mains_mv, noise_mv, wander_mv
from peace_model.ecg.signal.electrodes import chest_exchange, limb_exchange
from peace_model.ecg.signal.heartbeats import TypicalBeat, find_r_peaks, typical_beat, without_gaps
from peace_model.ecg.signal.lead_quality import MAINS_MV, NOISE_MV, WANDER_MV
from peace_model.ecg.signal.lead_truth import broken_limb_leads, duplicate_leads, flat_leads
from peace_model.ecg.signal.rail import longest_run, railed_leads

IMPLAUSIBLE_MV = 10.0
"""The tallest complexes of children with heart disease stay below this, from the resting level."""
LOWEST_RATE_HZ = 500.0
"""AHA/ACCF/HRS 2007, part I: 500 Hz for the 250 Hz band of infants and children."""
SHORTEST_S = 10.0
SMALLEST_QRS_MV = 0.5
"""The tallest QRS of any lead: of 1,500 adults (PTB-XL) none was below, and a gain ten times too small stays below."""
LARGEST_QRS_MV = 5.0
"""In half of the leads; the same adults stayed below 2.9."""
OFF_S = 1.0
SHORTEST_TO_JUDGE_S = 2.0


def input_findings(recording: Recording) -> tuple[Finding, ...]:
    """What is true of the recording's input, in order of weight; () for a clean one. See the module for the codes."""
    found = [*_person(recording), *_extent(recording)]
    if recording.n_samples == 0:
        return tuple(found)
    flat = flat_leads(recording)
    found += _leads("flat_lead", flat, "{leads}: flat, nothing was recorded.")
    found += _voltages(recording)
    found += _gaps(recording, flat)
    found += _lead_names(recording)
    found += _of_beat(recording, flat)
    found += _disturbances(recording, flat)
    return tuple(found)


def _leads(code: str, leads: tuple[str, ...], template: str, **values: str) -> list[Finding]:
    """One finding for the leads, none for no lead."""
    return [Finding(code, leads, template, (("leads", ", ".join(leads)), *values.items()))] if leads else []


def _person(recording: Recording) -> list[Finding]:
    found = []
    if recording.simulated:
        found.append(Finding("simulated", (), "SIMULATED: not a patient."))
    if recording.age is None:
        found.append(Finding("age_unknown", (), "The age is unknown: no limits apply."))
    if recording.sex is None:
        found.append(Finding("sex_unknown", (), "The sex is unknown: limits span those of both sexes."))
    return found


def _extent(recording: Recording) -> list[Finding]:
    found = _leads("missing_leads", recording.absent_leads, "Leads not recorded: {leads}.")
    if recording.fs_hz < LOWEST_RATE_HZ:
        found.append(Finding(
            "low_rate", (), "Sampled at {rate} Hz; children need {needed} Hz: amplitudes are underestimated.",
            (("rate", f"{recording.fs_hz:g}"), ("needed", f"{LOWEST_RATE_HZ:g}"))))
    if round(recording.duration_s, 1) < SHORTEST_S:  # As it is said: "only 10.0 s" would say nothing.
        found.append(Finding(
            "short_recording", (), "Only {seconds} s long; {needed} s are usual.",
            (("seconds", f"{recording.duration_s:.1f}"), ("needed", f"{SHORTEST_S:g}"))))
    return found


def _voltages(recording: Recording) -> list[Finding]:
    """Leads on the recorder's rail, and leads that swing farther than a heart can drive them."""
    railed = railed_leads(recording)
    implausible = tuple(lead for lead, row in zip(recording.leads, recording.signal_mv, strict=True)
                        if lead not in railed and _swing(row) > IMPLAUSIBLE_MV)
    return [
        *_leads("saturated", railed, "{leads}: on the recorder's rail; the true voltage is not known there."),
        *_leads("implausible_voltage", implausible, "{leads}: more than {limit} mV from rest, more than a heart makes.",
                limit=f"{IMPLAUSIBLE_MV:g}")]


def _swing(row: NDArray[np.float32]) -> float:
    finite = row[np.isfinite(row)]
    return float(np.abs(finite - np.median(finite)).max()) if len(finite) else 0.0


def _gaps(recording: Recording, flat: tuple[str, ...]) -> list[Finding]:
    """NaN runs, and stretches in which an otherwise living lead holds one value."""
    missing, longest_s, off = [], 0.0, []
    for lead, row in zip(recording.leads, recording.signal_mv, strict=True):
        nothing = np.isnan(row)
        if nothing.any():
            missing.append(lead)
            longest_s = max(longest_s, longest_run(nothing) / recording.fs_hz)
        held = np.abs(np.diff(row, prepend=row[0])) <= 1e-6
        if lead not in flat and longest_run(held) >= OFF_S * recording.fs_hz:
            off.append(lead)
    return [
        *_leads("nan_run", tuple(missing), "{leads}: nothing was recorded for up to {seconds} s.",
                seconds=f"{longest_s:.2g}" if longest_s < 10 else f"{longest_s:.0f}"),
        *_leads("lead_off", tuple(off), "{leads}: flat for a second or more; the electrode was off.")]


def _lead_names(recording: Recording) -> list[Finding]:
    repeated = duplicate_leads(recording)
    pairs = ", ".join(f"{lead} = {original}" for lead, original in repeated.items())
    found = _leads("duplicate_leads", tuple(repeated), "Leads that repeat another one: {pairs}.", pairs=pairs)
    broken = broken_limb_leads(recording)
    found += _leads("limb_algebra", broken, "{leads}: not what leads I and II make of them; names, signs or gains are "
                    "wrong.")
    derived = tuple(role.lead for role in recording.roles if role.kind is RoleKind.DERIVED)
    found += _leads("derived_leads", derived, "{leads}: computed from other leads, not recorded.")
    return found


def _of_beat(recording: Recording, flat: tuple[str, ...]) -> list[Finding]:
    """What only a typical beat shows: exchanged electrodes, and a gain that cannot be right."""
    beat = typical_beat(recording.signal_mv, recording.fs_hz, find_r_peaks(recording.signal_mv, recording.fs_hz))
    unsound = (*flat, *duplicate_leads(recording), *railed_leads(recording))
    limb = None if broken_limb_leads(recording) or set(unsound) & set(LIMB) else limb_exchange(recording, beat)
    chest = chest_exchange(recording, beat, unsound)
    found = [Finding(code, seen.leads, seen.template, seen.values)
             for code, seen in (("limb_leads_swapped", limb), ("chest_leads_swapped", chest)) if seen is not None]
    return found + _gain(recording, beat, unsound)


def _gain(recording: Recording, beat: TypicalBeat | None, unsound: tuple[str, ...]) -> list[Finding]:
    rows = [row for row, lead in enumerate(recording.leads) if lead not in unsound]
    if beat is None or not rows:
        return []
    heights_mv = np.ptp(beat.signal_mv[rows, beat.qrs[0]:beat.qrs[1] + 1], axis=1)
    tallest, middle = float(heights_mv.max()), float(np.median(heights_mv))
    if tallest < SMALLEST_QRS_MV:
        return [Finding("gain_suspected", (), "The tallest QRS of any lead is only {size} mV: the gain may be wrong.",
                        (("size", f"{tallest:.2g}"),))]
    if middle > LARGEST_QRS_MV:
        return [Finding("gain_suspected", (), "In half of the leads the QRS is taller than {size} mV: the gain may be "
                        "wrong.", (("size", f"{middle:.2g}"),))]
    return []


def _disturbances(recording: Recording, flat: tuple[str, ...]) -> list[Finding]:
    """Noise, mains and wander, each lead's own amplitude against what still lets small waves be seen."""
    if recording.duration_s < SHORTEST_TO_JUDGE_S:
        return []
    signal, fs_hz = without_gaps(recording.signal_mv), recording.fs_hz

    def above(amplitude_mv: NDArray[np.float64], limit_mv: float, but: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """The leads above the limit, and the highest of their levels in words."""
        level_mv = {lead: float(amplitude) for lead, amplitude in zip(recording.leads, amplitude_mv, strict=True)
                    if amplitude > limit_mv and lead not in but}
        return tuple(level_mv), f"{max(level_mv.values(), default=0.0):.2g}"

    wandering, wander = above(wander_mv(signal, fs_hz), WANDER_MV, flat)
    humming, hum = above(mains_mv(signal, fs_hz), MAINS_MV, flat)
    noisy, noise = above(noise_mv(signal, fs_hz), NOISE_MV, (*flat, *humming))
    return [*_leads("baseline_wander", wandering, "{leads}: the baseline wanders by up to {level} mV.", level=wander),
            *_leads("mains", humming, "{leads}: mains hum of up to {level} mV.", level=hum),
            *_leads("noise", noisy, "{leads}: noise of up to {level} mV between the beats.", level=noise)]

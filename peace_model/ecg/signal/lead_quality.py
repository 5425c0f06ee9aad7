"""How good each lead is, as one number with what it is made of."""

from dataclasses import dataclass

import numpy as np

from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.disturbance import mains_mv, noise_mv, wander_mv
from peace_model.ecg.signal.heartbeats import without_gaps
from peace_model.ecg.signal.lead_truth import duplicate_leads, flat_leads
from peace_model.ecg.signal.rail import railed_leads

NOISE_MV = 0.05
MAINS_MV = 0.05
WANDER_MV = 1.0
"""Amplitudes from which on a disturbance is named as a finding, and at which the index is one half."""


@dataclass(frozen=True)
class LeadQuality:
    """One lead. index: 1 undisturbed, 0.5 where its worst disturbance is at the limit of a finding, 0 where the lead
    shows nothing of its own (flat, on the rail, repeated, empty); times the share of samples that were recorded.

    noise_mv: standard deviation between the beats; mains_mv: amplitude of the hum; wander_mv: range of the baseline.
    """

    lead: str
    index: float
    noise_mv: float
    mains_mv: float
    wander_mv: float


def lead_quality(recording: Recording) -> tuple[LeadQuality, ...]:
    """One a lead of the recording, in its order."""
    if recording.n_samples == 0:
        return tuple(LeadQuality(lead, 0.0, 0.0, 0.0, 0.0) for lead in recording.leads)
    signal, fs_hz = without_gaps(recording.signal_mv), recording.fs_hz
    noise, mains, wander = noise_mv(signal, fs_hz), mains_mv(signal, fs_hz), wander_mv(signal, fs_hz)
    recorded = np.isfinite(recording.signal_mv).mean(axis=1)
    worst = np.max([noise / NOISE_MV, mains / MAINS_MV, wander / WANDER_MV], axis=0)
    nothing = {*flat_leads(recording), *railed_leads(recording), *duplicate_leads(recording)}
    return tuple(
        LeadQuality(lead, 0.0 if lead in nothing else float(recorded[row] / (1 + worst[row] ** 2)),
                    float(noise[row]), float(mains[row]), float(wander[row]))
        for row, lead in enumerate(recording.leads))

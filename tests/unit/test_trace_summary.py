"""A recording in words: every lead with its role, reach and quality."""

from pathlib import Path

import numpy as np

from peace_desktop.ui.trace.strip_item import reach_mv
from peace_desktop.ui.trace.summary import lead_sentences, rhythm_sentence
from peace_model.ecg.measurement import measure
from peace_model.ecg.recording import LeadRole, Recording, RoleKind, Source
from peace_model.ecg.signal.lead_quality import LeadQuality
from peace_model.ecg.simulation import SimulationSpec, simulate


def test_every_lead_tells_its_role_its_reach_and_its_quality():
    signal = np.zeros((3, 1000), np.float32)
    signal[0, 100], signal[0, 200] = 1.25, -0.5
    signal[1] += 0.4
    roles = (LeadRole("I", RoleKind.RECORDED), LeadRole("II", RoleKind.DUPLICATE, "I"),
             LeadRole("III", RoleKind.DERIVED, "I, II"), LeadRole("V2", RoleKind.ABSENT))
    recording = Recording(signal, 500.0, ("I", "II", "III"), roles, None, None, None, "",
                          Source(Path("x.hea"), "wfdb", "0" * 64, ()))

    def reach(lead: str, way: int) -> float:
        return reach_mv(recording.lead(lead), way)

    told = lead_sentences(recording, reach, (LeadQuality("I", 0.75, 0.0, 0.0, 0.0),))
    assert told == ("I: recorded, from −0.50 to +1.25 mV, quality 0.75.", "II: the same as I, from 0.00 to +0.00 mV.",
                    "III: derived from I, II, from 0.00 to +0.00 mV.", "V2: not recorded.")


def test_rate_and_rhythm_are_a_sentence_and_nothing_where_nothing_was_measured():
    recording = simulate(SimulationSpec(age_days=900, sex="F", seed=2)).recording
    told = rhythm_sentence(measure(recording))
    assert "Heart rate" in told
    assert "bpm" in told
    assert rhythm_sentence(()) == ""

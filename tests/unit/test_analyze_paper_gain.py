"""A report halves the precordial leads only where their traces would cross a neighbour's at 10 mm/mV."""

from dataclasses import replace

import numpy as np

from peace_desktop.jobs.analyse_file import crowds_the_paper
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.section import section_of
from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.ecg.simulation.demo import demo_recipe


def scaled(recording: Recording, factor: float) -> Recording:
    return replace(recording, signal_mv=(recording.signal_mv * factor).astype(np.float32))


def test_the_newborn_of_the_demo_prints_at_full_standard_and_the_hypertrophies_at_half() -> None:
    demo = {item.name: simulate(item.spec).recording for item in demo_recipe()}
    assert not crowds_the_paper(demo["demo_01"])
    assert crowds_the_paper(demo["demo_03"])
    assert crowds_the_paper(demo["demo_05"])


def test_a_small_heart_does_not_cross_and_a_tall_one_does() -> None:
    recording = simulate(SimulationSpec(age_days=1500, sex="M", seed=1)).recording
    assert not crowds_the_paper(scaled(recording, 0.3))
    assert crowds_the_paper(scaled(recording, 3.0))


def test_one_artefact_does_not_halve_the_page() -> None:
    quiet = scaled(simulate(SimulationSpec(age_days=1500, sex="M", seed=1)).recording, 0.3)
    signal = quiet.signal_mv.copy()
    signal[quiet.leads.index("V2"), 3000:3010] = -9.0
    assert not crowds_the_paper(replace(quiet, signal_mv=signal))


def test_of_a_long_recording_what_is_printed_counts() -> None:
    minute = simulate(SimulationSpec(age_days=1500, sex="M", seed=1, duration_s=60.0, fs_hz=100.0)).recording
    quiet, tall = (scaled(minute, factor).signal_mv for factor in (0.1, 3.0))
    night = replace(minute, signal_mv=np.concatenate([quiet] * 10 + [tall], axis=1))
    assert not crowds_the_paper(night, section_of(night))
    assert crowds_the_paper(night, section_of(night, 600.0))


def test_nothing_recorded_crowds_nothing() -> None:
    recording = simulate(SimulationSpec(age_days=1500, sex="M", seed=1)).recording
    assert not crowds_the_paper(replace(recording, signal_mv=np.full_like(recording.signal_mv, np.nan)))
    assert not crowds_the_paper(replace(recording, signal_mv=recording.signal_mv[:, :0].copy()))

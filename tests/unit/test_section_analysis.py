"""Long recordings are analysed by sections: only those seconds are measured, and everything said stands at its time."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from window_cases import SmallPredictor

from peace_desktop.jobs.analysis_record import analysis_record
from peace_desktop.jobs.case import analyse
from peace_desktop.report.clock import elapsed
from peace_desktop.report.content import build_content
from peace_model.ecg.measurement import measure
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import Recording, Source, roles_of
from peace_model.ecg.signal.filters import FilterSetting, display_filter, display_filter_part
from peace_model.ecg.signal.section import SECTION_S, part_of, section_of
from peace_model.ecg.simulation import SimulationSpec, simulate


@pytest.fixture(scope="module")
def long_one() -> Recording:
    """Eleven minutes of two leads, the sixth of them nothing but a flat line."""
    minute = simulate(SimulationSpec(age_days=2500, sex="F", seed=3, duration_s=60.0, fs_hz=250.0)).recording
    leads = ("II", "V1")
    signal = np.tile(np.stack([minute.lead(lead) for lead in leads]), (1, 11))
    signal[:, 5 * minute.n_samples:6 * minute.n_samples] = 0.0
    return replace(minute, signal_mv=signal, leads=leads, roles=roles_of(leads))


def rate(case) -> float | None:
    return {item.name: item.value for item in case.measurements}["heart_rate_bpm"]


def test_a_short_recording_is_analysed_whole() -> None:
    recording = Recording(np.zeros((1, 60_000), np.float32), 100.0, ("II",), roles_of(("II",)), None, None, None, "",
                          Source(Path("x.hea"), "wfdb", "0" * 64, ()))
    assert recording.duration_s == 600.0
    assert section_of(recording) is None
    assert part_of(recording, None) is recording


@pytest.mark.parametrize(("at_s", "start_s"), [(0.0, 0.0), (130.004, 130.004), (-5.0, 0.0), (1e6, 600.0)])
def test_a_section_is_a_minute_inside_the_recording(long_one: Recording, at_s: float, start_s: float) -> None:
    section = section_of(long_one, at_s)
    assert section is not None
    assert section.start_s == pytest.approx(start_s, abs=1 / long_one.fs_hz)
    part = part_of(long_one, section)
    assert part.duration_s == SECTION_S
    first = round(section.start_s * long_one.fs_hz)
    assert np.array_equal(part.signal_mv, long_one.signal_mv[:, first:first + part.n_samples])


def test_numbers_are_of_the_section_and_maps_stand_at_its_time(long_one: Recording) -> None:
    case = analyse(long_one, predictor=SmallPredictor(), at_s=120.0)  # type: ignore[arg-type]
    assert case.section is not None
    assert (case.recording, case.section.start_s) == (long_one, 120.0)
    assert rate(case) == {item.name: item.value for item in measure(case.part)}["heart_rate_bpm"]
    assert case.prediction is not None
    assert case.prediction.windows_s == ((120.0, 130.0),)
    assert {item.start_s for item in case.prediction.explanations} == {120.0}
    flat = analyse(long_one, predictor=None, at_s=300.0)
    assert rate(flat) is None
    assert any("flat" in finding.code for finding in flat.findings)


def test_the_section_stands_in_the_record_and_on_both_pages(long_one: Recording) -> None:
    case = analyse(long_one, predictor=None, at_s=60.0)
    record = analysis_record(case, source_name="x", bundle=None, norms=load_norms(), application_version="0")
    assert record["section"] == {"start_s": 60.0, "end_s": 120.0}
    content = build_content(
        case.recording, case.findings, case.measurements, None, section=case.section, reading=None, title="x",
        audit_head="", application_version="0", printed_at=datetime.now(UTC))
    said = "Analysed: 0:01:00–0:02:00 of 0:11:00"
    assert content.findings[0].startswith(said)
    assert content.details is not None
    assert content.details.facts[0].startswith(said)
    assert "time 0:01:00.0–0:01:10.0 of 0:11:00" in content.trace.scale


def test_a_page_filtered_for_itself_is_that_of_the_whole_filtered(long_one: Recording) -> None:
    setting, span = FilterSetting(highpass_hz=0.5, lowpass_hz=40.0), slice(50_000, 52_500)
    whole = display_filter(long_one.signal_mv[:2], long_one.fs_hz, setting=setting)
    part = display_filter_part(long_one.signal_mv[:2], long_one.fs_hz, setting=setting, span=span)
    assert part == pytest.approx(whole[:, span], abs=1e-3)


@pytest.mark.parametrize(("second", "words"), [
    (0, "0:00:00"), (59.6, "0:01:00"), (3723, "1:02:03"), (86_400, "24:00:00")])
def test_times_read_as_a_clock(second: float, words: str) -> None:
    assert elapsed(second) == words
    assert elapsed(59.96, decimals=1) == "0:01:00.0"

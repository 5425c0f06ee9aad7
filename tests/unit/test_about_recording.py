"""What is told of how a recording was made: every origin, the steps, the groups, and nothing of what it shows."""

from dataclasses import replace
from pathlib import Path

import pytest

from peace_desktop.report.about import about_facts, about_lines, group_rows, step_words
from peace_desktop.report.clock import time_of
from peace_desktop.ui.findings.about_view import about_view
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import (
    DeclaredFilters,
    Finding,
    GroupKind,
    LeadRole,
    Origin,
    Recording,
    RoleKind,
    SignalGroup,
    Source,
)
from peace_model.ecg.simulation import SimulationSpec, simulate

PLANTED = "LEFT VENTRICULAR HYPERTROPHY"


@pytest.fixture
def recording() -> Recording:
    made = simulate(SimulationSpec(age_days=2500, sex="F", seed=3, duration_s=10.0)).recording
    roles = tuple(LeadRole(lead, RoleKind.DERIVED, "I, II") if lead in ("III", "aVR", "aVL", "aVF")
                  else LeadRole(lead, RoleKind.DUPLICATE, "V1") if lead == "V2" else LeadRole(lead, RoleKind.RECORDED)
                  for lead in made.leads)
    source = Source(
        Path("night.xml"), "muse", "ab" * 32, (Path("night.xml"),), version="9.0", producer="GE MAC 2000",
        rate_origin=Origin.HAND, gain_origin=Origin.FORMAT, quantum_mv=(0.00488,) * 12,
        filters=DeclaredFilters(0.16, 150.0, 60.0),
        groups=(SignalGroup("Median", GroupKind.MEDIAN, STANDARD_12[:8], 500.0, 600, False),
                SignalGroup("Rhythm", GroupKind.RHYTHM, STANDARD_12[:8], 500.0, 5000, True)))
    warning = Finding("calibration_pulse_left_out", (), "A calibration pulse was left out.")
    return replace(made, roles=roles, source=source, source_statements=(PLANTED,), warnings=(warning,), simulated=False)


def test_every_fact_is_told(recording: Recording) -> None:
    facts = {fact.name: fact.value for fact in about_facts(recording, kept="removed on import")}
    assert facts["Format"].endswith(", 9.0")
    assert "MUSE" in facts["Format"]
    assert facts["Recorder"] == "GE MAC 2000"
    assert facts["Files"] == "night.xml"
    assert facts["SHA-256"] == "ab" * 32
    assert facts["Sampling rate"] == "500 Hz, entered by hand"
    assert facts["Gain"] == "fixed by the format"
    assert facts["Step of the samples"] == "4.88 µV"
    assert facts["Recorder's filters"] == "0.16 to 150 Hz, mains 60 Hz"
    assert "aVR of I, II" in facts["Leads derived"]
    assert facts["Leads repeated"] == "V2 repeats V1"
    assert facts["Length"] == "10.0 s, 5000 samples a lead"
    assert "as simulated" in facts["Age"]
    assert facts["Identity"] == "removed on import"
    assert facts["Warning"] == "A calibration pulse was left out."


def test_the_rhythm_is_marked_as_shown_and_the_median_beat_is_not(recording: Recording) -> None:
    assert [(row.name, row.kind, row.chosen) for row in group_rows(recording)] == [
        ("Median", "median beat", False), ("Rhythm", "rhythm", True)]


def test_steps_that_differ_are_told_by_lead(recording: Recording) -> None:
    mixed = replace(recording, source=replace(recording.source, quantum_mv=(0.005, 0.005, *(None,) * 10)))
    assert "5 µV (I, II)" in step_words(mixed)
    assert "not told by the file" in step_words(mixed)
    assert step_words(replace(recording, source=replace(recording.source, quantum_mv=()))) == "not told by the file"


def test_what_machine_and_header_say_is_for_open_readers_only(recording: Recording) -> None:
    assert about_view(recording, None, blind=False).statements == (PLANTED,)
    blind = about_view(recording, None, blind=True)
    assert blind.statements == ()
    assert PLANTED not in f"{blind}"
    assert PLANTED not in " ".join(about_lines(recording))
    assert "ab" * 32 in " ".join(about_lines(recording))


@pytest.mark.parametrize(("text", "seconds"), [
    ("1:02:03", 3723.0), ("2:03", 123.0), ("90", 90.0), ("90,5", 90.5), ("0:00:10", 10.0), ("", None), ("1:", None),
    ("noon", None), ("-5", None)])
def test_times_are_read_as_people_write_them(text: str, seconds: float | None) -> None:
    assert time_of(text) == seconds

"""Measurements and rules follow a reader's boundaries; what the boundaries do not touch stays as it was."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from peace_desktop.jobs.measured_beat import MeasuredBeat, NoBeat, edited_measurements, measured_beat
from peace_desktop.report.limit_words import EDITED_MARK
from peace_desktop.report.measured import edited_words, measurement_rows
from peace_desktop.review.measurement_edits import edit_in
from peace_desktop.review.reading import new_draft
from peace_desktop.ui.findings.measurement_view import edited_summary, lead_table
from peace_desktop.ui.findings.measurement_view import measurement_rows as view_rows
from peace_model.ecg.boundaries import without
from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.measurement.delineation import delineate
from peace_model.ecg.measurement.edited import boundaries_of, measure_edited
from peace_model.ecg.simulation import SimulationSpec, simulate

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def child():
    recording = simulate(SimulationSpec(age_days=2650, sex="M", seed=3)).recording
    delineation = delineate(recording)
    return recording, delineation, measure(recording, delineation), boundaries_of(delineation.median)


def by_name(measurements):
    return {item.name: item for item in measurements}


def test_the_automatic_boundaries_give_the_automatic_measurements(child) -> None:
    recording, delineation, automatic, boundaries = child
    assert measure_edited(recording, delineation, boundaries, automatic) == automatic


def test_a_wider_qrs_moves_what_hangs_on_it_and_meets_the_rule(child) -> None:
    recording, delineation, automatic, boundaries = child
    before = by_name(automatic)
    wide = replace(boundaries, qrs_on=boundaries.qrs_on - 20, qrs_off=boundaries.qrs_off + 30)
    measured = measure_edited(recording, delineation, wide, automatic)
    after = by_name(measured)
    for name, change_ms in (("qrs_ms", 50), ("pr_ms", -20), ("qt_ms", 20), ("p_ms", 0)):
        assert after[name].value == pytest.approx(before[name].value + change_ms)
        assert after[name].origin == ("edited" if change_ms else before[name].origin)
        assert (after[name].confidence is None) == bool(change_ms)
    assert after["heart_rate_bpm"] == before["heart_rate_bpm"]
    assert after["qrs_ms"].flag == "above"
    met = [{rule.code: rule.positive for rule in apply_rules(recording, items)}["qrs_wide"]
           for items in (automatic, measured)]
    assert met == [False, True]


def test_each_changed_value_says_who_when_and_the_automatic_one(child) -> None:
    recording, delineation, automatic, boundaries = child
    draft = new_draft(recording.source.sha256, "Dr A")
    edit = edit_in(draft, replace(boundaries, p_on=boundaries.p_on - 16), automatic=boundaries, at=NOW)
    measured = edited_measurements(recording, automatic, edit, delineation)
    cells = [text for _lead, row in lead_table(measured).rows for text, _tip in row]
    assert 0 < sum(text.endswith(EDITED_MARK) for text in cells) < len(cells), "P amplitudes hang on the P onset"
    assert not any(text.endswith(EDITED_MARK) for _lead, row in lead_table(automatic).rows for text, _tip in row)
    (pr,) = (row for row in view_rows(measured) if row.name == "PR interval")
    assert "edited by Dr A on 2026-11-21" in pr.edit_text
    assert pr.edit_text in pr.accessible
    before, after = by_name(automatic)["pr_ms"], by_name(measured)["pr_ms"]
    (note,) = [note for note in after.notes if note.code == "edited"]
    assert "Dr A" in note.text
    assert f"automatic {before.value:.0f} ms" in note.text
    rows = {row.name: row.value for row in measurement_rows(measured)[0]}
    assert rows["PR interval"].endswith(EDITED_MARK)
    assert not rows["QRS duration"].endswith(EDITED_MARK)
    (line,) = edited_words(measured)
    assert f"PR interval {before.value:.0f} ms" in line
    assert edited_words(automatic) == ()
    assert f"PR interval {after.value:.0f} ms (automatic {before.value:.0f} ms)" in edited_summary(measured)
    assert edited_summary(automatic) == ""
    assert edited_measurements(recording, automatic, replace(edit, boundaries=None)) == automatic


def test_a_wave_taken_away_leaves_a_reason(child) -> None:
    recording, delineation, automatic, boundaries = child
    after = by_name(measure_edited(recording, delineation, without(boundaries, "p"), automatic))
    assert {after[name].value for name in ("p_ms", "pr_ms", "p_axis_deg")} == {None}
    assert after["pr_ms"].reason == "the reader found no such wave"
    assert after["pr_ms"].origin == "unavailable"


def test_a_beat_to_mark_or_the_reason_for_none(child) -> None:
    recording, _delineation, _automatic, boundaries = child
    found = measured_beat(recording)
    assert isinstance(found, MeasuredBeat)
    assert (found.automatic, found.leads) == (boundaries, recording.leads)
    short = replace(recording, signal_mv=recording.signal_mv[:, :300].copy())
    nothing = measured_beat(short)
    assert isinstance(nothing, NoBeat)
    assert nothing.reason

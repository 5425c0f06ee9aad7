"""What the page says: age, status, predictions, statements, versions; and what it must not say."""

from dataclasses import replace

import pytest
from report_samples import (
    AUDIT,
    BUNDLE,
    PRINTED_AT,
    SHA,
    blind,
    content_of,
    draft,
    finding,
    prediction,
    printed_text,
    signed,
    spikes,
)

from peace_desktop.review.reading import ReadingState, amend, sign
from peace_desktop.texts import render
from peace_model.ecg.leads import PEDIATRIC_9
from peace_model.ecg.measurement import measure
from peace_model.ecg.measurement.conventions import load_conventions
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import LeadRole, RoleKind
from peace_model.ecg.signal.filters import FilterSetting
from peace_model.ecg.simulation import Pathology, SimulationSpec, simulate


@pytest.fixture
def words(tmp_path):
    return lambda *args, **options: printed_text(tmp_path, content_of(*args, **options))


def test_everything_a_signed_report_must_carry(words):
    text = words(result=prediction(), reading=signed(), findings=(finding("Mains hum in V4.", "V4"),))
    for expected in (
        "7 years 6 months", "Female", "age band 5–7 years", "P00073", "2025-12-31 08:30", "Follow-up",
        "WFDB", SHA[:12], "25 mm/s", "10 mm/mV", "filters: none", "Mains hum in V4.", "FINAL", "Dr. Müller",
        "2026-03-04 14:06:07 UTC (15:06 local, UTC+0100)", "Confidence: 4 of 5", "Sinus rhythm.", "Meaning: read",
        "trained on adults only", "Name of RVH", "82 %", "≥ 41 %", "positive", "negative",
        "Present · agrees", "Present · disagrees", "Uncertain",
        "PEACE Desktop 0.1.0", "peace-ptbxl 1.0.0", BUNDLE, "pipeline 1", f"limits {load_norms().version}",
        f"rule conventions {load_conventions().version}, SHA-256 {load_conventions().sha256[:12]}",
        load_norms().sha256[:12], AUDIT, "Research use only — not a medical device",
        "Printed 2026-03-04 15:06:07+01:00",
    ):
        assert expected in text, expected
    assert "SIMULATED" not in text


def test_labels_share_one_note_that_names_each(words):
    text = words(result=prediction())
    assert text.count("Few records") == 1
    assert "3 (RVH), 4 (LVH), 5 (NORM)" in text


def test_unknown_age_and_sex_are_said_and_never_a_number(words):
    text = words(spikes(age_days=None, sex=None))
    assert "Age unknown" in text
    assert "Sex unknown" in text
    assert "years" not in text.split("INPUT TRUTH")[0]


def test_simulated_is_said_at_the_top_and_at_the_foot(words):
    assert words(spikes(simulated=True)).count("SIMULATED") == 2


def test_status_follows_the_reading(words):
    assert "PRELIMINARY Not read by a person." in words()
    assert "PRELIMINARY Not signed: draft of Dr. Müller." in words(reading=draft())
    first = signed()
    second = amend(first, reason="Sex was entered wrongly.", reading_id="feedbeef")
    assert "PRELIMINARY" in words(reading=second)
    text = words(reading=sign(second, reader="Dr. Müller", meaning="amended", at=PRINTED_AT))
    assert "AMENDED" in text
    assert "Amends reading 0123456789ab. Reason: Sex was entered wrongly." in text
    assert "A later reading replaces this one." in words(reading=first, superseded=True)
    assert "FINAL" not in words(reading=replace(first, state=ReadingState.AMENDED))


@pytest.mark.parametrize("state", [ReadingState.ASSIGNED, ReadingState.DRAFT, ReadingState.LOCKED])
def test_blind_reading_keeps_the_model_off_the_page(words, state):
    text = words(result=prediction(), reading=blind(state), selected=("RVH", "gradcam"))
    for hidden in ("82 %", "positive", "agrees", "trained on adults", "Map:", BUNDLE, "Few records"):
        assert hidden not in text
    assert "hidden until they are revealed" in text
    assert "Present" in text


def test_revealed_reading_shows_the_model(words):
    assert "82 %" in words(result=prediction(), reading=blind(ReadingState.REVEALED))


def test_missing_and_derived_leads_are_said(words):
    recording = spikes(PEDIATRIC_9)
    roles = tuple(LeadRole("aVF", RoleKind.DERIVED, "I, II") if r.lead == "aVF" else r for r in recording.roles)
    roles = tuple(LeadRole("V5", RoleKind.DUPLICATE, "V3") if r.lead == "V5" else r for r in roles)
    text = words(replace(recording, roles=roles))
    assert "not recorded: V2, V4, V6" in text
    assert "derived: aVF" in text
    assert "repeated: V5 = V3" in text
    assert text.count("V2 not recorded") == 1


def test_seconds_of_a_longer_recording_are_said(words):
    assert "seconds 4.0–14.0 of 20.0" in words(spikes(duration_s=20.0), start_s=4.0)
    assert "seconds" not in words(spikes(duration_s=10.0))
    assert "columns overlap in time" in words(spikes(duration_s=4.0))


def test_active_filter_is_named(words):
    assert "filters: 0.5–40 Hz, 50 Hz notch" in words(filter_setting=FilterSetting(0.5, 40.0, 50.0))
    assert "filters: none" in words(filter_setting=FilterSetting())


def test_measurements_carry_limits_with_source_or_say_why_not(words):
    recording = spikes()
    text = words(recording, measurements=measure(recording))
    assert "Heart rate" in text
    assert "Rijnbeek" in text
    assert "girls" in text
    assert "Not available: " in text
    unknown = spikes(age_days=None)
    assert "the age is unknown" in words(unknown, measurements=measure(unknown))


def test_a_newborn_beyond_the_table_gets_no_limit_and_what_is_for_reading_says_so_in_full(words):
    recording = simulate(SimulationSpec(6, "M", 1, duration_s=6)).recording
    text = words(recording, measurements=measure(recording))
    rate = ("no published limit (age 6 d); for reading only: 90–160 Chicago teaching table, 0 to under 7 days, both "
            "sexes [1]")
    assert text.count("no published limit (age 6 d)") >= 6, "rate, PR, QRS and QRS axis on both pages"
    assert rate in text


def test_every_remark_of_a_measurement_is_printed_whole(words):
    recording = simulate(SimulationSpec(40, "F", 4, duration_s=8)).recording
    measured = measure(recording)
    text = words(recording, measurements=measured)
    remarks = {render(note).rstrip(".") for item in measured if item.lead is None for note in item.notes}
    assert any("overcorrects" in remark for remark in remarks)
    for remark in remarks:
        assert remark in text, remark


def test_the_second_page_holds_every_lead_rule_and_source(words):
    recording = simulate(SimulationSpec(1500, "M", 1, duration_s=6, pathologies=frozenset({Pathology.CRBBB}))).recording
    text = words(recording, measurements=measure(recording))
    for expected in ("EVERY LEAD", "RULE RESULTS", "SOURCES", "Eur Heart J 2001;22:702", "Circulation 2009;119:e235",
                     "Complete right bundle branch block pattern", "approximate z", "no published limit at this age",
                     "upright", "none met does not mean normal"):
        assert expected in text, expected
    hidden = words(recording, measurements=measure(recording), reading=blind())
    assert "rule results are hidden" in hidden
    assert "bundle branch" not in hidden


def test_what_a_rule_itself_remarks_is_printed_on_both_pages_and_what_its_measurement_remarks_once(words):
    recording = simulate(SimulationSpec(2972, "F", 1, duration_s=6)).recording
    measured = [replace(item, value=-95.0) if item.name == "qrs_axis_deg" else item for item in measure(recording)]
    text = words(recording, measurements=measured)
    extreme = "Between -90 and -180 degrees: an extreme axis, left and right alike"
    assert text.count(extreme) == 2
    assert text.count("With the mean RR interval") == 4, "at the four QTc, not at the rules on them"


def test_statements_that_answered_another_model_are_said(words):
    other = replace(prediction(), bundle_sha256="77" * 32)
    assert f"answered another model, SHA-256 {BUNDLE[:12]}" in words(result=other, reading=draft())
    assert "answered another" not in words(result=prediction(), reading=draft())


def test_no_prediction_says_why(words):
    assert "No prediction: No bundle was found." in words(prediction_error="No bundle was found.")


def test_statement_without_a_prediction_keeps_its_row(words):
    assert "Right ventricular hypertrophy no prediction Present" in words(reading=draft())


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        content_of(printed_at=PRINTED_AT.replace(tzinfo=None))

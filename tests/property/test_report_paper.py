"""The page: every lead once, gaps labelled, seconds inside the recording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_desktop.report.paper import Gain, LayoutKind, load_ink, page_layout
from peace_model.ecg.leads import FRANK, PEDIATRIC_9, PEDIATRIC_15, STANDARD_12

KINDS = st.sampled_from(list(LayoutKind))
LEADS = st.lists(st.sampled_from(PEDIATRIC_15 + FRANK), min_size=1, unique=True).map(tuple)
SECONDS = st.floats(min_value=0.2, max_value=200, allow_nan=False)


PAGE_SECONDS = st.sampled_from([5.0, 10.0, 20.0])


@given(kind=KINDS, leads=LEADS, duration_s=SECONDS, start_s=st.floats(-5, 300), seconds=PAGE_SECONDS)
def test_every_lead_has_one_place_inside_the_recording(kind, leads, duration_s, start_s, seconds):
    page = page_layout(kind, leads=leads, duration_s=duration_s, start_s=start_s, seconds=seconds)
    body = [s for s in page.strips if s.group != "rhythm"]
    wider = page.kind is LayoutKind.THREE_BY_FIVE_RHYTHM
    gaps = () if kind is LayoutKind.STRIP else PEDIATRIC_15 if wider else STANDARD_12
    assert sorted(s.lead for s in body) == sorted({*gaps, *leads})
    assert {s.lead for s in body if s.present} == set(leads)
    places = [(s.row, s.column, s.stroke) for s in page.strips]
    assert len(set(places)) == len(places)
    for strip in page.strips:
        assert 0 <= strip.row < page.rows
        assert 0 <= strip.column < page.columns
        assert 0 <= strip.start_s < strip.end_s <= duration_s
        width = page.seconds if strip.group == "rhythm" else page.column_s
        assert strip.end_s - strip.start_s <= width + 1e-9


@given(kind=KINDS, leads=LEADS, start_s=st.floats(0, 50))
def test_a_recording_as_long_as_the_page_runs_on_from_column_to_column(kind, leads, start_s):
    page = page_layout(kind, leads=leads, duration_s=60.0, start_s=start_s)
    assert page.consecutive
    assert page.start_s == pytest.approx(start_s)


@given(kind=KINDS, leads=LEADS, duration_s=SECONDS)
def test_every_row_opens_with_a_pulse_and_every_gain_is_shown(kind, leads, duration_s):
    page = page_layout(kind, leads=leads, duration_s=duration_s)
    gain = Gain(10.0, precordial_half=True)
    pulses = page.pulses()
    assert {p.row for p in pulses if p.side == "left"} == set(range(page.rows))
    for row in range(page.rows):
        shown = {gain.of(p.strip) for p in pulses if p.row == row}
        assert shown == {gain.of(s) for s in page.row(row)}


def test_standard_page():
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=STANDARD_12, duration_s=10.0)
    assert (page.rows, page.columns, page.column_s) == (4, 4, 2.5)
    by_lead = {s.lead: s for s in page.strips if s.group != "rhythm"}
    assert (by_lead["V5"].row, by_lead["V5"].column, by_lead["V5"].start_s) == (1, 3, 7.5)
    rhythm = page.strips[-1]
    assert (rhythm.lead, rhythm.row, rhythm.start_s, rhythm.end_s) == ("II", 3, 0.0, 10.0)


def test_cabrera_draws_avr_upside_down():
    page = page_layout(LayoutKind.CABRERA, leads=STANDARD_12, duration_s=10.0)
    assert [s.label for s in page.strips[:6]] == ["aVL", "I", "−aVR", "II", "aVF", "III"]
    assert {s.label for s in page.strips if s.sign == -1} == {"−aVR"}


def test_nine_leads_leave_labelled_gaps():
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=PEDIATRIC_9, duration_s=10.0)
    assert [s.label for s in page.strips if not s.present] == ["V2", "V4", "V6"]


def test_fifteen_leads_get_a_row_of_their_own():
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=PEDIATRIC_15, duration_s=10.0)
    assert page.rows == 5
    assert [s.label for s in page.row(3)] == ["V3R", "V4R", "V7"]


def test_right_sided_and_posterior_leads_have_a_column_only_where_one_of_them_is_there():
    both = (*(lead for lead in PEDIATRIC_15 if lead not in ("V3", "V4", "V7")),)
    page = page_layout(LayoutKind.THREE_BY_FIVE_RHYTHM, leads=both, duration_s=10.0)
    assert (page.rows, page.columns, page.column_s) == (4, 5, 2.0)
    assert [(s.label, s.present) for s in page.strips if s.column == 4] == [("V3R", True), ("V4R", True), ("V7", False)]
    assert [s.label for s in page.strips if not s.present] == ["V3", "V4", "V7"]
    page = page_layout(LayoutKind.THREE_BY_FIVE_RHYTHM, leads=STANDARD_12, duration_s=10.0)
    assert page == page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=STANDARD_12, duration_s=10.0)


def test_leads_over_each_other_show_the_same_seconds_in_strokes_of_their_own():
    page = page_layout(LayoutKind.OVERLAY, leads=PEDIATRIC_15, duration_s=30.0, start_s=4.0)
    assert [[s.lead for s in page.row(row)] for row in range(page.rows)] == [
        list(PEDIATRIC_15[:6]), list(PEDIATRIC_15[6:12]), list(PEDIATRIC_15[12:])]
    assert {(s.start_s, s.end_s) for s in page.strips} == {(4.0, 14.0)}
    ink = load_ink()
    for row in range(page.rows):
        looks = [ink.stroke(strip) for strip in page.row(row)]
        assert len(set(looks)) == len(looks)
    # A map of all leads stands once behind a row; one of a single lead would seem to speak of all of them.
    assert sorted(s.row for s in page.mapped(None)) == [0, 1, 2]
    assert page.mapped("V2") == ()


@given(lead=st.sampled_from(PEDIATRIC_15), steps=st.lists(st.sampled_from([0.5, 2.0]), max_size=8),
       half=st.booleans())
def test_the_gain_of_one_lead_leaves_the_others_alone(lead, steps, half):
    page = page_layout(LayoutKind.TWELVE_BY_ONE, leads=PEDIATRIC_15, duration_s=10.0)
    usual = gain = Gain(10.0, precordial_half=half)
    for step in steps:
        gain = gain.scaled(lead, step)
    assert 0.25 <= gain.factor(lead) <= 4.0
    for strip in page.strips:
        expected = gain.factor(lead) if strip.lead == lead else 1.0
        assert gain.of(strip) == pytest.approx(usual.of(strip) * expected)
    assert (gain == usual) == (gain.factor(lead) == 1.0)


def test_short_recording_fills_its_columns_and_says_so():
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=STANDARD_12, duration_s=5.0)
    assert not page.consecutive
    assert all(s.end_s - s.start_s == pytest.approx(2.5) for s in page.strips[:12])


def test_rhythm_strip_takes_a_lead_that_is_there():
    page = page_layout(LayoutKind.THREE_BY_FOUR_RHYTHM, leads=("V1", "V5"), duration_s=10.0)
    assert page.strips[-1].lead == "V1"


def test_paper_of_nothing_is_refused():
    with pytest.raises(ValueError, match="duration_s"):
        page_layout(LayoutKind.CABRERA, leads=STANDARD_12, duration_s=0.0)
    with pytest.raises(ValueError, match="lead"):
        page_layout(LayoutKind.CABRERA, leads=(), duration_s=10.0)


def test_map_and_trace_differ_by_lightness_not_only_by_colour():
    ink = load_ink()

    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    ramp = [lightness(ink.map_colour(k / 10)) for k in range(11)]
    assert ramp == sorted(ramp, reverse=True)
    assert lightness(ink.colours["grid_minor"]) > lightness(ink.colours["grid_major"])
    for behind in (ramp[-1], lightness(ink.colours["grid_major"])):
        contrast = (behind + 0.05) / (lightness(ink.colours["trace"]) + 0.05)
        assert contrast > 4.5

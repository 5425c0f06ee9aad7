"""The sheet in millimetres: speed and rows are what they say, and a place and its second are each other's inverse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peace_desktop.report.paper import Gain, LayoutKind, page_layout
from peace_desktop.ui.trace.map_bands import map_bands
from peace_desktop.ui.trace.scale import claimed_scale
from peace_desktop.ui.trace.sheet import Sheet, paper_seconds, row_height_mm
from peace_model.ecg.leads import PEDIATRIC_9, PEDIATRIC_15, STANDARD_12
from peace_model.inference.prediction import Explanation

KINDS = st.sampled_from(list(LayoutKind))
LEADS = st.sampled_from([STANDARD_12, PEDIATRIC_15, PEDIATRIC_9])
SPEEDS = st.sampled_from([12.5, 25.0, 50.0])


def sheet_of(kind, leads, speed, duration_s=20.0, visible_mm=220.0):
    page = page_layout(kind, leads=leads, duration_s=duration_s, seconds=paper_seconds(duration_s, speed))
    return Sheet(page, Gain(), speed, row_height_mm(page.rows, visible_mm))


@given(kind=KINDS, leads=LEADS, speed=SPEEDS, duration_s=st.floats(1, 60), visible_mm=st.floats(20, 900))
def test_a_second_of_a_strip_is_speed_millimetres(kind, leads, speed, duration_s, visible_mm):
    sheet = sheet_of(kind, leads, speed, duration_s, visible_mm)
    for strip in sheet.page.strips:
        begin, end = (sheet.time_x_mm(strip, t) for t in (strip.start_s, strip.end_s))
        assert end - begin == pytest.approx((strip.end_s - strip.start_s) * speed)
        assert sheet.left_mm - 1e-6 <= begin
        assert end <= sheet.left_mm + sheet.traces_mm + 1e-6
        assert sheet.baseline_mm(strip.row) % 5 == pytest.approx(0)
        middle = (strip.start_s + strip.end_s) / 2
        if strip.present:
            x_mm = sheet.time_x_mm(strip, middle)
            assert sheet.strip_at(x_mm, sheet.baseline_mm(strip.row), lead=strip.lead) == strip
            assert sheet.time_at(strip, x_mm) == pytest.approx(middle)


@given(speed=SPEEDS, duration_s=st.floats(0.5, 3600))
def test_the_page_is_never_wider_than_the_printed_one(speed, duration_s):
    assert 0 < paper_seconds(duration_s, speed) * speed <= 250


@given(x=st.floats(-10, 1000), y=st.floats(-10, 1000), logical=st.floats(-10, 1000))
def test_what_a_screen_claims_is_believed_only_when_plausible(x, y, logical):
    scale = claimed_scale(physical_dpi_x=x, physical_dpi_y=y, logical_dpi=logical)
    assert not scale.measured
    assert all(50 / 25.4 - 1e-9 <= value <= 400 / 25.4 + 1e-9 for value in (scale.x, scale.y))
    assert max(scale.x, scale.y) / min(scale.x, scale.y) <= 1.25 + 1e-9


@given(kind=KINDS, leads=LEADS, lead=st.sampled_from([None, "V1", "V2"]), values=st.lists(
    st.floats(0, 1), min_size=1, max_size=60))
def test_map_bands_stand_in_their_strips_at_their_seconds(kind, leads, lead, values):
    sheet = sheet_of(kind, leads, 25.0, duration_s=12.0)
    step_s = 12.0 / len(values)
    explanation = Explanation("x", "gradcam", np.asarray(values, np.float32), 0.0, step_s, lead)
    bands = map_bands((explanation,), sheet, levels=8)
    shown = sheet.page.mapped(lead)
    for band in bands:
        strip = sheet.strip_at(band.x_mm + band.width_mm / 2, band.y_mm + band.height_mm / 2)
        assert strip in shown
        second = sheet.time_at(strip, band.x_mm + band.width_mm / 2)
        value = values[min(int(second / step_s), len(values) - 1)]
        assert abs(value - band.value) <= 1 / 14 + 1e-6 or abs(second / step_s - round(second / step_s)) < 1e-6
        assert 0 < band.value <= 1

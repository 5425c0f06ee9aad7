"""Millimetres read back from the PDF: speed, gain, pulses, grid."""

import numpy as np
import pytest
from report_samples import PEAK_MV, PEAKS_S, content_of, drawing_of, prediction, printed_text, spikes

from peace_desktop.report.frame import ReportError
from peace_desktop.report.paper import Gain, LayoutKind
from peace_desktop.report.pdf import write_pdf
from peace_model.ecg.leads import FRANK, PEDIATRIC_15

PULSE_POINTS = 6


@pytest.fixture
def page(tmp_path):
    def draw(content, **options):
        path = tmp_path / "page.pdf"
        write_pdf(content, path, **options)
        return drawing_of(path)

    return draw


def rhythm_strip(drawing):
    return max(drawing.of_length(50), key=lambda line: np.ptp(line[:, 0]))


def peaks(line):
    """(x, height above the baseline) of every triangle, in mm."""
    base = np.median(line[:, 1])
    inner = line[1:-1, 1]
    top = np.flatnonzero((inner > line[:-2, 1]) & (inner >= line[2:, 1]) & (inner > base + 3)) + 1
    return line[top, 0], line[top, 1] - base


@pytest.mark.parametrize("paper", ["A4", "letter"])
@pytest.mark.parametrize("fs_hz", [100.0, 257.0, 500.0, 1000.0, 2000.0])
def test_speed_and_gain_of_the_rhythm_strip(page, fs_hz, paper):
    x, height = peaks(rhythm_strip(page(content_of(spikes(fs_hz=fs_hz)), paper=paper)))
    assert x - x[0] == pytest.approx((np.array(PEAKS_S) - PEAKS_S[0]) * 25.0, abs=25 / fs_hz + 0.02)
    if fs_hz in (100.0, 500.0, 1000.0, 2000.0):
        assert height == pytest.approx(np.full(len(PEAKS_S), PEAK_MV * 10.0), abs=0.1)


def test_a_page_is_as_large_as_its_paper(page):
    assert page(content_of()).size_mm == pytest.approx((297.0, 210.0), abs=0.01)
    assert page(content_of(), paper="letter").size_mm == pytest.approx((279.4, 215.9), abs=0.01)


def test_pulse_is_one_millivolt_for_a_fifth_of_a_second(page):
    pulses = page(content_of()).of_length(PULSE_POINTS, PULSE_POINTS)
    assert len(pulses) == 4 + 3
    for pulse in pulses:
        assert np.ptp(pulse[:, 1]) == pytest.approx(10.0, abs=0.02)
        assert pulse[3, 0] - pulse[2, 0] == pytest.approx(5.0, abs=0.02)


@pytest.mark.parametrize("mm_per_mv", [5.0, 20.0])
@pytest.mark.parametrize("layout", list(LayoutKind))
def test_pulses_of_other_gains_are_whole(page, mm_per_mv, layout):
    drawing = page(content_of(gain=Gain(mm_per_mv), layout=layout))
    top = max(line[:, 1].max() for line in drawing.of_length(2, 2))
    for pulse in drawing.of_length(PULSE_POINTS, PULSE_POINTS):
        assert np.ptp(pulse[:, 1]) == pytest.approx(mm_per_mv, abs=0.02)
        assert pulse[:, 1].max() < top


def test_half_standard_halves_precordial_leads_and_their_pulses_only(page):
    drawing = page(content_of(gain=Gain(10.0, precordial_half=True)))
    middle = drawing.size_mm[0] / 2
    pulses = drawing.of_length(PULSE_POINTS, PULSE_POINTS)
    assert {round(float(np.ptp(p[:, 1])), 1) for p in pulses if p[0, 0] < middle} == {10.0}
    assert {round(float(np.ptp(p[:, 1])), 1) for p in pulses if p[0, 0] > middle} == {5.0}
    for line in drawing.of_length(50):
        _, height = peaks(line)
        expected = PEAK_MV * (10.0 if line[0, 0] < middle - 1 else 5.0)
        assert height == pytest.approx(np.full(height.size, expected), abs=0.1)


def test_the_gain_of_one_lead_is_drawn_and_printed_at_it(page, tmp_path):
    content = content_of(gain=Gain(10.0, own=(("V2", 2.0),)), layout=LayoutKind.SIX_BY_TWO)
    heights = [peaks(line)[1].max() for line in page(content).of_length(50)]
    assert sorted(np.round(heights, 0)) == [PEAK_MV * 10.0] * 11 + [PEAK_MV * 20.0]
    text = printed_text(tmp_path, content)
    assert "20 mm/mV" in text
    assert "V2 at 2× the gain" in text


def test_fifteen_leads_are_printed_in_five_columns_with_the_missing_one_named(page, tmp_path):
    leads = tuple(lead for lead in PEDIATRIC_15 if lead != "V4R")
    content = content_of(spikes(leads), layout=LayoutKind.THREE_BY_FIVE_RHYTHM)
    assert len(page(content).of_length(20)) == 14 + 1
    text = printed_text(tmp_path, content)
    for lead in PEDIATRIC_15:
        assert lead in text
    assert text.count("not recorded") == 1


def test_leads_over_each_other_are_printed_on_the_lines_of_their_groups(page):
    drawing = page(content_of(layout=LayoutKind.OVERLAY))
    levels = sorted(round(float(np.median(line[:, 1])), 1) for line in drawing.of_length(50))
    assert len(levels) == 12
    assert levels[0] == levels[5] < levels[6] == levels[11]


def test_grid_lines_are_one_and_five_millimetres_apart(page):
    lines = page(content_of()).of_length(2, 2)
    upright = [line[0, 0] for line in lines if np.ptp(line[:, 0]) == 0 and np.ptp(line[:, 1]) > 50]
    flat = [line[0, 1] for line in lines if np.ptp(line[:, 1]) == 0 and np.ptp(line[:, 0]) > 200]
    for places in (upright, flat):
        once = np.unique(np.round(places, 2))
        assert np.diff(once) == pytest.approx(np.ones(once.size - 1), abs=0.015)
        twice = sorted(place for place in once if np.sum(np.isclose(places, place, atol=0.01)) == 2)
        assert np.diff(twice) == pytest.approx(np.full(len(twice) - 1, 5.0), abs=0.015)


def test_pulses_stand_on_lines_of_the_grid(page):
    drawing = page(content_of())
    left = min(line[0, 0] for line in drawing.of_length(2, 2))
    low = min(line[0, 1] for line in drawing.of_length(2, 2))
    for pulse in drawing.of_length(PULSE_POINTS, PULSE_POINTS):
        for edge in (pulse[2, 0] - left, pulse[0, 1] - low):
            assert edge == pytest.approx(round(edge), abs=0.02)


@pytest.mark.parametrize("layout", list(LayoutKind))
def test_every_layout_is_true_to_scale_and_holds_every_lead(page, layout):
    drawing = page(content_of(layout=layout))
    traces = drawing.of_length(50)
    rhythm = layout in (LayoutKind.THREE_BY_FOUR_RHYTHM, LayoutKind.THREE_BY_FIVE_RHYTHM)
    assert len(traces) == (13 if rhythm else 12)
    for line in traces:
        _, height = peaks(np.column_stack([line[:, 0], np.abs(line[:, 1] - np.median(line[:, 1]))]))
        assert height == pytest.approx(np.full(height.size, PEAK_MV * 10.0), abs=0.1)


def test_cabrera_draws_avr_downwards(page):
    traces = page(content_of(layout=LayoutKind.CABRERA)).of_length(50)
    downward = [line for line in traces if np.median(line[:, 1]) - line[:, 1].min() > 10]
    assert len(downward) == 1


def test_a_gap_in_the_samples_stays_a_gap(page):
    recording = spikes()
    signal = recording.signal_mv.copy()
    signal[:, 600:640] = np.nan
    whole, broken = page(content_of(recording)), page(content_of(spikes(signal_mv=signal)))
    assert len(broken.of_length(50)) == len(whole.of_length(50)) + 3 + 1
    assert all(np.isfinite(line).all() for line in broken.lines)


def test_one_high_sample_survives_at_any_rate(page):
    recording = spikes(fs_hz=4000.0, peak_mv=0.0)
    signal = recording.signal_mv.copy()
    signal[:, 12345] = 2.0
    line = rhythm_strip(page(content_of(spikes(fs_hz=4000.0, signal_mv=signal))))
    assert np.ptp(line[:, 1]) == pytest.approx(20.0, abs=0.1)
    assert len(line) < 12000


def test_railed_traces_stay_on_the_paper_and_are_named(page, tmp_path):
    content = content_of(spikes(peak_mv=30.0))
    drawing = page(content)
    for line, clip in zip(drawing.lines, drawing.clips, strict=True):
        if len(line) > 50:
            assert clip is not None
            assert clip[0] >= 4
            assert clip[0] + clip[2] <= drawing.size_mm[0] - 4
            assert clip[3] <= 105.01
    assert "cut at the paper's edge: I, II" in printed_text(tmp_path, content)


def test_the_map_lies_under_the_traces_of_the_seconds_it_speaks_of(tmp_path):
    text = printed_text(tmp_path, content_of(result=prediction(), selected=("RVH", "gradcam")))
    assert "Map: Grad-CAM++ for Name of RVH" in text
    assert "Map:" not in printed_text(tmp_path, content_of(result=prediction()))


def test_fifteen_leads_fit_and_too_many_rows_are_refused(tmp_path, page):
    assert len(page(content_of(spikes(PEDIATRIC_15))).of_length(50)) == 16
    with pytest.raises(ReportError, match="3x4"):
        write_pdf(content_of(spikes(PEDIATRIC_15 + FRANK), layout=LayoutKind.TWELVE_BY_ONE), tmp_path / "no.pdf")
    assert not list(tmp_path.glob("no*"))

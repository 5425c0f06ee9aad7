"""Millimetres on the screen, measured in the picture of the widget itself: grid and calibration pulse, in pixels."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from peace_desktop.report.paper import LayoutKind, load_ink
from peace_desktop.ui.trace.calibration_dialog import CalibrationDialog, measures
from peace_desktop.ui.trace.scale import ScreenScale
from peace_desktop.ui.trace.trace_view import TraceView
from peace_model.ecg.leads import PEDIATRIC_15, STANDARD_12
from peace_model.ecg.recording import Recording, Source, roles_of

ACROSS, DOWN = 3.78, 3.9


def flat_recording(leads=STANDARD_12, duration_s=10.0, fs_hz=500.0, **said):
    signal = np.zeros((len(leads), int(duration_s * fs_hz)), np.float32)
    return Recording(signal, fs_hz, leads, roles_of(leads), None, None, None, "",
                     Source(Path("flat.hea"), "wfdb", "0" * 64, ()), **said)


@pytest.fixture
def view(qtbot):
    made = TraceView()
    qtbot.addWidget(made)
    made.resize(1500, 950)
    made.set_screen_mm(ACROSS, DOWN)
    made.show()
    made.show_recording(flat_recording())
    return made


def picture(view, ratio=1.0) -> np.ndarray:
    """The paper's viewport as uint8 (rows, columns, 3), drawn at a device pixel ratio."""
    viewport = view.paper.viewport()
    image = QImage(viewport.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    viewport.render(image)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return pixels[:, : image.width(), 2::-1].copy()


def is_colour(pixels: np.ndarray, name: str) -> np.ndarray:
    colour = load_ink().colours[name]
    return (pixels == [int(colour[k : k + 2], 16) for k in (1, 3, 5)]).all(axis=-1)


def pulse_pixels(view, ratio=1.0, row=0) -> tuple[float, float]:
    """Width and height of a row's calibration pulse as its black pixels stand in the picture."""
    sheet = view.sheet()
    dark = picture(view, ratio).sum(axis=-1) < 120
    corner = view.place_px(0.0, sheet.row_top_mm(row)) * ratio
    end = view.place_px(sheet.left_mm - 0.5, sheet.row_top_mm(row) + sheet.row_mm) * ratio
    area = dark[max(int(corner.y()), 0) : int(end.y()), : int(end.x())]
    edges = np.flatnonzero(area.sum(axis=0) > 3 * ratio)
    levels = np.flatnonzero(area.sum(axis=1) > 3 * ratio)
    return float(edges[-1] - edges[0]), float(levels[-1] - levels[0])


def grid_pixels(view, ratio=1.0) -> tuple[float, float]:
    """Pixels per mm across and down from the first to the last big box's line that stand in the picture."""
    major = is_colour(picture(view, ratio), "grid_major")
    found = []
    for axis in (0, 1):
        lines = np.flatnonzero(major.mean(axis=axis) > 0.6)
        lines = lines[np.diff(lines, prepend=-9) > 1]
        # A flat trace lies on its baseline's line and hides it: only neighbouring lines are measured.
        steps = np.diff(lines)
        found.append(steps[steps < 1.5 * np.median(steps)].mean() / 5.0)
    return found[0], found[1]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("size", [QSize(900, 600), QSize(1500, 950), QSize(1901, 1033)])
def test_resizing_shows_more_paper_and_keeps_its_scale_on_both_axes(view, qtbot, size, ratio):
    view.resize(size)
    qtbot.wait(1)
    across, down = grid_pixels(view, ratio)
    assert across == pytest.approx(ACROSS * ratio, rel=0.005)
    assert down == pytest.approx(DOWN * ratio, rel=0.005)
    assert view.pixels_per_mm() == pytest.approx((ACROSS, DOWN))
    width, height = pulse_pixels(view, ratio)
    assert width == pytest.approx(5.0 * ACROSS * ratio, abs=1.51)
    assert height == pytest.approx(10.0 * DOWN * ratio, abs=1.51)


@pytest.mark.parametrize("speed", [12.5, 25.0, 50.0])
@pytest.mark.parametrize("gain", [5.0, 10.0, 20.0])
def test_speed_and_gain_change_the_pulse_and_never_the_grid(view, speed, gain):
    view.set_speed(speed)
    view.set_gain(gain)
    assert grid_pixels(view) == pytest.approx((ACROSS, DOWN), rel=0.005)
    width, height = pulse_pixels(view)
    assert width == pytest.approx(0.2 * speed * ACROSS, abs=1.01)
    assert height == pytest.approx(gain * DOWN, abs=1.01)
    written = " ".join(piece.text for piece in view.caption.writing)
    assert f"{speed:g} mm/s" in written
    assert f"{gain:g} mm/mV" in written


def test_half_standard_precordials_have_half_a_pulse_and_say_so(view):
    view.set_layout(LayoutKind.TWELVE_BY_ONE)
    view.resize(1500, 1400)
    view.set_gain(10.0, precordial_half=True)
    assert pulse_pixels(view, row=1)[1] == pytest.approx(10.0 * DOWN, abs=1.01)
    assert pulse_pixels(view, row=7)[1] == pytest.approx(5.0 * DOWN, abs=1.01)
    assert "precordial 5 mm/mV" in " ".join(piece.text for piece in view.caption.writing)


def test_scrolling_the_paper_and_the_recording_keeps_the_scale(view):
    view.show_recording(flat_recording(duration_s=30.0))
    view.resize(700, 500)
    for _step in range(3):
        view.paper.move_by(35.0, 10.0)
        view.set_start(view.start_s + 3.3)
        assert grid_pixels(view) == pytest.approx((ACROSS, DOWN), rel=0.005)


def test_zoom_is_a_factor_on_the_paper_and_is_written(view):
    view.set_zoom(1.5)
    assert grid_pixels(view) == pytest.approx((1.5 * ACROSS, 1.5 * DOWN), rel=0.005)
    assert any("zoom 150 %, not to scale" in piece.text for piece in view.caption.writing)
    view.set_zoom(1.0)
    assert not any("zoom" in piece.text for piece in view.caption.writing)
    assert view.pixels_per_mm() == pytest.approx((ACROSS, DOWN))


def test_an_r_wave_is_drawn_as_high_as_it_is_at_every_zoom(view):
    spiky = flat_recording()
    signal = np.zeros_like(spiky.signal_mv)
    signal[spiky.leads.index("II"), 2750] = 1.5
    recording = Recording(signal, 500.0, spiky.leads, spiky.roles, None, None, None, "", spiky.source)
    view.show_recording(recording)
    for zoom in (0.5, 0.75, 1.0, 2.0):
        view.set_zoom(zoom)
        sheet = view.sheet()
        rhythm = sheet.page.strips[-1]
        x_mm, base_mm = sheet.time_x_mm(rhythm, 5.5), sheet.baseline_mm(rhythm.row)
        view.paper.ensureVisible(x_mm - 5, base_mm - 20, 10, 25)
        # On white paper, so that only the trace is dark.
        grey = picture(view).mean(axis=-1)
        at, top = view.place_px(x_mm, base_mm - 15.0), view.place_px(x_mm, base_mm - 14.0)
        column = grey[:, int(at.x()) - 1 : int(at.x()) + 3]
        peak = column[int(at.y()) - 1 : max(int(top.y()), int(at.y()) + 2)]
        assert peak.min() < 150, zoom


def test_all_leads_of_a_fifteen_lead_recording_are_on_the_page(view):
    view.show_recording(flat_recording(PEDIATRIC_15))
    for kind in LayoutKind:
        view.set_layout(kind)
        assert {strip.lead for strip in view.sheet().page.strips if strip.present} == set(PEDIATRIC_15)
        assert view.items.strip_count == sum(strip.present for strip in view.sheet().page.strips)


def test_a_screen_can_be_calibrated_and_the_calibration_taken_back(view, qtbot):
    dialog = CalibrationDialog(ScreenScale(4.0, 4.0, measured=False))
    qtbot.addWidget(dialog)
    assert dialog.bars.bar_pixels() == pytest.approx((85.6 * 4, 53.98 * 4))
    dialog.across.setValue(4.5)
    assert dialog.scale == ScreenScale(4.5, 4.5, measured=True)
    dialog.square.setChecked(False)
    dialog.down.setValue(4.25)
    dialog.choice.setCurrentIndex(1)
    assert dialog.bars.bar_pixels() == pytest.approx((measures()[1].across_mm * 4.5, measures()[1].down_mm * 4.25))
    view.set_screen_mm(dialog.scale.x, dialog.scale.y)
    assert grid_pixels(view) == pytest.approx((4.5, 4.25), rel=0.005)
    view.set_screen_mm(0.0, 0.0)
    assert not view.screen_scale().measured

"""The trace as a reader meets it: gaps, map, calipers, filter, overview, words, and every state with a face."""

import gc
import weakref
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from peace_desktop.report.paper import LayoutKind
from peace_desktop.ui.trace.legend import Legend
from peace_desktop.ui.trace.trace_view import TraceView
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import PEDIATRIC_9, STANDARD_12
from peace_model.ecg.recording import Recording, Source, roles_of
from peace_model.inference.prediction import Explanation, Verdict

FS_HZ = 500.0
CHILD = Age(700, Precision.DAY, "file header")


@dataclass(frozen=True)
class Setting:
    """As peace_model's FilterSetting."""

    highpass_hz: float | None = None
    lowpass_hz: float | None = None
    notch_hz: float | None = None

    def label(self, _notch: str = "") -> str:
        return "0.5–40 Hz"


def beats(leads=STANDARD_12, duration_s=10.0, *, age=CHILD, offset_mv=0.0, simulated=False):
    """A sharp wave of 1.2 mV every 0.4 s (150 bpm), the first at 0.2 s, on an offset."""
    signal = np.full((len(leads), int(duration_s * FS_HZ)), offset_mv, np.float32)
    signal[:, 100::200] += 1.2
    return Recording(signal, FS_HZ, leads, roles_of(leads), age, "F", None, "",
                     Source(Path("beats.hea"), "wfdb", "0" * 64, ()), simulated=simulated)


@pytest.fixture
def view(qtbot):
    made = TraceView()
    qtbot.addWidget(made)
    made.resize(1300, 900)
    made.set_screen_mm(3.78, 3.78)
    made.show()
    return made


def grey(view) -> np.ndarray:
    image = view.paper.viewport().grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return pixels[:, : image.width()].copy()


def strip_named(view, lead):
    return next(strip for strip in view.sheet().page.strips if strip.lead == lead)


def point(view, strip, second, above_mm=0.0) -> QPoint:
    sheet = view.sheet()
    place = view.place_px(sheet.time_x_mm(strip, second), sheet.baseline_mm(strip.row) - above_mm)
    return place.toPoint()


def drag(qtbot, view, start: QPoint, end: QPoint, modifier=Qt.KeyboardModifier.NoModifier):
    viewport = view.paper.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, modifier, start)
    QApplication.sendEvent(viewport, QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(end), viewport.mapToGlobal(QPointF(end)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, modifier))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, modifier, end)


def test_without_a_recording_it_says_what_to_do_and_failure_names_the_remedy(view):
    assert "Open" in view.frame.text
    view.show_loading("P00001_E01.hea")
    assert "P00001_E01.hea" in view.frame.text
    view.show_failed("x.hea: gain: missing; ask for the original file")
    assert "ask for the original file" in view.frame.text
    view.show_recording(beats())
    assert view.frame.text == ""


def test_a_missing_lead_is_a_labelled_gap_and_missing_samples_are_a_gap(view):
    view.show_recording(beats(PEDIATRIC_9))
    sheet = view.sheet()
    gaps = [strip for strip in sheet.page.strips if not strip.present]
    assert [strip.label for strip in gaps] == ["V2", "V4", "V6"]
    assert "Not recorded: V2, V4, V6." in view.paper.accessibleDescription()
    with_hole = beats()
    signal = with_hole.signal_mv.copy()
    signal[:, 500:700] = np.nan
    view.show_recording(Recording(signal, FS_HZ, with_hole.leads, with_hole.roles, None, None, None, "",
                                  with_hole.source))
    dark = grey(view) < 110
    strip = strip_named(view, "I")
    before, inside = point(view, strip, 0.75), point(view, strip, 1.2)
    assert dark[before.y() - 2 : before.y() + 3, before.x()].any()
    assert not dark[inside.y() - 30 : inside.y() + 31, inside.x()].any()


@pytest.mark.parametrize("offset_mv", [0.0, -3.0, 12.0])
def test_a_recorders_offset_does_not_move_the_trace_from_its_line(view, offset_mv):
    view.show_recording(beats(offset_mv=offset_mv))
    dark = grey(view) < 110
    strip = strip_named(view, "II")
    at = point(view, strip, 0.5)
    rows = np.flatnonzero(dark[at.y() - 20 : at.y() + 21, at.x()]) - 20
    assert abs(rows).max() <= 2


def test_a_map_lies_behind_the_traces_and_goes_when_switched_off(view, qtbot):
    view.show_recording(beats())
    without = grey(view)
    ones = np.ones(250, np.float32)
    view.set_maps((Explanation("CRBBB", "gradcam", ones, 0.0, 0.04),), 5.0,
                  legend=Legend("Complete right bundle-branch block", "Grad-CAM++", "Methods agree."))
    covered = grey(view)
    trace = without < 60
    assert trace.sum() > 500
    assert covered[trace].max() < 110
    strip = strip_named(view, "aVF")
    empty = point(view, strip, strip.start_s + 0.62, above_mm=8.5)
    area = np.s_[empty.y() - 4 : empty.y() + 5, empty.x() - 4 : empty.x() + 5]
    assert (covered[area] < without[area]).mean() > 0.3
    for word in ("Complete right bundle-branch block", "Grad-CAM++", "Methods agree."):
        assert word in view.legend.text
        assert word in view.paper.accessibleDescription()
    with qtbot.waitSignal(view.mapOffRequested):
        view.legend.button.click()
    assert np.array_equal(grey(view), without)
    assert "Grad-CAM++" not in view.paper.accessibleDescription()


def test_a_map_of_one_lead_colours_only_that_lead(view):
    view.show_recording(beats())
    without = grey(view).astype(int)
    view.set_maps((Explanation("x", "occlusion", np.ones(100, np.float32), 0.0, 0.1, lead="V3"),), 0.6)
    changed = grey(view).astype(int) != without
    inside, outside = (point(view, strip_named(view, lead), strip_named(view, lead).start_s + 1.02) for lead in
                       ("V3", "aVF"))
    assert changed[inside.y() - 30 : inside.y() + 30, inside.x()].mean() > 0.5
    assert not changed[outside.y() - 30 : outside.y() + 30, outside.x()].any()


def test_a_map_without_support_is_hatched_and_the_pattern_tells_why(view):
    view.show_recording(beats())
    pictures = {}
    for verdict in Verdict:
        view.set_maps((Explanation("x", "gradcam", np.ones(250, np.float32), 0.0, 0.04),), 0.45,
                      legend=Legend("x", "Grad-CAM++", "why", verdict))
        pictures[verdict] = grey(view).astype(int)
        assert ("hatched" in view.legend.text) == (verdict is not Verdict.SUPPORTED)
    plain, single, crossed = (pictures[verdict] for verdict in (
        Verdict.SUPPORTED, Verdict.NOT_TESTED, Verdict.UNSUPPORTED))
    assert 0.02 < (single < plain).mean() < (crossed < plain).mean() < 0.5


def test_calipers_measure_from_sample_to_sample(view, qtbot):
    view.show_recording(beats())
    view.set_calipers(True)
    strip = strip_named(view, "aVR")
    said = []
    view.caliperChanged.connect(said.append)
    # The lines snap to the waves at 3.0 s and 3.4 s, though the hand is 20 ms off.
    drag(qtbot, view, point(view, strip, 3.02), point(view, strip, 3.38))
    reading = said[-1]
    assert reading["lead"] == "aVR"
    assert reading["interval_ms"] == pytest.approx(400.0)
    assert reading["rate_bpm"] == pytest.approx(150.0)
    assert reading["delta_mv"] == pytest.approx(0.0, abs=1e-6)
    assert not reading["filtered"]
    # One end dragged to the baseline measures the wave's voltage.
    drag(qtbot, view, point(view, strip, 3.4), point(view, strip, 3.2))
    assert said[-1]["delta_mv"] == pytest.approx(-1.2, abs=1e-5)
    assert (said[-1]["end_s"] * FS_HZ) % 1 == pytest.approx(0, abs=1e-6)
    qtbot.keyClick(view.paper, Qt.Key.Key_Escape)
    assert said[-1] == {}
    assert view.caliper_reading() is None


def test_calipers_work_from_the_keyboard(view, qtbot):
    view.show_recording(beats())
    view.set_calipers(True)
    qtbot.keyClick(view.paper, Qt.Key.Key_Return)
    first = view.caliper_reading()
    assert first.interval_ms == pytest.approx(200.0)
    qtbot.keyClick(view.paper, Qt.Key.Key_Right)
    assert view.caliper_reading().interval_ms == pytest.approx(202.0)
    qtbot.keyClick(view.paper, Qt.Key.Key_Return)
    qtbot.keyClick(view.paper, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.caliper_reading().interval_ms == pytest.approx(242.0)
    lead = view.caliper_reading().lead
    qtbot.keyClick(view.paper, Qt.Key.Key_Up)
    assert view.caliper_reading().lead != lead or view.caliper_reading().start_s != first.start_s
    view.tool.toggle_march_out()
    assert view.tool.march_out
    view.set_calipers(False)
    assert view.caliper_reading() is None


def test_a_click_leaves_no_calipers(view, qtbot):
    view.show_recording(beats())
    view.set_calipers(True)
    at = point(view, strip_named(view, "I"), 1.0)
    drag(qtbot, view, at, at)
    assert view.caliper_reading() is None


def test_a_filter_is_asked_for_named_when_applied_and_late_answers_are_ignored(view):
    asked = []
    view.filterRequested.connect(lambda recording, setting: asked.append((recording, setting)))
    recording, setting = beats(), Setting(0.5, 40.0)
    view.show_recording(recording)
    assert asked == []
    view.set_filter(setting)
    assert asked == [(recording, setting)]
    words = [piece.text for piece in view.caption.writing]
    assert not any(text.startswith("Filter ") for text in words)
    view.set_filtered(beats(), setting, np.zeros_like(recording.signal_mv))
    assert not any(text.startswith("Filter ") for text in (piece.text for piece in view.caption.writing))
    view.set_filtered(recording, setting, np.zeros_like(recording.signal_mv))
    words = [piece.text for piece in view.caption.writing]
    assert "Filter 0.5–40 Hz" in words
    assert "40 Hz low-pass hides high-frequency QRS detail" in words
    assert "Filter 0.5–40 Hz." in view.paper.accessibleDescription()
    view.set_filter(None)
    assert "filter off" in [piece.text for piece in view.caption.writing]
    view.set_filter(setting)
    with pytest.raises(ValueError, match="filtered"):
        view.set_filtered(recording, setting, np.zeros((3, 5), np.float32))


def test_simulated_and_unknown_age_stand_on_the_paper(view):
    view.show_recording(beats(age=None, simulated=True))
    words = [piece.text for piece in view.caption.writing]
    assert any("SIMULATED" in text for text in words)
    assert "AGE UNKNOWN" in words
    view.show_recording(beats())
    assert not any("SIMULATED" in piece.text or "AGE" in piece.text for piece in view.caption.writing)


def test_the_overview_moves_the_page_and_stays_away_from_short_recordings(view, qtbot):
    view.show_recording(beats())
    assert not view.overview.isVisible()
    view.show_recording(beats(duration_s=30.0))
    assert view.overview.isVisible()
    left, right = view.overview.window_pixels()
    assert (right - left) / view.overview.width() == pytest.approx(1 / 3, abs=0.02)
    middle = QPoint(int(left + right) // 2, 20)
    qtbot.mousePress(view.overview, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(view.overview, middle + QPoint(view.overview.width() // 3, 0))
    qtbot.mouseRelease(view.overview, Qt.MouseButton.LeftButton)
    qtbot.keyClick(view.overview, Qt.Key.Key_End)
    assert view.start_s == pytest.approx(20.0)
    qtbot.keyClick(view.overview, Qt.Key.Key_Left)
    assert view.start_s == pytest.approx(19.0)
    qtbot.keyClick(view.paper, Qt.Key.Key_Left)
    assert view.start_s < 19.0


def test_the_page_of_another_person_of_the_same_recording_stays_where_it_was(view):
    recording = beats(duration_s=30.0)
    view.show_recording(recording)
    view.set_start(7.0)
    view.show_recording(recording.with_person(age=None, sex="M"))
    assert view.start_s == pytest.approx(7.0)
    view.show_recording(beats(duration_s=30.0))
    assert view.start_s == 0.0


def test_the_trace_is_described_in_words(view):
    view.show_recording(beats())
    view.set_layout(LayoutKind.CABRERA)
    view.set_speed(50.0)
    view.set_gain(20.0, True)
    said = view.paper.accessibleDescription()
    for words in ("12 leads", "aVR", "layout Cabrera", "50 mm/s", "20 mm/mV", "filter off", "half standard"):
        assert words in said
    assert view.paper.accessibleName()


def test_nothing_is_left_behind(qtbot):
    recording = beats()
    signal = weakref.ref(recording.signal_mv)
    view = TraceView()
    qtbot.addWidget(view)
    view.show()
    view.show_recording(recording)
    items = len(view.paper.scene().items())
    for kind in (*LayoutKind, LayoutKind.THREE_BY_FOUR_RHYTHM):
        view.set_layout(kind)
    assert len(view.paper.scene().items()) == items
    del recording
    view.show_recording(beats(PEDIATRIC_9))
    view.show_recording(None)
    gc.collect()
    assert signal() is None

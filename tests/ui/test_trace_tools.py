"""What a reader holds to the trace: a chosen lead with a gain of its own, leads over each other, fifteen leads."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from peace_desktop.report.paper import LayoutKind
from peace_desktop.ui.trace.lens import lens_place
from peace_desktop.ui.trace.trace_view import TraceView
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import PEDIATRIC_15, STANDARD_12
from peace_model.ecg.recording import Recording, Source, roles_of

FS_HZ = 500.0


def beats(leads=STANDARD_12, duration_s=10.0):
    """A wave of 1.2 mV, 80 ms wide at its foot, every 0.5 s, the first at 0.25 s."""
    seconds = np.arange(int(duration_s * FS_HZ)) / FS_HZ
    wave = np.clip(1.2 - np.abs(seconds % 0.5 - 0.25) * 30.0, 0.0, None).astype(np.float32)
    age = Age(700, Precision.DAY, "file header")
    return Recording(np.tile(wave, (len(leads), 1)), FS_HZ, leads, roles_of(leads), age, "F",
                     None, "", Source(Path("beats.hea"), "wfdb", "0" * 64, ()))


@pytest.fixture
def view(qtbot):
    made = TraceView()
    qtbot.addWidget(made)
    made.resize(1300, 900)
    made.set_screen_mm(3.78, 3.78)
    made.show()
    return made


def strip_named(view, lead):
    return next(strip for strip in view.sheet().page.strips if strip.lead == lead)


def point(view, strip, second, above_mm=0.0) -> QPoint:
    sheet = view.sheet()
    return view.place_px(sheet.time_x_mm(strip, second), sheet.baseline_mm(strip.row) - above_mm).toPoint()


def height_mm(view, lead):
    """How high the drawn wave of a lead stands over its line, from the items on the paper."""
    items = dict(zip([s for s in view.sheet().page.strips if s.present], view.items._strips, strict=True))
    strip = strip_named(view, lead)
    first = int(np.ceil(strip.start_s * FS_HZ))
    places = [items[strip].point_mm(sample) for sample in range(first, int(strip.end_s * FS_HZ))]
    return view.sheet().baseline_mm(strip.row) - min(place[1] for place in places if place)


def writing(view):
    return " ".join(piece.text for piece in view.caption.writing)


def test_a_click_chooses_a_lead_whose_gain_alone_is_changed_and_written(view, qtbot):
    view.show_recording(beats())
    at = point(view, strip_named(view, "V2"), strip_named(view, "V2").start_s + 0.6)
    qtbot.mouseClick(view.paper.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.chosen_lead == "V2"
    view.scale_lead(0.5)
    assert height_mm(view, "V2") == pytest.approx(6.0, abs=0.05)
    assert height_mm(view, "V3") == pytest.approx(12.0, abs=0.05)
    assert "V2 at 0.5× the gain" in writing(view)
    assert "V2 at 0.5× the gain" in view.paper.accessibleDescription()
    view.set_gain(20.0, True)
    assert height_mm(view, "V2") == pytest.approx(6.0, abs=0.05), "half of the chest leads' half of 20 mm/mV"
    view.reset_leads()
    assert height_mm(view, "V2") == pytest.approx(12.0, abs=0.05)
    assert "the gain" not in writing(view)


def test_a_gain_of_one_lead_never_goes_on_to_the_next_recording(view):
    recording = beats()
    view.show_recording(recording)
    view.choose_lead("V2")
    view.scale_lead(2.0)
    view.show_recording(recording.with_person(age=None, sex="M"))
    assert view.gain.factor("V2") == 2.0, "the same signals of another person"
    view.show_recording(beats())
    assert view.gain.own == ()
    assert view.chosen_lead == ""
    assert height_mm(view, "V2") == pytest.approx(12.0, abs=0.05)


def test_keys_walk_through_every_lead_of_the_page_and_around(view):
    view.show_recording(beats(PEDIATRIC_15))
    seen = []
    for _step in PEDIATRIC_15:
        view.step_lead(1)
        seen.append(view.chosen_lead)
    assert sorted(seen) == sorted(PEDIATRIC_15)
    view.step_lead(1)
    assert view.chosen_lead == seen[0]
    view.step_lead(-1)
    assert view.chosen_lead == seen[-1]


def test_leads_over_each_other_lie_at_their_own_seconds_on_one_line(view, qtbot):
    view.show_recording(beats())
    view.set_layout(LayoutKind.OVERLAY)
    sheet = view.sheet()
    assert sheet.page.rows == 2
    assert {sheet.time_x_mm(strip, 1.0) for strip in sheet.page.strips} == {sheet.left_mm + 25.0}
    # The chosen lead is the one that is measured and enlarged.
    view.choose_lead("aVF")
    at = point(view, strip_named(view, "aVF"), 3.1)
    qtbot.mouseClick(view.paper.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.chosen_lead == "aVF"
    view.scale_lead(2.0)
    assert height_mm(view, "aVF") == pytest.approx(24.0, abs=0.05)
    assert height_mm(view, "II") == pytest.approx(12.0, abs=0.05)


def test_fifteen_leads_are_all_drawn_and_missing_ones_named(view):
    leads = tuple(lead for lead in PEDIATRIC_15 if lead != "V4R")
    view.show_recording(beats(leads))
    view.set_layout(LayoutKind.THREE_BY_FIVE_RHYTHM)
    assert {strip.lead for strip in view.sheet().page.strips if strip.present} == set(leads)
    assert "Not recorded: V4R." in view.paper.accessibleDescription()
    assert height_mm(view, "V3R") == pytest.approx(12.0, abs=0.05)
    view.show_recording(beats())
    assert view.sheet().page.kind is LayoutKind.THREE_BY_FOUR_RHYTHM


def drag(qtbot, view, start, end, modifier=Qt.KeyboardModifier.NoModifier):
    viewport = view.paper.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, modifier, start)
    QApplication.sendEvent(viewport, QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(end), viewport.mapToGlobal(QPointF(end)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, modifier))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, modifier, end)


def test_the_pair_moves_as_one_by_hand_and_by_keys_and_keeps_its_interval(view, qtbot):
    view.show_recording(beats())
    view.set_calipers(True)
    strip = strip_named(view, "II")
    drag(qtbot, view, point(view, strip, 0.26), point(view, strip, 0.74))
    before = view.caliper_reading()
    assert (before.interval_ms, before.rate_bpm) == (pytest.approx(500.0), pytest.approx(120.0))
    foot = view.sheet().row_top_mm(strip.row) + view.sheet().row_mm - 1.0 - view.sheet().baseline_mm(strip.row)
    drag(qtbot, view, point(view, strip, 0.5, -foot), point(view, strip, 1.02, -foot))
    after = view.caliper_reading()
    assert after.start_s == pytest.approx(0.75), "the pair's first line snaps to the next wave"
    assert after.interval_ms == before.interval_ms
    qtbot.keyClick(view.paper, Qt.Key.Key_Left)
    assert view.caliper_reading().start_s == pytest.approx(0.748)
    assert view.caliper_reading().interval_ms == before.interval_ms
    for _press in range(200):
        qtbot.keyClick(view.paper, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.caliper_reading().end_s == pytest.approx(strip.end_s)
    assert view.caliper_reading().interval_ms == before.interval_ms


def test_shift_and_the_switch_leave_the_lines_where_the_hand_is(view, qtbot):
    view.show_recording(beats())
    view.set_calipers(True)
    strip = strip_named(view, "II")
    ends = point(view, strip, 0.30), point(view, strip, 0.77)
    drag(qtbot, view, *ends, Qt.KeyboardModifier.ShiftModifier)
    free = view.caliper_reading()
    assert free.interval_ms == pytest.approx(470.0, abs=20.0)
    view.tool.clear()
    view.tool.snapping = False
    drag(qtbot, view, *ends)
    assert view.caliper_reading() == free
    view.tool.snap()
    assert view.caliper_reading().end_s == pytest.approx(0.75)


@pytest.mark.parametrize("speed", [12.5, 25.0, 50.0])
def test_a_small_square_is_a_millimetre_at_every_speed(view, qtbot, speed):
    view.show_recording(beats())
    view.set_speed(speed)
    view.set_calipers(True)
    view.tool.place_or_switch()
    before = view.caliper_reading().interval_ms
    qtbot.keyClick(view.paper, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.caliper_reading().interval_ms - before == pytest.approx(1000.0 / speed)


def test_the_interval_is_marched_out_over_the_whole_page(view):
    view.show_recording(beats())
    view.set_calipers(True)
    view.tool.place_or_switch()
    view.tool.toggle_march_out()
    sheet, picture = view.sheet(), view.items._calipers._picture
    step = abs(picture.xs_mm[1] - picture.xs_mm[0])
    lines = sorted((*picture.march_mm, *picture.xs_mm))
    assert np.diff(lines) == pytest.approx(np.full(len(lines) - 1, step))
    assert lines[0] - sheet.left_mm < step
    assert sheet.left_mm + sheet.traces_mm - lines[-1] <= step + 1e-6


WINDOWS = st.tuples(st.integers(300, 2000), st.integers(250, 1200))


PLACES = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(window=WINDOWS, left=st.integers(0, 300), right=st.integers(0, 500), at=PLACES)
def test_the_glass_never_lies_on_what_it_magnifies(window, left, right, at):
    whole = QRect(0, 0, *window)
    paper = whole.adjusted(min(left, window[0] // 3), 40, -min(right, window[0] // 3), -60)
    shown = QRect(0, 0, 90, 60)
    shown.moveCenter(QPoint(int(paper.left() + at[0] * paper.width()), int(paper.top() + at[1] * paper.height())))
    glass = lens_place(whole, paper, shown)
    assert glass.isEmpty() or (whole.contains(glass) and not glass.intersects(shown.intersected(paper)))
    if window[0] > 900 and window[1] > 700:
        assert not glass.isEmpty()


def test_the_magnifier_shows_four_times_the_trace_and_writes_its_scale(view, qtbot):
    view.show_recording(beats())
    view.magnifier.switch(on=True)
    strip = strip_named(view, "II")
    sheet = view.sheet()
    qtbot.mouseMove(view.paper.viewport(), point(view, strip, 0.75))
    qtbot.waitUntil(lambda: abs(view.magnifier.eye_mm.x() - sheet.time_x_mm(strip, 0.75)) < 0.5)
    lens = view.magnifier.lens
    assert lens.words.startswith("4×: 100 mm/s, 40 mm/mV · II 0.7")
    image = lens.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    dark = pixels[4 : image.height() - lens.caption_px - 4, 4 : image.width() - 4] < 70
    # The wave rises 30 mV a second: 20 pixels above its foot its flanks stand so far apart.
    middle = dark.shape[1] // 2
    row = np.flatnonzero(dark[dark.shape[0] // 2 - 20, middle - 60 : middle + 60])
    apart_s = 0.08 - 2 * (20 / (3.78 * 40.0)) / 30.0
    assert row.max() - row.min() == pytest.approx(apart_s * 100.0 * 3.78, abs=3)
    # By keys: a small square a press, with Shift a large one; the trace on the paper stays as it is.
    before = view.magnifier.eye_mm
    qtbot.keyClick(view.paper, Qt.Key.Key_Right)
    qtbot.keyClick(view.paper, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    moved = view.magnifier.eye_mm - before
    assert (moved.x(), moved.y()) == (pytest.approx(1.0), pytest.approx(5.0))
    assert view.sheet() is sheet
    view.choose_lead("II")
    view.scale_lead(2.0)
    assert "80 mm/mV" in view.magnifier.lens.words
    # A scrolled or smaller paper never has the glass on what it shows.
    view.resize(500, 420)
    view.paper.verticalScrollBar().setValue(40)
    glass, seen = view.magnifier.lens.geometry(), view.paper.viewport().rect()
    shown = view.paper.viewportTransform().mapRect(view.magnifier._frame._part_mm).toAlignedRect()
    shown.moveTo(view.paper.viewport().mapTo(view.window(), shown.topLeft()))
    seen.moveTo(view.paper.viewport().mapTo(view.window(), seen.topLeft()))
    assert not glass.intersects(shown.intersected(seen))
    view.magnifier.switch(on=False)
    assert view.magnifier.lens is None


def test_the_magnifier_is_there_while_the_right_button_is_held(view, qtbot):
    view.show_recording(beats())
    right, place = Qt.MouseButton.RightButton, point(view, strip_named(view, "II"), 0.75)
    qtbot.mousePress(view.paper.viewport(), right, pos=place)
    assert "II 0.7" in view.magnifier.lens.words
    qtbot.mouseRelease(view.paper.viewport(), right, pos=place)
    assert view.magnifier.lens is None
    view.magnifier.switch(on=True)
    qtbot.mouseClick(view.paper.viewport(), right, pos=place)
    assert view.magnifier.lens is not None, "what was switched on stays"

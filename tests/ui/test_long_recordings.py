"""A recording of many minutes in the window: browsed by keys, drawn from a pyramid, analysed minute by minute."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from window_cases import import_all

from peace_desktop.app import Application
from peace_desktop.report.paper import LayoutKind
from peace_desktop.settings import changed
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.time_dialog import TimeDialog
from peace_desktop.ui.trace.trace_view import TraceView
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.recording import roles_of
from peace_model.ecg.simulation import SimulationSpec, simulate

LEADS = ("II", "V1")
FS_HZ = 125.0
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot, running: Application, tmp_path: Path) -> MainWindow:
    """Sixty-five minutes of two leads."""
    page = simulate(SimulationSpec(age_days=2500, sex="F", seed=3, duration_s=10.0, fs_hz=FS_HZ)).recording
    signal = np.tile(np.stack([page.lead(lead) for lead in LEADS]), (1, 6 * 65))
    folder = tmp_path / "night"
    folder.mkdir()
    write_wfdb(replace(page, signal_mv=signal, leads=LEADS, roles=roles_of(LEADS)), folder, "holter")
    shown = running.window
    import_all(qtbot, shown, folder)
    qtbot.waitUntil(lambda: shown.case.analysis is not None and shown.bridge.idle, timeout=60_000)
    return shown


def test_keys_go_by_page_minute_and_hour_and_stop_at_the_ends(qtbot, window: MainWindow) -> None:
    trace = window.stage.trace
    assert trace.sheet().page.kind is LayoutKind.STRIP
    assert [strip.lead for strip in trace.sheet().page.strips] == list(LEADS)
    for key, modifiers, start_s in (
            (Qt.Key.Key_Right, CONTROL, 10.0), (Qt.Key.Key_PageDown, CONTROL, 70.0),
            (Qt.Key.Key_PageDown, CONTROL | SHIFT, 3670.0), (Qt.Key.Key_PageUp, CONTROL, 3610.0),
            (Qt.Key.Key_End, CONTROL, 3890.0), (Qt.Key.Key_Right, CONTROL, 3890.0),
            (Qt.Key.Key_Left, CONTROL, 3880.0), (Qt.Key.Key_PageUp, CONTROL | SHIFT, 280.0),
            (Qt.Key.Key_Home, CONTROL, 0.0)):
        QTest.keyClick(window, key, modifiers)
        assert trace.start_s == pytest.approx(start_s), key
    QTest.keyClick(window, Qt.Key.Key_PageDown, CONTROL | SHIFT)
    assert "1:00:00.0–1:00:10.0 of 1:05:00" in trace.paper.accessibleDescription()
    assert "1:00:00.0–1:00:10.0 of 1:05:00" in trace.around.accessibleDescription()
    the_overview_is_drawn_and_its_window_can_be_seen(trace)
    a_filter_is_applied_to_what_is_seen(qtbot, window)
    going_to_a_time_says_what_is_none(window)


def the_overview_is_drawn_and_its_window_can_be_seen(trace: TraceView) -> None:
    assert trace.overview.drawn
    assert trace.around.isVisible()
    trace.set_start(1800.0)
    left, right = trace.overview.window_pixels()
    assert right - left >= 3.0
    assert (left + right) / 2 / trace.overview.width() == pytest.approx(1805 / 3900, abs=0.01)
    left, right = trace.around.window_pixels()
    assert (right - left) / trace.around.width() == pytest.approx(10 / 300, abs=0.01)


def test_the_minute_shown_is_analysed_and_its_time_stands_at_the_numbers(qtbot, window: MainWindow) -> None:
    assert window.case.analysis.section.start_s == 0.0
    assert "0:00:00–0:01:00 of 1:05:00" in window.side.findChild(QLabel, "section").text()
    window.stage.trace.set_start(125.0)
    QTest.keyClick(window, Qt.Key.Key_R, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: window.case.analysis is not None, timeout=60_000)
    assert window.case.analysis.section.start_s == 125.0
    assert window.case.analysis.part.duration_s == 60.0
    assert {item.start_s for item in window.case.analysis.prediction.explanations} == {125.0}
    for panel in window.side.panels[:5]:
        assert panel._heading.accessibleDescription().endswith("0:02:05–0:03:05"), panel.key
    assert window.stage.trace.start_s == 125.0
    printed = window.print_content()
    assert printed.analysis.section.start_s == 125.0


def a_filter_is_applied_to_what_is_seen(qtbot, window: MainWindow) -> None:
    window.take(changed(window.settings, "filter", "lowpass40"))
    trace = window.stage.trace
    for start_s in (0.0, 3000.0):
        trace.set_start(start_s)
        qtbot.waitUntil(lambda: any("40 Hz" in piece.text and piece.text.startswith("Filter")
                                    for piece in trace.caption.writing), timeout=60_000)
        strip = trace.sheet().page.strips[0]
        assert np.isfinite(trace.samples.of("II")[int(strip.start_s * FS_HZ):int(strip.end_s * FS_HZ)]).all()


def going_to_a_time_says_what_is_none(window: MainWindow) -> None:
    dialog = TimeDialog(0.0, 3900.0, window)
    field = dialog.findChild(QLineEdit, "time")
    for text, at_s in (("0:30:00", 1800.0), ("2:00:00", None), ("later", None)):
        field.setText(text)
        assert dialog.at_s == at_s
        assert bool(field.accessibleDescription())
    assert window.actions_["to_time"].isEnabled()
    assert window.actions_["analyse_section"].isEnabled()

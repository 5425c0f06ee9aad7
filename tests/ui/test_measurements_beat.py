"""The median beat: handles by mouse and keys, the values they come to, and the edit beside the automatic value."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton
from window_cases import READER, import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.ui.export import write_report
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.measurements.beat_dialog import BeatDialog
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.simulation import SimulationSpec, simulate


def open_beat(qtbot: object, window: MainWindow) -> BeatDialog:
    window.actions_["median_beat"].trigger()
    qtbot.waitUntil(lambda: window.beat.dialog is not None, timeout=60_000)  # type: ignore[attr-defined]
    assert window.beat.dialog is not None
    return window.beat.dialog


def settled(qtbot: object, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]


def value(window: MainWindow, name: str) -> float:
    measured = window.edits.measurements
    assert measured is not None
    found = next(item for item in measured if item.name == name).value
    assert found is not None
    return found


def panel_text(window: MainWindow) -> str:
    """What stands there now; a table that was replaced may live a little longer, hidden."""
    panel = window.side.measurements
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel))


@pytest.fixture
def infant(qtbot: object, running: Application, tmp_path: Path) -> MainWindow:
    folder = tmp_path / "one"
    folder.mkdir()
    write_wfdb(simulate(SimulationSpec(age_days=100, sex="F", seed=100)).recording, folder, "infant")
    import_all(qtbot, running.window, folder)
    open_titled(qtbot, running.window, "infant")
    return running.window


def test_an_edit_stands_beside_the_automatic_value_and_goes_back(
        qtbot: object, infant: MainWindow, tmp_path: Path) -> None:
    window = infant
    before, qrs = value(window, "pr_ms"), value(window, "qrs_ms")
    dialog = open_beat(qtbot, window)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_1)
    for _step in range(3):
        QTest.keyClick(dialog.canvas, Qt.Key.Key_Left)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.value_text("pr_ms") == f"{before + 16:.0f}\N{NO-BREAK SPACE}ms"
    dialog.accept()
    qtbot.waitUntil(lambda: "edited by" in panel_text(window), timeout=60_000)  # type: ignore[attr-defined]
    assert value(window, "pr_ms") == pytest.approx(before + 16)
    assert value(window, "qrs_ms") == pytest.approx(qrs)
    assert f"edited by {READER} on 20" in panel_text(window), "who and when stand beside the value"
    assert f"automatic {before:.0f} ms" in panel_text(window)
    (edit,) = window.services.library.measurement_edits(window.case.shown)
    assert edit.reader == READER
    assert window.readings.reading is not None
    assert edit.reading_id == window.readings.reading.reading_id
    content = window.print_content()
    assert content is not None
    written = write_report(content, "", tmp_path / "report.pdf")
    from pypdf import PdfReader
    assert f"Edited by {READER}" in PdfReader(written).pages[0].extract_text().replace("\n", " ")

    dialog = open_beat(qtbot, window)
    assert READER in dialog.findChild(QLabel, "edit_history").text()  # type: ignore[union-attr]
    dialog.findChild(QPushButton, "reset_boundaries").click()  # type: ignore[union-attr]
    dialog.accept()
    qtbot.waitUntil(lambda: window.edits.in_force is None, timeout=60_000)  # type: ignore[attr-defined]
    settled(qtbot, window)
    assert value(window, "pr_ms") == before
    assert "edited by" not in panel_text(window)
    assert len(window.services.library.measurement_edits(window.case.shown)) == 2
    assert window.services.library.verify().problems == ()


def test_a_handle_follows_the_mouse_and_stops_at_its_neighbour(qtbot: object, infant: MainWindow) -> None:
    dialog = open_beat(qtbot, infant)
    canvas = dialog.canvas
    t_off, t_on = canvas.boundaries.t_off, canvas.boundaries.t_on
    assert t_off is not None
    assert t_on is not None

    def drag(ms: float, to_ms: float) -> None:
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(canvas.x_px(ms)), 60))
        QTest.mouseMove(canvas, QPoint(round(canvas.x_px(to_ms)), 60))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)

    drag(t_off, t_off + 20)
    assert canvas.handle == "t_off"
    assert canvas.boundaries.t_off == pytest.approx(t_off + 20, abs=3)
    box = canvas.name_box("qrs_on")
    assert box is not None
    taken, qrs_on, ms_per_px = box.center().toPoint(), canvas.boundaries.qrs_on, 5 * 1000 / (
        canvas.x_px(5000) - canvas.x_px(0))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=taken)
    assert canvas.handle == "qrs_on", "the name is the handle, whatever line runs through it"
    QTest.mouseMove(canvas, taken + QPoint(4, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    assert canvas.boundaries.qrs_on == pytest.approx(qrs_on + 4 * ms_per_px, abs=2), "it follows the hand, no leap"
    drag(canvas.boundaries.t_off or 0.0, t_on - 100)
    assert canvas.boundaries.t_off == pytest.approx(t_on, abs=5)
    assert dialog.changed
    dialog.reject()
    settled(qtbot, infant)
    assert infant.services.library.measurement_edits(infant.case.shown) == ()
    assert infant.readings.reading is None


def test_tab_goes_from_handle_to_handle_and_without_a_p_wave_there_is_no_pr(
        qtbot: object, infant: MainWindow) -> None:
    dialog = open_beat(qtbot, infant)
    seen: list[str] = []
    dialog.canvas.choose("p_on")
    while dialog.canvas.hasFocus() and len(seen) < 9:
        seen.append(dialog.canvas.handle)
        QTest.keyClick(dialog.canvas, Qt.Key.Key_Tab)
    assert all(combo.accessibleName() for combo in dialog.findChildren(QComboBox))
    assert dialog.canvas.accessibleDescription().startswith("T offset: ")
    assert seen == ["p_on", "p_off", "qrs_on", "qrs_off", "t_on", "t_off"]
    p_wave = dialog.findChild(QCheckBox, "wave_p")
    assert p_wave is not None
    p_wave.click()
    assert dialog.value_text("pr_ms") == "\N{EN DASH}"
    p_wave.click()
    assert not dialog.changed, "the wave comes back where it was found"
    p_wave.click()
    dialog.accept()
    qtbot.waitUntil(lambda: "the reader found no such wave" in panel_text(infant), timeout=60_000)  # type: ignore[attr-defined]
    settled(qtbot, infant)

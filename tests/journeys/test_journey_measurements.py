"""A QT marked by hand, signed, found again the next day, amended and taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from window_cases import import_all, listed_rows, open_titled

from peace_desktop.app import Application
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.measurements.beat_dialog import BeatDialog
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.simulation import SimulationSpec, simulate


def beat_of(qtbot: object, window: MainWindow) -> BeatDialog:
    window.actions_["median_beat"].trigger()
    qtbot.waitUntil(lambda: window.beat.dialog is not None, timeout=60_000)  # type: ignore[attr-defined]
    assert window.beat.dialog is not None
    return window.beat.dialog


def qt_ms(qtbot: object, window: MainWindow) -> float:
    qtbot.waitUntil(lambda: window.edits.measurements is not None, timeout=60_000)  # type: ignore[attr-defined]
    found = next(item for item in window.edits.measurements or () if item.name == "qt_ms").value
    assert found is not None
    return found


def sign(qtbot: object, window: MainWindow) -> None:
    window.actions_["sign"].trigger()
    qtbot.waitUntil(lambda: window.readings.final, timeout=60_000)  # type: ignore[attr-defined]


def test_a_hand_marked_qt_from_draft_to_amendment(
        qtbot: object, begin: Callable[[], Application], tmp_path: Path, confirm: Callable[[str], None]) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    write_wfdb(simulate(SimulationSpec(age_days=1500, sex="F", seed=7)).recording, folder, "child")
    first = begin()
    window = first.window
    import_all(qtbot, window, folder)
    open_titled(qtbot, window, "child")
    automatic = qt_ms(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_B)
    dialog = beat_of(qtbot, window)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_6)
    for _step in range(3):
        QTest.keyClick(dialog.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    dialog.accept()
    qtbot.waitUntil(lambda: window.edits.in_force is not None, timeout=60_000)  # type: ignore[attr-defined]
    assert qt_ms(qtbot, window) == pytest.approx(automatic + 30)
    window.commands.comment("QT to the end of the tangent.")
    sign(qtbot, window)
    dialog = beat_of(qtbot, window)
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Left)
    assert not dialog.changed
    keys = dialog.findChild(QLabel, "beat_keys")
    assert keys is not None
    assert "Amend it" in keys.text()
    dialog.reject()
    first.close()

    second = begin()
    window = second.window
    qtbot.waitUntil(lambda: bool(listed_rows(window)), timeout=60_000)  # type: ignore[attr-defined]
    open_titled(qtbot, window, "child")
    assert qt_ms(qtbot, window) == pytest.approx(automatic + 30)
    confirm("the end of T again")
    window.actions_["amend"].trigger()
    dialog = beat_of(qtbot, window)
    dialog.reset()
    dialog.accept()
    qtbot.waitUntil(lambda: window.edits.in_force is None, timeout=60_000)  # type: ignore[attr-defined]
    assert qt_ms(qtbot, window) == automatic
    sign(qtbot, window)
    edits = second.library.measurement_edits(window.case.shown)
    assert [edit.boundaries is None for edit in edits] == [False, True]
    assert second.library.verify().problems == ()

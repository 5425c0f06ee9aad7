"""This recording beside the others of its child: stacked, beat beside beat, and what changed."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel
from window_cases import import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.ui.compare.beat_grid import BeatGrid
from peace_desktop.ui.compare.dialog import CompareDialog
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.trace.trace_view import TraceView
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.simulation import Pathology, SimulationSpec, simulate


@pytest.fixture
def child(tmp_path: Path) -> Path:
    """Two recordings of one child, three years apart, and one of another."""
    folder = tmp_path / "child"
    folder.mkdir()
    for name, days, key, found in (("first", 2600, "C1", {Pathology.WPW}), ("second", 3700, "C1", set()),
                                   ("alone", 400, "C2", set())):
        spec = SimulationSpec(age_days=days, sex="F", seed=days, pathologies=frozenset(found))
        write_wfdb(replace(simulate(spec).recording, patient_key=key), folder, name)
    return folder


def open_comparison(qtbot: object, window: MainWindow) -> CompareDialog:
    window.actions_["compare"].trigger()
    qtbot.waitUntil(lambda: window.compare.dialog is not None, timeout=60_000)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    assert window.compare.dialog is not None
    return window.compare.dialog


def texts(dialog: CompareDialog) -> str:
    """What is said; of words that end in an ellipsis on this screen the whole."""
    return "\n".join(label.accessibleName() or label.text() for label in dialog.findChildren(QLabel))


def test_a_child_now_and_three_years_ago(qtbot: object, running: Application, child: Path) -> None:
    window = running.window
    import_all(qtbot, window, child)
    open_titled(qtbot, window, "second")
    QTest.keyClick(window, Qt.Key.Key_V)
    dialog = open_comparison(qtbot, window)
    said = texts(dialog)
    assert "This: second · date unknown · 10 years 1 month" in said
    assert "Other: first · date unknown · 7 years 1 month (3 years earlier)" in said
    assert "in the order of the ages" in said
    scales = [(view.pixels_per_mm(), view.sheet().speed_mm_per_s, view.sheet().gain)  # type: ignore[union-attr]
              for view in dialog.findChildren(TraceView)]
    assert len(scales) == 2
    assert scales[0] == scales[1]
    here, there = dialog.findChildren(TraceView)
    here.set_zoom(1.5)
    assert there.pixels_per_mm() == here.pixels_per_mm(), "zooming one page zooms the other"
    here.set_zoom(1.0)
    whole = dialog.findChild(QCheckBox, "whole_pages")
    assert whole is not None
    whole.click()
    assert here.pixels_per_mm() == there.pixels_per_mm()
    assert here.pixels_per_mm()[0] < scales[0][0][0]
    assert "not to scale" in here.paper.accessibleDescription()
    here.set_zoom(1.0)
    assert not whole.isChecked(), "a zoom by hand ends it"
    assert "not to scale" not in there.paper.accessibleDescription()
    pr = next(label for label in dialog.findChildren(QLabel) if label.text() == "PR interval").accessibleName()
    assert "other" in pr
    assert "below its limit" in pr, "the accessory pathway shortened PR then"
    QTest.keyClick(dialog, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert dialog.tabs.currentIndex() == 1
    assert all(combo.accessibleName() for combo in dialog.findChildren(QComboBox))
    grid = dialog.findChild(BeatGrid)
    assert grid is not None
    assert not grid.grab().isNull()
    dialog.reject()

    open_titled(qtbot, window, "first")
    assert "(3 years later)" in texts(open_comparison(qtbot, window))
    window.compare.dialog.reject()  # type: ignore[union-attr]

    open_titled(qtbot, window, "alone")
    dialog = open_comparison(qtbot, window)
    assert dialog.is_empty
    QTest.keyClick(dialog, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert "no other recording of this patient" in texts(dialog)
    dialog.reject()

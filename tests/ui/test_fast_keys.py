"""Keys struck faster than recordings open: every step counts, and no answer is given about an ECG that is not there."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_cases import SmallPredictor, import_all, listed_rows, look_at, open_titled, say_yes, settled
from worklist_cases import Line, add_lines

from peace_desktop.app import Application
from peace_desktop.jobs.worklist import PAGE_ROWS
from peace_desktop.ui.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: Any, running: Application, children: Path) -> MainWindow:
    import_all(qtbot, running.window, children)
    return running.window


def stored(window: MainWindow) -> list[tuple[str, str]]:
    """Recording and label of every statement in the library."""
    library = window.services.library
    return [(row.title, statement.label) for row in listed_rows(window)
            for reading in library.readings(row.sha256) for statement in reading.statements]


def test_next_struck_three_times_goes_on_by_three(qtbot: Any, window: MainWindow) -> None:
    """Also past the rows that are there: those of another page are fetched, and no step is forgotten meanwhile."""
    add_lines(window.services.library, [Line(f"R{number:04d}") for number in range(1, 2 * PAGE_ROWS)])
    window.reload_worklist()
    settled(qtbot, window)
    far = PAGE_ROWS - 2
    window.listing.show(far, window.open_recording)
    settled(qtbot, window)
    assert window.listing.place == far
    window.listing._pages.pop(1, None)
    for _press in range(3):
        QTest.keyClick(window, Qt.Key.Key_J)
    settled(qtbot, window)
    assert window.listing.place == far + 3
    for _press in range(5):
        QTest.keyClick(window, Qt.Key.Key_K)
    settled(qtbot, window)
    assert window.listing.place == far - 2
    first = window.listing.row(0)
    window.open_recording(first.sha256)
    for _press in range(2):
        QTest.keyClick(window, Qt.Key.Key_K)
    settled(qtbot, window)
    assert window.listing.place == 0, "steps beyond the end stay at the end"


def test_an_answer_struck_before_its_recording_is_there_is_given_to_none_and_said(
        qtbot: Any, window: MainWindow) -> None:
    open_titled(qtbot, window, "infant")
    held = threading.Event()
    window.services.lanes.library.submit(held.wait, 60)
    for key in (Qt.Key.Key_J, Qt.Key.Key_1, Qt.Key.Key_P, Qt.Key.Key_A):
        QTest.keyClick(window, key)
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    assert window.messages.text.startswith("Too early, and not done: ")
    held.set()
    settled(qtbot, window)
    assert window.worklist.recording(window.case.shown).title == "mother"
    assert stored(window) == []
    assert window.selected == ""
    for key in (Qt.Key.Key_1, Qt.Key.Key_P):
        QTest.keyClick(window, key)
    settled(qtbot, window)
    assert [title for title, _label in stored(window)] == ["mother"]
    assert window.messages.text.startswith("Too early"), "it stays until the reader goes on"
    QTest.keyClick(window, Qt.Key.Key_K)
    assert window.messages.text == ""
    settled(qtbot, window)


def test_agreeing_before_the_model_has_answered_is_said_too(
        qtbot: Any, begin: Callable[[], Application], children: Path, predictor: SmallPredictor) -> None:
    window = begin().window
    predictor.gate.clear()
    import_all_but_analysis(qtbot, window, children)
    QTest.keyClick(window, Qt.Key.Key_1)
    QTest.keyClick(window, Qt.Key.Key_A)
    assert "Agree" in window.messages.text
    assert "still looking" in window.messages.text
    QTest.keyClick(window, Qt.Key.Key_P)
    predictor.gate.set()
    settled(qtbot, window)
    assert len(stored(window)) == 1, "what is seen on the ECG needs no model"
    assert window.readings.reading.statements[0].model_positive is None


def import_all_but_analysis(qtbot: Any, window: MainWindow, folder: Path) -> None:
    """Import, and wait until the first recording stands on the screen without its analysis."""
    dialog = look_at(qtbot, window, folder)
    say_yes(qtbot, dialog)
    dialog.close()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.case.loaded is not None and window.readings.ready,
                    timeout=60_000)
    qtbot.waitUntil(lambda: window.actions_["select_label_1"].isEnabled(), timeout=60_000)

"""While something is asked or on its way in the window, nothing is done to another reading and nothing is lost."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from reading_cases import HERE, READER, Desk
from window_cases import import_all, listed_rows, open_titled, settled

from peace_desktop.app import Application
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.repository import Library
from peace_desktop.review.reading import ReadingState
from peace_desktop.ui import closing
from peace_desktop.ui.findings.sign_dialog import SignDialog


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How much was to be lost; the reader stays."""
    asked: list[int] = []
    monkeypatch.setattr(closing, "ask", lambda unsaved, _parent: bool(asked.append(unsaved)))
    return asked


def test_closing_waits_for_what_is_on_its_way_and_asks_about_what_was_refused(qtbot: Any, asked: list[int]) -> None:
    desk, window = Desk(), QWidget()
    qtbot.addWidget(window)
    desk.readings.take(HERE, (), reader=READER)
    desk.readings.comment("the last words", reader=READER)
    QTimer.singleShot(0, desk.lane.work)
    assert closing.may_close(desk.readings, window)
    assert ([item.comment for item in desk.library.writes], asked) == (["the last words"], [])
    desk.library.refused = {HERE}
    desk.readings.comment("refused", reader=READER)
    QTimer.singleShot(0, desk.lane.work)
    assert not closing.may_close(desk.readings, window)
    assert asked == [1]


def test_a_question_goes_with_its_recording_and_the_window_stays_with_what_is_not_saved(
        qtbot: Any, running: Application, children: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    infant = window.case.shown
    mother = next(row.sha256 for row in listed_rows(window) if row.title == "mother")
    window.commands.comment("a finding")

    def go_on() -> None:
        if isinstance(QApplication.activeModalWidget(), SignDialog):
            window.open_recording(mother)
        else:
            QTimer.singleShot(5, go_on)

    QTimer.singleShot(0, go_on)
    window.sign()
    assert window.messages.text.startswith("Not done")
    settled(qtbot, window)
    assert window.case.shown == mother
    assert running.library.readings(infant)[-1].state is ReadingState.DRAFT

    def refuse(*_given: object) -> None:
        raise LibraryError("The disk is full.")

    with monkeypatch.context() as refusing:
        refusing.setattr(Library, "save_reading", refuse)
        window.commands.comment("not saved")
        assert not window.close()
        assert (asked, window.isVisible()) == ([1], True)
        assert window.findChild(QLabel, "status_saved").text() == "Not saved"
    assert window.close()
    assert [item.comment for item in running.library.readings(mother)] == ["not saved"]

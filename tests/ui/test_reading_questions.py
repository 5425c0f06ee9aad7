"""A question about a reading acts on the reading it showed, or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget
from reading_cases import ELSEWHERE, HERE, OTHER, READER, Desk, draft, final

from peace_desktop.review.reading import Reading
from peace_desktop.ui import reading_commands
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.reading_commands import ReadingCommands

THEIRS = draft("another child", sha256=ELSEWHERE)
MEANWHILE: dict[str, Callable[[Desk], None]] = {
    "nothing": lambda _desk: None,
    "another recording": lambda desk: desk.readings.take(ELSEWHERE, (THEIRS,), reader=READER),
    "another reader": lambda desk: desk.readings.take(HERE, (draft("mine", reader=OTHER),), reader=OTHER),
}


@pytest.mark.parametrize("stands", [draft(), final()], ids=["sign", "amend"])
@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_nothing_is_signed_or_amended_but_what_the_question_showed(
        qtbot: Any, monkeypatch: pytest.MonkeyPatch, meanwhile: str, stands: Reading) -> None:
    desk, window, said = Desk(), QWidget(), list[Message]()
    qtbot.addWidget(window)
    commands = ReadingCommands(None, desk.readings, window=window, reader=lambda: READER,  # type: ignore[arg-type]
                               name_reader=lambda _name: None, selected=lambda: "", labels=(), say=said.append)

    def confirm(dialog: QDialog) -> bool:
        assert commands.dialog is dialog, "the window can take it back"
        for field in dialog.findChildren(QPlainTextEdit):
            field.setPlainText("seen with the echo")
        MEANWHILE[meanwhile](desk)
        return True

    monkeypatch.setattr(reading_commands, "ask", confirm)
    desk.readings.take(HERE, (stands,), reader=READER)
    if desk.readings.final:
        commands.amend()
    else:
        commands.finish("3 months", "said")
    desk.lane.work()
    same = meanwhile == "nothing"
    assert (len(desk.library.writes), len(said)) == ((1, 0) if same else (0, 1))
    assert commands.dialog is None
    if not same:
        assert said[0].text.startswith("Not done")

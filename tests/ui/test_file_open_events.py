"""Files handed to the running application as events, as macOS does."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from peace_desktop.ui.start.file_open import FileOpen


def test_files_of_one_gesture_come_together_and_other_events_pass(qtbot: object, qapp: QApplication) -> None:
    taken: list[tuple[Path, ...]] = []
    owner = QObject()
    watching = FileOpen(qapp, taken.append, owner)
    for name in ("/a/one.hea", "/a/two.hea"):
        assert QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(name)))
    assert taken == []
    qtbot.waitUntil(lambda: bool(taken))  # type: ignore[attr-defined]
    assert taken == [(Path("/a/one.hea"), Path("/a/two.hea"))]
    assert not watching.eventFilter(qapp, QEvent(QEvent.Type.User))
    qapp.removeEventFilter(watching)

"""A night's recordings dropped on the window: duplicates, a damaged file, a table that does not say how it was made."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from window_cases import import_all, say_yes, start

from peace_desktop.app import Application
from peace_desktop.library.errors import LibraryError


def test_dropped_folder_with_a_damaged_file(qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    (children / "zz_damaged.hea").write_text("this is no header\n", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(children)), QUrl.fromLocalFile(str(children / "zz_damaged.hea"))])
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                                Qt.KeyboardModifier.NoModifier))
    dialog = window.files.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.looked, timeout=60_000)  # type: ignore[attr-defined]
    assert dialog.headline == "3 new recordings, 1 refused. Nothing is imported yet."
    assert not window.services.library.recordings()
    say_yes(qtbot, dialog)
    assert dialog.headline.startswith("3 recordings imported, 1 refused")
    assert dialog.text.startswith("zz_damaged.hea: ")
    assert "\n" not in dialog.text
    import_all(qtbot, window, children)
    assert window.files.dialog is not None
    assert "3 were in the library already" in window.files.dialog.headline
    assert len(window.worklist.model.rows) == 3


def test_second_copy_says_the_library_is_in_use(running: Application, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="already open"):
        start(tmp_path / "data", object())
    assert running.window.isVisible()


def test_nothing_lost_when_a_recording_cannot_be_opened(
        qtbot: object, begin: Callable[[], Application], children: Path) -> None:
    window = begin().window
    import_all(qtbot, window, children)
    row = window.worklist.model.rows[1]
    for file in (window.services.library.recordings_folder).rglob("*.npy"):
        if row.sha256 in str(file):
            file.write_bytes(b"")
    window.open_recording(row.sha256)
    qtbot.waitUntil(lambda: bool(window.case.problem), timeout=60_000)  # type: ignore[attr-defined]
    assert window.messages.text.startswith("This recording could not be opened.")
    assert window.case.loaded is None
    assert not window.actions_["agree"].isEnabled()

"""A night's recordings dropped on the window: duplicates, a damaged file, a table that does not say how it was made."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from library_cases import listed
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton
from window_cases import import_all, listed_rows, look_at, say_yes, start

from peace_desktop.app import Application
from peace_desktop.jobs.importing import BATCH
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.repository import Library
from peace_desktop.library.taking import Incoming
from peace_desktop.ui.import_.dialog import ImportDialog
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.simulation import SimulationSpec, simulate


def button(dialog: ImportDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None, name
    return found


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
    assert not listed(window.services.library)
    say_yes(qtbot, dialog)
    assert dialog.headline.startswith("3 recordings imported, 1 refused")
    assert dialog.text.startswith("zz_damaged.hea: ")
    assert "\n" not in dialog.text
    import_all(qtbot, window, children)
    assert window.files.dialog is not None
    assert "3 were in the library already" in window.files.dialog.headline
    assert len(listed_rows(window)) == 3


def test_second_copy_says_the_library_is_in_use(running: Application, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="already open"):
        start(tmp_path / "data", object())
    assert running.window.isVisible()


def test_nothing_lost_when_a_recording_cannot_be_opened(
        qtbot: object, begin: Callable[[], Application], children: Path) -> None:
    window = begin().window
    import_all(qtbot, window, children)
    # The one after the shown recording is loaded ahead; this is the one after that.
    row = listed_rows(window)[2]
    for file in (window.services.library.recordings_folder).rglob("*.npy"):
        if row.sha256 in str(file):
            file.write_bytes(b"")
    window.open_recording(row.sha256)
    qtbot.waitUntil(lambda: bool(window.case.problem), timeout=60_000)  # type: ignore[attr-defined]
    assert window.messages.text.startswith("This recording could not be opened.")
    assert window.case.loaded is None
    assert not window.actions_["agree"].isEnabled()


def test_cancelled_import_goes_on_in_the_dialog_and_after_a_restart(
        qtbot: Any, begin: Callable[[], Application], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    night = tmp_path / "many"
    heart = simulate(SimulationSpec(age_days=900, sex="F", seed=3, duration_s=5)).recording
    night.mkdir()
    for number in range(3 * BATCH):
        write_wfdb(replace(heart, signal_mv=heart.signal_mv + number / 100), night, f"r{number:02d}")
    first = begin()
    dialog = look_at(qtbot, first.window, night)
    add = Library.add_recordings

    def add_and_cancel(library: Library, batch: Sequence[Incoming]) -> object:
        """As if the reader pressed Cancel while a batch was being written."""
        dialog._run.cancel()
        return add(library, batch)

    with monkeypatch.context() as patch:
        patch.setattr(Library, "add_recordings", add_and_cancel)
        say_yes(qtbot, dialog)
        assert dialog.headline == (f"{BATCH} recordings imported. Cancelled: what was imported stays in the library, "
                                   f"{2 * BATCH} files are left.")
        assert button(dialog, "import_yes").text() == "Go on"
        say_yes(qtbot, dialog)
    assert len(listed(first.window.services.library)) == 2 * BATCH
    first.close()
    again = begin()
    dialog = look_at(qtbot, again.window, night)
    assert dialog.headline == f"{BATCH} new recordings, {2 * BATCH} known already. Nothing is imported yet."
    say_yes(qtbot, dialog)
    assert len(listed(again.window.services.library)) == 3 * BATCH
    assert again.window.services.library.verify().problems == ()


def test_full_disk_in_mid_import_is_said_plainly_and_nothing_is_in_by_half(
        qtbot: Any, running: Application, children: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = running.window.services.library
    dialog = look_at(qtbot, running.window, children)

    def full(*_given: object) -> None:
        raise LibraryError("The disk is full. Make room, then try again.")

    with monkeypatch.context() as patch:
        patch.setattr(type(library), "add_recordings", full)
        say_yes(qtbot, dialog)
    assert dialog.headline == ("The disk is full. Make room, then try again. 0 recordings of this import are in the "
                               "library, each whole; nothing is in by half.")
    assert listed(library) == ()
    assert button(dialog, "import_yes").text() == "Go on"
    say_yes(qtbot, dialog)
    assert dialog.headline == "3 recordings imported"
    assert library.verify().problems == ()

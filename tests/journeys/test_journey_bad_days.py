"""Bad days: a damaged library, a full disk while signing, a folder that cannot be written, a second window, a clock set
back. Each ends with a sentence that says what happened, what is safe and what to do, and with nothing lost."""

import errno
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from library_cases import VERSION, listed, make_recording
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QPushButton, QTableWidget
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from window_cases import READER, import_all, open_titled

from peace_desktop import app, start
from peace_desktop.app import Application, Options
from peace_desktop.jobs.model import Model
from peace_desktop.library.engine import open_library
from peace_desktop.library.ladder import kept_backups
from peace_desktop.review.reading import ReadingState, new_draft, with_comment
from peace_desktop.settings import Settings
from peace_desktop.ui.access.new_library import NewLibraryDialog
from peace_desktop.ui.backups.restore_dialog import RestoreDialog
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.settings_store import SettingsStore
from peace_desktop.ui.start.hand_over import hand_over

ROOT = Path(__file__).resolve().parents[2]
_HAND_OVER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from peace_desktop.ui.start.hand_over import hand_over
application = QCoreApplication([])
sys.exit(0 if hand_over(Path(sys.argv[1]), [Path(sys.argv[2])]) else 1)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: object) -> Path:
    """The data folder of somebody who has used the application before; the model is left out."""
    folder = tmp_path / "data"
    SettingsStore(folder / "settings.ini").write(Settings(reader_name=READER, intended_use_accepted=True))
    monkeypatch.setattr(app, "_model_maker", lambda **_how: lambda _provider: Model(None, left_out="none"))
    return folder


def with_drafts(folder: Path, source: Path, *readers: str) -> str:
    """A library with a recording and a draft of each reader."""
    with open_library(folder, application_version=VERSION) as library:
        sha256 = library.add_recording(make_recording(source), origin_path_name="x").sha256
        for reader in readers:
            library.save_reading(with_comment(new_draft(sha256, reader), "said"))
    return sha256


def soon(do: Callable[[], bool]) -> None:
    """Call this again and again until it says that it is done."""

    def look() -> None:
        if not do():
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


def shown_window(rows: int) -> MainWindow | None:
    """The window, once it stands with this many recordings."""
    found = [widget for widget in QApplication.topLevelWidgets()
             if isinstance(widget, MainWindow) and widget.isVisible()]
    return found[0] if found and found[0].bridge.idle and found[0].worklist.model.rowCount() == rows else None


def close_when_listed(rows: int) -> None:
    def look() -> bool:
        window = shown_window(rows)
        if window is not None:
            window.close()
        return window is not None

    soon(look)


def answer_restore(said: list[str], *, yes: bool, row: int = 0) -> None:
    """Bring the backup of this row back, or give up, once the dialog says what would be set aside."""

    def look() -> bool:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, RestoreDialog):
            return False
        dialog.findChild(QTableWidget).selectRow(row)
        if not dialog.findChild(QPushButton, "restore_yes").isEnabled():
            return False
        said.extend(label.text() for label in dialog.findChildren(QLabel))
        if yes:
            dialog.findChild(QPushButton, "restore_yes").click()
        else:
            dialog.reject()
        return True

    soon(look)


def answer_warning(said: list[str]) -> None:
    def look() -> bool:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            said.append(box.text())
            box.accept()
            return True
        return False

    soon(look)


def test_a_damaged_library_is_kept_and_its_backup_brought_back(home: Path, tmp_path: Path) -> None:
    folder = home / "library"
    with_drafts(folder, tmp_path / "source", READER)
    close_when_listed(1)
    assert start.run(Options(data_dir=home)) == 0
    assert len(kept_backups(folder)) == 1, "kept on closing"
    damaged = (folder / "library.sqlite").read_bytes()[:9000]
    (folder / "library.sqlite").write_bytes(damaged)
    said: list[str] = []
    answer_restore(said, yes=False)
    assert start.run(Options(data_dir=home)) == 1
    assert (folder / "library.sqlite").read_bytes() == damaged
    assert any("is damaged" in text and "kept whole" in text for text in said)
    assert any("cannot be read" in text for text in said)
    answer_restore(said, yes=True)
    close_when_listed(1)
    assert start.run(Options(data_dir=home)) == 0
    replaced = next(kept for kept in kept_backups(folder) if kept.kind == "replaced")
    assert replaced.file.read_bytes() == damaged
    with open_library(folder, application_version=VERSION) as library:
        assert library.reading_for(listed(library)[0].sha256, READER).comment == "said"
        assert library.verify().problems == ()


def test_a_backup_is_brought_back_from_the_menu_and_what_is_newer_is_named(home: Path, tmp_path: Path) -> None:
    folder = home / "library"
    sha256 = with_drafts(folder, tmp_path / "source", READER)
    close_when_listed(1)
    assert start.run(Options(data_dir=home)) == 0
    with_drafts(folder, tmp_path / "source", "Dr Late")
    said: list[str] = []

    def restore_from_menu() -> bool:
        window = shown_window(1)
        if window is None:
            return False
        answer_restore(said, yes=True)
        close_when_gone(window)
        window.actions_["restore"].trigger()
        return True

    def close_when_gone(first: MainWindow) -> None:
        def look() -> bool:
            window = shown_window(1)
            if window is None or window is first:
                return False
            window.close()
            return True

        soon(look)

    soon(restore_from_menu)
    assert start.run(Options(data_dir=home)) == 0
    assert any("1 reading, 0 recordings" in text and "Dr Late" in text for text in said)
    with open_library(folder, application_version=VERSION) as library:
        assert library.reading_for(sha256, READER).comment == "said"
        assert library.reading_for(sha256, "Dr Late") is None
    assert [kept.kind for kept in kept_backups(folder)].count("replaced") == 1


def test_a_full_disk_while_signing_leaves_the_draft_and_signing_works_later(
        qtbot: object, running: Application, children: Path, confirm: Callable[[str], None]) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    QTest.keyClick(window, Qt.Key.Key_1)
    QTest.keyClick(window, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]

    room = [1]

    def narrow(connection: DBAPIConnection, *_more: object) -> None:
        # SQLite's own stand-in for a disk without room; every connection has a limit of its own.
        connection.execute(f"PRAGMA max_page_count = {room[0]}")

    event.listen(running.library._reader.pool, "checkout", narrow)
    long = "word " * 12_000
    window.commands.comment(long)
    qtbot.waitUntil(lambda: "disk is full" in window.messages.text, timeout=60_000)  # type: ignore[attr-defined]
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "not signed; the draft is still there" in window.messages.text, timeout=60_000)  # type: ignore[attr-defined]
    assert "Everything saved earlier is safe. Free some space and try again." in window.messages.text
    assert window.readings.reading.state is ReadingState.DRAFT
    stored = running.library.reading_for(window.case.shown, READER)
    assert (stored.state, len(stored.statements)) == (ReadingState.DRAFT, 1)
    room[0] = 1_000_000
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.readings.final, timeout=60_000)  # type: ignore[attr-defined]
    assert len(running.library.reading_for(window.case.shown, READER).comment) == len(long)
    assert running.library.verify().problems == ()


def test_a_second_window_on_one_library_is_refused_politely(home: Path, tmp_path: Path) -> None:
    with_drafts(home / "library", tmp_path / "source", READER)
    said: list[str] = []
    with open_library(home / "library", application_version=VERSION):
        answer_warning(said)
        assert start.run(Options(data_dir=home)) == 1
    assert "already open" in said[0]
    assert "Use that window, or close it and try again." in said[0]


def test_a_second_start_hands_its_recordings_to_the_window_that_has_the_library(
        qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    second = subprocess.Popen([sys.executable, "-c", _HAND_OVER, str(running.library.folder), str(children)], cwd=ROOT)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)  # type: ignore[attr-defined]
    assert second.returncode == 0
    qtbot.waitUntil(lambda: window.files.dialog is not None, timeout=60_000)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.files.dialog.looked, timeout=60_000)  # type: ignore[attr-defined]
    window.files.dialog.close()
    assert not hand_over(running.library.folder.parent, ()), "nobody has that library"


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_folder_that_cannot_be_written_is_said_so(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                    code: int) -> None:
    with_drafts(home / "library", tmp_path / "source", READER)

    def refuse(_path: Path) -> None:
        raise OSError(code, "refused")

    monkeypatch.setattr("peace_desktop.library.engine.WriterLock", refuse)
    said: list[str] = []
    answer_warning(said)
    assert start.run(Options(data_dir=home)) == 1
    assert "cannot be written to" in said[0]
    assert "Check the folder's permissions" in said[0]


def test_no_room_for_a_backup_keeps_nobody_from_closing_and_is_said(
        home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_drafts(home / "library", tmp_path / "source", READER)

    def full(_file: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("peace_desktop.library.snapshot.sync_file", full)
    said: list[str] = []
    close_when_listed(1)
    answer_warning(said)
    assert start.run(Options(data_dir=home)) == 0
    assert said[0].startswith("No backup was kept on closing. The disk is full")


def test_a_clock_that_was_set_back_is_said_and_nothing_loses_its_place(
        qtbot: object, home: Path, tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=400)
    with open_library(home / "library", application_version=VERSION, clock=lambda: later) as library:
        library.add_recording(make_recording(tmp_path / "source"), origin_path_name="x")
    options = Options(data_dir=home)
    with Application(options, ask_first=lambda _store: True) as running:
        running.show(options)
        qtbot.waitUntil(lambda: "clock is behind" in running.window.messages.text, timeout=60_000)  # type: ignore[attr-defined]
        assert "What is saved is safe" in running.window.messages.text
        sha256 = listed(running.library)[0].sha256
        running.library.save_reading(new_draft(sha256, READER))
        report = running.library.verify()
        assert report.problems == ()
        assert any("clock went back" in note for note in report.notes)


def test_a_new_library_is_asked_how_it_is_to_be_kept(home: Path) -> None:
    def choose() -> bool:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, NewLibraryDialog):
            return False
        assert not dialog.encrypted
        dialog.accept()
        return True

    soon(choose)
    close_when_listed(0)
    assert start.run(Options(data_dir=home)) == 0
    assert (home / "library" / "library.sqlite").read_bytes().startswith(b"SQLite format 3")
    assert isinstance(QApplication.activeModalWidget(), QDialog | None)

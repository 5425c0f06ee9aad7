"""The dialogs about readers, passphrases and backups: every input has a name, Esc never opens a lock."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from access_cases import cheap_scrypt, with_three_readers
from library_cases import make_recording, open_at
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from shiboken6 import isValid
from study_cases import protocol
from test_window_access import nameless

from peace_desktop.jobs.lanes import Lane
from peace_desktop.library.contents import Contents, Newer, NewerReading
from peace_desktop.library.engine import open_library
from peace_desktop.library.key_file import encrypt_new, new_data_key, with_passphrase, wrap
from peace_desktop.library.ladder import Kept
from peace_desktop.library.study_bundle import write_study_bundle
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.access import Role
from peace_desktop.review.assignment import assign
from peace_desktop.review.study import StudyRecording
from peace_desktop.ui.access.new_library import NewLibraryDialog
from peace_desktop.ui.access.new_passphrase import NewPassphrase
from peace_desktop.ui.access.readers_page import ReadersPage
from peace_desktop.ui.access.start import sign_in_dialog, unlock_dialog
from peace_desktop.ui.backups.restore_dialog import RestoreDialog, newer_words
from peace_desktop.ui.bridge import Bridge

__all__ = ["cheap_scrypt"]
pytestmark = pytest.mark.usefixtures("cheap_scrypt", "qtbot")
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def kept(name: str) -> tuple[Kept, Contents]:
    return Kept(Path(name), "library", AT, 7), Contents(1200, 34, 5)


def test_every_input_has_a_name(tmp_path) -> None:
    bridge = Bridge()
    with open_at(tmp_path) as library, closing(Lane("test-lane")) as lane:
        access = with_three_readers(library)
        page = ReadersPage()
        page.show_readers(access.readers(), guarded=True, may_manage=True)
        dialogs: list[QWidget] = [
            sign_in_dialog(access, "Dr A", lane=lane, bridge=bridge, refuse="Quit"),
            unlock_dialog(wrap(new_data_key(), "eight or more"), lane=lane, bridge=bridge),
            NewPassphrase(title="t", words="w", confirm="c", name="", role=Role.READER, old=True),
            NewLibraryDialog(tmp_path / ("x" * 30)), page,
            RestoreDialog([kept("a.sqlite")], words="w", give_up="Close")]
    for dialog in dialogs:
        assert nameless(dialog) == [], type(dialog).__name__
        dialog.deleteLater()


def test_a_lock_is_left_with_the_passphrase_only(tmp_path) -> None:
    bridge = Bridge()
    with open_at(tmp_path) as library, closing(Lane("test-lane")) as lane:
        dialog = sign_in_dialog(with_three_readers(library), "Dr A", lane=lane, bridge=bridge, refuse="")
        dialog.show()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        dialog.close()
        assert dialog.isVisible(), "nor by the window's own button"
        dialog.deleteLater()


def test_a_backup_is_brought_back_only_after_what_is_newer_was_said() -> None:
    asked: list[Path] = []
    dialog = RestoreDialog([kept("a.sqlite"), kept("b.sqlite")], words="w", give_up="Close")
    dialog.asked.connect(asked.append)
    yes = dialog.findChild(QPushButton, "restore_yes")
    assert not yes.isEnabled()
    dialog.tell(Path("b.sqlite"), Newer((), 0))
    assert not yes.isEnabled(), "an answer about another backup"
    dialog.tell(Path("a.sqlite"), Newer((NewerReading("Dr B", "P0012", "draft"),), 2))
    assert yes.isEnabled()
    assert "1 reading, 2 recordings" in dialog.findChild(QLabel, "restore_said").text()
    assert "Dr B: P0012 (draft)" in dialog.findChild(QLabel, "restore_said").text()
    dialog.deleteLater()


def test_many_newer_readings_are_counted_and_an_unreadable_library_is_said() -> None:
    many = newer_words(Newer(tuple(NewerReading(f"Dr {n}", "P1", "final") for n in range(30)), 0))
    assert "Dr 11: P1" in many
    assert "Dr 12: P1" not in many
    assert "and 18 more" in many
    assert "cannot be read" in newer_words(None)
    assert "nothing that this backup does not hold" in newer_words(Newer((), 0))


def test_a_sealed_bundle_is_joined_with_the_passphrase_of_the_library_it_came_from(qtbot, running, tmp_path) -> None:
    recording, library, study = make_recording(tmp_path / "source"), running.window.services.library, protocol()
    encrypt_new(tmp_path / "theirs", "eight or more")
    with open_library(tmp_path / "theirs", application_version="9", unlock=with_passphrase("eight or more")) as theirs:
        sha256 = theirs.add_recording(recording, origin_path_name="x").sha256
        StudyRoom(theirs).create(study, [StudyRecording(sha256)], assign(study, [sha256]))
        write_study_bundle(theirs, study.study_id, tmp_path / "out.zip", with_names=True)
    library.add_recording(recording, origin_path_name="x")
    bundles = running.window.study_dialogs.bundles
    bundles.join(tmp_path / "out.zip")
    qtbot.waitUntil(lambda: bundles.asking is not None and bundles.asking.isVisible(), timeout=60_000)
    field = bundles.asking.findChild(QLineEdit, "access_passphrase")
    for passphrase, then in (("not that one", lambda: "passphrase" in bundles.asking.said and field.isEnabled()),
                             ("eight or more", lambda: bool(StudyRoom(library).protocols()))):
        QTest.keyClicks(field, passphrase)
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(then, timeout=60_000)
    # It goes by itself, and may be gone already.
    qtbot.waitUntil(lambda: not (isValid(bundles.asking) and bundles.asking.isVisible()), timeout=60_000)
    assert StudyRoom(library).protocols() == (study,)

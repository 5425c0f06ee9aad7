"""Export of what the worklist lists: asked which, progress with a count, cancelled after the one under way, reasons."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QPushButton, QRadioButton
from window_cases import import_all, listed_rows, open_titled

from peace_desktop.app import Application
from peace_desktop.jobs import exporting
from peace_desktop.ui.export_dialog import ExportDialog
from peace_model.ecg.recording import Recording


def part(dialog: ExportDialog, kind: type, name: str) -> Any:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


@pytest.fixture
def asked(qtbot: Any, running: Application, children: Path, tmp_path: Path,
          monkeypatch: pytest.MonkeyPatch) -> ExportDialog:
    """The dialog over three recordings; the folder it will be given is tmp_path/out."""
    window = running.window
    import_all(qtbot, window, children)
    qtbot.waitUntil(lambda: window.worklist.model.rowCount() == 3 and window.bridge.idle, timeout=60_000)
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "out"))
    window.actions_["export_wfdb"].trigger()
    qtbot.waitUntil(lambda: window.exporting.dialog is not None, timeout=60_000)
    return window.exporting.dialog


def headers(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "out").glob("*.hea"))


def test_all_are_written_by_keyboard_and_the_one_on_the_screen_by_mouse(
        qtbot: Any, asked: ExportDialog, running: Application, tmp_path: Path) -> None:
    window = running.window
    this = part(asked, QRadioButton, "export_this")
    assert this.isChecked()
    this.setFocus()
    QTest.keyClick(this, Qt.Key.Key_Down)
    assert part(asked, QRadioButton, "export_all").text() == "All 3 recordings that the worklist lists now"
    QTest.keyClick(asked, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not asked.writing, timeout=60_000)
    assert asked.headline.startswith("3 of 3 recordings written into out, without anything")
    assert len(headers(tmp_path)) == 3
    assert not part(asked, QPlainTextEdit, "export_reasons").isVisible()
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert not asked.isVisible()
    before = window.exporting.dialog
    window.actions_["export_wfdb"].trigger()
    qtbot.waitUntil(lambda: window.exporting.dialog is not before, timeout=60_000)
    again = window.exporting.dialog
    assert again is not None
    written = set(headers(tmp_path))
    for title in ("mother", "nameless"):
        open_titled(qtbot, window, title)
        assert part(again, QRadioButton, "export_this").text() == f"The recording on the screen: {title}"
    QTest.mouseClick(part(again, QPushButton, "export_choose"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.messages.text.startswith("Written without anything"), timeout=60_000)
    (one,) = set(headers(tmp_path)) - written
    assert one.startswith(running.library.shown_name(window.case.shown)), "not what was there when it was asked"
    assert not again.isVisible()


def test_escape_cancels_after_the_one_under_way_and_reasons_are_listed(
        qtbot: Any, asked: ExportDialog, running: Application, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    broken, *_others = listed_rows(running.window)
    next(running.library.recordings_folder.glob(f"??/{broken.sha256}/signal.npy")).write_bytes(b"x")
    write = exporting._WRITERS[exporting.FileFormat.WFDB]
    began, go_on = threading.Event(), threading.Event()

    def slow(recording: Recording, folder: Path, name: str) -> object:
        began.set()
        assert go_on.wait(60)
        return write(recording, folder, name)

    monkeypatch.setitem(exporting._WRITERS, exporting.FileFormat.WFDB, slow)
    part(asked, QRadioButton, "export_all").setChecked(True)
    QTest.mouseClick(part(asked, QPushButton, "export_choose"), Qt.MouseButton.LeftButton)
    assert began.wait(60)
    qtbot.waitUntil(lambda: asked.headline == "Writing 2 of 3 into out…", timeout=60_000)
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert asked.headline.startswith("Cancelled; the recording under way")
    assert asked.isVisible()
    go_on.set()
    qtbot.waitUntil(lambda: not asked.writing, timeout=60_000)
    assert asked.headline.startswith("1 of 3 recordings written")
    assert "1 could not be written; the reason stands below." in asked.headline
    assert asked.headline.endswith("Cancelled: what was written stays.")
    assert len(headers(tmp_path)) == 1
    reasons = part(asked, QPlainTextEdit, "export_reasons")
    assert reasons.isVisible()
    assert reasons.toPlainText().startswith(f"{broken.title}: ")

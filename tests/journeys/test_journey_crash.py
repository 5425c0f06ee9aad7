"""The program falls over: what is written down names nobody, and the next start says what happened, what is safe, and
offers safe mode."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from window_cases import READER

from peace_desktop import app, start
from peace_desktop.app import Application, Options
from peace_desktop.crash_file import KEPT, CrashFile
from peace_desktop.library.engine import open_library
from peace_desktop.settings import Settings
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.settings_store import SettingsStore
from peace_desktop.ui.start.after_crash import AfterCrash
from peace_desktop.ui.start.faults import catch_faults

ROOT = Path(__file__).resolve().parents[2]
PLANTED = ("Zwetkowa", "19-4711", "Sternwarte", "0.8125")
"""A name, a number, a folder and a sample that must be found nowhere."""

_RUN = """
import os, signal, sys
from pathlib import Path
from peace_desktop import start
from peace_desktop.app import Options
from peace_desktop.ui.start import first_paint

def fall(window, paths, *, safe_mode):
    patient = "Zwetkowa 19-4711"
    samples = [0.8125] * 3
    os.kill(os.getpid(), signal.SIGSEGV)

first_paint.begin = fall
start.run(Options(data_dir=Path(sys.argv[1])))
"""

_KILLED = """
import os, signal, sys
from pathlib import Path
from peace_desktop.crash_file import CrashFile
running = CrashFile(Path(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The data folder of somebody who has used the application before; its path names a patient."""
    folder = tmp_path / "Sternwarte Zwetkowa 19-4711" / "data"
    SettingsStore(folder / "settings.ini").write(
        Settings(reader_name=READER, intended_use_accepted=True, gain_mm_per_mv=5.0))
    open_library(folder / "library", application_version="test").close()
    return folder


@pytest.fixture
def crash(home: Path) -> Iterator[CrashFile]:
    with CrashFile(home / "logs") as file:
        yield file


def named(folder: Path) -> list[str]:
    """What of the planted is found in a folder's files."""
    return [f"{word} in {file.name}" for file in folder.rglob("*") if file.is_file() for word in PLANTED
            if word in file.read_text("utf-8", "replace")]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed with signals here")
def test_after_a_fall_the_next_start_says_so_and_can_leave_the_model_out(qtbot: object, home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _RUN, str(home)], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    assert done.returncode == -signal.SIGSEGV, done.stderr
    met: list[str] = []

    def start_safe() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, AfterCrash):
            QTimer.singleShot(5, start_safe)
            return
        met.append(" ".join(label.text() for label in dialog.findChildren(QLabel)))
        dialog.findChild(QPushButton, "start_safe").click()
        QTimer.singleShot(5, close)

    def close() -> None:
        windows = [widget for widget in QApplication.topLevelWidgets()
                   if isinstance(widget, MainWindow) and widget.isVisible() and widget.case.model_status is not None]
        if not windows:
            QTimer.singleShot(5, close)
            return
        met.append(windows[0].case.model_status.problem)
        met.append(f"{windows[0].settings.gain_mm_per_mv}, {windows[0].settings.reader_name}")
        windows[0].close()

    QTimer.singleShot(0, start_safe)
    assert start.run(Options(data_dir=home)) == 0
    words, model, settings = met
    assert "Drafts and signatures are saved as they are made" in words
    left = list((home / "logs").glob("crash-*.txt"))
    assert len(left) == 1
    assert str(left[0]) in words
    assert "Segmentation fault" in left[0].read_text("utf-8")
    assert "safe mode" in model
    assert settings == f"10.0, {READER}"
    assert named(home / "logs") == []
    assert SettingsStore(home / "settings.ini").settings.gain_mm_per_mv == 5.0


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed with signals here")
def test_a_run_that_is_killed_leaves_a_file_for_the_next_start(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    with CrashFile(tmp_path) as following:
        assert following.left is not None
        assert "application 0" in following.left.read_text("utf-8")
    with CrashFile(tmp_path) as next_but_one:
        assert next_but_one.left is None, "it is said once"


def test_a_fault_in_a_handler_is_written_down_without_its_text_and_the_window_goes_on(
        running: Application, crash: CrashFile, home: Path) -> None:
    window = running.window
    end = catch_faults(window, crash)

    def fall() -> None:
        name, samples_mv = "Zwetkowa", [0.8125]
        raise ValueError(f"{name}, 19-4711, {samples_mv} in {home}")

    try:
        sys.excepthook(*error_of(fall), None)
    finally:
        end()
    assert "goes on" in window.messages.text
    assert str(crash.path) in window.messages.text
    assert "Zwetkowa" not in window.messages.text.replace(str(crash.path), "")
    crash.close()
    written = crash.path.read_text("utf-8")
    assert "ValueError" in written
    assert "test_journey_crash.py" in written
    assert named(home / "logs") == []


def error_of(fall: Callable[[], None]) -> tuple[type[BaseException], BaseException]:
    try:
        fall()
    except ValueError as error:
        return ValueError, error
    raise AssertionError


def test_a_fault_before_any_window_ends_with_a_sentence(
        qtbot: object, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fall(*_anything: object, **_else: object) -> None:
        raise KeyError("Zwetkowa 19-4711")

    said: list[str] = []
    monkeypatch.setattr(app, "MainWindow", fall)
    monkeypatch.setattr(QMessageBox, "critical", lambda _parent, _title, words: said.append(words))
    assert start.run(Options(data_dir=home)) == start.EXIT_FAULT
    left = list((home / "logs").glob("crash-*.txt"))
    assert len(left) == 1
    assert str(left[0]) in said[0]
    assert "KeyError" in left[0].read_text("utf-8")
    assert named(home / "logs") == []
    assert "Zwetkowa" not in capsys.readouterr().err


def test_another_run_that_is_alive_is_no_crash_and_old_files_go(tmp_path: Path) -> None:
    for day in range(KEPT + 3):
        (tmp_path / f"crash-202501{day + 10}-000000-1.txt").write_text("old")
    with CrashFile(tmp_path) as first:
        assert first.left is None
        with CrashFile(tmp_path / "other") as other, CrashFile(tmp_path) as second:
            assert (other.left, second.left) == (None, None)
            for _time in range(100):
                second.write(ValueError("again and again"))
    assert len(list(tmp_path.glob("crash-*.txt"))) == KEPT + 1
    assert second.path.stat().st_size < 10_000
    assert not list(tmp_path.glob("running-*"))
    assert os.listdir(tmp_path / "other") == []

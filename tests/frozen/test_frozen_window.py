"""The installed window on a screen: paths of a second start, many files at once, a run that falls over. X11 only."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from installed_program import PATIENCE_S, Installed
from library_cases import make_recording

_NEEDED = ("Xvfb", "xdotool")
pytestmark = [
    pytest.mark.long, pytest.mark.timeout(2 * PATIENCE_S),
    pytest.mark.skipif(any(shutil.which(tool) is None for tool in _NEEDED), reason=f"needs {' and '.join(_NEEDED)}")]
MANY = 60


def _until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S / 3
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {PATIENCE_S / 3:.0f} s"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A virtual screen on a number that is free."""
    ours, theirs = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
                              pass_fds=(theirs,), stderr=subprocess.DEVNULL)
    os.close(theirs)
    with open(ours, "rb") as told:
        number = told.readline().decode().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture
def window(installed: Installed, screen: str) -> Iterator["_Window"]:
    running = _Window(installed, screen)
    yield running
    running.close()


class _Window:
    """A running window of the installed program on a library of its own; the first start's questions are answered."""

    def __init__(self, installed: Installed, screen: str) -> None:
        self.installed, self.screen = installed, screen
        self.data = installed.home / "data"
        self.data.mkdir()
        (self.data / "settings.ini").write_text(
            "[General]\nintended_use_accepted=true\nreader_name=Dr Lin\nlanguage=en\n", "utf-8")
        made = installed.run("library", "create", "--library", self.data / "library")
        assert made.returncode == 0, made.stderr
        self.process = self.start()
        _until(lambda: bool(self.ask("search", "--onlyvisible", "--name", "PEACE Desktop")), "window")

    def start(self, *paths: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.installed.command("--data-dir", self.data, *paths), cwd=self.installed.home,
                                env=self.installed.surroundings(DISPLAY=self.screen, QT_QPA_PLATFORM="xcb"))

    def ask(self, *words: str) -> str:
        return subprocess.run(["xdotool", *words], env={"DISPLAY": self.screen, "PATH": os.environ["PATH"]},
                              capture_output=True, text=True, check=False).stdout.strip()

    def recordings(self) -> int:
        with closing(sqlite3.connect(f"file:{self.data / 'library' / 'library.sqlite'}?mode=ro", uri=True)) as library:
            return int(library.execute("SELECT count(*) FROM recordings").fetchone()[0])

    def children(self) -> list[str]:
        """Command lines of processes that were started with multiprocessing's own words."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if line.startswith(str(self.installed.program)) and "multiprocessing" in line:
                found.append(line)
        return found

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


def test_a_second_start_hands_over_its_paths_and_ends(window: _Window, tmp_path: Path) -> None:
    make_recording(tmp_path / "one", seed=7, n_samples=5000)
    second = window.start(tmp_path / "one")
    assert second.wait(timeout=PATIENCE_S) == 0
    _until(lambda: window.recordings() == 1, "the handed over recording")
    assert window.process.poll() is None


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_many_files_are_read_in_a_process_of_their_own(window: _Window, tmp_path: Path) -> None:
    for seed in range(MANY):
        make_recording(tmp_path / "many", seed=seed, n_samples=5000)
    assert window.start(tmp_path / "many").wait(timeout=PATIENCE_S) == 0
    seen: list[str] = []

    def imported() -> bool:
        seen.extend(window.children())
        # Without a window manager nobody gives a dialog the keyboard.
        window.ask("search", "--onlyvisible", "--name", "Open recordings", "windowfocus", "key", "Return")
        return window.recordings() == MANY

    _until(imported, f"import of {MANY} files")
    assert any("--multiprocessing-fork" in line for line in seen)


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of Unix")
def test_a_run_that_falls_over_leaves_a_crash_file(window: _Window) -> None:
    os.kill(window.process.pid, signal.SIGSEGV)
    window.process.wait(timeout=60)
    (file,) = (window.data / "logs").glob("running-*.txt")
    text = file.read_text("utf-8", "replace")
    assert "Segmentation fault" in text
    assert str(window.installed.home) not in text

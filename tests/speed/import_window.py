"""Import of many files in the window: the longest time the window stood still while looking and while importing.

    python tests/speed/import_window.py [--files 1000]

A timer of 1 ms runs in the window's thread; the longest gap between two of its calls is the longest wait of a reader.
The work is the processor time that the window's thread itself took in such a gap: what else runs does not lengthen it.
The window at rest, before and after, shows what the machine adds by itself; compare only within one run.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from import_speed import write_files
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from peace_desktop.app import Application, Options
from peace_desktop.jobs.import_outcomes import Fate
from peace_desktop.settings import changed
from peace_desktop.ui.settings_store import SettingsStore

LONG_MS = 100
"""The longest a window may stand still."""
REST_S = 5.0



def accept(store: SettingsStore) -> bool:
    store.write(changed(store.settings, "intended_use_accepted", True))
    return True


class Gaps:
    """The longest gaps since the last question."""

    def __init__(self) -> None:
        self._last, self._used = time.perf_counter(), time.thread_time()
        self._found: list[float] = []
        self._work: list[float] = []
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self._found.append(1000 * (now - self._last))
        self._work.append(1000 * (used - self._used))
        self._last, self._used = now, used

    def worst(self) -> str:
        """The longest gaps in words; then it begins anew."""
        gaps, work = (", ".join(f"{value:.0f}" for value in sorted(values, reverse=True)[:5])
                      for values in (self._found, self._work))
        long_ms = sum(gap for gap in self._found if gap > LONG_MS)
        share = 100 * long_ms / max(1.0, sum(self._found))
        self._found, self._work = [], []
        return f"longest gaps: {gaps} ms; {share:.1f} % of the time in gaps over {LONG_MS} ms; most work: {work} ms"


def until(there: Callable[[], bool]) -> float:
    """Seconds until it is so."""
    begun = time.perf_counter()
    while not there():
        QApplication.processEvents()
        time.sleep(0.0005)
    return time.perf_counter() - begun


def rest(gaps: Gaps, when: str) -> None:
    end = time.perf_counter() + REST_S
    gaps.worst()
    until(lambda: time.perf_counter() >= end)
    print(f"{when:10} {'':15}; {gaps.worst()}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tests/speed/import_window.py", description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    given = parser.parse_args()
    print(f"{given.files} files, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "files")
        folder.mkdir()
        write_files(folder, given.files)
        options = Options(data_dir=Path(place, "data"))
        with Application(options, ask_first=accept) as application:
            application.show(options)
            window = application.window
            until(lambda: window.isVisible() and window.bridge.idle)
            gaps = Gaps()
            rest(gaps, "at rest")
            window.files.import_paths((folder,))
            dialog = window.files.dialog
            assert dialog is not None
            for what, stage in (("looking", "looked"), ("importing", "ended")):
                wall_s = until(partial(getattr, dialog, stage))
                print(f"{what:10} {given.files / wall_s:7.1f} files/s; {gaps.worst()}", flush=True)
                if stage == "looked":
                    dialog.import_new()
            until(lambda: window.bridge.idle)
            rest(gaps, "at rest")
            print({str(fate): dialog.outcomes.table.outcomes.numbers[fate] for fate in Fate})
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Import of many files in the window: the longest time the window stood still while looking and while importing.

    python tests/speed/import_window.py [--files 1000]

A timer of 1 ms runs in the window's thread; the longest gap between two of its calls is the longest wait of a reader.
The work is the processor time that the window's thread itself took in such a gap: what else runs does not lengthen it.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from import_speed import write_files
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from peace_desktop.app import Application, Options
from peace_desktop.jobs.importing import Fate
from peace_desktop.settings import changed
from peace_desktop.ui.import_.dialog import ImportDialog
from peace_desktop.ui.settings_store import SettingsStore


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
        self._found, self._work = [], []
        return f"longest gaps of the window: {gaps} ms; most work: {work} ms"


def until(dialog: ImportDialog, stage: str) -> float:
    """Seconds until the dialog stands there."""
    begun = time.perf_counter()
    while not getattr(dialog, stage):
        QApplication.processEvents()
        time.sleep(0.0005)
    return time.perf_counter() - begun


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
            for _turn in range(300):
                QApplication.processEvents()
                time.sleep(0.01)
            gaps = Gaps()
            application.window.files.import_paths((folder,))
            dialog = application.window.files.dialog
            assert dialog is not None
            for what, stage in (("looking", "looked"), ("importing", "ended")):
                wall_s = until(dialog, stage)
                print(f"{what:10} {given.files / wall_s:7.1f} files/s; {gaps.worst()}", flush=True)
                if stage == "looked":
                    dialog.import_new()
            print({str(fate): dialog.table.outcomes.numbers[fate] for fate in Fate})
    return 0


if __name__ == "__main__":
    sys.exit(main())

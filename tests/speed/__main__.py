"""Speed and memory of the application as a table: `python tests/speed`.

Wall-clock times on whatever machine this runs on; compare rows of one run, not runs. Each row shows the first time and
the median of the later ones, because a reader meets both.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from speed_table import Row, table


def cold_start() -> Row:
    """From the process's first instruction to the first paint of the window; the later runs find files in memory."""
    found = []
    for _ in range(4):
        with tempfile.TemporaryDirectory() as folder:
            started = time.time()
            command = [sys.executable, str(Path(__file__).with_name("first_paint.py")), folder]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found.append((float(done.stdout.split()[-1]) - started) * 1000)
    return ("start to usable window", "1500 ms", found, "ms")


def library_rows() -> list[Row]:
    """Inside one running window: opening, panning, predicting, printing, memory."""
    from running_window import RunningWindow

    with RunningWindow() as running:
        return [
            ("open to drawn", "100 ms", running.open_times(), "ms"),
            ("one frame while panning", "16 ms", running.frame_times(), "ms"),
            ("one PDF", "300 ms", running.pdf_times(), "ms"),
            ("greatest memory of the process", "400 MB", [running.memory_mb()], "MB"),
        ]


def main() -> None:
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {load}")
    from model_speed import model_rows

    print(table([cold_start(), *library_rows(), *model_rows()]), flush=True)
    subprocess.run([sys.executable, str(Path(__file__).with_name("worklist.py"))], check=True)


if __name__ == "__main__":
    main()

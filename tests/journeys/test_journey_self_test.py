"""The real thing: the demo with the bundle that comes with the application."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from peace_desktop.app import Application, Options
options = Options(data_dir=Path(sys.argv[1]), safe_mode=True)
with Application(options, ask_first=lambda _store: True) as running:
    running.window.show()
    QApplication.processEvents()
    slow = ("scipy.signal", "alembic", "reportlab", "wfdb", "torch", "pandas")
    print("slow:", [name for name in slow if name in sys.modules])
"""


def test_self_test_runs_the_demo_and_says_what_ran() -> None:
    done = subprocess.run([sys.executable, "-m", "peace_desktop", "self-test"], cwd=ROOT, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "14 recordings opened" in done.stdout
    assert "report" in done.stdout
    assert "verified" in done.stdout


def test_nothing_slow_is_imported_before_the_window_stands(tmp_path: Path) -> None:
    for _run in range(2):
        done = subprocess.run([sys.executable, "-c", _START, str(tmp_path)], cwd=ROOT, capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, done.stderr
    assert "slow: []" in done.stdout

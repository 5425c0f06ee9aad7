"""Start-up of the installable folder as a table: `python tests/speed/frozen_start.py [dist/peace-desktop]`.

Copied to a new place, in an empty environment, on a virtual screen (Xvfb and xdotool): from the command to the window
on the screen, and what the commands take. The first start reads the disk, the later ones find files in memory.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from speed_table import Row, table

BUILT = Path(__file__).resolve().parents[2] / "dist" / "peace-desktop"
TIMES = 4


def _command_ms(program: Path, words: Sequence[str], home: str) -> float:
    started = time.monotonic()
    subprocess.run([str(program), *words], env={"HOME": home, "LANG": "C.UTF-8"}, check=True, capture_output=True)
    return (time.monotonic() - started) * 1000


def _window_ms(program: Path, home: str, screen: str) -> float:
    """Until the X server shows the window; the questions of a first start are answered before."""
    data = Path(home) / "data"
    data.mkdir(exist_ok=True)
    (data / "settings.ini").write_text(
        "[General]\nintended_use_accepted=true\nreader_name=Dr Lin\nlanguage=en\n", "utf-8")
    subprocess.run([str(program), "library", "create", "--library", str(data / "library")], check=False,
                   capture_output=True, env={"HOME": home, "LANG": "C.UTF-8"})
    started = time.monotonic()
    running = subprocess.Popen([str(program), "--data-dir", str(data)],
                               env={"HOME": home, "LANG": "C.UTF-8", "DISPLAY": screen})
    # xdotool's own waiting looks every two seconds only.
    look = ["xdotool", "search", "--onlyvisible", "--name", "PEACE Desktop"]
    while subprocess.run(look, check=False, capture_output=True,
                         env={"DISPLAY": screen, "PATH": os.environ["PATH"]}).returncode:
        if running.poll() is not None:
            raise SystemExit("the window did not come")
        time.sleep(0.02)
    shown = (time.monotonic() - started) * 1000
    running.terminate()
    running.wait(timeout=60)
    return shown


def rows(built: Path) -> list[Row]:
    ours, theirs = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
                              pass_fds=(theirs,), stderr=subprocess.DEVNULL)
    os.close(theirs)
    with open(ours, "rb") as told:
        screen = f":{told.readline().decode().strip()}"
    try:
        with tempfile.TemporaryDirectory(prefix="peace-frozen-") as home:
            place = Path(home) / "elsewhere"
            subprocess.run(["cp", "-a", str(built), str(place)], check=True)
            program = place / "peace-desktop"
            window = [_window_ms(program, home, screen) for _time in range(TIMES)]
            said = [_command_ms(program, ["--version"], home) for _time in range(TIMES)]
            tested = [_command_ms(program, ["self-test"], home)]
    finally:
        server.terminate()
        server.wait()
    return [("installed: start to window", "2000 ms", window, "ms"), ("installed: --version", "500 ms", said, "ms"),
            ("installed: self-test", "30000 ms", tested, "ms")]


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(table(rows(Path(sys.argv[1]) if len(sys.argv) > 1 else BUILT)))

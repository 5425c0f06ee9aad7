"""The crash file: what is known of a run that did not end well, without anything of a patient.

Every run of the window writes into a file of its own that bears a head, every fault of the program and, when the
process is torn down from within, the interpreter's own last words. A run that ends well takes its file away; a file
without a living process, or with a fault in it, is a crash file. It holds kinds of errors and places in the program's
code, never an error's own text: no name, number, path or sample of a recording can stand in it.
"""

import faulthandler
import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from peace_desktop import __version__
from peace_desktop.logs import describe_exception
from peace_desktop.process_lock import take

KEPT = 10
"""So many crash files are kept; older ones go."""
_MOST_FAULTS = 20
"""A fault that comes back with every paint must not fill the disk."""
_RUNNING, _CRASHED, _SUFFIX = "running-", "crash-", ".txt"
_HEAD = """\
PEACE Desktop: what is known of a run that did not end well.
No name, number, path or sample of a recording is in this file: kinds of errors and places in the program only.

application {version}, Python {python} on {system} {machine}
started {started} UTC
"""
_CODE_FILE = re.compile(r'File "([^"]+)"')


class CrashFile:
    """The file of this run. `left`: what the last run that did not end well left behind, None after a good one."""

    def __init__(self, folder: Path) -> None:
        """folder: is made where it is missing. Raises OSError where it cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        self.left = _left_over(folder)
        self._folder, self._faults = folder, 0
        self._stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}{_SUFFIX}"
        self._running = folder / f"{_RUNNING}{self._stamp}"
        self._file = open(self._running, "w+b", buffering=0)  # noqa: SIM115 - open as long as the run
        take(self._file)
        self._file.write(_HEAD.format(
            version=__version__, python=platform.python_version(), system=platform.system(),
            machine=platform.machine(), started=f"{datetime.now(UTC):%Y-%m-%d %H:%M}").encode())
        faulthandler.enable(self._file)

    def __enter__(self) -> "CrashFile":
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                 _traceback: TracebackType | None) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """Where the file lies once this run has ended."""
        return self._folder / f"{_CRASHED}{self._stamp}"

    def note(self, fact: str) -> None:
        """A line about this run, such as a version; never about a recording or a person."""
        self._file.write(f"{fact}\n".encode())

    def write(self, error: BaseException) -> None:
        """A fault of the program: the kinds of its errors and where in the code they came up."""
        self._faults += 1
        if self._faults <= _MOST_FAULTS:
            self._file.write(f"\n{datetime.now(UTC):%H:%M:%S} UTC\n{describe_exception(error)}\n".encode())

    def close(self) -> None:
        """The run ends well: without a fault nothing is left of its file."""
        if self._file.closed:
            return
        faulthandler.disable()
        self._file.close()
        if self._faults:
            _keep(self._running, self.path)
        else:
            self._running.unlink(missing_ok=True)


def _left_over(folder: Path) -> Path | None:
    """The newest crash file of a process that is no more; those of living ones stay as they are."""
    left = [_keep(path, path.with_name(path.name.replace(_RUNNING, _CRASHED, 1)))
            for path in sorted(folder.glob(f"{_RUNNING}*{_SUFFIX}")) if _is_left(path)]
    for old in sorted(folder.glob(f"{_CRASHED}*{_SUFFIX}"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return left[-1] if left else None


def _is_left(running: Path) -> bool:
    try:
        with open(running, "r+b") as file:
            return take(file)
    except FileNotFoundError:  # Another run has just ended well.
        return False


def _keep(running: Path, path: Path) -> Path:
    """Makes a crash file of a run's file. The interpreter names code by its whole path, which may name a person."""
    text = running.read_text("utf-8", "replace")
    path.write_text(_CODE_FILE.sub(lambda found: f'File "{"/".join(Path(found[1]).parts[-2:])}"', text), "utf-8")
    running.unlink()
    return path

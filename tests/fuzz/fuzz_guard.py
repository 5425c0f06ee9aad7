"""Reading under guard: a process of its own with a limit on time and memory, and an eye on every file it opens.

Linux only: memory is read from /proc.
"""

import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fuzz_case import FOLDER, Case, Outcome

MOST_SECONDS = 5.0
"""Of computing, so that a busy machine is no fault."""
MOST_BYTES = 500_000_000
_ROOM_BYTES = 4 * MOST_BYTES
"""Beyond what is allowed, so that too much is measured rather than mistaken for a damaged file."""
_MOST_WRITTEN = 2 * MOST_BYTES
_REACHING = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "os.system",
             "os.exec", "os.posix_spawn", "urllib.Request", "ftplib.connect", "os.remove", "os.rename", "os.rmdir",
             "shutil.rmtree", "os.symlink", "pickle.find_class", "ctypes.dlopen")
_HARMLESS = tuple(os.path.realpath(place) for place in (
    sys.prefix, sys.base_prefix, Path(__file__).parents[2], "/proc", "/sys", "/usr/share/zoneinfo", "/dev/urandom",
    "/dev/null"))
Judge = Callable[[Case, Path], Outcome]


@dataclass(frozen=True)
class Report:
    """seconds: of computing. n_bytes: of memory beyond what the process held before. faults: Outcome's and more."""

    number: int
    about: str
    opened: bool
    seconds: float
    n_bytes: int
    faults: tuple[str, ...]


class _Watch:
    """Notes what is opened or reached outside the case's folder, while it is on."""

    def __init__(self) -> None:
        self.folder: str | None = None
        self.seen: list[str] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.folder is None:
            return
        if event == "open" and isinstance(arguments[0], str | bytes):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith((self.folder, *_HARMLESS)):
                self.seen.append(f"opens {path}")
        elif event in _REACHING and not (event == "os.remove" and str(arguments[0]).startswith(self.folder)):
            self.seen.append(f"{event} {str(arguments[:1])[:80]}")


def work(connection: Connection, numbers: Sequence[int], make: Callable[[int], Case],
         judge: Judge, place: str) -> None:
    """Read one case after the other; sends each number before and a Report after it. place: a folder for the files."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    size = _status("VmSize")
    resource.setrlimit(resource.RLIMIT_AS, (size + _ROOM_BYTES, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WRITTEN, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    watch = _Watch()
    for number in numbers:
        case = make(number)
        connection.send(number)
        connection.send(_guarded(number, case, watch, judge, place))
    connection.close()


def _guarded(number: int, case: Case, watch: _Watch, judge: Judge, place: str) -> Report:
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(os.path.realpath(name))
        path = case.lay_down(folder)
        Path("/proc/self/clear_refs").write_text("5")
        held, begun = _status("VmRSS"), time.process_time()
        tempfile.tempdir = str(folder / FOLDER)
        watch.seen.clear()
        watch.folder = str(folder / FOLDER)
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
        try:
            found = judge(case, path)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            watch.folder = tempfile.tempdir = None
        seconds, n_bytes = time.process_time() - begun, _status("VmHWM") - held
    faults = [*found.faults, *dict.fromkeys(watch.seen)]
    if n_bytes > MOST_BYTES:
        faults.append(f"takes {n_bytes / 1e6:.0f} MB")
    return Report(number, case.about, found.opened, seconds, n_bytes, tuple(faults))


def _status(field: str) -> int:
    """Bytes, of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return 1024 * int(line.split()[1])
    raise LookupError(field)


def end_of(exit_code: int | None) -> str:
    """What the way a process ended says of the case it was reading."""
    if exit_code == -signal.SIGPROF:
        return f"takes more than {MOST_SECONDS:g} s"
    return f"the process ended: {signal.Signals(-exit_code).name if exit_code and exit_code < 0 else exit_code}"

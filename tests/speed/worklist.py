"""Speed and memory of a library of a hundred thousand recordings: `python tests/speed/worklist.py`, or all of
`python tests/speed`.

Two hundred of them have signals, twenty thousand have been read by the acting reader. Wall-clock times beside the
processor's, because a busy machine tells little by the first.
"""

import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from sqlalchemy import insert  # noqa: E402
from worklist_cases import Line, add_lines  # noqa: E402

from peace_desktop import __version__  # noqa: E402
from peace_desktop.jobs.worklist import PAGE_ROWS, list_recordings, page_rows  # noqa: E402
from peace_desktop.library.engine import open_library  # noqa: E402
from peace_desktop.library.people import ensure_reader  # noqa: E402
from peace_desktop.library.repository import Library  # noqa: E402
from peace_desktop.library.tables import FlagRow, ReadingRow  # noqa: E402
from peace_desktop.library.taking import Incoming  # noqa: E402
from peace_desktop.library.worklist import Worklist  # noqa: E402
from peace_desktop.library.worklist_filter import SOME, Order, SortBy, WorklistFilter  # noqa: E402
from peace_desktop.review.reading import SIGNED_STATES  # noqa: E402
from peace_model.ecg.simulation import SimulationSpec, simulate  # noqa: E402

N_RECORDINGS, N_SIGNALS, N_READ = 100_000, 200, 20_000
READER = "Dr. Speed"
_TIMES = 5
_STEPS, _READ_S = 12, 2.0
"""How many recordings are gone through, and how long each is looked at."""


def fill(folder: Path) -> None:
    """The library, always the same."""
    chance = random.Random(7)
    with open_library(folder, application_version=__version__) as library, tempfile.TemporaryDirectory() as written:
        for start in range(0, N_SIGNALS, 20):
            library.add_recordings([_incoming(Path(written), number) for number in range(start, start + 20)])
        lines = [Line(
            title=f"HR{number:06d}", patient_key=f"P{chance.randrange(30_000):05d}",
            source_format=chance.choice(("wfdb", "dicom", "scp", "philips")),
            age_days=chance.choice((None, *(chance.randrange(6600) for _ in range(9)))),
            sex=chance.choice(("F", "M", None)),
            codes=chance.choice(((), (), ("saturated",), ("missing_leads", "baseline_wander"))),
            recorded_at=datetime(2015, 1, 1) + timedelta(minutes=chance.randrange(5_000_000)))
            for number in range(N_RECORDINGS - N_SIGNALS)]
        add_lines(library, lines)
        _read(library, chance.sample(lines, N_READ), chance)


def _incoming(folder: Path, number: int) -> Incoming:
    from peace_model.ecg.formats.registry import read_recording
    from peace_model.ecg.formats.wfdb_writer import write_wfdb

    header = write_wfdb(simulate(SimulationSpec(age_days=30 * number + 1, sex="F", seed=number)).recording, folder,
                        f"S{number:05d}")
    return Incoming(read_recording(header), header.name)


def _read(library: Library, lines: list[Line], chance: random.Random) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    with library.write(READER) as (session, act):
        ensure_reader(session, act, READER)
        session.execute(insert(ReadingRow), [_reading(place, line, now, final=chance.random() < 0.7)
                                             for place, line in enumerate(lines, 1)])
        session.execute(insert(FlagRow), [{"reader": READER, "recording_sha256": line.sha256} for line in lines[:500]])


def _reading(place: int, line: Line, now: datetime, *, final: bool) -> dict[str, object]:
    return {"reading_id": f"{place:032d}", "position": place, "recording_sha256": line.sha256, "reader": READER,
            "mode": "open", "state": "final" if final else "draft", "comment": "", "confidence": None,
            "meaning": "read" if final else None, "signed_at": now if final else None, "amends": None,
            "amendment_reason": "", "bundle_sha256": None, "revision": 1, "created_at": now, "saved_at": now}


def line(name: str, work: Callable[[], object]) -> str:
    """First and best wall time, and the best processor time, ms."""
    walls, used = [], []
    for _ in range(_TIMES):
        wall, cpu = time.perf_counter(), time.thread_time()
        work()
        walls.append((time.perf_counter() - wall) * 1000)
        used.append((time.thread_time() - cpu) * 1000)
    return f"{name:44} {walls[0]:9.1f} {min(walls):9.1f} {min(used):9.1f} ms"


def questions(folder: Path) -> list[str]:
    """What the library lane answers."""
    signed = frozenset(SIGNED_STATES)
    filters = {
        "search, one word": WorklistFilter(text="hr0421"), "search, two words": WorklistFilter(text="p012 dicom"),
        "search, nothing found": WorklistFilter(text="zzz"),
        "sex and two age bands": WorklistFilter(sexes=frozenset({"F"}), bands=frozenset({"3-4y", "5-7y"})),
        "one source": WorklistFilter(sources=frozenset({"dicom"})), "with findings": WorklistFilter(finding=SOME),
        "flagged": WorklistFilter(flagged=True), "signed": WorklistFilter(states=signed),
        "not read": WorklistFilter(states=frozenset({None})),
        "not read, girls, with findings": WorklistFilter(states=frozenset({None}), sexes=frozenset({"F"}),
                                                         finding=SOME),
    }
    with open_library(folder, application_version=__version__, read_only=True) as library:
        worklist, everything = Worklist(library), WorklistFilter()
        said = [line(f"sort by {by.value}{' down' if down else ''}", lambda by=by, down=down: worklist.numbers(
            everything, Order(by, down), reader=READER)) for by in SortBy for down in (False, True)]
        said += [line(name, lambda chosen=chosen: worklist.numbers(chosen, reader=READER))
                 for name, chosen in filters.items()]
        said.append(line("with findings, sorted by age", lambda: worklist.numbers(
            filters["with findings"], Order(SortBy.AGE), reader=READER)))
        numbers = worklist.numbers()
        said.append(line("order and first page", lambda: list_recordings(
            library, everything, Order(), reader=READER, shown="", looked_at=0)))
        said.append(line("a page of thumbnails", lambda: page_rows(library, numbers, 0, reader=READER)))
        said.append(line("a page in the middle", lambda: page_rows(library, numbers, len(numbers) // PAGE_ROWS // 2,
                                                                   reader=READER)))
    return said


def window(folder: Path) -> list[str]:
    """One start of the application on the library; run in a process of its own."""
    from PySide6.QtWidgets import QApplication

    from peace_desktop.app import Application, Options
    from peace_desktop.settings import changed

    def accept(store: object) -> bool:
        store.write(changed(store.settings, "reader_name", READER))  # type: ignore[attr-defined]
        return True

    def until(reached: Callable[[], bool]) -> float:
        began = time.perf_counter()
        while not reached():
            QApplication.processEvents()
            time.sleep(0.0005)
        return (time.perf_counter() - began) * 1000

    def greatest_mb() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6

    options, began, used = Options(data_dir=folder), time.perf_counter(), time.process_time()
    with Application(options, ask_first=accept) as application:
        shown = application.window
        application.show(options)
        until(lambda: len(shown.listing) == N_RECORDINGS)
        shown.worklist.repaint()
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        said = [f"{'window standing, list shown':44} {wall * 1000:9.1f} {'':9} {cpu * 1000:9.1f} ms",
                f"{'  greatest memory then':44} {greatest_mb():9.1f} MB"]
        until(lambda: shown.case.analysis is not None and shown.case.analysis.prediction is not None)
        waits = []
        for _ in range(_STEPS):
            here, quiet = shown.case.shown, time.perf_counter() + _READ_S
            until(lambda quiet=quiet: time.perf_counter() > quiet)
            started = time.perf_counter()
            shown.step(1)
            until(lambda here=here: shown.case.shown != here and shown.case.analysis is not None)
            shown.stage.trace.repaint()
            waits.append((time.perf_counter() - started) * 1000)
        name = f"next one drawn with its prediction, of {_STEPS}"
        said.append(f"{name:44} {statistics.median(waits):9.1f} ms, worst "
                    f"{max(waits):.1f}")
        said.append(f"{'  greatest memory then':44} {greatest_mb():9.1f} MB")
    return said


def main() -> None:
    if len(sys.argv) == 3 and sys.argv[1] == "window":
        print("\n".join(window(Path(sys.argv[2]))), flush=True)
        return
    with tempfile.TemporaryDirectory() as place:
        folder, began = Path(place) / "data", time.perf_counter()
        library = folder / "library"
        fill(library)
        size_mb = (library / "library.sqlite").stat().st_size / 1e6
        print(f"{N_RECORDINGS:,} recordings made in {time.perf_counter() - began:.0f} s, {size_mb:.0f} MB")
        print(f"{'what':44} {'first':>9} {'best':>9} {'processor':>9}")
        print("\n".join(questions(library)), flush=True)
        for _ in range(2):
            subprocess.run([sys.executable, __file__, "window", str(folder)], check=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

"""Import of many files of mixed formats: files a second and CPU time a file, by part.

    python tests/speed/import_speed.py [--files 1000]

The files are simulated recordings, 10 s at 500 Hz in 12 leads, in the formats that can be written here, and one damaged
file in twenty. CPU time counts all threads; the time on the clock depends on the disk and on what else runs.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from peace_desktop import __version__
from peace_desktop.jobs.import_outcomes import Fate
from peace_desktop.jobs.importing import Import
from peace_desktop.library.engine import open_library
from peace_desktop.library.worklist import Worklist
from peace_model.ecg.formats.csv_writer import write_csv
from peace_model.ecg.formats.dicom_writer import write_dicom
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.recording import Recording
from peace_model.ecg.simulation.simulate import simulate
from peace_model.ecg.simulation.spec import SimulationSpec

HEARTS = 20
Writer = Callable[[Recording, Path, str], object]
WRITERS: tuple[Writer, ...] = (
    write_wfdb, lambda recording, folder, name: write_dicom(recording, folder / f"{name}.dcm"),
    write_wfdb, lambda recording, folder, name: write_dicom(recording, folder / f"{name}.dcm"),
    lambda recording, folder, name: write_csv(recording, folder / f"{name}.csv"))


def write_files(folder: Path, count: int) -> None:
    """`count` files, every one with content of its own."""
    hearts = [simulate(SimulationSpec(age_days=100 + 300 * seed, sex="F", seed=seed)).recording
              for seed in range(HEARTS)]
    for number in range(count):
        heart = hearts[number % HEARTS]
        recording = replace(heart, simulated=False, patient_key=f"P{number % 500}",
                            recorded_at=datetime(2020, 1, 1) + timedelta(hours=number),
                            signal_mv=heart.signal_mv + (number + 1) * 1e-4)
        (folder / f"{number % 10}").mkdir(exist_ok=True)
        if number % 20 == 19:
            (folder / f"{number % 10}" / f"damaged{number}.hea").write_text("no header\n", "utf-8")
        else:
            WRITERS[number % len(WRITERS)](recording, folder / f"{number % 10}", f"F{number:05d}")


def cpu_s() -> float:
    """Processor time of this process, all its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Table:
    """Rows of what was timed."""

    def __init__(self, count: int) -> None:
        self._count = count
        print(f"{'what':40} {'files/s':>9} {'CPU ms':>9} {'wall ms':>9}")

    def time(self, what: str, work: Callable[[], object]) -> None:
        started, cpu = time.perf_counter(), cpu_s()
        work()
        wall_s, used_s = time.perf_counter() - started, cpu_s() - cpu
        print(f"{what:40} {self._count / wall_s:9.1f} {1000 * used_s / self._count:9.2f} "
              f"{1000 * wall_s / self._count:9.2f}", flush=True)


def ignore(_done: int, _total: int, _name: str) -> None:
    """Nobody watches."""


def decode_by_format(folder: Path) -> None:
    """CPU time of reading alone, by format."""
    for pattern in ("*.hea", "*.dcm", "*.csv"):
        paths = [path for path in sorted(folder.rglob(pattern)) if not path.name.startswith("damaged")][:100]
        read_recording(paths[0])
        cpu = cpu_s()
        for path in paths:
            read_recording(path)
        print(f"  reading {pattern:32} {'':9} {1000 * (cpu_s() - cpu) / len(paths):9.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python tests/speed/import_speed.py", description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    given = parser.parse_args()
    print(f"{given.files} files, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "files")
        folder.mkdir()
        write_files(folder, given.files)
        decode_by_format(folder)
        table = Table(given.files)
        with open_library(Path(place, "library"), application_version=__version__) as library:
            first = Import(library, (folder,))
            table.time("first look: new, known, refused", lambda: first.look(progress=ignore))
            table.time("import after the look", lambda: first.run(progress=ignore))
            table.time("all again: every file known", lambda: Import(library, (folder,)).run(progress=ignore))
        with open_library(Path(place, "other"), application_version=__version__) as library:
            whole = Import(library, (folder,))
            table.time("import without a look", lambda: whole.run(progress=ignore))
            print(dict(Counter(str(outcome.fate) for outcome in whole.outcomes)))
            assert sum(outcome.fate is Fate.IMPORTED for outcome in whole.outcomes) == Worklist(library).count()
            problems = library.verify().problems
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""Spoilt recordings of every format, by the thousand: `python tests/fuzz/run.py [--format NAME] [--cases 20000]`.

Each is read in a process of its own under a limit on time and memory. Only a refusal or a recording that states what
the file states may come of it. Ends with 1 where anything else did; `--case N` reads one of them again.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
sys.path[:0] = [str(Path(__file__).resolve().parents[level]) for level in (1, 2)]

from fuzz_case import outcome  # noqa: E402
from fuzz_cases import case_of, format_names, own_files  # noqa: E402
from fuzz_guard import Judge, Report, end_of, work  # noqa: E402

CHUNK = 250
PATIENCE_S = 120.0
"""A case that takes longer by the clock waits for something; computing is limited by the guard."""


@dataclass
class Row:
    """What came of one format's cases."""

    cases: int = 0
    opened: int = 0
    seconds: float = 0.0
    n_bytes: int = 0
    faults: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def add(self, report: Report) -> None:
        self.cases += 1
        self.opened += report.opened
        self.seconds = max(self.seconds, report.seconds)
        self.n_bytes = max(self.n_bytes, report.n_bytes)
        if report.faults:
            self.faults[report.number] = (report.about, *report.faults)


@dataclass
class Worker:
    """A process with a stretch of one format's cases; number: the one it is reading."""

    name: str
    stop: int
    process: multiprocessing.Process
    pipe: Connection
    number: int | None = None
    since: float = 0.0


def start(context: multiprocessing.context.ForkContext, name: str, first: int, stop: int, seed: int,
          judge: Judge, place: str) -> Worker:
    here, there = context.Pipe(duplex=False)
    process = context.Process(
        target=work, args=(there, range(first, stop), partial(case_of, name, seed), judge, place), daemon=True)
    process.start()
    there.close()
    return Worker(name, stop, process, here, since=time.monotonic())


def run(names: list[str], *, cases: int, seed: int, jobs: int, judge: Judge = outcome) -> Iterator[tuple[str, Report]]:
    """Every case's report, as it comes."""
    with tempfile.TemporaryDirectory(prefix="peace-fuzz-") as place:  # Of processes that are ended, too.
        yield from _reports(names, cases=cases, seed=seed, jobs=jobs, judge=judge, place=place)


def _reports(names: list[str], *, cases: int, seed: int, jobs: int, judge: Judge,
             place: str) -> Iterator[tuple[str, Report]]:
    context = multiprocessing.get_context("fork")
    waiting = [(name, first, min(first + CHUNK, cases)) for first in range(0, cases, CHUNK) for name in names]
    workers: list[Worker] = []
    while waiting or workers:
        while waiting and len(workers) < jobs:
            workers.append(start(context, *waiting.pop(0), seed, judge, place))
        ready = wait([worker.pipe for worker in workers], timeout=1)
        for worker in list(workers):
            if worker.pipe in ready:
                try:
                    told = worker.pipe.recv()
                except EOFError:
                    told = None
                if isinstance(told, Report):
                    yield worker.name, told
                    worker.number = None
                elif told is not None:
                    worker.number, worker.since = told, time.monotonic()
                if told is not None:
                    continue
                worker.process.join()
                fault = end_of(worker.process.exitcode)
            elif worker.number is not None and time.monotonic() - worker.since > PATIENCE_S:
                worker.process.kill()
                worker.process.join()
                fault = "waits for ever"
            else:
                continue
            workers.remove(worker)
            if worker.number is not None:
                about = case_of(worker.name, seed, worker.number).about
                yield worker.name, Report(worker.number, about, False, 0.0, 0, (fault,))
                waiting.insert(0, (worker.name, worker.number + 1, worker.stop))
            elif worker.process.exitcode != 0:
                raise RuntimeError(f"cases of {worker.name} cannot be made; see above")


def show_one(name: str, seed: int, number: int, keep: Path | None) -> int:
    """Read one case here, without limits, and tell what it is."""
    case = case_of(name, seed, number)
    print(f"{name} --seed {seed} --case {number}: {case.about}")
    print(*(f"  {file} ({len(content)} bytes)" for file, content in case.files.items()), sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        found = outcome(case, case.lay_down(keep or Path(folder)))
    print("opened" if found.opened else f"refused: {found.words}" if found.words else "neither opened nor refused")
    print(*found.faults or ["no fault"], sep="\n")
    return 1 if found.faults else 0


def table(rows: dict[str, Row]) -> str:
    lines = [f"{'format':<11}{'cases':>8}{'opened':>8}{'refused':>9}{'worst s':>9}{'worst MB':>10}{'faults':>8}"]
    lines += [f"{name:<11}{row.cases:>8}{row.opened:>8}{row.cases - row.opened:>9}{row.seconds:>9.2f}"
              f"{row.n_bytes / 1e6:>10.0f}{len(row.faults):>8}" for name, row in rows.items()]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--format", choices=format_names(), action="append", help="only this one; may be repeated")
    parser.add_argument("--cases", type=int, default=20_000, help="of each format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--case", type=int, help="read this one again; needs --format")
    parser.add_argument("--keep", type=Path, help="an empty folder for the files of --case")
    arguments = parser.parse_args()
    names = arguments.format or list(format_names())
    if arguments.case is not None:
        if len(names) != 1:
            parser.error("--case needs one --format")
        return show_one(names[0], arguments.seed, arguments.case, arguments.keep)
    for name in names:
        for case in own_files(name):
            case.about.encode()  # Made once here, before the processes part.
    rows = {name: Row() for name in names}
    for name, report in run(names, cases=arguments.cases, seed=arguments.seed, jobs=arguments.jobs):
        rows[name].add(report)
        if report.faults:
            print(f"--format {name} --seed {arguments.seed} --case {report.number}: {report.about}: "
                  f"{'; '.join(report.faults)}", flush=True)
    print(table(rows))
    return 1 if any(row.faults for row in rows.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

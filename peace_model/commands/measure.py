"""peace-model measure: recordings -> a table of measurements and rule results, and the boundaries of every beat."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor, Future

    from peace_model.ecg.formats.registry import FoundFile, ReadOptions
    from peace_model.ecg.measurement.tables import Cell

    Measured = tuple[dict[str, Cell], dict[str, Any]]

ABOUT = "Measure recordings: a table of every measurement and rule, the boundaries of every beat; or judge the rules."


class MeasureError(Exception):
    """Recordings that could not be measured, or none to measure. str() says which in one line."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders or files of recordings")
    parser.add_argument("--out", type=Path, metavar="TABLE.CSV", help="one row a recording, one column a measurement")
    parser.add_argument("--beats", type=Path, metavar="BEATS.JSON",
                        help="for every recording r, p_on, p_off, qrs_on, qrs_off, t_on, t_off in samples, over all "
                             "leads, and under 'leads' the same in each")
    parser.add_argument("--sidecar", type=Path, metavar="TABLE.CSV", help="ages and sexes of the recordings")
    parser.add_argument("--fs", type=float, metavar="HZ", help="sampling rate of tables that do not say it")
    parser.add_argument("--unit", metavar="UNIT", help="unit of tables that do not say it: mV, uV, nV or V")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: %(default)s)")
    judging = parser.add_argument_group("the rules as a baseline, instead of PATH")
    judging.add_argument("--baseline", type=Path, metavar="PTBXL",
                         help="hold the rules against the statements of fold 9 of PTB-XL")
    judging.add_argument("--children", type=Path, metavar="ZZU", help="and against those of ZZU-pECG")
    judging.add_argument("--bundle", type=Path, help="print this model's figures on the same recordings beside them")
    judging.add_argument("--sample", type=int, default=400, metavar="N",
                         help="recordings drawn at random from fold 9 (default: %(default)s)")
    judging.add_argument("--of-each", type=int, default=60, metavar="N",
                         help="recordings drawn of each statement (default: %(default)s)")
    judging.add_argument("--seed", type=int, default=42)


def run(arguments: argparse.Namespace) -> None:
    """Raises UsageError, MeasureError when some recordings failed (the others are written), OSError."""
    from peace_model.commands import UsageError

    if arguments.baseline is not None:
        if arguments.paths:
            raise UsageError("--baseline takes no PATH")
        _judge(arguments)
        return
    if not arguments.paths:
        raise UsageError("name the folders or files to measure, or --baseline PTBXL")
    if arguments.out is None and arguments.beats is None:
        raise UsageError("say where the results go: --out TABLE.CSV, --beats BEATS.JSON, or both")
    if arguments.jobs < 1:
        raise UsageError("--jobs is at least 1")
    _measure(arguments)


def measured(name: str, path: Path, options: "ReadOptions") -> "Measured":
    """One recording's row of the table and its beats. Raises RecordingError."""
    from peace_model.ecg.formats.registry import read_recording
    from peace_model.ecg.measurement import apply_rules, measure
    from peace_model.ecg.measurement.delineation import delineate
    from peace_model.ecg.measurement.tables import beats_record, table_row
    from peace_model.ecg.signal.quality import input_findings

    recording = read_recording(path, options=options)
    delineation = delineate(recording)
    measurements = measure(recording, delineation)
    findings = (*recording.warnings, *input_findings(recording))
    row = table_row(name, recording, findings, measurements, apply_rules(recording, measurements))
    return row, beats_record(delineation)


def _measure(arguments: argparse.Namespace) -> None:
    from peace_model.commands.progress import progress_bar
    from peace_model.ecg.formats.registry import FORMATS, ReadOptions, find_recordings

    missing = [path for path in arguments.paths if not path.exists()]
    for path in missing:
        _say(f"{path.name}: there is no such file or folder; check the name")
    found = find_recordings(path for path in arguments.paths if path not in missing)
    if not found:
        raise MeasureError("no recordings there; these are read: " + ", ".join(form.title for form in FORMATS))
    options = ReadOptions(fs_hz=arguments.fs, unit=arguments.unit, sidecar=arguments.sidecar)
    show = progress_bar("recordings")
    rows: list[dict[str, Cell]] = []
    beats: dict[str, dict[str, Any]] = {}
    show(0, len(found))
    try:
        for done, (name, file, outcome) in enumerate(_outcomes(found, options, arguments.jobs), start=1):
            error = outcome.exception()
            if error is None:
                row, beats_of_one = outcome.result()
                rows.append(row)
                beats[name] = beats_of_one
            else:
                _say(_sentence(file, error))
            show(done, len(found))
    finally:  # What was measured before an interruption is kept.
        if arguments.out is not None:
            _write_table(arguments.out, rows)
        if arguments.beats is not None:
            _write_beats(arguments.beats, beats)
    print(f"{len(rows)} of {len(found)} recordings measured")
    failed = len(found) - len(rows) + len(missing)
    if failed:
        raise MeasureError(f"{failed} could not be measured; the others are complete")


def _outcomes(found: "tuple[FoundFile, ...]", options: "ReadOptions",
              jobs: int) -> "Iterator[tuple[str, FoundFile, Future[Measured]]]":
    """Every recording with its finished work, in order."""
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
    from multiprocessing import get_context

    workers: Executor = (ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) if jobs > 1
                         else ThreadPoolExecutor(1))
    try:
        work = [(name, file, workers.submit(measured, name, file.path, options))
                for name, file in zip(_names(found), found, strict=True)]
        for name, file, outcome in work:
            wait([outcome])
            yield name, file, outcome
    finally:
        workers.shutdown(cancel_futures=True)


def _names(found: "tuple[FoundFile, ...]") -> list[str]:
    """A recording's own name; those of equal name take their path, first the one below the folder that was given."""
    from collections import Counter

    for spell in (lambda file: file.path.stem, lambda file: file.relative.with_suffix("").as_posix(),
                  lambda file: file.path.absolute().as_posix()):
        names = [spell(file) for file in found]
        own = Counter(file.path.stem for file in found)
        mixed = [file.path.stem if own[file.path.stem] == 1 else name for file, name in zip(found, names, strict=True)]
        if len(set(mixed)) == len(mixed):
            break
    return mixed


def _sentence(file: "FoundFile", error: BaseException) -> str:
    """One line: the file, the reason, the remedy; of an unforeseen error no more than its kind."""
    from peace_model.ecg.recording import RecordingError

    if isinstance(error, RecordingError):
        return str(error) if str(error).startswith(file.path.name) else f"{file.path.name}: {error}"
    return (f"{file.path.name}: unexpected error ({type(error).__name__}); please report it with the kind of file it "
            "was")


def _write_table(path: Path, rows: "list[dict[str, Cell]]") -> None:
    import csv

    from peace_model.ecg.measurement.tables import columns

    partial = path.with_name(f".{path.name}.part")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns(rows))
        writer.writeheader()
        writer.writerows(rows)
    partial.replace(path)


def _write_beats(path: Path, beats: dict[str, dict[str, Any]]) -> None:
    import json

    partial = path.with_name(f".{path.name}.part")
    with partial.open("w", encoding="utf-8") as stream:
        stream.write("{")
        for index, (name, record) in enumerate(beats.items()):
            stream.write((",\n" if index else "\n") + json.dumps(name, ensure_ascii=False) + ": ")
            json.dump(record, stream, allow_nan=False)
        stream.write("\n}\n")
    partial.replace(path)


def _judge(arguments: argparse.Namespace) -> None:
    from peace_model.commands.progress import progress_bar
    from peace_model.evaluation.rule_baseline import judge_rules

    lines = judge_rules(arguments.baseline, bundle=arguments.bundle, children=arguments.children,
                        sample=arguments.sample, of_each=arguments.of_each, seed=arguments.seed,
                        progress=progress_bar("recordings"))
    print("\n".join(lines))


def _say(line: str) -> None:
    print(line, file=sys.stderr)

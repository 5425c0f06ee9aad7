"""The command: its arguments checked, every recording analysed in turn, every failure said."""

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import TimeoutError as StillRunning
from pathlib import Path
from typing import TYPE_CHECKING

from peace_desktop import __version__, paths
from peace_desktop.analyze.arguments import argument_parser
from peace_desktop.analyze.progress_bar import ProgressBar
from peace_desktop.texts import _, error_words, listed, ngettext, use_language
from peace_model.ecg.age import Age, Precision

if TYPE_CHECKING:
    from peace_desktop.jobs.analyse_file import AnalysisTask
    from peace_desktop.jobs.operation import Operation
    from peace_desktop.jobs.walking import Walk
    from peace_model.ecg.formats.registry import ReadOptions
    from peace_model.inference.predictor import Predictor

EXIT_DONE = 0
EXIT_SOME_FAILED = 1
EXIT_WRONG_USAGE = 2

_POLL_S = 0.2
"""Waiting in short steps lets Ctrl+C through on Windows, where a lock cannot be interrupted."""


def main(argv: Sequence[str]) -> int:
    """Run the command with its arguments (without the program's name); returns the exit status."""
    try:
        options = argument_parser().parse_args(argv)
    except SystemExit as stop:
        return EXIT_DONE if stop.code in (None, 0) else EXIT_WRONG_USAGE
    use_language(options.language)
    try:
        return _prepare_and_run(options)
    except KeyboardInterrupt:
        _say(_("stopped before the first recording"))
        return EXIT_SOME_FAILED


def _prepare_and_run(options: argparse.Namespace) -> int:
    from peace_desktop.jobs.patient_secret import SecretError, own_secret
    from peace_desktop.jobs.warm import open_predictor
    from peace_model.ecg.norms import NormsError, load_norms
    from peace_model.inference.bundle_fields import BundleError

    try:
        load_norms()
        predictor = open_predictor(options.bundle, provider=options.provider)
    except (BundleError, FileNotFoundError, NormsError) as error:
        _say(error_words(error))
        return EXIT_WRONG_USAGE
    known = tuple(label.code for label in predictor.bundle.labels)
    if unknown := [label for label in options.occlusion if label not in known]:
        _say(_("--occlusion: {label} is not a label of this bundle; it has {known}").format(
            label=unknown[0], known=listed(known)))
        return EXIT_WRONG_USAGE
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _say(_("the result folder cannot be made ({reason}); choose another one with --out").format(
            reason=error.strerror))
        return EXIT_WRONG_USAGE
    if predictor.fallback:
        _say(predictor.fallback)
    try:
        secret = None if options.identified else own_secret(paths.places().secret_file)
    except SecretError as error:
        _say(error_words(error))
        return EXIT_WRONG_USAGE
    return _run(options, predictor, secret)


def _run(options: argparse.Namespace, predictor: "Predictor", secret: bytes | None) -> int:
    from peace_desktop.jobs.analyse_file import AnalysisTask
    from peace_desktop.jobs.walking import Walk
    from peace_model.ecg.formats.registry import ReadOptions

    walk = Walk(options.paths, profile=options.csv_profile)
    wrong_table = _wrong_table(options.sidecar, walk)
    if wrong_table:
        _say(wrong_table)
        return EXIT_WRONG_USAGE
    task = AnalysisTask(
        out=options.out,
        want_json=options.json or not options.pdf,
        want_pdf=options.pdf or not options.json,
        read_options=ReadOptions(fs_hz=options.fs, unit=options.unit, sidecar=options.sidecar,
                                 profile=options.csv_profile),
        age=Age(options.age_days, Precision.DAY, "command line") if options.age_days is not None else None,
        sex=options.sex,
        predictor=predictor,
        application_version=__version__,
        secret=secret,
        occlusion=options.occlusion,
        section_at_s=options.section,
    )
    done, stopped = _analyse_all(walk, task)
    if not walk.ended:
        print(ngettext("{done} recording analysed, of those found so far; results in {folder}",
                       "{done} recordings analysed, of those found so far; results in {folder}", done).format(
                           done=done, folder=options.out))
        return EXIT_SOME_FAILED
    empty = _folders_without(options.paths, walk)
    summary = ngettext("{done} of {total} recording analysed; results in {folder}",
                       "{done} of {total} recordings analysed; results in {folder}", len(walk.found))
    print(summary.format(done=done, total=len(walk.found), folder=options.out))
    return EXIT_DONE if done == len(walk.found) and not empty and not stopped else EXIT_SOME_FAILED


def _folders_without(paths: "Sequence[Path]", walk: "Walk") -> bool:
    """Whether a folder holds no recordings; each such one is told with what is read."""
    from peace_model.ecg.formats.registry import FORMATS

    places = [Path(os.path.abspath(file.path)) for file in walk.found]
    empty = [path for path in paths
             if path.is_dir() and not any(place.is_relative_to(os.path.abspath(path)) for place in places)]
    for path in empty:
        _say(_("{name}: no recordings in this folder; these are read: {formats}").format(
            name=Path(os.path.abspath(path)).name, formats=listed(_(form.title) for form in FORMATS)))
    return bool(empty)


def _wrong_table(table: Path | None, walk: "Walk") -> str:
    """Why the table that was given cannot be the right one; "" where it lists at least one of the recordings.

    Walks on until it does.
    """
    from peace_model.ecg.formats.sidecar import lists_any
    from peace_model.ecg.recording import RecordingError

    if table is None:
        return ""
    seen = 0
    try:
        while not lists_any(table, (file.path.stem for file in walk.found[seen:])):
            if walk.ended:
                return "" if not walk.found else _(
                    "{table}: lists none of the recordings; give the table that goes with them, or none").format(
                        table=table.name)
            seen = len(walk.found)
            walk.go_on(beyond=seen, for_s=_POLL_S)
    except RecordingError as error:
        return error_words(error)
    return ""


def _analyse_all(walk: "Walk", task: "AnalysisTask") -> tuple[int, bool]:
    """How many recordings worked, and whether something broke it: Ctrl+C, or a result that cannot get its place.

    The first is analysed while others are still found.
    """
    from peace_desktop.jobs.analyse_file import analyse_file
    from peace_desktop.jobs.lanes import Lane
    from peace_desktop.jobs.result_files import ResultError, ResultNames

    done = index = 0
    bar = ProgressBar(sys.stderr, total=0)
    lane = Lane("analyze")
    names = ResultNames(task.out, walk.found)
    try:
        while True:
            walk.go_on(beyond=index, for_s=0.0)
            if index == len(walk.found):
                break
            file = walk.found[index]
            bar.total = len(walk.found) if walk.ended else 0
            bar.show(index, file.path.name)
            try:
                written = _result(lane.submit(analyse_file, file, names.of(index), task, progress=_ignore), walk)
                names.written(index, written)
                done += 1
            except Exception as error:  # noqa: BLE001  every recording's error is told; the others go on
                bar.clear()
                _say(_sentence(file.path.name, error, task.read_options))
            index += 1
        bar.total = len(walk.found)
        bar.show(index, "")
    except KeyboardInterrupt:
        bar.clear()
        _say(_("stopped; the recordings finished so far are complete"))
        return done, True
    finally:
        lane.close(cancel=True)
        bar.clear()
    try:
        names.settle()
    except ResultError as error:
        _say(error_words(error))
        return done, True
    return done, False


def _result(operation: "Operation[Path]", walk: "Walk") -> Path:
    """What the lane made of a recording. Meanwhile the walk goes on: it takes little, and tells how many there are."""
    while not walk.ended and not operation.done():
        walk.go_on(beyond=0, for_s=_POLL_S, stopped=operation.done)
    while True:
        try:
            return operation.result(timeout=_POLL_S)
        except StillRunning:
            if operation.done():
                raise


def _sentence(name: str, error: BaseException, given: "ReadOptions") -> str:
    """One line for one failed recording: its name, the reason, the remedy; nothing else of what the error carries."""
    from peace_desktop.jobs.result_files import ResultError
    from peace_model.ecg.recording import RecordingError

    if isinstance(error, RecordingError):
        words = error_words(error)
        sentence = words if words.startswith(name) else f"{name}: {words}"
        if error.field == "header row" and given.profile is None:
            return f"{sentence} (--csv-profile FILE)"
        if error.field == "sampling rate" and given.fs_hz is None:
            return f"{sentence} (--fs HZ)"
        return f"{sentence} (--unit mV)" if error.field == "unit" and given.unit is None else sentence
    if isinstance(error, ResultError):
        return f"{name}: {error}"
    return _("{name}: unexpected error ({kind}); please report it with the kind of file it was").format(
        name=name, kind=type(error).__name__)


def _ignore(_done: int, _total: int, _text: str) -> None:
    """The bar counts recordings; the steps of one are too short to show."""


def _say(sentence: str) -> None:
    print(" ".join(sentence.split()), file=sys.stderr, flush=True)

"""`peace-desktop analyze`: recordings in, one JSON and one PDF each out, without a window."""

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import TimeoutError as StillRunning
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from peace_desktop import __version__, paths
from peace_desktop.texts import _, error_words, listed, ngettext, use_language
from peace_model.ecg.age import AGE_BANDS, Age, Precision

if TYPE_CHECKING:
    from peace_desktop.jobs.analyse_file import AnalysisTask
    from peace_desktop.jobs.operation import Operation
    from peace_desktop.jobs.walking import Walk
    from peace_model.ecg.formats.csv_profile import CsvProfile
    from peace_model.ecg.formats.registry import ReadOptions
    from peace_model.inference.predictor import Predictor

EXIT_DONE = 0
EXIT_SOME_FAILED = 1
EXIT_WRONG_USAGE = 2

_MAX_AGE_DAYS = AGE_BANDS[-1].max_days - 1
_BAR_WIDTH = 24
_NAME_WIDTH = 40
_COUNTS = 10
_POLL_S = 0.2
"""Waiting in short steps lets Ctrl+C through on Windows, where a lock cannot be interrupted."""

_EPILOG = """\
Every recording gives NAME.json and NAME.pdf (both unless one of --json, --pdf is asked for); recordings of equal
names keep their path below the folder that was given, and where a name holds something of the patient the results are
named after the recording's SHA-256. Results of an earlier run are replaced. The JSON is described in
resources/schema/analyze-1.json.

exit status:
  0  every recording worked
  1  some failed, each named with the reason on stderr (a path that does not exist and a folder without recordings
     count as failed), or Ctrl+C ended the work; everything else is finished
  2  wrong usage: an unknown option, a bundle or a table of limits that cannot be used, no result folder, no place for
     the secret that patients' keys are made with, a side-car table that cannot be read or that lists none of the
     recordings
"""


def main(argv: Sequence[str]) -> int:
    """Run the command with its arguments (without the program's name); returns the exit status."""
    try:
        options = _parser().parse_args(argv)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="peace-desktop analyze", description=_("Analyse recordings without a window. Research use only."),
        epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=_("recordings, or folders of them"))
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help=_("folder of the results"))
    parser.add_argument("--json", action="store_true", help=_("write JSON"))
    parser.add_argument("--pdf", action="store_true", help=_("write PDF reports"))
    parser.add_argument("--language", choices=("en", "zh_CN"), default="en",
                        help=_("language of reports, sentences in the JSON and messages (default: en)"))
    parser.add_argument("--age-days", type=_age_days, metavar="N",
                        help=_("age at recording in days, for every recording, in place of what the file says"))
    parser.add_argument("--sex", choices=("F", "M"), help=_("sex, for every recording, in place of the file's"))
    parser.add_argument("--bundle", type=Path, metavar="DIR", help=_("model bundle (default: the built-in one)"))
    parser.add_argument("--identified", action="store_true",
                        help=_("keep the file's patient number, true date and texts (default: a key and a date made "
                               "with a secret of this user's data folder, texts without names)"))
    parser.add_argument("--occlusion", type=_labels, default=(), metavar="LABEL[,LABEL]",
                        help=_("add an occlusion map, lead by time, of these labels; takes seconds a label"))
    parser.add_argument("--provider", choices=("auto", "cpu", "cuda", "directml", "coreml"), default="auto",
                        help=_("where the model runs (default: the best there is)"))
    parser.add_argument("--section", type=_time, default=0.0, metavar="START",
                        help=_("which minute of recordings longer than ten minutes: where it begins, in seconds or as "
                               "1:02:03 (default: the first; shorter ones are analysed whole)"))
    parser.add_argument("--fs", type=_rate, metavar="HZ", help=_("sampling rate of files that do not say it (CSV)"))
    parser.add_argument("--unit", choices=("mV", "uV", "nV", "V"), help=_("unit of files that do not say it"))
    parser.add_argument("--csv-profile", type=_profile, metavar="FILE",
                        help=_("profile of tables, saved by the import: columns, unit and rate of CSV and MAT files"))
    parser.add_argument("--sidecar", type=Path, metavar="CSV",
                        help=_("table with ages and sexes by record name (PTB-XL's ptbxl_database.csv); a recording it "
                               "does not list is analysed with that as a finding"))
    return parser


def _age_days(text: str) -> int:
    if not text.isdecimal() or int(text) > _MAX_AGE_DAYS:
        raise argparse.ArgumentTypeError(_("expected whole days from 0 to {most}").format(most=_MAX_AGE_DAYS))
    return int(text)


def _time(text: str) -> float:
    from peace_desktop.report.clock import time_of

    at_s = time_of(text)
    if at_s is None:
        raise argparse.ArgumentTypeError(_("expected seconds from the start, or a time such as 1:02:03"))
    return at_s


def _labels(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _profile(text: str) -> "CsvProfile":
    from peace_model.ecg.formats.csv_profile import ProfileError, load_profile

    try:
        return load_profile(Path(text))
    except ProfileError as error:
        raise argparse.ArgumentTypeError(error_words(error)) from None


def _rate(text: str) -> float:
    try:
        rate_hz = float(text)
    except ValueError:
        rate_hz = 0.0
    if not 0 < rate_hz < float("inf"):
        raise argparse.ArgumentTypeError(_("expected samples per second, above 0"))
    return rate_hz


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


class ProgressBar:
    """A bar that is redrawn in place on a terminal; elsewhere, in a log, a plain count now and then.

    The count names no file: in a log a file's name stands in the one line that says why it failed.
    """

    def __init__(self, stream: TextIO, *, total: int) -> None:
        """total: 0 while it is not known."""
        self._stream = stream
        self.total = total
        self._in_place = stream.isatty()
        self._drawn = 0
        self._counted = 0

    def show(self, done: int, name: str) -> None:
        """`done` recordings are behind us, `name` comes now; "" at the end."""
        if self._in_place:
            filled = _BAR_WIDTH * done // max(1, self.total)
            line = f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {done}/{self.total} {name[:_NAME_WIDTH]}"
            if not self.total:
                line = f"{done} {name[:_NAME_WIDTH]}"
            self._write("\r" + line.ljust(self._drawn))
            self._drawn = len(line)
        elif self.total and _COUNTS * done // self.total > self._counted:
            self._counted = _COUNTS * done // self.total
            self._write(f"{done}/{self.total}\n")

    def clear(self) -> None:
        """Empty the line, so that a sentence can stand there."""
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _say(sentence: str) -> None:
    print(" ".join(sentence.split()), file=sys.stderr, flush=True)

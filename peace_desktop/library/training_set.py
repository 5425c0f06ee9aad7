"""A study's reviewed recordings as a data set to learn from: WFDB records with labels.csv, the layout that
`peace-model prepare --dataset wfdb_folder` and `peace-model train --data` read.

The answer to a label is the study's reference, the one of the agreement page: decided by an adjudicator, else agreed
under the protocol's rule. Uncertain, not assessable and undecided answers leave a label open, and so does every label
that the study did not ask for: open is neither present nor absent, and nothing is learnt from it.

A record is called by its recording's SHA-256, so that a bundle can tell which recordings of a library it has seen.
Nobody is named: patients bear a key made with a secret of this library, and of dates, header texts, machine statements
and recorders nothing goes along; age and sex do. The records are never sealed, because a training has to read them.
"""

import csv
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from peace_desktop.library.errors import LibraryError, folder_sentence
from peace_desktop.library.people import pseudonym
from peace_desktop.library.repository import Library
from peace_desktop.library.study_reference import references_of
from peace_desktop.library.study_room import Study, StudyRoom
from peace_desktop.library.tables import StoredRecordingRow
from peace_desktop.library.training_words import read_me
from peace_desktop.review.statements import Presence
from peace_desktop.texts import _, in_clauses, mark
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording, RecordingError
from peace_model.ecg.signal.section import section_of
from peace_model.labels import DEFAULT_PROFILE, load_profile
from peace_model.resources import resource

TABLE, READ_ME = "labels.csv", "README.md"
COLUMNS = ("record", "patient", "labels", "uncertain", "age_days", "sex")
RECIPE = "few_shot"
_PART = ".part"

Report = Callable[[int, int, str], None]


class Left(StrEnum):
    """Why a recording of the study is not in the data set."""

    OPEN = mark("no label is decided: not read by all its readers, not adjudicated, uncertain or not assessable")
    TOO_LONG = mark("longer than ten minutes: what is said of the whole holds for none of its parts")
    NO_LEADS = mark("none of the twelve standard leads")
    UNREADABLE = mark("its file in the library cannot be read")
    SIMULATED = mark("simulated, beside real ones")


@dataclass(frozen=True)
class LabelCount:
    """How many written recordings have a label, have it not, or leave it open."""

    label: str
    present: int
    absent: int
    open: int


@dataclass(frozen=True)
class TrainingSet:
    """What was written. left_out: reason -> recordings. patients: keys; unnamed: recordings without one, each taken for
    a patient of its own. fewer_leads: recordings without all twelve standard leads; what is missing is masked.
    unknown_labels: asked for, and not known to the profile. shots: recordings of a label that the recipe draws.
    """

    folder: Path
    recordings: int
    patients: int
    unnamed: int
    fewer_leads: int
    simulated: int
    labels: tuple[LabelCount, ...]
    unknown_labels: tuple[str, ...]
    left_out: Mapping[Left, int]
    shots: int

    @property
    def few(self) -> tuple[LabelCount, ...]:
        """Labels with fewer recordings that have them than the recipe would draw."""
        return tuple(count for count in self.labels if count.present < self.shots)


@dataclass(frozen=True)
class _Line:
    """One recording with its answers: label -> present; a label that is open is not among them. age_days, sex: as they
    hold now, once it was written."""

    sha256: str
    patient: str
    has_key: bool
    simulated: bool
    answers: Mapping[str, bool]
    age_days: int | None = None
    sex: str = ""


def write_training_set(library: Library, study_id: str, folder: Path, *, progress: Report | None = None) -> TrainingSet:
    """Writes the data set into a folder that is empty or not there yet: whole, or nothing stays.

    progress: told before each recording; what it raises ends the export. Raises LibraryError for a folder that holds
    something or cannot be written to, a full disk, and a study of which nothing can be written.
    """
    study = StudyRoom(library).study(study_id)
    known = load_profile(DEFAULT_PROFILE).codes
    asked = tuple(label for label in study.protocol.labels if label in known)
    left: Counter[Left] = Counter()
    lines = _decided(_lines(library, study, asked), left)
    _refuse_nothing(lines, left)
    with _writing_into(folder) as building:
        kept, fewer = [], 0
        for place, line in enumerate(lines):
            if progress is not None:
                progress(place, len(lines), "")
            recording = _usable(library, line.sha256, left)
            if recording is None:
                continue
            write_wfdb(nobodys(recording), building, line.sha256)
            fewer += not set(STANDARD_12) <= set(recording.leads)
            kept.append(replace(line, age_days=recording.age.days if recording.age is not None else None,
                                sex=recording.sex or ""))
        _refuse_nothing(kept, left)
        done = TrainingSet(
            folder, len(kept), len({line.patient for line in kept if line.has_key}),
            sum(not line.has_key for line in kept), fewer, sum(line.simulated for line in kept), _counts(asked, kept),
            tuple(label for label in study.protocol.labels if label not in known),
            {reason: left[reason] for reason in Left if left[reason]}, shots())
        (building / READ_ME).write_text(read_me(done, study), encoding="utf-8")
        _write_table(building / TABLE, kept, known)
    return done


def shots() -> int:
    """How many recordings of each label the recipe draws."""
    recipe = json.loads(resource("recipes", f"{RECIPE}.json").read_text(encoding="utf-8"))
    return int(recipe["data"]["per_label"])


def nobodys(recording: Recording) -> Recording:
    """The ECG with age and sex and nothing else of the child, the day, the recorder or what the machine said."""
    source = replace(recording.source, producer="", version="", exported_from="",
                     filters=replace(recording.source.filters, other=""))
    return replace(recording, recorded_at=None, patient_key="", identity=None, source_statements=(), source=source)


def _lines(library: Library, study: Study, asked: Sequence[str]) -> list[_Line]:
    """Every recording of the study with its decided labels."""
    references, lines = references_of(study), []
    with library.read() as session:
        for held in study.recordings:
            sha256 = held.recording_sha256
            row = session.get_one(StoredRecordingRow, sha256)
            lines.append(_Line(
                sha256, pseudonym(session, row.patient_key or sha256), bool(row.patient_key), row.simulated,
                {label: references[sha256][label] is Presence.PRESENT for label in asked
                 if references[sha256][label] in (Presence.PRESENT, Presence.ABSENT)}))
    return lines


def _decided(lines: Sequence[_Line], left: Counter[Left]) -> list[_Line]:
    """Without the recordings that nothing is known of, and without simulated ones beside real ones."""
    kept = [line for line in lines if line.answers]
    left[Left.OPEN] += len(lines) - len(kept)
    real = [line for line in kept if not line.simulated]
    if real:
        left[Left.SIMULATED] += len(kept) - len(real)
    return real or kept


def _refuse_nothing(kept: Sequence[object], left: Counter[Left]) -> None:
    if not kept:
        why = in_clauses(f"{left[reason]}: {_(reason.value)}" for reason in Left if left[reason])
        raise LibraryError(_("No recording of this study can be learnt from ({why}).").format(
            why=why or _("the study holds none")))


def _usable(library: Library, sha256: str, left: Counter[Left]) -> Recording | None:
    try:
        recording = library.load_recording(sha256)
    except (LibraryError, RecordingError):
        left[Left.UNREADABLE] += 1
        return None
    reason = (Left.TOO_LONG if section_of(recording) is not None
              else Left.NO_LEADS if not set(recording.leads) & set(STANDARD_12) else None)
    if reason is not None:
        left[reason] += 1
        return None
    return recording


def _counts(asked: Sequence[str], kept: Sequence[_Line]) -> tuple[LabelCount, ...]:
    counts = []
    for label in asked:
        said = Counter(line.answers.get(label) for line in kept)
        counts.append(LabelCount(label, said[True], said[False], said[None]))
    return tuple(counts)


def _write_table(path: Path, kept: Sequence[_Line], known: Sequence[str]) -> None:
    """Put in place last: where the table stands, every record stands too."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(COLUMNS)
        for line in kept:
            table.writerow((line.sha256, line.patient,
                            ";".join(code for code in known if line.answers.get(code) is True),
                            ";".join(code for code in known if code not in line.answers),
                            "" if line.age_days is None else line.age_days, line.sex))


@contextmanager
def _writing_into(folder: Path) -> Iterator[Path]:
    """A folder to write into, whose files are put into the wanted one at the end; nothing stays after an error.

    Raises LibraryError for a folder that holds something or takes nothing.
    """
    try:
        with _building_in(folder) as building:
            yield building
    except OSError as error:
        raise LibraryError(folder_sentence(error)) from error


@contextmanager
def _building_in(folder: Path) -> Iterator[Path]:
    there = folder.exists()
    if there and (not folder.is_dir() or any(folder.iterdir())):
        raise LibraryError(_("\"{folder}\" is not an empty folder. Name a new or an empty one: what belongs to another "
                             "data set must not be mixed in.").format(folder=folder.name))
    building = folder / _PART
    done: list[Path] = []
    try:
        building.mkdir(parents=True)
        yield building
        for file in sorted(building.iterdir(), key=lambda file: file.name == TABLE):
            done.append(file.replace(folder / file.name))
        building.rmdir()
    except BaseException:
        for file in done:
            file.unlink(missing_ok=True)
        shutil.rmtree(building, ignore_errors=True)
        if not there and folder.exists():
            folder.rmdir()
        raise

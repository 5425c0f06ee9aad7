"""A study's statistics for the window: fetched in the library lane, counted in the work lane, written as files."""

import csv
import json
import os
from pathlib import Path

from peace_desktop.jobs.operation import Report
from peace_desktop.library.bundles import bundle_at
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import needs_passphrase, with_passphrase
from peace_desktop.library.repository import Library
from peace_desktop.library.study_answers import StudyMaterial, material, study_statistics_of
from peace_desktop.library.study_bundle import WrittenBundle, write_study_bundle
from peace_desktop.library.study_merge import Merged, merge_study_bundle
from peace_desktop.library.study_room import Study, StudyRoom
from peace_desktop.library.training_set import TrainingSet, write_training_set
from peace_desktop.review.reading import ReadingState
from peace_desktop.review.statistics.summary import StudyStatistics
from peace_desktop.texts import ngettext

_HIDDEN_STATES = (ReadingState.ASSIGNED, ReadingState.DRAFT, ReadingState.LOCKED)


def still_blind(study: Study, reader: str) -> int:
    """How many recordings of a study a reader has still to read blind; somebody without a name may be any reader."""
    if study.protocol.mode != "blind" or study.closed_at is not None:
        return 0
    seen = {(item.recording_sha256, item.reader) for item in study.readings if item.state not in _HIDDEN_STATES}
    return sum((item.recording_sha256, item.reader) not in seen for item in study.assignments
               if not reader or item.reader == reader)


def _refuse_blind(study: Study, reader: str) -> None:
    left = still_blind(study, reader)
    if left:
        raise LibraryError(ngettext(
            "You have still to read {n} recording of this study blind: until it is locked and revealed you see no "
            "answers of others and no figures.",
            "You have still to read {n} recordings of this study blind: until they are locked and revealed you see no "
            "answers of others and no figures.", left).format(n=left))


def fetch(library: Library, study_id: str, reader: str) -> StudyMaterial:
    """In the library lane. Raises LibraryError, also for a reader who has still to read blind."""
    given = material(library, study_id)
    _refuse_blind(given.study, reader)
    return given


def count(given: StudyMaterial, *, progress: Report) -> StudyStatistics:
    """In the work lane; cancelled between two labels. Raises LibraryError where nobody's answers are in."""
    return study_statistics_of(given, progress=progress)


def write_statistics(found: StudyStatistics, path: Path) -> Path:
    """Writes a table for ".csv", the whole document for any other ending; whole or not at all. Raises OSError."""
    from peace_desktop.review.statistics.document import to_csv_rows, to_document

    building = path.with_name(path.name + ".part")
    try:
        with building.open("w", encoding="utf-8", newline="") as stream:
            if path.suffix.lower() == ".csv":
                csv.writer(stream, lineterminator="\n").writerows(to_csv_rows(found))
            else:
                json.dump(to_document(found), stream, ensure_ascii=False, indent=1)
        os.replace(building, path)
    finally:
        building.unlink(missing_ok=True)
    return path


def write_bundle(library: Library, study_id: str, to: Path, *, reader: str, with_names: bool, with_free_text: bool,
                 progress: Report) -> WrittenBundle:
    """Beside the imports: a study's bundle. Raises LibraryError, also for a reader who has still to read blind."""
    _refuse_blind(StudyRoom(library).study(study_id), reader)
    return write_study_bundle(library, study_id, to, with_names=with_names, with_free_text=with_free_text,
                              progress=progress)


def write_training(library: Library, study_id: str, folder: Path, *, reader: str, progress: Report) -> TrainingSet:
    """Beside the imports: a study's reviewed recordings as a data set. Raises LibraryError, also for a reader who has
    still to read blind: the answers of others stand in it."""
    _refuse_blind(StudyRoom(library).study(study_id), reader)
    return write_training_set(library, study_id, folder, progress=progress)


def join_bundle(library: Library, file: Path, *, passphrase: str = "") -> Merged:
    """In the library lane: a bundle of another site joined to this library.

    passphrase: of the encrypted library that a sealed one came from. Raises PassphraseNeeded for a sealed one without,
    LibraryError.
    """
    return merge_study_bundle(library, bundle_at(file, with_passphrase(passphrase) if passphrase else needs_passphrase))

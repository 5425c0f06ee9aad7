"""Two bundles on the recordings of a study: what is missing is predicted, then both are held against the reference."""

import csv
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from peace_desktop.jobs.agreement import fetch
from peace_desktop.jobs.bundle_shelf import BundleShelf
from peace_desktop.jobs.operation import Report
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.records import StoredPrediction
from peace_desktop.library.repository import Library
from peace_desktop.library.study_answers import StudyMaterial, groupings
from peace_desktop.library.study_reference import patients_seen, references_of
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.statements import Presence
from peace_desktop.review.statistics.answers import Answer, code_of
from peace_desktop.review.statistics.intervals import DRAWS
from peace_desktop.review.statistics.two_bundles import BundleAnswers, TwoAnswers, TwoBundlesStatistics, two_bundles
from peace_desktop.review.statistics.two_bundles_document import NamedBundle, to_csv_rows, to_document
from peace_desktop.texts import _
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.section import part_of, section_of
from peace_model.inference.bundle import Bundle, load_bundle
from peace_model.inference.predictor import PredictionError, Predictor
from peace_model.inference.session import Provider

Said = Mapping[str, StoredPrediction]
"""One bundle's predictions of one recording by label."""


@dataclass(frozen=True)
class Seen:
    """How many recordings of the study a bundle has seen itself, and how many more are of the same patients.

    listed: whether the bundle names its own recordings at all; where not, nobody knows.
    """

    listed: bool
    recordings: int
    of_same_patients: int

    @property
    def any(self) -> bool:
        return self.recordings + self.of_same_patients > 0


@dataclass(frozen=True)
class Differing:
    """A label of a recording on which the two decide differently. seen: left out of the figures."""

    sha256: str
    title: str
    label: str
    reference: Presence | None
    first: StoredPrediction
    second: StoredPrediction
    seen: bool


@dataclass(frozen=True)
class Comparison:
    """Everything the page shows. unpredicted: recordings on which one of the two has no answer. hidden: recordings that
    decide differently, and that the reader has still to read blind elsewhere: they are not listed."""

    study_id: str
    study: str
    bundles: tuple[NamedBundle, NamedBundle]
    seen: tuple[Seen, Seen]
    found: TwoBundlesStatistics
    differing: tuple[Differing, ...]
    unpredicted: int
    hidden: int


def compare_bundles(library: Library, study_id: str, reader: str, shelf: BundleShelf, choices: tuple[str, str], *,
                    provider: Provider, progress: Report, draws: int = DRAWS) -> Comparison:
    """Beside the imports. progress: before each recording that is predicted; cancelled there.

    Raises LibraryError, also for a reader who has still to read the study blind, BundleError for a bundle that cannot
    be used.
    """
    given = fetch(library, study_id, reader)
    bundles = tuple(load_bundle(shelf.folder_of(choice)) for choice in choices)
    first, second = bundles
    if first.sha256 == second.sha256:
        raise LibraryError(_("This is one bundle twice; choose two."))
    said = [_predicted(library, given, bundle, partial(Predictor, bundle, provider), progress) for bundle in bundles]
    touched = [patients_seen(library, bundle.training.has_seen) for bundle in bundles]
    seen = np.array([any(child.patient in patients for patients in touched) for child in given.children], bool)
    labels = _labels(given, said)
    progress(0, 0, _("Counting and drawing the intervals"))
    differing, hidden = _differing(library, given, reader, said, seen)
    return Comparison(
        study_id, given.study.protocol.name, (_named(first), _named(second)),
        (_seen(given, first, touched[0]), _seen(given, second, touched[1])),
        two_bundles(labels, seen, groupings(given.children), seed=given.study.protocol.order_seed, draws=draws),
        differing,
        sum(not (child.sha256 in said[0] and child.sha256 in said[1]) for child in given.children), hidden)


def write_comparison(compared: Comparison, path: Path) -> Path:
    """Writes a table for ".csv", the whole document for any other ending; whole or not at all. Raises OSError."""
    building = path.with_name(path.name + ".part")
    try:
        with building.open("w", encoding="utf-8", newline="") as stream:
            if path.suffix.lower() == ".csv":
                csv.writer(stream, lineterminator="\n").writerows(to_csv_rows(compared.found))
            else:
                json.dump(to_document(compared.found, compared.study_id, *compared.bundles), stream,
                          ensure_ascii=False, indent=1)
        os.replace(building, path)
    finally:
        building.unlink(missing_ok=True)
    return path


def _predicted(library: Library, given: StudyMaterial, bundle: Bundle, make: Callable[[], Predictor],
               progress: Report) -> dict[str, Said]:
    """Recording -> what the bundle says; what it has not said yet is asked now and kept. Without those it cannot."""
    said: dict[str, Said] = {}
    predictor = None
    for place, child in enumerate(given.children):
        stored = _stored(library, child.sha256, bundle.sha256)
        if not stored:
            progress(place, len(given.children), f"{bundle.name} {bundle.version}")
            predictor = predictor or make()
            if not _ask(library, child.sha256, predictor):
                continue
            stored = _stored(library, child.sha256, bundle.sha256)
        said[child.sha256] = stored
    return said


def _stored(library: Library, sha256: str, bundle_sha256: str) -> Said:
    return {item.label: item for item in library.predictions(sha256) if item.bundle_sha256 == bundle_sha256}


def _ask(library: Library, sha256: str, predictor: Predictor) -> bool:
    """Predict a recording as the window does, and keep it; False where there is no answer."""
    try:
        recording = library.load_recording(sha256)
        result = predictor.predict(part_of(recording, section_of(recording)))
    except (RecordingError, PredictionError):
        return False
    library.save_prediction(sha256, result)
    return True


def _labels(given: StudyMaterial, said: list[dict[str, Said]]) -> list[TwoAnswers]:
    numbers = {patient: number for number, patient in enumerate(dict.fromkeys(c.patient for c in given.children))}
    patients = np.array([numbers[child.patient] for child in given.children], np.int64)
    references = references_of(given.study)

    def answers(bundle: dict[str, Said], label: str) -> BundleAnswers:
        items = [bundle.get(child.sha256, {}).get(label) for child in given.children]
        return BundleAnswers(
            np.array([np.nan if item is None else item.probability for item in items], np.float64),
            np.array([Answer.MISSING if item is None else Answer.PRESENT if item.positive else Answer.ABSENT
                      for item in items], np.int8))

    return [TwoAnswers(label, patients,
                       np.array([code_of(references[child.sha256][label]) for child in given.children], np.int8),
                       answers(said[0], label), answers(said[1], label)) for label in given.study.protocol.labels]


def _differing(library: Library, given: StudyMaterial, reader: str, said: list[dict[str, Said]],
               seen: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> tuple[tuple[Differing, ...], int]:
    room = StudyRoom(library)
    titles, references = room.titles(given.study.protocol.study_id), references_of(given.study)
    found, hidden = [], 0
    for child, was_seen in zip(given.children, seen, strict=True):
        one, other = (bundle.get(child.sha256, {}) for bundle in said)
        labels = [label for label in given.study.protocol.labels
                  if label in one and label in other and one[label].positive != other[label].positive]
        if labels and room.blinding(child.sha256, reader):
            hidden += 1
            continue
        found += [Differing(child.sha256, titles[child.sha256], label, references[child.sha256][label], one[label],
                            other[label], bool(was_seen)) for label in labels]
    return tuple(found), hidden


def _named(bundle: Bundle) -> NamedBundle:
    return NamedBundle(bundle.name, bundle.version, bundle.sha256, bundle.training.data,
                       bundle.training.seen is not None)


def _seen(given: StudyMaterial, bundle: Bundle, touched: frozenset[str]) -> Seen:
    itself = sum(bundle.training.has_seen(child.sha256) for child in given.children)
    return Seen(bundle.training.seen is not None, itself,
                sum(child.patient in touched for child in given.children) - itself)

"""A study as tables of answers for `review.statistics`: what each reader said, the model's decisions, the reference."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from peace_desktop.library import predictions
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.repository import Library
from peace_desktop.library.study_reference import references_of
from peace_desktop.library.study_room import Study, StudyRoom
from peace_desktop.library.tables import StoredRecordingRow
from peace_desktop.review.adjudication import first_readings, study_answer
from peace_desktop.review.reading import SIGNED_STATES, Reading
from peace_desktop.review.statements import Presence
from peace_desktop.texts import _
from peace_model.ecg.age import AGE_BANDS, age_band

if TYPE_CHECKING:
    from peace_desktop.review.statistics.rows import LabelAnswers
    from peace_desktop.review.statistics.subgroups import Grouping
    from peace_desktop.review.statistics.summary import StudyStatistics

UNKNOWN = "unknown"
Report = Callable[[int, int, str], None]


class NobodyAnswered(LibraryError):
    """A study that nobody's answers are in yet."""


@dataclass(frozen=True)
class StudyChild:
    """What statistics need of one recording. patient: of one child for all its recordings. leads: how many it has."""

    sha256: str
    patient: str
    age_days: int | None
    sex: str | None
    leads: int


@dataclass(frozen=True)
class StudyMaterial:
    """A study with what statistics need besides. decisions: recording -> label -> the protocol's bundle's decision."""

    study: Study
    children: tuple[StudyChild, ...]
    decisions: Mapping[str, Mapping[str, bool]]


def material(library: Library, study_id: str) -> StudyMaterial:
    """Everything the statistics of a study are made from. Raises LibraryError when it is not in the library."""
    study = StudyRoom(library).study(study_id)
    children, decisions = [], {}
    with library.read() as session:
        for item in study.recordings:
            row = session.get_one(StoredRecordingRow, item.recording_sha256)
            children.append(StudyChild(row.sha256, row.patient_key or row.sha256, row.age_days, row.sex, row.n_leads))
            decisions[row.sha256] = {
                said.label: said.positive for said in predictions.of_recording(session, row.sha256)
                if said.bundle_sha256 == study.protocol.bundle_sha256}
    return StudyMaterial(study, tuple(children), decisions)


def renamed(given: StudyMaterial, named: Mapping[str, str]) -> StudyMaterial:
    """The same with other names of people; the protocol's readers in the order of the new ones."""
    def called(name: str) -> str:
        return named.get(name, name)

    study, protocol = given.study, given.study.protocol
    return replace(given, study=replace(
        study, protocol=replace(protocol, readers=tuple(sorted(map(called, protocol.readers))),
                                created_by=called(protocol.created_by)),
        assignments=tuple(replace(item, reader=called(item.reader)) for item in study.assignments),
        readings=tuple(replace(item, reader=called(item.reader)) for item in study.readings),
        adjudications=tuple(replace(item, adjudicator=called(item.adjudicator)) for item in study.adjudications)))


def study_statistics_of(given: StudyMaterial, *, draws: int | None = None, progress: Report | None = None
                        ) -> "StudyStatistics":
    """The statistics of a study, seeded with its order seed: the same wherever they are made.

    draws: of the bootstrap, None for as many as always. progress: told after each label. Raises NobodyAnswered.
    """
    from peace_desktop.review.statistics.intervals import DRAWS
    from peace_desktop.review.statistics.summary import study_statistics

    protocol = given.study.protocol
    if not given.children or not any(
            study_answer(protocol, reading, label) is not None
            for reading in given.study.readings for label in protocol.labels):
        raise NobodyAnswered(_("Nobody's answers are in yet: a blind reading counts once it is locked, an open one "
                               "once it is signed."))
    tables, groups = _tables(given), groupings(given.children)
    parts = []
    for place, table in enumerate(tables):
        parts.append(study_statistics([table], groups, seed=protocol.order_seed, draws=draws or DRAWS))
        if progress is not None:
            progress(place + 1, len(tables), table.label)
    return replace(parts[0], labels=tuple(table.label for table in tables),
                   rows=tuple(row for part in parts for row in part.rows))


def _tables(given: StudyMaterial) -> "list[LabelAnswers]":
    import numpy as np

    from peace_desktop.review.statistics.answers import Answer, AnswerTable, code_of
    from peace_desktop.review.statistics.rows import LabelAnswers

    study, protocol = given.study, given.study.protocol
    shas = tuple(child.sha256 for child in given.children)
    patients = {patient: number for number, patient in enumerate(dict.fromkeys(c.patient for c in given.children))}
    readings: dict[str, list[Reading]] = {sha256: [] for sha256 in shas}
    for reading in study.readings:
        readings[reading.recording_sha256].append(reading)
    counting = {sha256: first_readings(protocol, readings[sha256]) for sha256 in shas}
    references = references_of(study)

    def codes(answer: Callable[[str, str], Presence | None]) -> "np.ndarray[tuple[int, int], np.dtype[np.int8]]":
        return np.array([[code_of(answer(sha256, reader)) for reader in protocol.readers] for sha256 in shas],
                        np.int8).reshape(len(shas), len(protocol.readers))

    tables = []
    for label in protocol.labels:
        def locked(sha256: str, reader: str, label: str = label) -> Presence | None:
            mine = counting[sha256].get(reader)
            return study_answer(protocol, mine, label) if mine is not None else None

        def final(sha256: str, reader: str, label: str = label) -> Presence | None:
            mine = counting[sha256].get(reader)
            said = mine.statement(label) if mine is not None and mine.state in SIGNED_STATES else None
            return said.presence if said is not None else None

        decisions = [given.decisions.get(sha256, {}).get(label) for sha256 in shas]
        reference = np.array([code_of(references[sha256][label]) for sha256 in shas], np.int8)
        tables.append(LabelAnswers(
            label, AnswerTable(shas, np.array([patients[child.patient] for child in given.children], np.int64),
                               protocol.readers, codes(locked)),
            final=codes(final) if protocol.mode == "blind" else None,
            decisions=None if all(said is None for said in decisions) else np.array(
                [Answer.MISSING if said is None else Answer.PRESENT if said else Answer.ABSENT for said in decisions],
                np.int8),
            reference=reference if (reference != Answer.MISSING).any() else None))
    return tables


def groupings(children: Sequence[StudyChild]) -> "list[Grouping]":
    """By age band, sex and number of leads; groups in which nobody is are left out, and so is a single one."""
    bands = [age_band(child.age_days).code if child.age_days is not None else UNKNOWN for child in children]
    sexes = [child.sex or UNKNOWN for child in children]
    leads = [child.leads for child in children]
    return [grouping for grouping in (
        _grouping("age_band", (*(band.code for band in AGE_BANDS), UNKNOWN), bands),
        _grouping("sex", ("F", "M", UNKNOWN), sexes),
        _grouping("leads", tuple(map(str, sorted(set(leads)))), [str(count) for count in leads]),
    ) if len(grouping.names) > 1]


def _grouping(name: str, order: tuple[str, ...], values: Sequence[str]) -> "Grouping":
    import numpy as np

    from peace_desktop.review.statistics.subgroups import Grouping

    names = tuple(group for group in order if group in set(values))
    return Grouping(name, names, np.array([names.index(value) for value in values], np.int64))

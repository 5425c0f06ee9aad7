"""A study bundle of another site joined to this library: the same recordings by hash, the same readers by name.

What is here stays as it is. A reading that went on elsewhere, from locked to revealed to signed, goes on here. What
contradicts this library is left out and told, line by line.
"""

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from peace_desktop.library import adjudications, circumstances, predictions, readings, studies
from peace_desktop.library.adjudications import adjudication_document
from peace_desktop.library.audit import APPLICATION, Act
from peace_desktop.library.bundles import Bundle
from peace_desktop.library.canonical import reading_document
from peace_desktop.library.circumstances import circumstances_from
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.import_ import checked_member, member_of
from peace_desktop.library.reading_documents import reading_from, with_words_of, without_free_text
from peace_desktop.library.records import StoredPrediction
from peace_desktop.library.repository import Library
from peace_desktop.library.study_bundle import FORMAT, VERSION
from peace_desktop.library.tables import StoredRecordingRow, StudyRow
from peace_desktop.review.adjudication import Adjudication
from peace_desktop.review.errors import ReadingError, StudyError
from peace_desktop.review.reading import Reading, ReadingState, may_follow
from peace_desktop.review.statements import Presence
from peace_desktop.review.study import Assignment, Protocol, StudyRecording
from peace_desktop.texts import _, listed

_MEMBERS = ("study.json", "recordings.json", "readings.json", "circumstances.json", "adjudications.json",
            "predictions.json")


@dataclass
class Merged:
    """What came in. known: readings that were here like this or further. conflicts: sentences, nothing was changed."""

    study: str
    new_study: bool
    added: int = 0
    moved_on: int = 0
    known: int = 0
    decisions: int = 0
    conflicts: list[str] = field(default_factory=list)


def is_study_bundle(file: Bundle) -> bool:
    """Whether a file says of itself that it is a study bundle."""
    try:
        with plain_errors(), zipfile.ZipFile(file) as archive:
            return bool(json.loads(member_of(archive, "manifest.json"))["format"] == FORMAT)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        return False


def merge_study_bundle(library: Library, file: Bundle) -> Merged:
    """Joins a bundle to this library, in one transaction.

    Raises LibraryError, with nothing changed, for a damaged bundle, one whose recordings are not all here, and one
    whose protocol is not that of the study here.
    """
    given = _members_of(file)
    with library.write(APPLICATION) as (session, act):
        try:
            return _merge(session, act, given)
        except (KeyError, TypeError, ValueError, ReadingError, StudyError) as error:
            raise LibraryError(_("\"{file}\" holds something that cannot be a study's. Nothing was changed.").format(
                file=file.name)) from error


def _members_of(file: Bundle) -> dict[str, Any]:
    damaged = LibraryError(_("\"{file}\" is not a whole study bundle. Ask for it again; nothing was changed.").format(
        file=file.name))
    try:
        with plain_errors(), zipfile.ZipFile(file) as archive:
            manifest = json.loads(member_of(archive, "manifest.json"))
            if manifest["format"] != FORMAT or manifest["version"] not in range(1, VERSION + 1):
                raise LibraryError(_("This bundle was written by another version of the application; nothing was "
                                     "changed."))
            return {"manifest": manifest, **{name.removesuffix(".json"): json.loads(
                checked_member(archive, name, manifest["files"])) for name in _MEMBERS}}
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise damaged from error


def _merge(session: Session, act: Act, given: Mapping[str, Any]) -> Merged:
    protocol = studies.protocol_from(given["study"]["protocol"])
    held = [StudyRecording(str(sha256), str(indication or "")) for sha256, indication in given["study"]["recordings"]]
    assigned = [Assignment(protocol.study_id, str(sha256), str(reader), int(position))
                for reader, position, sha256 in given["study"]["assignments"]]
    merged = Merged(protocol.name, new_study=session.get(StudyRow, protocol.study_id) is None)
    if merged.new_study:
        _refuse_absent(session, held)
        studies.add(session, act, protocol, held, assigned, action="study.imported")
    else:
        _refuse_other_design(session, protocol, held, assigned, with_names=given["manifest"]["names"])
    others = _other_people(session, given["recordings"])
    merged.conflicts += [_("recording {id}: another age or sex holds here; this library's stays").format(id=sha256[:12])
                         for sha256 in others]
    merged.conflicts += _take_predictions(session, act, given["predictions"], protocol,
                                          [item for item in held if item.recording_sha256 not in others])
    taken = _take_readings(session, act, given["readings"], protocol, merged)
    known = {(item.reading_id, item.stage) for reading_id in taken
             for item in circumstances.of_reading(session, reading_id)}
    for document in given["circumstances"]:
        surrounding = circumstances_from(document)
        if surrounding.reading_id in taken and (surrounding.reading_id, surrounding.stage) not in known:
            circumstances.store(session, act, surrounding)
    _take_decisions(session, act, given["adjudications"], protocol, merged)
    return merged


def _refuse_absent(session: Session, held: list[StudyRecording]) -> None:
    absent = [item.recording_sha256[:12] for item in held
              if session.get(StoredRecordingRow, item.recording_sha256) is None]
    if absent:
        raise LibraryError(_("{n} of the study's {all} recordings are not in this library: {hashes}. Import their "
                             "files first; nothing was changed.").format(n=len(absent), all=len(held),
                                                                    hashes=listed(absent[:10])))


def _refuse_other_design(session: Session, protocol: Protocol, held: list[StudyRecording],
                         assigned: list[Assignment], *, with_names: bool) -> None:
    """The study that is here must be the bundle's, but for indications that stayed behind."""
    here = studies.get(session, protocol.study_id)
    same = (here == protocol
            and [item.recording_sha256 for item in studies.recordings_of(session, protocol.study_id)]
            == [item.recording_sha256 for item in held]
            and set(studies.assignments_of(session, protocol.study_id)) == set(assigned))
    if same:
        return
    if not with_names:
        raise LibraryError(_("This study is in the library, and the bundle names no readers: nobody can tell whose "
                             "readings they are. Ask for a bundle with names; nothing was changed."))
    raise LibraryError(_("The study of this bundle is in the library with another protocol, other recordings or "
                         "another assignment. Nothing was changed."))


def _other_people(session: Session, documents: list[dict[str, Any]]) -> list[str]:
    """Recordings that have another age or sex here: neither subgroups nor predictions would be the same."""
    there = {str(document["sha256"]): (document["age_days"], document["sex"]) for document in documents}
    rows = {sha256: session.get_one(StoredRecordingRow, sha256) for sha256 in there}
    return [sha256 for sha256, row in rows.items() if (row.age_days, row.sex) != there[sha256]]


def _take_predictions(session: Session, act: Act, documents: list[dict[str, Any]], protocol: Protocol,
                      held: list[StudyRecording]) -> list[str]:
    """The bundle's predictions where there are none; those that differ are told."""
    told = []
    for item in held:
        new = tuple(StoredPrediction(str(said["label"]), float(said["probability"]), float(said["threshold"]),
                                     said["positive"] is True, str(said["bundle_sha256"]))
                    for said in documents if said["recording_sha256"] == item.recording_sha256
                    and said["bundle_sha256"] == protocol.bundle_sha256)
        here = tuple(said for said in predictions.of_recording(session, item.recording_sha256)
                     if said.bundle_sha256 == protocol.bundle_sha256)
        if new and not here:
            predictions.store(session, act, item.recording_sha256, str(protocol.bundle_sha256), new)
        elif new and {(said.label, said.positive) for said in here} != {(said.label, said.positive) for said in new}:
            told.append(_("recording {id}: the model decided otherwise here; this library's decisions stay").format(
                id=item.recording_sha256[:12]))
    return told


def _take_readings(session: Session, act: Act, documents: list[dict[str, Any]], protocol: Protocol, merged: Merged
                   ) -> set[str]:
    """Ids of the readings that stand here as the bundle has them or further."""
    taken = set()
    for item in documents:
        document = item["reading"]
        reading = reading_from(document)
        if reading.study_id != protocol.study_id:
            raise ValueError("a reading of another study")
        here = readings.get(session, reading.reading_id)
        why = _contradiction(here, document, reading) if here is not None else ""
        if why:
            merged.conflicts.append(_("reading {id}: {why}").format(id=reading.reading_id[:12], why=why))
            continue
        if here is not None and not (here.state is not reading.state and may_follow(here, reading)):
            merged.known += 1
        else:
            try:
                with session.begin_nested():
                    for step in _steps(here, reading):
                        readings.store(session, act, step, action="reading.imported")
            except LibraryError as error:
                merged.conflicts.append(_("reading {id}: {why}").format(id=reading.reading_id[:12], why=str(error)))
                continue
            merged.added += here is None
            merged.moved_on += here is not None
        taken.add(reading.reading_id)
    return taken


def _contradiction(here: Reading, document: Mapping[str, Any], there: Reading) -> str:
    """Why two values of a reading cannot be one reading's; "" where the one goes on from the other."""
    if (here.reader, here.recording_sha256) != (there.reader, there.recording_sha256):
        return _("it is another reader's or another recording's here")
    if here.locked is not None and there.locked is not None and here.locked.statements != there.locked.statements:
        return _("its locked answers differ; those here stay")
    if here.state is there.state:
        same = without_free_text(reading_document(here)) == without_free_text(document)
        return "" if same or here.revision >= there.revision and here.meaning is None else _(
            "it differs from the one here, which stays")
    return "" if may_follow(here, there) or may_follow(there, here) else _("it cannot follow from the one here")


def _steps(here: Reading | None, there: Reading) -> Iterator[Reading]:
    """The values to store one after the other; words that did not come along stay as they are here.

    What was said after the reveal is taken by a revealed reading only, so a locked one is revealed first.
    """
    if here is None:
        yield there
        return
    revision = here.revision + 1
    if here.state is ReadingState.LOCKED and there.state is not ReadingState.REVEALED:
        yield replace(here, state=ReadingState.REVEALED, bundle_sha256=there.bundle_sha256, revision=revision)
        revision += 1
    yield replace(with_words_of(here, there), locked=here.locked or there.locked,
                  revision=max(there.revision, revision))


def _take_decisions(session: Session, act: Act, documents: list[dict[str, Any]], protocol: Protocol, merged: Merged
                    ) -> None:
    """The bundle's decisions that are not here; labels on which decisions differ are told."""
    labels = []
    for document in documents:
        decision = Adjudication(
            str(document["adjudication_id"]), str(document["study_id"]), str(document["recording_sha256"]),
            str(document["label"]), Presence(document["presence"]), str(document["adjudicator"]),
            datetime.fromisoformat(document["at"]).astimezone(UTC), str(document["reason"] or ""))
        if decision.study_id != protocol.study_id:
            raise ValueError("a decision of another study")
        labels.append((decision.recording_sha256, decision.label))
        here = adjudications.get_one(session, decision.adjudication_id)
        if here is not None:
            if {**adjudication_document(here), "reason": None} != {**document, "reason": None}:
                merged.conflicts.append(_("decision {id}: it differs from the one here, which stays").format(
                    id=decision.adjudication_id[:12]))
            continue
        try:
            with session.begin_nested():
                adjudications.store(session, act, decision, action="adjudication.imported")
        except LibraryError as error:
            merged.conflicts.append(_("decision {id}: {why}").format(id=decision.adjudication_id[:12], why=str(error)))
            continue
        merged.decisions += 1
    decided = defaultdict(set)
    for item in adjudications.of_study(session, protocol.study_id):
        decided[item.recording_sha256, item.label].add(item.presence)
    merged.conflicts += [_("recording {id}: {label} was decided differently; the latest decision holds").format(
        id=sha256[:12], label=label) for sha256, label in dict.fromkeys(labels) if len(decided[sha256, label]) > 1]

"""Readings, what surrounded them and edited measurements that come from another library: merged by their id, all of
them or none."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library.audit import APPLICATION
from peace_desktop.library.bundles import Bundle
from peace_desktop.library.canonical import reading_document
from peace_desktop.library.circumstances import circumstances_from
from peace_desktop.library.circumstances import store as store_circumstances
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.export import CIRCUMSTANCES, EDITS, FORMAT, VERSION
from peace_desktop.library.measurement_edits import store as store_edit
from peace_desktop.library.reading_documents import reading_from, without_free_text
from peace_desktop.library.readings import get, store
from peace_desktop.library.repository import Library
from peace_desktop.library.tables import StoredRecordingRow
from peace_desktop.review.errors import ReadingError
from peace_desktop.review.measurement_edits import MeasurementEdit
from peace_desktop.review.reading import SIGNED_STATES, Reading
from peace_desktop.texts import _
from peace_model.ecg.boundaries import Boundaries, from_document

_MEMBER_LIMIT_BYTES = 256 << 20


@dataclass(frozen=True)
class Imported:
    """added: readings new here. known: readings that were here, equal. drafts, absent: left out, because they are not
    signed, or because their recording is not in this library."""

    added: int
    known: int
    drafts: int
    absent: int


def member_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member of an archive from elsewhere. Raises LibraryError for one too large to be what it says, KeyError."""
    if archive.getinfo(name).file_size > _MEMBER_LIMIT_BYTES:
        raise LibraryError(_("This file is far larger than an export of readings; it was not read."))
    return archive.read(name)


def checked_member(archive: zipfile.ZipFile, name: str, files: Mapping[str, str]) -> bytes:
    """One member whose hash is the manifest's. Raises ValueError where it is not."""
    content = member_of(archive, name)
    if hashlib.sha256(content).hexdigest() != files[name]:
        raise ValueError(name)
    return content


@dataclass(frozen=True)
class _Documents:
    """What a checked export holds, one document each."""

    readings: list[dict[str, object]]
    edits: list[dict[str, object]]
    circumstances: list[dict[str, object]]


def _documents(file: Bundle) -> _Documents:
    damaged = LibraryError(_("\"{file}\" is not a whole export of readings. Ask for it again; nothing was changed.")
                           .format(file=file.name))
    try:
        with plain_errors(), zipfile.ZipFile(file) as archive:
            manifest = json.loads(member_of(archive, "manifest.json"))
            if manifest["format"] != FORMAT or manifest["version"] != VERSION:
                raise LibraryError(_("This export was written by another version of the application; nothing was "
                                     "changed."))
            readings, edits, circumstances = (
                json.loads(checked_member(archive, name, manifest["files"]))
                if name in manifest["files"] or name == "readings.json" else []
                for name in ("readings.json", EDITS, CIRCUMSTANCES))
            return _Documents([dict(item["reading"]) for item in readings], [dict(item["edit"]) for item in edits],
                              [dict(item) for item in circumstances])
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise damaged from error


def _boundaries(document: object) -> Boundaries:
    if not isinstance(document, dict):
        raise TypeError("boundaries")
    return from_document({str(name): None if at is None else float(at) for name, at in document.items()})


def _edit(document: dict[str, object]) -> MeasurementEdit:
    """An edit from its document. Raises KeyError, TypeError, ValueError or ReadingError for anything else."""
    boundaries = document["boundaries"]
    return MeasurementEdit(
        str(document["edit_id"]), str(document["recording_sha256"]), str(document["reading_id"]),
        str(document["reader"]), datetime.fromisoformat(str(document["at"])).astimezone(UTC),
        _boundaries(document["automatic"]), None if boundaries is None else _boundaries(boundaries))


def _differs(here: Reading, document: dict[str, object]) -> bool:
    """Whether a reading stored here contradicts the document; free text, which may stay behind, contradicts nothing."""
    return without_free_text(reading_document(here)) != without_free_text(document)


def _take(session: Session, documents: list[dict[str, object]]) -> tuple[list[Reading], Imported]:
    known_recordings = set(session.scalars(select(StoredRecordingRow.sha256)))
    new: list[Reading] = []
    known = drafts = absent = 0
    for document in documents:
        here = get(session, str(document["reading_id"]))
        if document["state"] not in SIGNED_STATES:
            drafts += 1
        elif document["recording_sha256"] not in known_recordings:
            absent += 1
        elif here is None:
            new.append(reading_from(document))
        elif _differs(here, document):
            raise LibraryError(_("Reading {id} is here already with other content. Nothing was imported.").format(
                id=here.reading_id))
        else:
            known += 1
    return new, Imported(len(new), known, drafts, absent)


def import_readings(library: Library, file: Bundle) -> Imported:
    """Adds the signed readings of an export whose recordings this library holds, with what surrounded them and the
    measurements edited in them.

    Raises LibraryError, with nothing imported, when the file is damaged or a reading contradicts this library.
    """
    documents = _documents(file)
    with library.write(APPLICATION) as (session, act):
        try:
            new, result = _take(session, documents.readings)
            edits = [_edit(document) for document in documents.edits]
            surroundings = [circumstances_from(document) for document in documents.circumstances]
        except (KeyError, TypeError, ValueError, ReadingError) as error:
            raise LibraryError(_("\"{file}\" holds a reading that cannot be one. Nothing was imported.").format(
                file=file.name)) from error
        for reading in new:
            store(session, act, reading, action="reading.imported")
        added = {reading.reading_id for reading in new}
        for surrounding in surroundings:
            if surrounding.reading_id in added:
                store_circumstances(session, act, surrounding)
        for edit in edits:
            reading_here = get(session, edit.reading_id)
            if reading_here is not None and reading_here.state in SIGNED_STATES:
                store_edit(session, act, edit, action="measurement.imported")
    return result

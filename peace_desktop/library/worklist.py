"""The worklist of an open library: which recordings in which order, rows by their numbers, flags and kept filters.

A list of a hundred thousand is an array of row numbers; what a row says is fetched for the rows that are looked at.
"""

import json
from collections.abc import Sequence

import numpy as np
from sqlalchemy import Integer, Select, case, delete, func, insert, literal_column, select, text
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from peace_desktop.library import thumbnails
from peace_desktop.library.audit import append
from peace_desktop.library.canonical import canonical_json
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.kept_checks import filter_sha256, name_sha256
from peace_desktop.library.people import age_of, ensure_reader, sex_of
from peace_desktop.library.recordings import require
from peace_desktop.library.records import RecordingRow
from peace_desktop.library.repository import Library
from peace_desktop.library.studies import blinded
from peace_desktop.library.tables import FlagRow, KeptFilterRow, ReadingRow, StoredRecordingRow, ThumbnailRow
from peace_desktop.library.thumbnails import Thumbnail
from peace_desktop.library.worklist_filter import Order, SortBy, WorklistFilter, filter_document, filter_from
from peace_desktop.library.worklist_query import Numbers, by_state, order_query, states_query
from peace_desktop.review.reading import SIGNED_STATES, ReadingState
from peace_desktop.texts import _

EVERYTHING, AS_IMPORTED = WorklistFilter(), Order()
_NUMBER = literal_column("recordings.rowid", Integer)
_AT_ONCE = 500
"""Values in one statement; SQLite's older limit is 999."""


class Worklist:
    """Of one library. Raises LibraryError as `Library` does. reader: the acting one, "" while nobody is named."""

    def __init__(self, library: Library) -> None:
        self._library = library

    # What is listed

    def count(self) -> int:
        """How many recordings the library holds."""
        with self._library.read() as session:
            return session.scalar(select(func.count()).select_from(StoredRecordingRow)) or 0

    def numbers(self, chosen: WorklistFilter = EVERYTHING, order: Order = AS_IMPORTED, *, reader: str = "") -> Numbers:
        """The row numbers of what is asked for, in order."""
        statement, values = order_query(chosen, order, reader=reader)
        with self._library.read() as session:
            numbers = _numbers(session.scalar(text(statement), values))
            if order.by is not SortBy.STATE:
                return numbers
            read, ranks = session.execute(text(states_query()), {"reader": reader}).one()
        return by_state(numbers, _numbers(read), _numbers(ranks), descending=order.descending)

    def rows(self, numbers: Sequence[int] | Numbers, *, reader: str = "") -> tuple[RecordingRow, ...]:
        """These rows in the order of the numbers; a number that is none has no row."""
        wanted = [int(number) for number in numbers]
        with self._library.read() as session:
            found: dict[int, RecordingRow] = {}
            for start in range(0, len(wanted), _AT_ONCE):
                some = _rows().where(_NUMBER.in_(wanted[start:start + _AT_ONCE]))
                found |= {row.number: row for row in _filled(session, some, reader)}
        return tuple(found[number] for number in wanted if number in found)

    def row(self, sha256: str, *, reader: str = "") -> RecordingRow | None:
        """The row of a recording, None when it is not in the library."""
        with self._library.read() as session:
            found = _filled(session, _rows().where(StoredRecordingRow.sha256 == sha256), reader)
        return found[0] if found else None

    def of_patient(self, patient_key: str, *, reader: str = "") -> tuple[RecordingRow, ...]:
        """All recordings of one patient in the order of import; none for a recording whose file names no patient."""
        if not patient_key:
            return ()
        with self._library.read() as session:
            return _filled(session, _rows().where(StoredRecordingRow.patient_key == patient_key).order_by(_NUMBER),
                           reader)

    def titles(self, numbers: Numbers) -> dict[str, str]:
        """Recording -> its title, in the order of the numbers."""
        table = StoredRecordingRow
        found: dict[int, tuple[str, str]] = {}
        with self._library.read() as session:
            for start in range(0, len(numbers), _AT_ONCE):
                wanted = [int(number) for number in numbers[start:start + _AT_ONCE]]
                found |= {row.number: (row.sha256, row.title) for row in session.execute(
                    select(_NUMBER.label("number"), table.sha256, table.title).where(_NUMBER.in_(wanted)))}
        return dict(found[int(number)] for number in numbers)

    def sources(self) -> tuple[str, ...]:
        """The formats the recordings came from, by name."""
        with self._library.read() as session:
            return tuple(session.scalars(select(StoredRecordingRow.source_format).distinct()
                                         .order_by(StoredRecordingRow.source_format)))

    def finding_codes(self) -> tuple[str, ...]:
        """The codes of findings there are, by name."""
        with self._library.read() as session:
            together = session.scalars(select(StoredRecordingRow.finding_codes).distinct())
            return tuple(sorted({code for codes in together for code in codes.split()}))

    # What a reader keeps

    def flag(self, sha256: str, *, reader: str, flagged: bool) -> None:
        """Sets or takes away a reader's own mark on a recording; it is in the audit trail like all that is written."""
        with self._library.write(_named(reader)) as (session, act):
            require(session, sha256)
            ensure_reader(session, act, act.actor)
            if (session.get(FlagRow, (act.actor, sha256)) is not None) == flagged:
                return
            if flagged:
                session.execute(insert(FlagRow).values(reader=act.actor, recording_sha256=sha256))
            else:
                session.execute(delete(FlagRow).where(FlagRow.reader == act.actor, FlagRow.recording_sha256 == sha256))
            append(session, act, action="recording.flagged" if flagged else "recording.unflagged", subject=sha256,
                   payload={})

    def kept_filters(self, *, reader: str) -> dict[str, WorklistFilter]:
        """The filters a reader keeps, by name."""
        with self._library.read() as session:
            return {row.name: filter_from(json.loads(row.document)) for row in session.scalars(
                select(KeptFilterRow).where(KeptFilterRow.reader == reader.strip()).order_by(KeptFilterRow.name))}

    def keep_filter(self, name: str, chosen: WorklistFilter, *, reader: str) -> None:
        """Keeps a filter under a name; one that has the name already is replaced."""
        if not name.strip():
            raise LibraryError(_("A filter is kept under a name."))
        document = canonical_json(filter_document(chosen))
        with self._library.write(_named(reader)) as (session, act):
            ensure_reader(session, act, act.actor)
            session.execute(upsert(KeptFilterRow).values(reader=act.actor, name=name.strip(), document=document)
                            .on_conflict_do_update(index_elements=["reader", "name"], set_={"document": document}))
            append(session, act, action="filter.kept", subject=act.actor,
                   payload={"name_sha256": name_sha256(name.strip()),
                            "filter_sha256": filter_sha256(name.strip(), document)})

    def forget_filter(self, name: str, *, reader: str) -> None:
        """Forgets a kept filter."""
        with self._library.write(_named(reader)) as (session, act):
            session.execute(delete(KeptFilterRow).where(KeptFilterRow.reader == act.actor, KeptFilterRow.name == name))
            append(session, act, action="filter.forgotten", subject=act.actor,
                   payload={"name_sha256": name_sha256(name)})

    # Thumbnails

    def thumbnail(self, sha256: str) -> Thumbnail:
        """A recording's thumbnail; one that is not there yet is made and, where the library may be written, kept."""
        with self._library.read() as session:
            known = thumbnails.of(session, [sha256])
        if sha256 in known:
            return known[sha256]
        made = thumbnails.thumbnail_of(self._library.load_recording(sha256))
        if not self._library.read_only:
            with self._library.write("application") as (session, _act):
                thumbnails.keep(session, sha256, made)
        return made


def _numbers(joined: str | None) -> Numbers:
    return np.fromstring(joined or "", dtype=np.int64, sep=",")


def _rows() -> Select[int, StoredRecordingRow, str, bytes]:
    return (select(_NUMBER.label("number"), StoredRecordingRow, ThumbnailRow.lead, ThumbnailRow.points)
            .outerjoin(ThumbnailRow, ThumbnailRow.recording_sha256 == StoredRecordingRow.sha256))


def _filled(session: Session, query: Select[int, StoredRecordingRow, str, bytes], reader: str
            ) -> tuple[RecordingRow, ...]:
    found = session.execute(query).all()
    sha256s = [row.StoredRecordingRow.sha256 for row in found]
    own, others = _own_states(session, sha256s, reader), _others_signed(session, sha256s, reader)
    hidden = blinded(session, sha256s, reader)
    flagged = frozenset(session.scalars(select(FlagRow.recording_sha256).where(
        FlagRow.reader == reader, FlagRow.recording_sha256.in_(sha256s))))
    made = []
    for number, row, lead, points in found:
        made.append(RecordingRow(
            number=number, sha256=row.sha256, title=row.title, source_format=row.source_format,
            recorded_at=row.recorded_at, patient_key=row.patient_key,
            age=age_of(row.age_days, row.age_precision, row.age_origin), sex=sex_of(row.sex),
            duration_s=row.duration_s, n_leads=row.n_leads, simulated=row.simulated,
            reading_state=own.get(row.sha256), finding_codes=tuple(row.finding_codes.split()),
            imported_at=row.imported_at, identified=row.identified, date_shifted=row.date_shifted,
            others_signed=None if row.sha256 in hidden else others.get(row.sha256, 0), n_findings=row.n_findings,
            flagged=row.sha256 in flagged,
            thumbnail=Thumbnail(lead, points) if lead is not None and points is not None else None))
    return tuple(made)


def _own_states(session: Session, sha256s: Sequence[str], reader: str) -> dict[str, ReadingState]:
    amended = case(((ReadingRow.state == ReadingState.FINAL.value) & ReadingRow.amends.is_not(None),
                    ReadingState.AMENDED.value), else_=ReadingRow.state)
    newest = (select(func.max(ReadingRow.position)).where(
        ReadingRow.reader == reader, ReadingRow.recording_sha256.in_(sha256s)).group_by(ReadingRow.recording_sha256))
    return {row.recording_sha256: ReadingState(row.state) for row in session.execute(
        select(ReadingRow.recording_sha256, amended.label("state")).where(ReadingRow.position.in_(newest)))}


def _others_signed(session: Session, sha256s: Sequence[str], reader: str) -> dict[str, int]:
    signed = tuple(state.value for state in SIGNED_STATES)
    return {row.recording_sha256: row.readers for row in session.execute(
        select(ReadingRow.recording_sha256, func.count(ReadingRow.reader.distinct()).label("readers"))
        .where(ReadingRow.recording_sha256.in_(sha256s), ReadingRow.reader != reader, ReadingRow.state.in_(signed))
        .group_by(ReadingRow.recording_sha256))}


def _named(reader: str) -> str:
    if not reader.strip():
        raise LibraryError(_("This needs the reader's name."))
    return reader.strip()

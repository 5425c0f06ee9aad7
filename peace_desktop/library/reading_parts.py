"""What of a reading stands in tables of their own: statements, locked answers, ratings of maps, notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Session

from peace_desktop.library.tables import LockedStatementRow, MapRatingRow, StatementRow, TimeNoteRow
from peace_desktop.review.reading import Reading


@dataclass
class Parts:
    """The rows of one reading, each kind in its order."""

    statements: list[StatementRow] = field(default_factory=list)
    locked: list[LockedStatementRow] = field(default_factory=list)
    ratings: list[MapRatingRow] = field(default_factory=list)
    notes: list[TimeNoteRow] = field(default_factory=list)


def of_readings(session: Session, reading_ids: Sequence[str]) -> dict[str, Parts]:
    """The parts of every reading asked for."""
    parts = {reading_id: Parts() for reading_id in reading_ids}
    for statement in session.scalars(select(StatementRow).where(StatementRow.reading_id.in_(parts))
                                     .order_by(StatementRow.reading_id, StatementRow.position)):
        parts[statement.reading_id].statements.append(statement)
    for locked in session.scalars(select(LockedStatementRow).where(LockedStatementRow.reading_id.in_(parts))
                                  .order_by(LockedStatementRow.reading_id, LockedStatementRow.position)):
        parts[locked.reading_id].locked.append(locked)
    for rating in session.scalars(select(MapRatingRow).where(MapRatingRow.reading_id.in_(parts))
                                  .order_by(MapRatingRow.reading_id, MapRatingRow.position)):
        parts[rating.reading_id].ratings.append(rating)
    for note in session.scalars(select(TimeNoteRow).where(TimeNoteRow.reading_id.in_(parts))
                                .order_by(TimeNoteRow.reading_id, TimeNoteRow.position)):
        parts[note.reading_id].notes.append(note)
    return parts


def remove(session: Session, reading_id: str) -> None:
    """Takes a draft's parts out, before its row."""
    for table in (StatementRow, MapRatingRow, TimeNoteRow):
        session.execute(delete(table).where(table.reading_id == reading_id))


def write(session: Session, before: Reading | None, after: Reading) -> None:
    """Writes what differs between two values of a reading, while its row is still writable."""
    _write_statements(session, before, after)
    if (before.map_ratings if before is not None else ()) != after.map_ratings:
        _rewrite(session, MapRatingRow, after.reading_id, (
            {"label": item.label, "method": item.method, "rating": item.rating.value,
             "bundle_sha256": item.bundle_sha256} for item in after.map_ratings))
    if (before.notes if before is not None else ()) != after.notes:
        _rewrite(session, TimeNoteRow, after.reading_id, (
            {"start_s": note.start_s, "end_s": note.end_s, "lead": note.lead, "text": note.text}
            for note in after.notes))
    if after.locked is not None and (before is None or before.locked is None):
        session.execute(insert(LockedStatementRow), [
            {"reading_id": after.reading_id, "label": item.label, "position": position,
             "presence": item.presence.value} for position, item in enumerate(after.locked.statements)])


def _rewrite(session: Session, table: type[MapRatingRow] | type[TimeNoteRow], reading_id: str,
             values: Iterable[dict[str, object]]) -> None:
    session.execute(delete(table).where(table.reading_id == reading_id))
    fresh = [{"reading_id": reading_id, "position": position, **item} for position, item in enumerate(values)]
    if fresh:
        session.execute(insert(table), fresh)


def _write_statements(session: Session, before: Reading | None, after: Reading) -> None:
    gone = {item.label for item in before.statements} - {item.label for item in after.statements} if before else set()
    if gone:
        session.execute(delete(StatementRow).where(StatementRow.reading_id == after.reading_id,
                                                   StatementRow.label.in_(gone)))
    old = {item.label: (position, item) for position, item in enumerate(before.statements)} if before else {}
    fresh = [{"reading_id": after.reading_id, "label": item.label, "position": position,
              "presence": item.presence.value, "via": item.via, "bundle_sha256": item.bundle_sha256,
              "model_positive": item.model_positive}
             for position, item in enumerate(after.statements) if old.get(item.label) != (position, item)]
    if fresh:
        insertion = upsert(StatementRow)
        session.execute(insertion.on_conflict_do_update(
            index_elements=["reading_id", "label"],
            set_={name: insertion.excluded[name]
                  for name in ("position", "presence", "via", "bundle_sha256", "model_positive")}), fresh)

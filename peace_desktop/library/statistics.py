"""Counts of what a library holds, for `library statistics`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from peace_desktop.library.tables import AuditRow, MeasurementEditRow, ReadingRow, StatementRow, StoredRecordingRow
from peace_desktop.review.agreement import Agreement, agreement_of
from peace_desktop.review.reading import SIGNED_STATES, ReadingState
from peace_desktop.review.statements import Presence, Statement
from peace_model.ecg.age import AGE_BANDS, age_band

UNKNOWN = "unknown"
UNREAD = "unread"


@dataclass(frozen=True)
class Statistics:
    """by_age_band: every band in order, then "unknown". by_state: of the newest reading, "unread" without one.

    statements: label -> presence -> count, and agreement: (bundle SHA-256, label) -> agrees or disagrees -> count, both
    over signed readings that no signed amendment replaces. edits_by_reader: entries of measurement edits, those
    that went back to automatic among them; edited_recordings: recordings with at least one.
    """

    recordings: int
    simulated: int
    patients: int
    by_age_band: Mapping[str, int]
    by_sex: Mapping[str, int]
    by_state: Mapping[str, int]
    signed_by_reader: Mapping[str, int]
    statements: Mapping[str, Mapping[str, int]]
    agreement: Mapping[tuple[str, str], Mapping[Agreement, int]]
    edits_by_reader: Mapping[str, int]
    edited_recordings: int
    audit_entries: int


def statistics(session: Session) -> Statistics:
    """Counts over the whole library."""
    table = StoredRecordingRow
    rows = session.execute(select(table.age_days, table.sex, table.simulated, table.patient_key)).all()
    bands = Counter(age_band(row.age_days).code if row.age_days is not None else UNKNOWN for row in rows)
    later = aliased(ReadingRow)
    signed = tuple(state.value for state in SIGNED_STATES)
    standing = (select(ReadingRow.reading_id, ReadingRow.reader)
                .outerjoin(later, (later.amends == ReadingRow.reading_id) & later.state.in_(signed))
                .where(ReadingRow.state.in_(signed), later.reading_id.is_(None))).subquery()
    signed_by_reader = {row.reader: row.readings for row in session.execute(
        select(standing.c.reader, func.count().label("readings")).group_by(standing.c.reader)
        .order_by(standing.c.reader))}
    edits_by_reader = {row.reader: row.edits for row in session.execute(
        select(MeasurementEditRow.reader, func.count().label("edits")).group_by(MeasurementEditRow.reader)
        .order_by(MeasurementEditRow.reader))}
    statements: dict[str, Counter[str]] = {}
    agreement: dict[tuple[str, str], Counter[Agreement]] = {}
    for said in session.scalars(select(StatementRow).join(standing, standing.c.reading_id == StatementRow.reading_id)
                                .order_by(StatementRow.label)):
        statements.setdefault(said.label, Counter())[said.presence] += 1
        if said.bundle_sha256 is None or said.model_positive is None:
            continue
        answer = agreement_of(Statement(said.label, Presence(said.presence)), positive=said.model_positive)
        agreement.setdefault((said.bundle_sha256, said.label), Counter())[answer] += 1
    return Statistics(
        recordings=len(rows), simulated=sum(row.simulated for row in rows),
        patients=len({row.patient_key for row in rows if row.patient_key}),
        by_age_band={code: bands[code] for code in (*(band.code for band in AGE_BANDS), UNKNOWN)},
        by_sex={sex: sum((row.sex or UNKNOWN) == sex for row in rows) for sex in ("F", "M", UNKNOWN)},
        by_state=_by_state(session, len(rows)),
        signed_by_reader=signed_by_reader, statements=statements, agreement=agreement,
        edits_by_reader=edits_by_reader,
        edited_recordings=session.scalar(select(func.count(MeasurementEditRow.recording_sha256.distinct()))) or 0,
        audit_entries=session.scalar(select(func.count()).select_from(AuditRow)) or 0)


def _by_state(session: Session, recordings: int) -> dict[str, int]:
    newest = select(func.max(ReadingRow.position)).group_by(ReadingRow.recording_sha256)
    states = Counter(
        ReadingState.AMENDED.value if row.state == ReadingState.FINAL and row.amends is not None else row.state
        for row in session.execute(select(ReadingRow.state, ReadingRow.amends).where(ReadingRow.position.in_(newest))))
    unread = recordings - states.total()
    return dict(states) | ({UNREAD: unread} if unread else {})

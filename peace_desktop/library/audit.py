"""The audit trail: append-only, each entry carrying the hash of the one before (after 21 CFR 11.10(e)).

The owner of a local file can replace the whole file: the chain shows a change only against a head kept elsewhere, for
example on a printed report. Payloads hold ids, hashes and answers; never names, comments or other free text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from peace_desktop.library.canonical import canonical_json, sha256_of, utc_text
from peace_desktop.library.records import AuditHead
from peace_desktop.library.tables import AuditRow
from peace_desktop.texts import _

APPLICATION = "application"
"""The actor of what the program does by itself."""

START = AuditHead(0, "0" * 64)


@dataclass(frozen=True)
class Act:
    """Who does something, and when: what every audited write needs. at: aware UTC."""

    actor: str
    at: datetime


def _link(sequence: int, at_utc: str, actor: str, action: str, subject: str, payload: str, previous: str) -> str:
    return sha256_of({"sequence": sequence, "at_utc": at_utc, "actor": actor, "action": action, "subject": subject,
                      "payload": payload, "previous_sha256": previous})


def head(session: Session) -> AuditHead:
    """The newest entry."""
    newest = session.execute(
        select(AuditRow.sequence, AuditRow.sha256).order_by(AuditRow.sequence.desc()).limit(1)).first()
    return START if newest is None else AuditHead(newest.sequence, newest.sha256)


def append(session: Session, act: Act, *, action: str, subject: str, payload: dict[str, object]) -> AuditHead:
    """Adds one entry inside the caller's transaction, so that no write stands without its entry."""
    last = head(session)
    text = canonical_json(payload)
    at_utc = utc_text(act.at)
    digest = _link(last.sequence + 1, at_utc, act.actor, action, subject, text, last.sha256)
    session.execute(insert(AuditRow).values(
        sequence=last.sequence + 1, at_utc=at_utc, actor=act.actor, action=action, subject=subject, payload=text,
        previous_sha256=last.sha256, sha256=digest))
    return AuditHead(last.sequence + 1, digest)


def entries(session: Session) -> Iterator[AuditRow]:
    """All entries, oldest first."""
    yield from session.scalars(select(AuditRow).order_by(AuditRow.sequence).execution_options(yield_per=500))


def broken_links(rows: Iterator[AuditRow]) -> Iterator[tuple[AuditRow, str]]:
    """Each entry with what is wrong with its place in the chain, "" when nothing is."""
    last = START
    for row in rows:
        expected = _link(row.sequence, row.at_utc, row.actor, row.action, row.subject, row.payload,
                         row.previous_sha256)
        if row.sequence != last.sequence + 1:
            yield row, _("audit entry {sequence} is missing").format(sequence=last.sequence + 1)
        elif row.previous_sha256 != last.sha256:
            yield row, _("audit entry {sequence} does not follow the one before").format(sequence=row.sequence)
        elif row.sha256 != expected:
            yield row, _("audit entry {sequence} was changed after it was written").format(sequence=row.sequence)
        else:
            yield row, ""
        last = AuditHead(row.sequence, row.sha256)

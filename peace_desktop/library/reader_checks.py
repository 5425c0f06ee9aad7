"""Whether readers' roles and passphrases are those the audit trail recorded: what `verify` adds to its report."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library.people import access_sha256
from peace_desktop.library.tables import ReaderRow
from peace_desktop.review.access import Role
from peace_desktop.texts import _


def reader_problems(session: Session, audited: Mapping[str, str]) -> list[str]:
    """Sentences for every reader who differs. audited: the last hash the trail recorded of each.

    A reader of whom the trail records none reads, is active and has no passphrase.
    """
    stored = {row.name: row for row in session.scalars(select(ReaderRow).order_by(ReaderRow.name))}
    differs = _("the role or passphrase of reader {name} differs from what the audit trail recorded")
    problems = [differs.format(name=name) for name, row in stored.items()
                if access_sha256(row) != audited.get(name, _new(name))]
    return problems + [_("reader {name} is missing").format(name=name) for name in audited if name not in stored]


def _new(name: str) -> str:
    return access_sha256(ReaderRow(name=name, role=Role.READER.value, active=True, passphrase=None))

"""Whether a write is the actor's to make: asked inside every transaction, so that no window can forget it."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from peace_desktop.library.audit import APPLICATION
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.tables import ReaderRow
from peace_desktop.review.access import Right, Role, may
from peace_desktop.texts import _

_REFUSALS = {
    Right.ADJUDICATE: lambda: _("Deciding disagreements is for adjudicators. An administrator can make you one under "
                                "Readers."),
    Right.LEAD_STUDIES: lambda: _("Making and closing studies is for administrators."),
    Right.MANAGE_READERS: lambda: _("Readers, their roles and passphrases are for administrators."),
}


class NotAllowed(LibraryError):
    """Somebody else would have to do this, or would have to sign in."""


def guarded(session: Session) -> bool:
    """Whether any reader has a passphrase; until then nobody is asked for one."""
    return bool(session.scalar(select(exists().where(ReaderRow.passphrase.is_not(None)))))


def refuse_stranger(session: Session, actor: str, right: Right, *, signed_in: str) -> None:
    """Raises NotAllowed unless the actor may do this. The application's own work needs no more than READ."""
    if (actor == APPLICATION and right is Right.READ) or not guarded(session):
        return
    row = session.get(ReaderRow, actor)
    if row is None or actor != signed_in:
        raise NotAllowed(_("This library's readers have passphrases, and you are not signed in under this name. Sign "
                           "in and try again; nothing was changed."))
    if not row.active:
        raise NotAllowed(_("This reader is no longer active; an administrator can change that. Nothing was changed."))
    if not may(Role(row.role), right):
        raise NotAllowed(_REFUSALS[right]())

"""The readers of a library: roles, passphrases, signing in, and the wait after wrong passphrases.

Passphrases tell readers apart and keep one from signing as another. They hide nothing from somebody who can open the
library's file by other means: only an encrypted library does that.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from math import ceil

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from peace_desktop.library.audit import APPLICATION, Act, append
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.passphrases import matches, record_of
from peace_desktop.library.people import access_sha256, ensure_reader
from peace_desktop.library.repository import Library
from peace_desktop.library.rights import NotAllowed, guarded
from peace_desktop.library.tables import ReaderRow
from peace_desktop.review.access import Reader, Right, Role, still_to_wait, wait_after
from peace_desktop.texts import _, ngettext


class SignInRefused(LibraryError):
    """The passphrase is not right, or it is too early to try again. wait: how long nobody needs to try."""

    def __init__(self, sentence: str, wait: timedelta = timedelta()) -> None:
        super().__init__(sentence)
        self.wait = wait


def waiting_words(wait: timedelta) -> str:
    """How long to wait, in whole seconds or minutes, rounded up."""
    seconds = ceil(wait.total_seconds())
    if seconds < 120:
        return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
    minutes = ceil(seconds / 60)
    return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)


class Access:
    """Readers of an open library, and who of them is signed in. Raises LibraryError as `Library` does."""

    def __init__(self, library: Library, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """monotonic: seconds of a clock nobody can set; while the application runs, no wait is shorter than it says."""
        self._library = library
        self._monotonic = monotonic
        self._earliest: dict[str, float] = {}

    @property
    def guarded(self) -> bool:
        """Whether signing in is asked for."""
        with self._library.read() as session:
            return guarded(session)

    @property
    def signed_in(self) -> str:
        """The name of the reader who is signed in, "" for none."""
        return self._library.signed_in

    def readers(self) -> tuple[Reader, ...]:
        """All readers by name."""
        with self._library.read() as session:
            return tuple(_reader(row) for row in session.scalars(select(ReaderRow).order_by(ReaderRow.name)))

    def reader(self, name: str) -> Reader | None:
        """A reader by name."""
        with self._library.read() as session:
            row = session.get(ReaderRow, name)
            return None if row is None else _reader(row)

    def sign_in(self, name: str, passphrase: str) -> Reader:
        """Makes a reader the one whose work is accepted from now on.

        Raises SignInRefused, which is written into the audit trail and counted; the reader signed in before stays.
        """
        reader = self.check(name, passphrase)
        with self._library.write(APPLICATION) as (session, act):
            append(session, act, action="reader.signed_in", subject=name, payload={})
        self._library.signed_in = name
        return reader

    def check(self, name: str, passphrase: str) -> Reader:
        """Whether the passphrase is the reader's, as `sign_in` does it, without signing in."""
        self._refuse_while_waiting(name)
        with self._library.read() as session:
            row = session.get(ReaderRow, name)
            if row is None or not row.active:
                raise SignInRefused(_("This reader is no longer active; an administrator can change that."))
            record, failures, reader = row.passphrase, row.failures, _reader(row)
        if record is None:
            raise SignInRefused(_("This reader has no passphrase yet; an administrator gives one under Readers."))
        if not matches(passphrase, record):
            self._count_failure(name)
        if failures:
            with self._library.write(APPLICATION) as (session, _act):
                session.execute(update(ReaderRow).where(ReaderRow.name == name).values(failures=0, failed_at=None))
        return reader

    def sign_out(self) -> None:
        """Nobody is signed in."""
        self._library.signed_in = ""

    def begin(self, name: str, passphrase: str) -> None:
        """Sets the library's first passphrase: its reader becomes administrator and is signed in."""
        record = record_of(passphrase)
        with self._library.write(APPLICATION) as (session, act):
            if guarded(session):
                raise NotAllowed(_("This library's readers have passphrases already; an administrator gives new ones."))
            _set(session, Act(name.strip(), act.at), _named(name), action="access.begun", role=Role.ADMINISTRATOR,
                 active=True, passphrase=record)
        self._library.signed_in = name.strip()

    def add(self, name: str, role: Role, passphrase: str, *, by: str) -> None:
        """Makes a reader known, or gives one without a passphrase role and passphrase."""
        record = record_of(passphrase)
        with self._library.write(by, right=Right.MANAGE_READERS) as (session, act):
            _refuse_unguarded(session)
            row = session.get(ReaderRow, _named(name))
            if row is not None and row.passphrase is not None:
                raise LibraryError(_("There is a reader of this name already."))
            _set(session, act, _named(name), action="access.added", role=role, active=True, passphrase=record)

    def set_role(self, name: str, role: Role, *, by: str) -> None:
        """Gives a reader another role. The last administrator stays one."""
        with self._library.write(by, right=Right.MANAGE_READERS) as (session, act):
            _refuse_unguarded(session)
            if role is not Role.ADMINISTRATOR:
                _refuse_last_administrator(session, name)
            _set(session, act, name, action="access.role", role=role)

    def set_active(self, name: str, *, active: bool, by: str) -> None:
        """Lets a reader sign in, or no longer. The last administrator stays active."""
        with self._library.write(by, right=Right.MANAGE_READERS) as (session, act):
            _refuse_unguarded(session)
            if not active:
                _refuse_last_administrator(session, name)
            _set(session, act, name, action="access.active", active=active)

    def reset_passphrase(self, name: str, passphrase: str, *, by: str) -> None:
        """Gives a reader a new passphrase and ends the wait after wrong ones."""
        record = record_of(passphrase)
        with self._library.write(by, right=Right.MANAGE_READERS) as (session, act):
            _refuse_unguarded(session)
            _set(session, act, name, action="access.passphrase", passphrase=record, failures=0, failed_at=None)
        self._earliest.pop(name, None)

    def change_own(self, name: str, old: str, new: str) -> None:
        """A reader's own new passphrase in the place of the old one."""
        record = record_of(new)
        self.check(name, old)
        with self._library.write(name) as (session, act):
            _set(session, act, name, action="access.passphrase", passphrase=record)

    def forget_all(self) -> int:
        """Takes every passphrase away, for a library whose last administrator forgot theirs; returns how many.

        It is written into the audit trail. The next first passphrase makes its reader administrator.
        """
        with self._library.write(APPLICATION) as (session, act):
            names = session.scalars(select(ReaderRow.name).where(ReaderRow.passphrase.is_not(None))).all()
            for name in names:
                _set(session, act, name, action="access.forgotten", passphrase=None, failures=0, failed_at=None)
        self.sign_out()
        return len(names)

    def _refuse_while_waiting(self, name: str) -> None:
        with self._library.read() as session:
            row = session.get(ReaderRow, name)
            failures, failed_at = (row.failures, row.failed_at) if row is not None else (0, None)
        now = self._library.now()
        wait = max(still_to_wait(failures, failed_at, now),
                   timedelta(seconds=max(self._earliest.get(name, 0.0) - self._monotonic(), 0.0)))
        if failed_at is not None and failed_at > now:
            # The clock was set back: the whole wait begins again, but not one until the clock is where it was.
            with self._library.write(APPLICATION) as (session, act):
                session.execute(update(ReaderRow).where(ReaderRow.name == name).values(failed_at=act.at))
        if wait:
            raise SignInRefused(_("Too many wrong passphrases. Try again in {time}, or ask an administrator for a new "
                                  "passphrase.").format(time=waiting_words(wait)), wait)

    def _count_failure(self, name: str) -> None:
        with self._library.write(APPLICATION) as (session, act):
            row = session.get_one(ReaderRow, name)
            failures = row.failures + 1
            session.execute(update(ReaderRow).where(ReaderRow.name == name).values(failures=failures, failed_at=act.at))
            append(session, act, action="reader.refused", subject=name, payload={"failures": failures})
        wait = wait_after(failures)
        if wait:
            self._earliest[name] = self._monotonic() + wait.total_seconds()
            raise SignInRefused(_("This passphrase is not right. Try again in {time}.").format(
                time=waiting_words(wait)), wait)
        raise SignInRefused(_("This passphrase is not right. Look whether Caps Lock is on, and try again."))


def _reader(row: ReaderRow) -> Reader:
    return Reader(row.name, Role(row.role), row.active, row.passphrase is not None)


def _named(name: str) -> str:
    if not name.strip() or name.strip() == APPLICATION:
        raise LibraryError(_("A reader needs a name."))
    return name.strip()


def _set(session: Session, act: Act, name: str, *, action: str, **values: object) -> None:
    """Writes what holds of a reader from now on, with its entry."""
    ensure_reader(session, act, name)
    session.execute(update(ReaderRow).where(ReaderRow.name == name).values(**values))
    row = session.get_one(ReaderRow, name, populate_existing=True)
    append(session, act, action=action, subject=name, payload={
        "role": row.role, "active": row.active, "has_passphrase": row.passphrase is not None,
        "access_sha256": access_sha256(row)})


def _refuse_unguarded(session: Session) -> None:
    if not guarded(session):
        raise LibraryError(_("No reader has a passphrase yet. Set the first one; whoever does becomes administrator."))


def _refuse_last_administrator(session: Session, name: str) -> None:
    others = session.scalars(select(ReaderRow.name).where(
        ReaderRow.role == Role.ADMINISTRATOR, ReaderRow.active, ReaderRow.passphrase.is_not(None),
        ReaderRow.name != name)).first()
    if others is None:
        raise LibraryError(_("This is the last administrator. Make another reader administrator first."))

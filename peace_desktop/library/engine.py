"""Opening a library: lock, schema, connections set up for safety before speed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from uuid import uuid4

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from peace_desktop.library.at_rest import AtRest, Mode
from peace_desktop.library.audit import append
from peace_desktop.library.damage import refuse_damaged, refuse_lost
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.files import clear_incoming
from peace_desktop.library.key_file import Unlock, at_rest_in, needs_passphrase
from peace_desktop.library.lock import WriterLock
from peace_desktop.library.people import PATIENT_SECRET
from peace_desktop.library.repository import Library, utc_now
from peace_desktop.library.schema import SCHEMA, Schema, refuse_newer, revision_of
from peace_desktop.library.tables import MetaRow
from peace_desktop.texts import _

_BUSY_TIMEOUT_MS = 5000
_WRITES = "library_writes"


def _engine(file: Path, at_rest: AtRest, *, read_only: bool) -> Engine:
    mode: Mode = "ro" if read_only else "rw"
    engine = create_engine("sqlite://", module=at_rest.driver, creator=lambda: at_rest.connect(file, mode),
                           poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # Transactions begin where this module says so, not where the driver thinks they should.
        connection.isolation_level = None
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A write takes its place at once: a read that turns into a write could find the file changed under it.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def open_library(folder: Path, *, application_version: str, read_only: bool = False, schema: Schema = SCHEMA,
                 clock: Callable[[], datetime] = utc_now, unlock: Unlock = needs_passphrase) -> Library:
    """Opens the library in a folder, making it when there is none; see `key_file.encrypt_new` for an encrypted one.

    An older library is brought up to date after a backup into its folder `backups`; a newer one is refused. read_only
    takes no lock, makes and migrates nothing. clock: aware UTC, for the audit trail. unlock: for an encrypted one.
    Raises LibraryError: in use by another process, newer, damaged, not writable, encrypted and not unlocked.
    """
    folder = Path(folder).absolute()
    file = folder / "library.sqlite"
    if read_only:
        if not file.is_file():
            raise LibraryError(_("There is no library in the folder \"{folder}\".").format(folder=folder.name))
        at_rest = at_rest_in(folder, unlock)
        revision = revision_of(file, at_rest)
        refuse_newer(revision, schema)
        if revision != schema.head:
            raise LibraryError(_("This library was written by an older version. Open it once in the application, "
                                 "which keeps a backup and brings it up to date."))
        return Library(folder, at_rest, _engine(file, at_rest, read_only=True), None, None, clock)
    with plain_errors():
        folder.mkdir(parents=True, exist_ok=True)
        lock = WriterLock(folder / "library.lock")
    try:
        at_rest = at_rest_in(folder, unlock)
        before = _bring_up_to_date(folder, file, at_rest, schema)
        with plain_errors():
            clear_incoming(folder / "recordings")
        engine = _engine(file, at_rest, read_only=False)
        library = Library(folder, at_rest, engine, engine.execution_options(**{_WRITES: True}), lock, clock)
        _sign_in(library, application_version, before, schema.head)
    except BaseException:
        lock.release()
        raise
    return library


def _bring_up_to_date(folder: Path, file: Path, at_rest: AtRest, schema: Schema) -> str:
    """Returns the revision the file had, "" for a new one. Alembic is loaded only when there is something to do."""
    if not file.exists():
        from peace_desktop.library.migrate import create_file

        refuse_lost(folder, file, at_rest)
        create_file(file, at_rest, schema)
        return ""
    refuse_damaged(folder, file, at_rest)
    revision = revision_of(file, at_rest)
    refuse_newer(revision, schema)
    if revision != schema.head:
        from peace_desktop.library.migrate import upgrade_file

        upgrade_file(file, at_rest, folder / "backups", revision, schema)
    return revision


def _sign_in(library: Library, application_version: str, before: str, head: str) -> None:
    """Writes the library's birth, a migration, or a change of the application's version into the audit trail."""
    with library.read() as session:
        known = meta_values(session)
    if known.get("application_version") == application_version and before == head:
        return
    with library.write("application") as (session, act):
        if PATIENT_SECRET not in known:
            session.execute(insert(MetaRow).values(name=PATIENT_SECRET, value=token_hex(32)))
        if "library_id" not in known:
            library_id = uuid4().hex
            values = {"library_id": library_id, "created_at": act.at.isoformat(), "pseudonym_salt": uuid4().hex}
            session.execute(insert(MetaRow), [{"name": name, "value": value} for name, value in values.items()])
            append(session, act, action="library.created", subject=library_id,
                   payload={"schema": head, "application": application_version})
        elif before != head:
            append(session, act, action="library.migrated", subject=known["library_id"],
                   payload={"from": before, "to": head, "application": application_version})
        elif known.get("application_version") != application_version:
            append(session, act, action="library.application", subject=known["library_id"],
                   payload={"from": known.get("application_version", ""), "to": application_version})
        session.execute(insert(MetaRow).values(name="application_version", value=application_version)
                        .on_conflict_do_update(index_elements=["name"], set_={"value": application_version}))


def meta_values(session: Session) -> dict[str, str]:
    """What the library says of itself: library_id, created_at, application_version, pseudonym_salt, patient_secret."""
    return {row.name: row.value for row in session.scalars(select(MetaRow))}

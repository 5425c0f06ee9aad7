"""Makes a new library file, or brings an older one up to date after a checked backup.

Both are all or nothing: a new file is built beside its place and moved there whole; an upgrade is one transaction,
which SQLite undoes by itself when the process ends half-way.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.errors import LibraryError, plain_errors, plain_sentence, storage_errors
from peace_desktop.library.files import sync_folder
from peace_desktop.library.schema import SCHEMA, Schema
from peace_desktop.library.snapshot import snapshot
from peace_desktop.texts import _


def _run(file: Path, schema: Schema, at_rest: AtRest) -> None:
    """Runs every migration the file lacks, in one transaction with foreign keys checked before it is committed."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(str(folder) for folder in schema.folders).replace("%", "%%"))
    engine = create_engine("sqlite://", module=at_rest.driver, creator=lambda: at_rest.connect(file, "rwc"),
                           poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _plain(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver must not begin or commit by itself around DDL; foreign keys stay off while tables are rebuilt.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, schema.head)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise LibraryError(_("The library could not be brought up to date: its tables contradict each other. "
                                     "It was left as it was; run \"peace-desktop library verify\"."))
    finally:
        engine.dispose()


def create_file(file: Path, at_rest: AtRest, schema: Schema = SCHEMA) -> None:
    """A new, empty library file at `file`, complete or not there at all."""
    building = file.with_name(file.name + ".new")
    with plain_errors():
        for left_over in (building, building.with_name(building.name + "-journal")):
            left_over.unlink(missing_ok=True)
        _run(building, schema, at_rest)
        os.replace(building, file)
        sync_folder(file.parent)


def upgrade_file(file: Path, at_rest: AtRest, backups: Path, revision: str, schema: Schema = SCHEMA) -> Path:
    """Brings an older library up to date; returns the backup made before."""
    with plain_errors():
        backups.mkdir(exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        backup = backups / f"before-{schema.head}-from-{revision}-{stamp}.sqlite"
        snapshot(file, backup, at_rest)
        try:
            _run(file, schema, at_rest)
        except storage_errors() as error:
            raise LibraryError(_("The library could not be brought up to date and was left as it was; a backup is in "
                                 "its folder \"{folder}\". {reason}").format(
                                     folder=backups.name, reason=plain_sentence(error))) from error
        return backup

"""A whole and checked copy of a library file, taken while it may be in use."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.errors import LibraryError, database_errors, is_damage, plain_errors
from peace_desktop.library.files import sync_file, sync_folder
from peace_desktop.texts import _


def integrity_problems(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite itself finds wrong with a file; empty when it is sound."""
    try:
        problems = tuple(str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok")
    except database_errors() as error:
        # Some damage ends the check itself instead of being listed by it.
        if not is_damage(error):
            raise
        return (str(error),)
    # Rows of a damaged file cannot be followed from table to table.
    return problems or tuple(f"table {row[0]} refers to a missing row of {row[2]}"
                             for row in connection.execute("PRAGMA foreign_key_check"))


def snapshot(source: Path, target: Path, at_rest: AtRest) -> None:
    """Copies a library file with SQLite's online backup and checks the copy before it takes its name; an encrypted
    file's copy is encrypted with the same key.

    Raises LibraryError when the copy cannot be written or is not sound; an existing target is kept until then.
    """
    building = target.with_name(target.name + ".part")
    with plain_errors():
        building.unlink(missing_ok=True)
        try:
            with (closing(at_rest.connect(source, "ro")) as reader,
                  closing(at_rest.connect(building, "rwc")) as writer):
                reader.backup(writer)
                # A copy stands alone: no write-ahead log that could be left behind when it is moved.
                writer.execute("PRAGMA journal_mode = DELETE")
                problems = integrity_problems(writer)
            if problems:
                raise LibraryError(_("The copy of the library is not sound ({problem}), so it was not kept. Run "
                                     "\"peace-desktop library verify\".").format(problem=problems[0]))
            sync_file(building)
            os.replace(building, target)
            sync_folder(target.parent)
        finally:
            # Half a copy would only fill a disk that is full already.
            building.unlink(missing_ok=True)

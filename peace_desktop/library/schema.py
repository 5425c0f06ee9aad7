"""Which schema a library file has, read with plain SQL, so that a current library opens without loading Alembic."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.texts import _

PACKAGED = Path(__file__).parent / "migrations" / "versions"


@dataclass(frozen=True)
class Schema:
    """The revisions this application knows, oldest first, and the folders their migrations lie in."""

    revisions: tuple[str, ...] = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
    folders: tuple[Path, ...] = (PACKAGED,)

    @property
    def head(self) -> str:
        return self.revisions[-1]


SCHEMA = Schema()


def revision_of(file: Path, at_rest: AtRest) -> str:
    """The schema revision of a library file.

    Raises LibraryError when the file is damaged or no library.
    """
    with plain_errors(), closing(at_rest.connect(file, "ro")) as connection:
        table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if table else None
    if row is None:
        raise LibraryError(_("{file} is not a library of this application. Nothing was changed.").format(
            file=file.name))
    return str(row[0])


def refuse_newer(revision: str, schema: Schema = SCHEMA) -> None:
    """Raises LibraryError for a revision this application does not know."""
    if revision not in schema.revisions:
        raise LibraryError(_(
            "This library was written by a newer version of the application (schema {revision}; this version knows "
            "{head}). Nothing was changed. Open it with the newer version.").format(
                revision=revision, head=schema.head))

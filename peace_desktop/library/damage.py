"""Whether the library file that is to be opened is whole, and what to do where it is not: never an empty one for it."""

from contextlib import closing
from pathlib import Path

from peace_desktop.library.at_rest import AtRest, is_plain_database
from peace_desktop.library.contents import is_sound
from peace_desktop.library.errors import LibraryError, database_errors, is_damage, plain_errors
from peace_desktop.library.ladder import Kept, kept_backups
from peace_desktop.texts import _

_LOOKED_THROUGH_BYTES = 64 << 20
"""A larger file is looked through only after the application did not end well: it would hold up every start."""


class DamagedLibrary(LibraryError):
    """The library file is missing or not whole. Nothing was changed.

    newest: the newest backup that can be brought back, None when there is none. at_rest: how both are read.
    """

    def __init__(self, what: str, folder: Path, at_rest: AtRest) -> None:
        self.folder, self.at_rest = folder, at_rest
        self.what = what
        self.newest = newest_good(folder, at_rest)
        super().__init__(f"{what} {_remedy(self.newest)}")


def newest_good(folder: Path, at_rest: AtRest) -> Kept | None:
    """The newest backup in the library's own folder that is sound."""
    return next((kept for kept in kept_backups(folder) if is_sound(kept.file, at_rest)), None)


def _remedy(newest: Kept | None) -> str:
    if newest is None:
        return _("There is no backup in its folder \"backups\". Bring one back from elsewhere with "
                 "\"peace-desktop library restore FILE\", or copy the folder to a safe place and ask for help.")
    return _("The newest good backup is of {at} UTC. Bring it back with \"peace-desktop library restore {file}\"; the "
             "damaged file is kept.").format(at=newest.at.strftime("%Y-%m-%d %H:%M"), file=newest.file.name)


def refuse_damaged(folder: Path, file: Path, at_rest: AtRest) -> None:
    """Raises DamagedLibrary for a library file that is cut short, no database, of another key, or not sound within."""
    with plain_errors():
        size_bytes = file.stat().st_size
        log = file.with_name(file.name + "-wal")
        ended_well = not log.exists() or log.stat().st_size == 0
    if size_bytes == 0 or (not at_rest.encrypted and not is_plain_database(file)):
        raise DamagedLibrary(_("The library file is damaged: it is no database any more. Nothing was changed."),
                             folder, at_rest)
    problem = _problem(file, at_rest, thorough=size_bytes <= _LOOKED_THROUGH_BYTES or not ended_well)
    if problem:
        raise DamagedLibrary(_("The library file is damaged ({problem}). Nothing was changed.").format(
            problem=problem), folder, at_rest)


def _problem(file: Path, at_rest: AtRest, *, thorough: bool) -> str:
    with plain_errors():
        try:
            with closing(at_rest.connect(file, "ro")) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                found = connection.execute("PRAGMA quick_check(1)").fetchone() if thorough else ("ok",)
        except database_errors() as error:
            if not is_damage(error):
                raise
            return str(error)
    return "" if found[0] == "ok" else str(found[0])


def refuse_lost(folder: Path, file: Path, at_rest: AtRest) -> None:
    """Raises DamagedLibrary where a library has been: an empty one in its place would hide the loss."""
    log = file.with_name(file.name + "-wal")
    with plain_errors():
        been = ((log.exists() and log.stat().st_size > 0) or any((folder / "recordings").glob("??/*"))
                or bool(kept_backups(folder)))
    if been:
        raise DamagedLibrary(_(
            "The file \"{file}\" is missing from its folder, but other parts of that library are there. Nothing was "
            "changed. Put the file back where you have it.").format(file=file.name), folder, at_rest)

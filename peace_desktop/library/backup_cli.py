"""Commands about backups: write one, list them, bring one back."""

import argparse
from pathlib import Path

from peace_desktop import __version__
from peace_desktop.library.contents import Newer, contents_of
from peace_desktop.library.damage import newest_good
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError
from peace_desktop.library.key_file import BACKUPS, at_rest_in
from peace_desktop.library.ladder import kept_backups
from peace_desktop.library.passphrase_cli import unlock_of
from peace_desktop.library.restore import restore
from peace_desktop.texts import _


def backup(folder: Path, given: argparse.Namespace) -> int:
    with open_library(folder, application_version=__version__, read_only=True, unlock=unlock_of(given)) as library:
        done = library.backup(given.to)
    print(_("Backup written and checked: {file} (recordings copied: {copied})").format(
        file=done.file, copied=done.copied))
    return 0


def backups(folder: Path, given: argparse.Namespace) -> int:
    """Lists what the library's own folder holds, newest first."""
    at_rest = at_rest_in(folder, unlock_of(given))
    for kept in kept_backups(folder):
        contents = contents_of(kept.file, at_rest)
        said = _("cannot be read") if contents is None else _(
            "recordings: {recordings}, readings: {readings}, signed: {signed}").format(
                recordings=contents.recordings, readings=contents.readings, signed=contents.signed)
        print(f"{kept.at:%Y-%m-%d %H:%M} UTC  {kept.file.name}  {said}")
    return 0


def bring_back(folder: Path, given: argparse.Namespace) -> int:
    done = restore(folder, _chosen(folder, given), application_version=__version__, unlock=unlock_of(given))
    print(_("Library brought back: {file} (recordings copied: {copied})").format(file=done.file, copied=done.copied))
    if done.replaced is not None:
        print(_("What was there before is kept: {file}").format(file=done.replaced))
        print("\n".join(_newer(done.newer)))
    return 0


def _chosen(folder: Path, given: argparse.Namespace) -> Path:
    """The file that was named, also by its name among the library's own backups, or the newest good one."""
    if given.newest:
        newest = newest_good(folder, at_rest_in(folder, unlock_of(given)))
        if newest is None:
            raise LibraryError(_("There is no good backup in the library's folder \"backups\"."))
        return newest.file
    named: Path = given.backup
    own = folder / BACKUPS / named.name
    return own if not named.exists() and named.name == str(named) and own.exists() else named


def _newer(newer: Newer | None) -> list[str]:
    if newer is None:
        return [_("It could not be read, so what it held beyond the backup is not known.")]
    lines = [_("It held what the backup does not: readings: {readings}, recordings: {recordings}").format(
        readings=len(newer.readings), recordings=newer.recordings)]
    return lines + [f"  {item.reader}: {item.title} ({_(item.state)})" for item in newer.readings]

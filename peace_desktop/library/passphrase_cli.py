"""Commands about passphrases and encryption; one comes from a file or is typed unseen, never as an argument."""

import argparse
import getpass
import sys
from pathlib import Path

from peace_desktop import __version__
from peace_desktop.library.access import Access
from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.engine import open_library
from peace_desktop.library.errors import LibraryError, plain_errors
from peace_desktop.library.key_file import (
    PassphraseNeeded,
    Unlock,
    WrappedKey,
    encrypt_new,
    opened_with,
    with_passphrase,
)
from peace_desktop.library.library_passphrase import change_library_passphrase
from peace_desktop.texts import _


def passphrase_from(file: Path | None, *, question: str, option: str) -> str:
    """The first line of a file, or what is typed. Raises LibraryError where there is neither."""
    if file is not None:
        with plain_errors():
            try:
                lines = file.read_text("utf-8-sig").splitlines()
            except UnicodeDecodeError as error:
                raise LibraryError(_("The file of the passphrase is no text in UTF-8.")) from error
        return lines[0] if lines else ""
    if not sys.stdin.isatty():
        raise PassphraseNeeded(_("A passphrase is needed: give a file whose first line it is with {option}, or run the "
                                 "command where it can be typed.").format(option=option))
    return getpass.getpass(f"{question}: ")


def unlock_of(given: argparse.Namespace) -> Unlock:
    """How a command opens an encrypted library; asked only for one, and once."""
    opened: dict[str, AtRest] = {}

    def unlock(key: WrappedKey) -> AtRest:
        if key.key_check not in opened:
            opened[key.key_check] = opened_with(key, passphrase_from(
                given.library_passphrase_file, question=_("Passphrase of the library"),
                option="--library-passphrase-file"))
        return opened[key.key_check]

    return unlock


def bundle_unlock_of(given: argparse.Namespace) -> Unlock:
    """How a command opens a sealed archive from another library."""
    return lambda key: opened_with(key, passphrase_from(
        given.passphrase_file, question=_("Passphrase of the library it came from"), option="--passphrase-file"))


def _new_passphrase(given: argparse.Namespace) -> str:
    question = _("New passphrase of the library")
    new = passphrase_from(given.new_passphrase_file, question=question, option="--new-passphrase-file")
    if given.new_passphrase_file is None and getpass.getpass(_("The same again") + ": ") != new:
        raise LibraryError(_("Both must be the same. Nothing was changed."))
    return new


def create(folder: Path, given: argparse.Namespace) -> int:
    """Makes a library, encrypted where that is asked for."""
    if (folder / "library.sqlite").exists():
        raise LibraryError(_("There is a library in this folder already. Nothing was changed."))
    if not given.encrypted:
        open_library(folder, application_version=__version__).close()
        print(_("Library made: {folder}").format(folder=folder))
        return 0
    new = _new_passphrase(given)
    encrypt_new(folder, new)
    open_library(folder, application_version=__version__, unlock=with_passphrase(new)).close()
    print(_("Encrypted library made: {folder}. Write its passphrase down where you find it again: without it nobody "
            "can read the library.").format(folder=folder))
    return 0


def change_key(folder: Path, given: argparse.Namespace) -> int:
    """Gives an encrypted library another passphrase."""
    old = passphrase_from(given.library_passphrase_file, question=_("Passphrase of the library"),
                          option="--library-passphrase-file")
    with open_library(folder, application_version=__version__, unlock=with_passphrase(old)) as library:
        change_library_passphrase(library, old=old, new=_new_passphrase(given))
    print(_("The library's passphrase is changed. Backups made elsewhere open with the one they were made under."))
    return 0


def forget_passphrases(folder: Path, given: argparse.Namespace) -> int:
    """Takes all readers' passphrases away, for when the last administrator forgot theirs."""
    with open_library(folder, application_version=__version__, unlock=unlock_of(given)) as library:
        count = Access(library).forget_all()
    print(_("Readers whose passphrase was taken away: {count}. It stands in the audit trail. Who sets the next first "
            "passphrase becomes administrator.").format(count=count))
    return 0


def add_passphrase_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
                            where: argparse.ArgumentParser) -> None:
    """The subcommands of this file."""
    text = _("make a library")
    making = commands.add_parser("create", parents=[where], help=text, description=text)
    making.add_argument("--encrypted", action="store_true", help=_(
        "encrypted on the disk; needs the extra \"encrypted\" and a passphrase"))
    text = _("give an encrypted library another passphrase")
    changing = commands.add_parser("change-key", parents=[where], help=text, description=text)
    for parser in (making, changing):
        parser.add_argument("--new-passphrase-file", type=Path, metavar="FILE", help=_(
            "a file whose first line is the new passphrase; without it, it is asked for"))
    text = _("take all readers' passphrases away, when the last administrator forgot theirs; the audit trail says so")
    commands.add_parser("forget-passphrases", parents=[where], help=text, description=text)

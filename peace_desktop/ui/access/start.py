"""What is asked before the window stands: the passphrase of an encrypted library, and who is reading."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QDialog

from peace_desktop.jobs.lanes import Lane
from peace_desktop.library.access import Access
from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.key_file import WrappedKey, opened_with
from peace_desktop.library.repository import Library
from peace_desktop.review.access import Reader
from peace_desktop.texts import _
from peace_desktop.ui.access.ask_passphrase import AskPassphrase
from peace_desktop.ui.access.words import forgotten_library, forgotten_reader
from peace_desktop.ui.bridge import Bridge

T = TypeVar("T")


class Declined(Exception):
    """Somebody chose not to begin."""


def unlock_dialog(key: WrappedKey, *, lane: Lane, bridge: Bridge) -> AskPassphrase[AtRest]:
    """Asks for the passphrase of an encrypted library."""
    return AskPassphrase[AtRest](
        lambda _name, passphrase: opened_with(key, passphrase), lane=lane, bridge=bridge, title=_("Encrypted library"),
        words=_("This library is encrypted. It opens with the library's passphrase, which is not a reader's own."),
        forgotten=forgotten_library(), confirm=_("Open"), refuse=_("Quit"))


def sign_in_dialog(access: Access, chosen: str, *, lane: Lane, bridge: Bridge, refuse: str,
                   words: str = "") -> AskPassphrase[Reader]:
    """Asks who is reading. chosen: the name to begin with. words: why it is asked, "" for the usual."""
    names = [reader.name for reader in access.readers() if reader.active and reader.has_passphrase]
    return AskPassphrase[Reader](
        access.sign_in, lane=lane, bridge=bridge, title=_("Who is reading?"),
        words=words or _("Statements, signatures and reports carry your name."), forgotten=forgotten_reader(),
        confirm=_("Sign in"), refuse=refuse, names=names, chosen=chosen)


class Doorkeeper:
    """The questions at the start, one after the other."""

    def __init__(self, lane: Lane) -> None:
        self._lane, self._bridge = lane, Bridge()

    def unlock(self, key: WrappedKey) -> AtRest:
        """How an encrypted library is read. Raises Declined."""
        dialog = unlock_dialog(key, lane=self._lane, bridge=self._bridge)
        return _answered(dialog, lambda: dialog.answer)

    def sign_in(self, library: Library, chosen: str) -> str:
        """The reader's name; `chosen` where readers have no passphrases. Raises Declined."""
        access = Access(library)
        if not access.guarded:
            return chosen
        dialog = sign_in_dialog(access, chosen, lane=self._lane, bridge=self._bridge, refuse=_("Quit"))
        return _answered(dialog, lambda: dialog.answer).name


def _answered(dialog: QDialog, answer: Callable[[], T | None]) -> T:
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    given = answer()
    dialog.deleteLater()
    if not accepted or given is None:
        raise Declined
    return given

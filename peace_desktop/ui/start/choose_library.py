"""Another folder for the library, chosen later: from the settings, or at a start where the chosen one is gone."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget

from peace_desktop.library.errors import plain_errors
from peace_desktop.library.key_file import is_begun
from peace_desktop.texts import _
from peace_desktop.ui.access.new_library import make_encrypted
from peace_desktop.ui.access.start import Declined
from peace_desktop.ui.start.answers import Answers
from peace_desktop.ui.start.library_page import LibraryPage
from peace_desktop.ui.start.wizard import Wizard


def choose_library(folder: str, *, usual: Path, parent: QWidget | None = None) -> str | None:
    """The folder for the settings, "" for the usual place, None where nothing was chosen. An encrypted one is begun.

    Raises LibraryError where it cannot be made.
    """
    wizard = Wizard(Answers(folder=folder), (partial(LibraryPage, usual=usual),), finish=lambda: _("Use this folder"),
                    give_up=lambda: _("Cancel"), speak=str, parent=parent)
    accepted = wizard.exec() == Wizard.DialogCode.Accepted
    answers = wizard.answers
    wizard.deleteLater()
    if not accepted:
        return None
    place = Path(answers.folder) if answers.folder else usual
    with plain_errors():
        place.mkdir(parents=True, exist_ok=True)
    if answers.library_passphrase and not is_begun(place):
        make_encrypted(place, answers.library_passphrase)
    return answers.folder


def find_again(folder: str, *, usual: Path) -> str:
    """The chosen folder once it is there again, or another one. Raises Declined, or LibraryError."""
    while not Path(folder).is_dir():
        box = QMessageBox(QMessageBox.Icon.Warning, _("PEACE Desktop"), _(
            "The folder of your library is not there: {folder}. Nothing was changed. Connect its disk and try again, "
            "or choose another folder.").format(folder=folder))
        again = box.addButton(_("Try again"), QMessageBox.ButtonRole.AcceptRole)
        other = box.addButton(_("Choose a folder…"), QMessageBox.ButtonRole.ActionRole)
        box.addButton(_("Quit"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(again)
        box.exec()
        clicked = box.clickedButton()
        box.deleteLater()
        if clicked is other:
            chosen = choose_library("", usual=usual)
            if chosen is not None and not chosen:
                return ""
            folder = chosen or folder
        elif clicked is not again:
            raise Declined
    return folder

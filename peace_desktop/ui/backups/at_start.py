"""When the library cannot be opened: what happened, and its backups to choose from. Works before any window stands."""

from pathlib import Path

from PySide6.QtWidgets import QDialog

from peace_desktop.library.damage import DamagedLibrary
from peace_desktop.library.errors import LibraryError
from peace_desktop.texts import _
from peace_desktop.ui.backups.commands import looked_at, readable_backups
from peace_desktop.ui.backups.restore_dialog import RestoreDialog


def ask_after_damage(damage: DamagedLibrary) -> Path | None:
    """The backup that is to be brought back, None where nobody chose one."""
    dialog = RestoreDialog(
        readable_backups(damage.folder, damage.at_rest), give_up=_("Quit"),
        words=_("{what} Choose a backup to go on with; the damaged file is kept whole beside it.").format(
            what=damage.what))

    def look(file: Path) -> None:
        try:
            newer = looked_at(file, damage.folder / "library.sqlite", damage.at_rest)
        except LibraryError as error:
            dialog.refuse(file, str(error))
        else:
            dialog.tell(file, newer)

    dialog.asked.connect(look)
    if dialog.chosen is not None:
        look(dialog.chosen)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    chosen = dialog.chosen
    dialog.deleteLater()
    return chosen if accepted else None

"""Backups from the window: one written into a folder, one chosen to be brought back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.backup import Backup
from peace_desktop.library.contents import Contents, Newer, contents_of, newer_than, refuse_unsound
from peace_desktop.library.ladder import Kept, kept_backups
from peace_desktop.texts import _
from peace_desktop.ui.backups.restore_dialog import RestoreDialog
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.services import Services


def readable_backups(folder: Path, at_rest: AtRest) -> tuple[tuple[Kept, Contents], ...]:
    """The backups in a library's own folder that can be read, newest first, with their counts."""
    return tuple((kept, contents) for kept in kept_backups(folder)
                 if (contents := contents_of(kept.file, at_rest)) is not None)


def looked_at(file: Path, library_file: Path, at_rest: AtRest) -> Newer | None:
    """What a library holds beyond a backup. Raises LibraryError for a backup that cannot be brought back."""
    refuse_unsound(file, at_rest)
    return newer_than(file, library_file, at_rest) if library_file.exists() else None


class BackupCommands(QObject):
    """wanted(file): this backup is to be brought back; the window is closed for it and opened again."""

    wanted = Signal(object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QWidget, flush: Callable[[], None],
                 say: Callable[[Message], None], failed: Callable[[str, BaseException], None]) -> None:
        super().__init__(window)
        self._services, self._bridge, self._window = services, bridge, window
        self._flush, self._say, self._failed = flush, say, failed
        self.dialog: RestoreDialog | None = None

    def back_up(self) -> None:
        """Write a whole backup into a folder of the reader's choice."""
        chosen = QFileDialog.getExistingDirectory(self._window, _("Folder for backups, best on another disk"))
        if chosen:
            self.back_up_to(Path(chosen))

    def back_up_to(self, folder: Path) -> None:
        self._flush()

        def done(made: Backup) -> None:
            self._say(Message(_("Backup written and checked: {file} (recordings copied: {copied})").format(
                file=made.file.name, copied=made.copied), "", calm=True))

        self._bridge.watch(self._services.lanes.work.submit(self._services.library.backup, folder), done=done,
                           failed=partial(self._failed, _("The backup was not written.")))

    def restore(self) -> None:
        """Choose among the backups."""
        self._flush()
        library = self._services.library
        self._bridge.watch(
            self._services.lanes.library.submit(readable_backups, library.folder, library.at_rest), done=self._show,
            failed=partial(self._failed, _("The backups could not be read.")))

    def _show(self, backups: tuple[tuple[Kept, Contents], ...]) -> None:
        library = self._services.library
        dialog = RestoreDialog(
            backups, give_up=_("Close"), parent=self._window,
            words=_("The library becomes what it was when the backup was made. The window is closed for it and opened "
                    "again."))
        self.dialog = dialog

        def look(file: Path) -> None:
            self._bridge.watch(
                self._services.lanes.library.submit(looked_at, file, library.file, library.at_rest),
                done=partial(dialog.tell, file), failed=lambda error: dialog.refuse(file, str(error)),
                wanted=lambda: self.dialog is dialog)

        dialog.asked.connect(look)
        if dialog.chosen is not None:
            look(dialog.chosen)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        self.dialog = None
        dialog.deleteLater()
        if accepted and dialog.chosen is not None:
            self.wanted.emit(dialog.chosen)

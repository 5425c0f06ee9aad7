"""Backups from the window: one written into a folder, one chosen to be brought back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QProgressDialog, QWidget

from peace_desktop.library.at_rest import AtRest
from peace_desktop.library.backup import Backup
from peace_desktop.library.contents import Contents, Newer, contents_of, newer_than, refuse_unsound
from peace_desktop.library.ladder import Kept, kept_backups
from peace_desktop.texts import _
from peace_desktop.ui.backups.restore_dialog import RestoreDialog
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.services import Services

_PROGRESS_PX = 420


def readable_backups(folder: Path, at_rest: AtRest) -> tuple[tuple[Kept, Contents], ...]:
    """The backups in a library's own folder that can be read, newest first, with their counts."""
    return tuple((kept, contents) for kept in kept_backups(folder)
                 if (contents := contents_of(kept.file, at_rest)) is not None)


def looked_at(file: Path, library_file: Path, at_rest: AtRest) -> Newer | None:
    """What a library holds beyond a backup. Raises LibraryError for a backup that cannot be brought back."""
    refuse_unsound(file, at_rest)
    return newer_than(file, library_file, at_rest) if library_file.exists() else None


class BackupCommands(QObject):
    """wanted(file): this backup is to be brought back; the window is closed for it and opened again.

    progress: of the backup that is being written, else None.
    """

    wanted = Signal(object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QWidget, flush: Callable[[], None],
                 say: Callable[[Message], None], failed: Callable[[str, BaseException], None]) -> None:
        super().__init__(window)
        self._services, self._bridge, self._window = services, bridge, window
        self._flush, self._say, self._failed = flush, say, failed
        self.dialog: RestoreDialog | None = None
        self.progress: QProgressDialog | None = None

    def back_up(self) -> None:
        """Write a whole backup into a folder of the reader's choice; one that is being written is shown instead."""
        if self.progress is not None:
            self.progress.show()
            self.progress.raise_()
            return
        chosen = QFileDialog.getExistingDirectory(self._window, _("Folder for backups, best on another disk"))
        if chosen:
            self.back_up_to(Path(chosen))

    def back_up_to(self, folder: Path) -> None:
        """In the lane of the imports: a large library takes a while, and no recording waits for it."""
        self._flush()
        dialog = self.progress = QProgressDialog(
            _("Writing a backup into {folder}…").format(folder=folder.name), _("Cancel"), 0, 0, self._window)
        dialog.setObjectName("backup_progress")
        dialog.setWindowTitle(_("Back up"))
        dialog.setAutoClose(False)
        dialog.setAutoReset(False)
        dialog.setMinimumWidth(_PROGRESS_PX)

        def told(done: int, total: int, _text: str) -> None:
            if self.progress is dialog:
                dialog.setLabelText(_("Copying recording {n} of {all} into {folder}…").format(
                    n=f"{done + 1:,}", all=f"{total:,}", folder=folder.name))
                dialog.setMaximum(total)
                dialog.setValue(done)

        def ended() -> None:
            self.progress = None
            dialog.hide()
            dialog.deleteLater()

        def done(made: Backup) -> None:
            ended()
            self._say(Message(_("Backup written and checked: {file} (recordings copied: {copied})").format(
                file=made.file.name, copied=made.copied), "", calm=True))

        def failed(error: BaseException) -> None:
            ended()
            self._failed(_("The backup was not written."), error)

        operation = self._services.lanes.imports.submit(self._services.library.backup, folder,
                                                        progress=self._bridge.listener(told))

        def cancel() -> None:
            operation.cancel()
            ended()
            self._say(Message(_("The backup was cancelled, and there is none. Recordings that were copied stay in the "
                                "folder for the next one."), "", calm=True))

        dialog.canceled.connect(cancel)
        self._bridge.watch(operation, done=done, failed=failed, wanted=lambda: self.progress is dialog)
        dialog.show()

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

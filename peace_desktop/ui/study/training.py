"""Export for training from the window: asked for by a reader who may see the study's figures, written with progress."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from peace_desktop.jobs.agreement import write_training
from peace_desktop.jobs.operation import Operation
from peace_desktop.library.training_set import TrainingSet
from peace_desktop.library.training_words import commands, next_steps, told
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.message_area import explain
from peace_desktop.ui.services import Services
from peace_desktop.ui.study.training_dialog import TrainingDialog


class TrainingExport(QObject):
    """show: put a dialog in the place of the one before."""

    def __init__(self, services: Services, bridge: Bridge, *, window: QMainWindow,
                 show: Callable[[TrainingDialog], None]) -> None:
        super().__init__(window)
        self._services, self._bridge, self._window, self._show = services, bridge, window, show
        self._operation: Operation[TrainingSet] | None = None

    def open(self, study_id: str, study: str, reader: str) -> None:
        """Ask what is to be known first, then where to."""
        dialog = TrainingDialog(study, encrypted=self._services.library.at_rest.encrypted, parent=self._window)
        dialog.asked.connect(lambda folder: self._write(dialog, study_id, reader, folder))
        dialog.stopped.connect(self._stop)
        self._show(dialog)

    def _write(self, dialog: TrainingDialog, study_id: str, reader: str, folder: Path) -> None:
        operation = self._operation = self._services.lanes.imports.submit(
            write_training, self._services.library, study_id, folder, reader=reader,
            progress=self._bridge.listener(lambda done, total, text: dialog.show_progress(done, total, text)
                                           if self._operation is operation else None))
        self._bridge.watch(
            operation, wanted=lambda: self._operation is operation and dialog.isVisible(),
            done=lambda done: dialog.show_done(folder, told(done), commands(folder), next_steps(folder)),
            failed=lambda error: dialog.show_failed(explain(_("Nothing was written."), error).text))

    def _stop(self) -> None:
        operation, self._operation = self._operation, None
        if operation is not None:
            operation.cancel()

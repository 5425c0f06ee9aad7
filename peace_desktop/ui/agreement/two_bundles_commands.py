"""Two bundles on a study: what is missing is predicted beside the imports, with progress, and can be cancelled."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from peace_desktop.jobs.agreement import fetch
from peace_desktop.jobs.bundle_shelf import ShelvedBundle
from peace_desktop.jobs.operation import Operation
from peace_desktop.jobs.two_bundles import Comparison, compare_bundles, write_comparison
from peace_desktop.library.study_answers import StudyMaterial
from peace_desktop.settings import Settings
from peace_desktop.texts import _
from peace_desktop.ui.agreement.two_bundles_dialog import TwoBundlesDialog
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.message_area import Message, explain
from peace_desktop.ui.services import Services


class TwoBundles(QObject):
    """opened(sha256): a recording of the list is wanted. show: put a dialog in the place of the one before."""

    opened = Signal(str)
    said = Signal(object)
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QMainWindow, settings: Callable[[], Settings],
                 show: Callable[[TwoBundlesDialog], None]) -> None:
        super().__init__(window)
        self._services, self._bridge, self._window = services, bridge, window
        self._settings, self._show = settings, show
        self._operation: Operation[Comparison] | None = None

    def open(self, study_id: str, reader: str) -> None:
        """The page for a reader who may see figures of the study; why not is said."""
        self._bridge.watch(
            self._services.lanes.library.submit(fetch, self._services.library, study_id, reader),
            done=lambda given: self._choose(given, reader),
            failed=lambda error: self.failed.emit(_("The bundles cannot be compared."), error))

    def _choose(self, given: StudyMaterial, reader: str) -> None:
        protocol = given.study.protocol
        names = {label.code: _(label.name) for label in self._services.labels}
        dialog = TwoBundlesDialog(protocol.name, names, self._window)
        dialog.asked.connect(lambda first, second: self._compare(dialog, protocol.study_id, reader, (first, second)))
        dialog.stopped.connect(self._stop)
        dialog.saved.connect(self._save)
        dialog.opened.connect(self.opened)
        self._show(dialog)

        def listed(bundles: tuple[ShelvedBundle, ...]) -> None:
            dialog.show_bundles(bundles)

        self._bridge.watch(self._services.lanes.imports.submit(self._services.shelf.all), done=listed,
                           wanted=dialog.isVisible, failed=lambda error: dialog.show_failed(
                               explain(_("The bundles could not be listed."), error).text))

    def _compare(self, dialog: TwoBundlesDialog, study_id: str, reader: str, choices: tuple[str, str]) -> None:
        operation = self._operation = self._services.lanes.imports.submit(
            compare_bundles, self._services.library, study_id, reader, self._services.shelf, choices,
            provider=self._settings().provider, progress=self._bridge.listener(
                lambda done, total, text: dialog.show_progress(done, total, text) if self._operation is operation
                else None))
        self._bridge.watch(operation, done=dialog.show_comparison,
                           wanted=lambda: self._operation is operation and dialog.isVisible(),
                           failed=lambda error: dialog.show_failed(explain(_("Nothing was compared."), error).text))

    def _save(self, path: str, compared: Comparison) -> None:
        self._bridge.watch(
            self._services.lanes.imports.submit(write_comparison, compared, Path(path)),
            done=lambda written: self.said.emit(Message(_("Written: {file}").format(file=written.name), "", calm=True)),
            failed=lambda error: self.failed.emit(_("The file was not written."), error))

    def _stop(self) -> None:
        operation, self._operation = self._operation, None
        if operation is not None:
            operation.cancel()

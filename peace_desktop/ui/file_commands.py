"""Bringing recordings in and reports out: the handlers of the file actions."""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.export import Print, ask_path, file_name, head_of, write_report
from peace_desktop.ui.import_.dialog import ImportDialog
from peace_desktop.ui.import_.run import ImportRun
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.services import Services
from peace_model.ecg.formats.registry import FORMATS


def demo_command() -> tuple[str, list[str]]:
    """Program and arguments that start the demo in a process of its own."""
    if getattr(sys, "frozen", False):
        return sys.executable, ["--demo"]
    return sys.executable, ["-m", "peace_desktop", "--demo"]


def recording_filter() -> str:
    """Every format's files, as file dialogs want them."""
    patterns = sorted({f"*{suffix}" for form in FORMATS for suffix in form.suffixes})
    return _("Recordings ({patterns});;All files (*)").format(patterns=" ".join(patterns))


class FileCommands(QObject):
    """imported: recordings came into the library."""

    imported = Signal()
    said = Signal(object)
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QWidget,
                 printed: Callable[[], Print | None]) -> None:
        super().__init__(window)
        self._services = services
        self._bridge = bridge
        self._window = window
        self._printed = printed
        self.dialog: ImportDialog | None = None

    def open_files(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileNames(self._window, _("Open recordings"), "", recording_filter())
        if chosen:
            self.import_paths(tuple(Path(path) for path in chosen))

    def open_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self._window, _("Open a folder of recordings"))
        if chosen:
            self.import_paths((Path(chosen),))

    def open_demo(self) -> None:
        program, arguments = demo_command()
        started, _process = QProcess.startDetached(program, arguments)
        if not started:
            self.said.emit(Message(_("The demo could not be started. Start it with: peace-desktop --demo"), ""))

    @property
    def importing(self) -> bool:
        """Whether files are looked at or imported now."""
        return self.dialog is not None and self.dialog.working

    def import_paths(self, paths: tuple[Path, ...]) -> None:
        """Import files and folders; the demo library takes none."""
        if self._services.is_demo:
            self.said.emit(Message(_("This is the demo: real recordings are never mixed with simulated ones. Start the "
                                     "application without --demo to open your own."), "", calm=True))
            return
        if self.dialog is not None and not (self.dialog.working or self.dialog.isVisible()):
            self.dialog.deleteLater()
        run = ImportRun(self._services.library, self._services.lanes, self._bridge, self)
        dialog = ImportDialog(run, lanes=self._services.lanes, bridge=self._bridge, kept=self._services.profiles,
                              parent=self._window)

        def ended() -> None:
            self.imported.emit()
            if not dialog.isVisible():
                self.said.emit(Message(dialog.headline, "", calm=not run.trouble))

        run.setParent(dialog)
        run.taken.connect(self.imported)
        run.finished.connect(ended)
        self.dialog = dialog
        dialog.start(paths)

    def export_pdf(self) -> None:
        """Write the report of what is shown; the audit trail's head is read first."""
        printed = self._printed()
        if printed is None:
            self.said.emit(Message(_("The recording is still being analysed; try again in a moment."), "", calm=True))
            return
        path = ask_path(self._window, file_name(printed.title))
        if path is not None:
            self.write_pdf(printed, path)

    def write_pdf(self, printed: Print, path: Path) -> None:
        lanes = self._services.lanes

        def failed(error: BaseException) -> None:
            self.failed.emit(_("The report was not written."), error)

        def written(to: Path) -> None:
            self.said.emit(Message(_("Report written: {file}").format(file=to.name), "", calm=True))

        def write(head: str) -> None:
            self._bridge.watch(lanes.work.submit(write_report, printed, head, path), done=written, failed=failed)

        self._bridge.watch(lanes.library.submit(head_of, self._services.library), done=write, failed=failed)

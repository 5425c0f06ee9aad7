"""What leaves the window as a file: the recording without its person, and the page as it is drawn."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from peace_desktop.jobs.exporting import Exported, FileFormat, export_recordings, never
from peace_desktop.jobs.operation import Operation, ProgressListener
from peace_desktop.texts import _, listed
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.export_dialog import FORMAT_TITLES, ExportDialog
from peace_desktop.ui.message_area import Message
from peace_desktop.ui.page_picture import drawn_page, write_drawn
from peace_desktop.ui.services import Services
from peace_desktop.ui.trace.trace_view import TraceView


class ExportCommands(QObject):
    """said: a Message of what was written.

    shown: the hash of the recording on the screen, "" for none; title: what it is called. listed: calls back with those
    of the worklist, as it is filtered now, and their titles.
    """

    said = Signal(object)
    failed = Signal(str, object)

    def __init__(self, services: Services, bridge: Bridge, *, window: QWidget, trace: TraceView,
                 shown: Callable[[], str], title: Callable[[], str],
                 listed: Callable[[Callable[[Mapping[str, str]], None]], None],
                 reader: Callable[[], str]) -> None:
        super().__init__(window)
        self._services = services
        self._bridge = bridge
        self._window = window
        self._trace = trace
        self._shown = shown
        self._title = title
        self._listed = listed
        self.dialog: ExportDialog | None = None
        self._reader = reader

    def recording(self, file_format: FileFormat) -> None:
        """Write the shown recording, or all that are listed where there are more, under names that no file there bears.

        An export that is still writing is shown instead.
        """
        if self.dialog is not None and self.dialog.writing:
            self.dialog.show()
            self.dialog.raise_()
        else:
            self._listed(lambda listed: self._one_or_all(file_format, listed))

    def _one_or_all(self, file_format: FileFormat, listed: Mapping[str, str]) -> None:
        if len(listed) > 1:
            self._ask(file_format, listed)
        elif self._shown():
            chosen = QFileDialog.getExistingDirectory(
                self._window, _("Export as {format}: choose a folder").format(format=FORMAT_TITLES[file_format]))
            if chosen:
                self._write_shown(Path(chosen), file_format)

    def _ask(self, file_format: FileFormat, listed: Mapping[str, str]) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        dialog = self.dialog = ExportDialog(
            self._bridge, FORMAT_TITLES[file_format], listed, shown=self._title(), parent=self._window,
            export=lambda folder, stopped, told: self._export(tuple(listed), folder, file_format, stopped, told))
        dialog.one.connect(lambda folder: self._write_shown(folder, file_format))
        dialog.show()

    def follow(self) -> None:
        """Another recording is on the screen, or it is known what that one is called."""
        if self.dialog is not None:
            self.dialog.name_shown(self._title())

    def _write_shown(self, folder: Path, file_format: FileFormat) -> None:
        """What is on the screen now: it may have changed since a folder was asked for."""
        shown = self._shown()
        if shown:
            self.write_recording(shown, folder, file_format)
        else:
            self.said.emit(Message(_("No recording is on the screen now; nothing was written."), ""))

    def write_recording(self, sha256: str, folder: Path, file_format: FileFormat) -> None:
        """Write one recording; what became of it is said."""
        self.said.emit(Message(_("Writing the recording as {format}…").format(format=FORMAT_TITLES[file_format]), "",
                               calm=True))
        operation = self._export((sha256,), folder, file_format, never, lambda _done, _total, _text: None)
        self._bridge.watch(operation, done=self._exported, failed=lambda error: self.failed.emit(
            _("The recording was not exported."), error))

    def _export(self, sha256s: tuple[str, ...], folder: Path, file_format: FileFormat, stopped: Callable[[], bool],
                told: ProgressListener) -> Operation[tuple[Exported, ...]]:
        """Beside the imports: a day takes a while, and nobody's saving waits for it."""
        return self._services.lanes.imports.submit(
            export_recordings, self._services.library, sha256s, folder, file_format, stopped=stopped,
            reader=self._reader(), progress=told)

    def picture(self) -> None:
        """Ask where, then write the page as PNG or SVG."""
        self._ask_and_write(_("Picture of this page"), "png", _("Pictures (*.png *.svg)"))

    def page(self) -> None:
        """Ask where, then write the page as PDF."""
        self._ask_and_write(_("This page as PDF"), "pdf", _("PDF (*.pdf)"))

    def write_page(self, path: Path) -> None:
        """Write the page in the format of the file's ending; what stood there was asked about before."""
        def failed(error: BaseException) -> None:
            self.failed.emit(_("The page was not written."), error)

        try:
            drawn = drawn_page(self._trace, path.suffix, version=self._services.version)
        except ValueError as error:
            failed(error)
            return
        self._bridge.watch(
            self._services.lanes.imports.submit(write_drawn, drawn, path), failed=failed, done=lambda written:
            self.said.emit(Message(_("Page written: {file}").format(file=written.name), "", calm=True)))

    def _exported(self, answers: tuple[Exported, ...]) -> None:
        for answer in answers:
            if answer.files:
                self.said.emit(Message(_("Written without anything that tells whose it is: {files}").format(
                    files=listed(file.name for file in answer.files)), "", calm=True))
            else:
                self.said.emit(Message(_("The recording was not exported. {reason}").format(reason=answer.said), ""))

    def _ask_and_write(self, title: str, ending: str, patterns: str) -> None:
        recording = self._trace.recording
        if recording is None:
            return
        suggested = f"ecg-{recording.source.sha256[:8]}-{round(self._trace.start_s)}s.{ending}"
        dialog = QFileDialog(self._window, title, suggested, patterns)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # With the ending in place before Qt asks, no file is replaced that was not asked about.
        dialog.setDefaultSuffix(ending)
        if dialog.exec() == QFileDialog.DialogCode.Accepted:
            self.write_page(Path(dialog.selectedFiles()[0]))
        dialog.deleteLater()

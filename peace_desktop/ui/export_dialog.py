"""Which recordings leave the library and where to; then progress that can be cancelled, and what became of each."""

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.exporting import Exported, FileFormat
from peace_desktop.jobs.operation import Operation, ProgressListener
from peace_desktop.texts import _, as_fact, ngettext
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind

FORMAT_TITLES = {FileFormat.WFDB: "WFDB", FileFormat.CSV: "CSV", FileFormat.DICOM: "DICOM"}
Export = Callable[[Path, Callable[[], bool], ProgressListener], Operation[tuple[Exported, ...]]]
"""(folder, whether to stop, whom to tell of the progress) -> what became of each recording."""


def ended_words(done: Sequence[Exported], *, asked: int, folder: str, cancelled: bool) -> str:
    """What became of an export: how many were written, how many failed, and how many were not tried and why."""
    written = sum(1 for one in done if one.files)
    failed = sum(1 for one in done if not one.files and not one.ended)
    said = [ngettext("{n} of {all} recording written into {folder}, without anything that tells whose it is.",
                     "{n} of {all} recordings written into {folder}, without anything that tells whose they are.",
                     asked).format(n=f"{written:,}", all=f"{asked:,}", folder=folder)]
    if failed:
        said.append(ngettext("{n} could not be written; the reason stands below.",
                             "{n} could not be written; the reasons stand below.", failed).format(n=f"{failed:,}"))
    if done and done[-1].ended:
        said.append(done[-1].said)
    elif cancelled and len(done) < asked:
        said.append(_("Cancelled: what was written stays."))
    return " ".join(said)


class ExportDialog(QDialog):
    """Does not block the window. one(folder): only the recording on the screen is wanted."""

    one = Signal(object)

    def __init__(self, bridge: Bridge, file_format: str, listed: Mapping[str, str], *, shown: str, export: Export,
                 parent: QWidget | None = None) -> None:
        """listed: titles by the hash of their recording. shown: title of the one on the screen, see `name_shown`.
        export: writes them, asking between two whether to stop.
        """
        super().__init__(parent)
        self.setObjectName("export_dialog")
        self.setWindowTitle(_("Export as {format}").format(format=file_format))
        self.setModal(False)
        self.setMinimumWidth(560)
        self._bridge = bridge
        self._export = export
        self._listed = dict(listed)
        self._folder = Path()
        self._stop = threading.Event()
        self.writing = False
        self._headline = text_label(_("Which recordings are to be written?"), name="export_headline")
        self._this, self._all = _radio("export_this"), _radio("export_all")
        _say(self._all, ngettext("The {n} recording that the worklist lists now",
                                 "All {n} recordings that the worklist lists now", len(self._listed)).format(
                                     n=f"{len(self._listed):,}"))
        self._this.setChecked(True)
        self.name_shown(shown)
        self._group = QButtonGroup(self)
        self._progress = QProgressBar()
        self._progress.setAccessibleName(_("Progress of the export"))
        self._progress.setRange(0, len(self._listed))
        self._progress.setFormat("%v / %m")
        self._reasons = QPlainTextEdit()
        self._reasons.setReadOnly(True)
        self._reasons.setObjectName("export_reasons")
        self._reasons.setAccessibleName(_("Recordings that were not written, with the reason"))
        self._reasons.setTabChangesFocus(True)
        self._copy = _button("export_copy", _("Copy the reasons"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._reasons.toPlainText()))
        self._choose = _button("export_choose", _("Choose a folder…"))
        mark_kind(self._choose, main=True)
        self._choose.setDefault(True)
        self._choose.clicked.connect(self._choose_folder)
        self._end = _button("export_end", _("Cancel"))
        self._end.clicked.connect(self._cancel_or_close)
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self._headline)
        for button in (self._this, self._all):
            self._group.addButton(button)
            layout.addWidget(button)
        layout.addWidget(self._progress)
        layout.addWidget(self._reasons, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(self._choose)
        foot.addWidget(self._end)
        layout.addLayout(foot)
        for widget in (self._progress, self._reasons, self._copy):
            widget.hide()

    @property
    def headline(self) -> str:
        return self._headline.text()

    def name_shown(self, title: str) -> None:
        """What the recording on the screen is called, "" while that is not known: another may be opened meanwhile."""
        words = _("The recording on the screen")
        _say(self._this, as_fact(words, title) if title else words)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.windowTitle())
        if not chosen:
            return
        if self._all.isChecked():
            self.write(Path(chosen))
        else:
            self.accept()
            self.one.emit(Path(chosen))

    def write(self, folder: Path) -> None:
        """Write all that are listed."""
        self._folder = folder
        self.writing = True
        for widget in (self._this, self._all, self._choose):
            widget.hide()
        self._progress.show()
        self._show_progress(0, len(self._listed), "")
        self._end.setFocus()
        operation = self._export(folder, self._stop.is_set, self._bridge.listener(self._show_progress))
        self._bridge.watch(operation, done=self._show_end, failed=self._show_failed)

    def _show_progress(self, done: int, total: int, _text: str) -> None:
        if self.writing and not self._stop.is_set():
            self._progress.setValue(done)
            self._headline.setText(_("Writing {n} of {all} into {folder}…").format(
                n=f"{min(done + 1, total):,}", all=f"{total:,}", folder=self._folder.name))

    def _show_end(self, done: tuple[Exported, ...]) -> None:
        reasons = [as_fact(self._listed[one.sha256], one.said) for one in done if not one.files and not one.ended]
        self._enter_end(ended_words(done, asked=len(self._listed), folder=self._folder.name,
                                    cancelled=self._stop.is_set()))
        self._progress.setValue(len(done))
        self._reasons.setPlainText("\n".join(reasons))
        self._reasons.setVisible(bool(reasons))
        self._copy.setVisible(bool(reasons))

    def _show_failed(self, _error: BaseException) -> None:
        self._enter_end(_("The export broke off; what was written stays, each file whole. The log has the details."))

    def _enter_end(self, said: str) -> None:
        self.writing = False
        self._headline.setText(said)
        self._end.setText(_("Close"))
        self._end.setEnabled(True)
        self._end.setFocus()
        self.show()

    def _cancel_or_close(self) -> None:
        if self.writing:
            self._stop.set()
            self._headline.setText(_("Cancelled; the recording under way is brought to its end…"))
            self._end.setEnabled(False)
        else:
            super().reject()

    def reject(self) -> None:
        """Escape and the window's own cross cancel too; what is written is said before the dialog goes."""
        self._cancel_or_close()


def _radio(name: str) -> QRadioButton:
    button = QRadioButton()
    button.setObjectName(name)
    return button


def _say(button: QRadioButton, text: str) -> None:
    button.setText(text.replace("&", "&&"))
    button.setAccessibleName(text)


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    return button

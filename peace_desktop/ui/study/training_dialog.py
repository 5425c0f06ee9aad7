"""A study's reviewed recordings as a data set to learn from: what goes along, where to, and what comes next."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.theme import mark_kind


class TrainingDialog(QDialog):
    """asked(folder): write it there. stopped: no longer."""

    asked = Signal(object)
    stopped = Signal()

    def __init__(self, study: str, *, encrypted: bool, parent: QWidget | None = None) -> None:
        """encrypted: the library is; what leaves it here cannot be, and is agreed to first."""
        super().__init__(parent)
        self.setObjectName("training_dialog")
        self.setWindowTitle(_("Export for training: {study}").format(study=study))
        self.setMinimumWidth(640)
        self._agreed = QCheckBox(_("This library is encrypted; the ECGs may stand in that folder unencrypted."))
        self._agreed.setObjectName("training_unencrypted")
        self._agreed.setVisible(encrypted)
        self._agreed.setChecked(not encrypted)
        self._agreed.toggled.connect(self._look)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(_("Writing"))
        self._bar.hide()
        self._words = text_label(name="training_words")
        self._told = QPlainTextEdit()
        self._told.setObjectName("training_told")
        self._told.setReadOnly(True)
        self._told.setAccessibleName(_("What was written, and the commands that come next"))
        self._told.setTabChangesFocus(True)
        self._told.hide()
        self._choose = QPushButton(_("Choose an empty folder…"))
        self._choose.setObjectName("training_choose")
        mark_kind(self._choose, main=True)
        self._choose.clicked.connect(self._ask)
        self._copy = QPushButton(_("Copy the commands"))
        self._copy.setAutoDefault(False)
        self._copy.hide()
        self._close = QPushButton(_("Cancel"))
        self._close.setAutoDefault(False)
        self._close.clicked.connect(self.reject)
        below = QHBoxLayout()
        below.addWidget(self._copy)
        below.addStretch(1)
        below.addWidget(self._choose)
        below.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(_(
            "A folder of ECGs with the study's reference: what was adjudicated, or else agreed. A label that is "
            "undecided, uncertain or not assessable is left open, never absent. Age and sex go along; names, dates, "
            "comments and what machines said do not; patients have keys that nobody can turn back.")))
        layout.addWidget(self._agreed)
        layout.addWidget(self._bar)
        layout.addWidget(self._words)
        layout.addWidget(self._told, 1)
        layout.addLayout(below)
        self._look()

    def show_progress(self, done: int, total: int, _text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def show_failed(self, words: str) -> None:
        """Why nothing was written; another folder can be chosen."""
        self._bar.hide()
        self._words.setText(words)
        self._look()

    def show_done(self, folder: Path, told: Sequence[str], commands: Sequence[str], steps: Sequence[str]) -> None:
        """What is in the folder, what is not, and what comes next."""
        self._bar.hide()
        self._words.setText(_("Written: {folder}").format(folder=folder.name))
        self._told.setPlainText("\n".join((*(f"\N{BULLET} {line}" for line in told), "", *steps)))
        self._told.show()
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("\n".join(commands)))
        self._copy.show()
        self._choose.hide()
        self._close.setText(_("Close"))
        self._close.setFocus()
        take_room(self, 880, 520)

    # Within

    def _look(self) -> None:
        self._choose.setEnabled(self._agreed.isChecked())

    def _ask(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.windowTitle())
        if chosen:
            self.write(Path(chosen))

    def write(self, folder: Path) -> None:
        """Ask for the data set in this folder."""
        self._choose.setEnabled(False)
        self._words.setText(_("Writing…"))
        self._bar.setRange(0, 0)
        self._bar.show()
        self.asked.emit(folder)

    def reject(self) -> None:
        self.stopped.emit()
        super().reject()

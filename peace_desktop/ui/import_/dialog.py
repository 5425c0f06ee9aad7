"""The import on screen: progress that can be cancelled, what became of every file, and questions of silent files."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.importing import Fate
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.import_.run import ImportRun
from peace_desktop.ui.import_.summary import count, headline, lines
from peace_desktop.ui.import_.wizard_questions import TableQuestions, asking_tables
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.theme import mark_kind
from peace_model.ecg.formats.csv_profile import CsvProfile
from peace_model.ecg.formats.registry import TABLE_FORMATS, FoundFile, ReadOptions

_LEAST_RATE_HZ = 20


class ImportDialog(QDialog):
    """Does not block the window: reading goes on while files are imported."""

    def __init__(self, run: ImportRun, *, lanes: Lanes, bridge: Bridge, kept: TableProfiles,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Open recordings"))
        self.setMinimumSize(760, 340)
        self.setModal(False)
        self._run = run
        self._headline = text_label(name="import_headline")
        self._progress = QProgressBar()
        self._progress.setAccessibleName(_("Progress of the import"))
        self._list = QPlainTextEdit()
        self._list.setReadOnly(True)
        self._list.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._list.setObjectName("import_lines")
        self._list.setAccessibleName(_("Files that were not imported, with the reason"))
        self._question = self._make_question()
        self._tables = self._make_tables_notice()
        self.questions = TableQuestions(lanes, bridge, kept, self)
        self.questions.answered.connect(self._answer_tables)
        self._copy = QPushButton(_("Copy the list"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._list.toPlainText()))
        self._end = QPushButton(_("Cancel"))
        self._end.setObjectName("import_end")
        self._end.clicked.connect(self._cancel_or_close)
        foot = QHBoxLayout()
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(self._end)
        layout = QVBoxLayout(self)
        for widget in (self._headline, self._progress, self._question, self._tables, self._list):
            layout.addWidget(widget)
        layout.addLayout(foot)
        self._running = True
        self._question.hide()
        self._tables.hide()
        self._copy.hide()
        run.progressed.connect(self._show_progress)
        run.finished.connect(self._show_end)

    @property
    def ended(self) -> bool:
        """Whether everything is imported, refused or waiting for an answer."""
        return not self._running

    @property
    def headline(self) -> str:
        return self._headline.text()

    @property
    def text(self) -> str:
        return self._list.toPlainText()

    def start(self, paths: tuple[Path, ...]) -> None:
        self.show()
        self._run.start(paths)

    def _make_question(self) -> QFrame:
        frame = framed("notice", name="import_question")
        self._rate = QDoubleSpinBox()
        self._rate.setRange(0, 100_000)
        self._rate.setDecimals(0)
        # Nothing is chosen for the reader: a number that stands there already would be a guess.
        self._rate.setSpecialValueText(_("not given"))
        self._rate.setSuffix(" Hz")
        self._rate.setObjectName("import_rate")
        self._rate.setAccessibleName(_("Sampling rate of the files that do not say"))
        self._unit = QComboBox()
        self._unit.setObjectName("import_unit")
        self._unit.setAccessibleName(_("Unit of the files that do not say"))
        for unit, words in ((None, _("not given")), ("mV", _("millivolts (mV)")), ("uV", _("microvolts (µV)"))):
            self._unit.addItem(words, unit)
        again = QPushButton(_("Import these files"))
        again.setObjectName("import_again")
        mark_kind(again, main=True)
        again.clicked.connect(self._answer)
        self._again = again
        self._rate.valueChanged.connect(self._look)
        self._unit.currentIndexChanged.connect(self._look)
        self._look()
        row = QHBoxLayout()
        for widget in (text_label(_("Sampling rate"), wrap=False), self._rate, text_label(_("Unit"), wrap=False),
                       self._unit):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(again)
        inside = QVBoxLayout(frame)
        inside.addWidget(text_label(_("Some files do not say how they were recorded. Answer only if you know it: a "
                                      "wrong rate or unit makes every number wrong.")))
        inside.addLayout(row)
        return frame

    def _make_tables_notice(self) -> QFrame:
        frame = framed("notice", name="import_tables")
        tell = QPushButton(_("Tell how they are laid out…"))
        tell.setObjectName("import_tell")
        mark_kind(tell, main=True)
        tell.clicked.connect(lambda: self.questions.ask(self._run.outcomes, again=True))
        row = QHBoxLayout(frame)
        row.addWidget(text_label(_("Some tables do not say which column is which lead, in which unit or at which "
                                   "rate.")), 1)
        row.addWidget(tell)
        return frame

    def _look(self) -> None:
        """Something must be given; what a file says itself is never overruled by it."""
        rate_hz = self._rate.value()
        possible = rate_hz == 0 or rate_hz >= _LEAST_RATE_HZ
        self._again.setEnabled(possible and bool(rate_hz or self._unit.currentData()))

    def _show_progress(self, done: int, total: int, name: str) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        self._headline.setText(_("Importing {name}").format(name=name) if total else name)

    def _show_end(self) -> None:
        outcomes = self._run.outcomes
        self._running = False
        self._progress.hide()
        self._headline.setText(self._run.trouble or headline(outcomes, cancelled=self._run.cancelled))
        said = lines(outcomes)
        self._list.setPlainText("\n".join(said))
        self._list.setVisible(bool(said))
        self._copy.setVisible(bool(said))
        tables = asking_tables(outcomes)
        self._question.setVisible(count(outcomes, Fate.ASKS) > len(tables))
        self._tables.setVisible(bool(tables))
        self._end.setText(_("Close"))
        if not self._run.cancelled:
            self.questions.ask(outcomes)

    def _answer(self) -> None:
        files = tuple(outcome.found for outcome in self._run.outcomes
                      if outcome.fate is Fate.ASKS and outcome.found.format not in TABLE_FORMATS)
        self._retry(files, ReadOptions(fs_hz=self._rate.value() or None, unit=self._unit.currentData()))

    def _answer_tables(self, files: tuple[FoundFile, ...], profile: CsvProfile) -> None:
        self._retry(files, ReadOptions(profile=profile))

    def _retry(self, files: tuple[FoundFile, ...], options: ReadOptions) -> None:
        self._running = True
        self._question.hide()
        self._tables.hide()
        self._progress.show()
        self._end.setText(_("Cancel"))
        self._run.retry(options, files)

    def _cancel_or_close(self) -> None:
        if self._running:
            self._run.cancel()
        else:
            self.accept()

    def reject(self) -> None:
        self._run.cancel()
        super().reject()

"""The import on screen: a look at every file first, then progress that can be cancelled and gone on with."""

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.import_outcomes import Fate
from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.texts import _
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.import_ import summary
from peace_desktop.ui.import_.keep_choice import KeepChoice
from peace_desktop.ui.import_.outcome_list import OutcomeList
from peace_desktop.ui.import_.run import ImportRun
from peace_desktop.ui.import_.silent_files import SilentFiles, SilentTables
from peace_desktop.ui.import_.wizard_questions import TableQuestions, asking_tables
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.theme import mark_kind
from peace_model.ecg.formats.csv_profile import CsvProfile
from peace_model.ecg.formats.registry import TABLE_FORMATS, FoundFile, ReadOptions

_PATIENCE_MS = 400
"""A look that takes longer is shown while it goes on."""
_TICK_MS = 100
_LATER_TICKS = 10
"""Rows out of sight come so much later: laying them out draws all that are in sight anew."""


class Stage(Enum):
    """Where an import stands. LOOKED: waiting for a yes. STOPPED: can be gone on with."""

    LOOKING = "looking"
    LOOKED = "looked"
    IMPORTING = "importing"
    STOPPED = "stopped"
    ENDED = "ended"


class ImportDialog(QDialog):
    """Does not block the window. One new recording that bears no name goes in without being asked about."""

    def __init__(self, run: ImportRun, *, lanes: Lanes, bridge: Bridge, kept: TableProfiles,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Open recordings"))
        self.setMinimumSize(760, 480)
        take_room(self, 1120, 760)
        self.setModal(False)
        self._run = run
        self.stage = Stage.LOOKING
        self._n_told = 0
        self._clock = QElapsedTimer()
        self._begun_at = -1
        self._noted = (0, 0, "")
        self._headline = text_label(name="import_headline")
        self._pace = text_label(muted=True, wrap=False, name="import_pace")
        self._progress = QProgressBar()
        self._progress.setAccessibleName(_("Progress of the import"))
        self.keep_choice = KeepChoice()
        self._question = SilentFiles()
        self._question.answered.connect(self._answer)
        self._tables = SilentTables()
        self.questions = TableQuestions(lanes, bridge, kept, self)
        self.questions.answered.connect(self._answer_tables)
        self._tables.asked.connect(lambda: self.questions.ask(self._run.outcomes, again=True))
        self.outcomes = OutcomeList(self._pace)
        self._copy = _button("import_copy", _("Copy what was not imported"), main=False)
        self._copy.setToolTip(_("Every file that is refused, asks for something or is known already, with the reason"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self._yes = _button("import_yes", _("Import"), main=True)
        self._yes.clicked.connect(self.import_new)
        self._end = _button("import_end", _("Cancel"), main=False)
        self._end.clicked.connect(self._cancel_or_close)
        self._lay_out()
        self._ticks = 0
        self._ticker = QTimer(self)
        self._ticker.setInterval(_TICK_MS)
        self._ticker.timeout.connect(self._tick)
        run.progressed.connect(self._note_progress)
        run.looked.connect(self._show_looked)
        run.finished.connect(self._show_end)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(self._yes)
        foot.addWidget(self._end)
        # On a small screen the answers scroll; headline, progress and buttons stay in sight.
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        scroll.setWidget(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.outcomes, 1)
        for widget in (self._question, self._tables, self.keep_choice):
            column.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.addWidget(self._headline)
        layout.addWidget(self._progress)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)

    @property
    def looked(self) -> bool:
        """Whether everything was looked at and a yes is waited for."""
        return self.stage is Stage.LOOKED

    @property
    def working(self) -> bool:
        """Whether files are being looked at or imported."""
        return self.stage in (Stage.LOOKING, Stage.IMPORTING)

    @property
    def ended(self) -> bool:
        """Whether everything is imported, refused or waiting for an answer, or the rest was left."""
        return self.stage in (Stage.ENDED, Stage.STOPPED)

    @property
    def headline(self) -> str:
        return self._headline.text()

    @property
    def text(self) -> str:
        """A line for every file that was not imported."""
        return "\n".join(summary.lines(self._run.outcomes))

    def start(self, paths: tuple[Path, ...]) -> None:
        self._enter(Stage.LOOKING)
        self._headline.setText(_("Looking for recordings…"))
        QTimer.singleShot(_PATIENCE_MS, self, self._show_if_looking)
        self._run.look(paths)

    def _show_if_looking(self) -> None:
        if self.stage is Stage.LOOKING and not self._run.cancelled:
            self.show()

    def _enter(self, stage: Stage) -> None:
        """Another stage: which parts are shown, and what the buttons do."""
        self.stage = stage
        working = self.working
        self.outcomes.set_working(working)
        if working:
            self._begun_at = -1
            self._noted = (0, 0, "")
            self._ticker.start()
        else:
            self._ticker.stop()
            self._take_rows()
        outcomes = self._run.outcomes
        tables = asking_tables(outcomes)
        asks = 0 if working else self.outcomes.numbers[Fate.ASKS]
        self._progress.setVisible(working)
        self._pace.setVisible(working)
        self._question.setVisible(asks > len(tables))
        self._tables.setVisible(bool(asks and tables))
        self.keep_choice.setVisible(stage is Stage.LOOKED or (stage is Stage.ENDED and bool(asks)))
        self.keep_choice.tell(sum(1 for one in outcomes if one.fate is Fate.NEW and one.seen and one.seen.name)
                              if stage is Stage.LOOKED else None)
        self._copy.setVisible(not working and bool(self.text))
        self._yes.setVisible(stage in (Stage.LOOKED, Stage.STOPPED))
        self._yes.setText(self._yes_words())
        self._end.setEnabled(True)
        self._end.setText(_("Cancel") if working or stage is Stage.LOOKED else _("Close"))
        main = self._yes if stage in (Stage.LOOKED, Stage.STOPPED) else self._end
        # A second Enter on "Import" must not cancel what the first one began.
        self._yes.setDefault(main is self._yes)
        self._end.setDefault(main is self._end and not working)
        (self.outcomes.table if working else main).setFocus()
        if not working:
            self.outcomes.settle()

    def _yes_words(self) -> str:
        if self.stage is Stage.STOPPED:
            return _("Go on")
        return _("Import {n} new").format(n=f"{self.outcomes.numbers[Fate.NEW]:,}")

    def import_new(self) -> None:
        """Import what was looked at, or go on with what was cancelled."""
        if self.stage is Stage.STOPPED and not self._run.looked_at:
            self._enter(Stage.LOOKING)
            self._run.look_on()
            return
        self._enter(Stage.IMPORTING)
        self._run.go_on(keep=self.keep_choice.keep)

    def _note_progress(self, done: int, total: int, name: str) -> None:
        """Shown with the next rows: files come faster than an eye reads and a window lays out."""
        self._noted = (done, total, name)
        if self._begun_at < 0:
            self._begun_at = done
            self._clock.start()

    def _show_progress(self) -> None:
        done, total, name = self._noted
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        if name and not self._run.cancelled:
            template = _("Looking at {name}") if self.stage is Stage.LOOKING else _("Importing {name}")
            self._headline.setText(template.format(name=name))
        self._pace.setText(summary.pace_words(done, total, begun_at=max(0, self._begun_at),
                                              elapsed_s=self._clock.elapsed() / 1000) if total
                           else summary.walk_words(done, self._run.n_found))

    def _tick(self) -> None:
        self._ticks += 1
        if self.outcomes.table.has_room or self._ticks % _LATER_TICKS == 0:
            self._take_rows()
        self._show_progress()

    def _take_rows(self) -> None:
        new = self._run.outcomes_since(self._n_told)
        if new:
            self._n_told += len(new)
            self.outcomes.take(new)

    def _show_looked(self) -> None:
        self._take_rows()
        numbers = self.outcomes.numbers
        if self._run.trouble or (self._run.cancelled and not self._run.looked_at):
            self._enter(Stage.STOPPED)
            self._headline.setText(self._run.trouble or summary.cancelled_look_headline(numbers))
        elif not numbers[Fate.NEW]:
            self._show_end()
            return
        elif self._goes_straight_in():
            self.hide()  # It may have been shown while the look took long.
            self.import_new()
            return
        else:
            self._enter(Stage.LOOKED)
            self._headline.setText(summary.looked_headline(numbers))
        if not (self._run.cancelled and not self.isVisible()):
            self.show()

    def _goes_straight_in(self) -> bool:
        outcomes = self._run.outcomes
        return len(outcomes) == 1 and outcomes[0].seen is not None and not outcomes[0].seen.name

    def _show_end(self) -> None:
        outcomes = self._run.outcomes
        stopped = bool(self._run.trouble) or (self._run.cancelled and self._run.left > 0)
        self._enter(Stage.STOPPED if stopped else Stage.ENDED)
        self._headline.setText(
            summary.trouble_words(self._run.trouble, outcomes) if self._run.trouble
            else summary.headline(outcomes, cancelled=stopped, left=self._run.left))
        alone = len(outcomes) == 1 and outcomes[0].fate is Fate.IMPORTED
        if not alone and not self._run.cancelled:
            self.show()
        if not self._run.cancelled and not stopped:
            self.questions.ask(outcomes)

    def _answer(self, options: ReadOptions) -> None:
        files = tuple(outcome.found for outcome in self._run.outcomes
                      if outcome.fate is Fate.ASKS and outcome.found.format not in TABLE_FORMATS)
        self._read_again(files, options)

    def _answer_tables(self, files: tuple[FoundFile, ...], profile: CsvProfile) -> None:
        self._read_again(files, ReadOptions(profile=profile))

    def _read_again(self, files: tuple[FoundFile, ...], options: ReadOptions) -> None:
        """Before the import, files that are answered for join what was looked at; after it they are imported."""
        if self.stage is Stage.LOOKED:
            self._enter(Stage.LOOKING)
            self._run.answer(options, files)
        else:
            keep = self.keep_choice.keep
            self._enter(Stage.IMPORTING)
            self._run.retry(options, files, keep=keep)

    def _cancel_or_close(self) -> None:
        if self.working:
            self._run.cancel()
            self._headline.setText(_("Cancelled; the file under way is brought to its end…"))
            self._end.setEnabled(False)
        else:
            self.reject()

    def reject(self) -> None:
        self._run.cancel()
        self._run.release()
        super().reject()


def _button(name: str, text: str, *, main: bool) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    if main:
        mark_kind(button, main=True)
    return button

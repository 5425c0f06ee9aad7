"""Deciding where readers differ: the ECG, the anonymous answers, four answers by key, a reason, and the next case."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from peace_desktop.jobs.adjudicating import CaseRecording, OpenCases
from peace_desktop.report.gestation import born_words
from peace_desktop.report.terms import presence_words, sex_words
from peace_desktop.review.adjudication import Case
from peace_desktop.review.statements import Presence
from peace_desktop.settings import Settings
from peace_desktop.texts import _, age_words, listed
from peace_desktop.ui.display import filter_setting, layout_kind
from peace_desktop.ui.findings.prediction_view import STATEMENT_KEYS
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind, sized
from peace_desktop.ui.trace.trace_view import TraceView

_SIDE_PX = 340
_REASON_LINES = 4


class AdjudicationDialog(QDialog):
    """asked(Case): its ECG is wanted; `show_case` answers. decided(Case, Presence, reason): to be kept.

    names: words of the labels. The model is not asked and nothing of it is here.
    """

    asked = Signal(object)
    decided = Signal(object, object, str)

    def __init__(self, found: OpenCases, *, names: Mapping[str, str], settings: Settings, parent: QWidget | None = None
                 ) -> None:
        super().__init__(parent)
        self.setObjectName("adjudication_dialog")
        self.setWindowTitle(_("Adjudicate: {study}").format(study=found.study))
        self._cases = list(found.cases)
        self._names = names
        self._place = 0
        self._choice: Presence | None = None
        self._ready = False
        self._made = 0
        self.trace = TraceView()
        self.trace.set_layout(layout_kind(settings))
        self.trace.set_speed(settings.speed_mm_per_s)
        self.trace.set_gain(settings.gain_mm_per_mv, precordial_half=settings.half_standard)
        self.trace.set_filter(filter_setting(settings))
        self.trace.set_screen_mm(settings.pixels_per_mm_x, settings.pixels_per_mm_y)
        self._place_words = text_label(muted=True, name="case_place")
        self._question = text_label(name="case_question")
        sized(self._question, 14, bold=True)
        self._person = text_label(name="case_person")
        self._answers = text_label(name="case_answers")
        self._buttons: dict[Presence, QPushButton] = {}
        answers = QGridLayout()
        for place, presence in enumerate(Presence):
            button = QPushButton(f"{presence_words(presence)} {STATEMENT_KEYS[presence]}")
            button.setCheckable(True)
            button.setObjectName(f"decide_{presence.value}")
            button.clicked.connect(lambda _checked, p=presence: self.choose(p))
            self._buttons[presence] = button
            answers.addWidget(button, place // 2, place % 2)
        self._reason = QPlainTextEdit()
        self._reason.setObjectName("case_reason")
        self._reason.setAccessibleName(_("Reason"))
        self._reason.setPlaceholderText(_("Reason, if you want to give one (M)"))
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(_REASON_LINES * self._reason.fontMetrics().lineSpacing() + 16)
        self._keep = QPushButton(_("Decide and go on (Ctrl+Enter)"))
        self._keep.setObjectName("case_decide")
        mark_kind(self._keep, main=True)
        self._keep.clicked.connect(self.decide)
        self._words = text_label(muted=True, name="case_words")
        self._lay_out(answers)
        self._keys()
        self._ask()

    @property
    def case(self) -> Case | None:
        """The case on the screen, None when all are decided."""
        return self._cases[self._place] if self._cases else None

    def show_case(self, shown: CaseRecording) -> None:
        """The ECG of the case that was asked for."""
        if shown.case != self.case:
            return
        self._ready = True
        self.trace.show_recording(shown.recording)
        person = f"{age_words(shown.recording.age)} \N{MIDDLE DOT} {sex_words(shown.recording.sex)}"
        if born := born_words(shown.gestational_age_weeks, shown.recording.age):
            person += "\n" + born
        if shown.indication:
            person += "\n" + _("Indication: {words}").format(words=shown.indication)
        self._person.setText(person)
        self._enable()

    def show_failed(self, words: str) -> None:
        self.trace.show_failed(words)

    def kept(self, case: Case) -> None:
        """A decision is in the library: on with the next case."""
        if case in self._cases:
            place = self._cases.index(case)
            self._cases.remove(case)
            self._made += 1
            self._place = min(place, max(0, len(self._cases) - 1))
            self._ask()

    def refused(self, words: str) -> None:
        """A decision was not kept; the case stays."""
        self._words.setText(words)
        self._ready = True
        self._enable()

    def choose(self, presence: Presence) -> None:
        """Mark an answer; nothing is kept before it is decided."""
        self._choice = presence if self._ready else None
        self._enable()

    def decide(self) -> None:
        """Keep the marked answer."""
        case = self.case
        if case is not None and self._choice is not None and self._ready:
            self._ready = False
            self._enable()
            self.decided.emit(case, self._choice, self._reason.toPlainText())

    def step(self, cases: int) -> None:
        """Another case without deciding this one."""
        if self._cases and 0 <= self._place + cases < len(self._cases):
            self._place += cases
            self._ask()

    # Within

    def _ask(self) -> None:
        """Show what is known of the case at once; its ECG follows."""
        case = self.case
        self._choice, self._ready = None, False
        self._reason.clear()
        self._words.clear()
        self._person.clear()
        if case is None:
            self._question.setText(_("Nothing is left to decide."))
            self._place_words.setText(_("{n} decided").format(n=self._made))
            self._answers.clear()
            self.trace.show_recording(None)
            self.trace.frame.say(_("Nothing is left to decide."), "")
        else:
            self._place_words.setText(_("case {place} of {all}").format(place=self._place + 1, all=len(self._cases)))
            self._question.setText(_("{label}?").format(label=self._names.get(case.label, case.label)))
            self._answers.setText(_("The readers said: {answers}").format(
                answers=listed(presence_words(answer) for answer in case.answers)))
            self.trace.show_loading("")
            self.asked.emit(case)
        self._enable()

    def _enable(self) -> None:
        for presence, button in self._buttons.items():
            button.setEnabled(self._ready)
            button.setChecked(presence is self._choice)
            button.setAccessibleName(f"{self._question.text()} {presence_words(presence)}")
        self._reason.setEnabled(self._ready)
        self._keep.setEnabled(self._ready and self._choice is not None)

    def _keys(self) -> None:
        """Letters are commands while no reason is being written."""
        def unless_writing(call: Callable[[], None]) -> Callable[[], None]:
            return lambda: None if self._reason.hasFocus() else call()

        for presence, key in STATEMENT_KEYS.items():
            self._key(key, unless_writing(lambda p=presence: self.choose(p)))  # type: ignore[misc]
        self._key("J", unless_writing(lambda: self.step(1)))
        self._key("K", unless_writing(lambda: self.step(-1)))
        self._key("M", unless_writing(self._reason.setFocus))
        self._key("Ctrl+Return", self.decide)

    def _key(self, key: str, call: Callable[[], None]) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(call)

    def _lay_out(self, answers: QGridLayout) -> None:
        side = QWidget()
        side.setFixedWidth(_SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 8, 8, 8)
        for widget in (self._place_words, self._question, self._person, self._answers):
            column.addWidget(widget)
        column.addLayout(answers)
        for part in (self._reason, self._keep, self._words):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(text_label(_("J and K show the next and the previous case. Who said what and the model stay "
                                      "hidden; what you read yourself is never among the cases."), muted=True))
        close = QPushButton(_("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        column.addWidget(close)
        self._keep.setAutoDefault(False)
        for button in self._buttons.values():
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.trace, 1)
        row.addWidget(side)

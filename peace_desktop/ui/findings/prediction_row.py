"""One label's row: key, name, bar, probability, Agree and Disagree, and what the reader said.

Of a blind reading it shows the four answers in place of everything that is the model's.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from peace_desktop.report.terms import presence_words
from peace_desktop.review.statements import Presence
from peace_desktop.texts import _, as_fact, aside, pgettext
from peace_desktop.ui.action_table import action
from peace_desktop.ui.findings.prediction_view import SHORT_WORDS, STATEMENT_KEYS, RowView
from peace_desktop.ui.findings.probability_bar import ProbabilityBar
from peace_desktop.ui.theme import mark_kind

_AGREE, _DISAGREE = "agree", "disagree"


class _Name(QLabel):
    """Tells of its room: what stands beside it comes and goes with blind reading, while the row keeps its width."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class PredictionRow(QFrame):
    """Emits what the reader does to its label; shows a RowView."""

    chosen = Signal(str)
    answered = Signal(str, str)
    """label, "agree" or "disagree"."""
    stated = Signal(str, object)
    """label and the Presence chosen in a blind reading."""
    cleared = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = ""
        self._shown: tuple[RowView, bool, bool] | None = None
        self._name_text = self._short_text = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        mark_kind(self, kind="row", selected=False)
        self._key = QLabel()
        self._key.setFixedWidth(16)
        mark_kind(self._key, muted=True)
        self._name = _Name()
        self._name.setMinimumWidth(60)
        self._name.resized.connect(self._elide)
        self._bar = ProbabilityBar()
        self._number = QLabel()
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._number.setFixedWidth(QFontMetrics(self._number.font()).horizontalAdvance(">99 %") + 8)
        self._statement = QLabel()
        metrics = QFontMetrics(self._statement.font())
        self._statement.setFixedWidth(
            max(metrics.horizontalAdvance(pgettext("statement", short)) for short in SHORT_WORDS.values()) + 8)
        self._agree = self._button(pgettext("button", "Agree"), _AGREE)
        self._disagree = self._button(pgettext("button", "Disagree"), _DISAGREE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 1, 4, 1)
        layout.setSpacing(5)
        named = QVBoxLayout()
        named.setSpacing(0)
        named.addWidget(self._name)
        named.addWidget(self._bar)
        layout.addWidget(self._key)
        layout.addLayout(named, 1)
        for widget in (self._number, self._agree, self._disagree, self._statement):
            layout.addWidget(widget)
        self._answers = {presence: self._answer_button(presence) for presence in Presence}
        for button in self._answers.values():
            layout.insertWidget(layout.count() - 1, button)

    def _button(self, text: str, answer: str) -> QPushButton:
        """Its key instead of its word: there is little room, and the label's name must not be cut."""
        key = action(answer).keys[0]
        button = QPushButton(key)
        button.setCheckable(True)
        button.setFixedWidth(26)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(text + aside(key))
        mark_kind(button, kind="small")
        button.clicked.connect(lambda _checked: self._answer(answer))
        return button

    def _answer_button(self, presence: Presence) -> QPushButton:
        button = QPushButton(STATEMENT_KEYS[presence])
        button.setCheckable(True)
        button.setFixedWidth(26)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(presence_words(presence) + aside(STATEMENT_KEYS[presence]))
        mark_kind(button, kind="small")
        button.clicked.connect(lambda checked: self._state(presence, checked=checked))
        button.hide()
        return button

    def _state(self, presence: Presence, *, checked: bool) -> None:
        if checked:
            self.stated.emit(self.label, presence)
        else:
            self.cleared.emit(self.label)
        if self._shown is not None:
            self._check(self._shown[0])

    def _answer(self, answer: str) -> None:
        """A button shows what was stored, not that it was pressed."""
        self.answered.emit(self.label, answer)
        if self._shown is not None:
            self._check(self._shown[0])

    def _check(self, row: RowView) -> None:
        self._agree.setChecked(row.agreement == "agrees")
        self._disagree.setChecked(row.agreement == "disagrees")
        for presence, button in self._answers.items():
            button.setChecked(row.presence is presence)

    def show_row(self, row: RowView, *, selected: bool, editable: bool) -> None:
        shown = (row, selected, editable)
        if shown == self._shown:
            return
        self._shown = shown
        self.label = row.label
        self.setObjectName(f"row_{row.label}")
        self._name_text, self._short_text = row.name, row.short
        self._key.setText(row.key)
        font = self._name.font()
        font.setBold(bool(row.positive))
        self._name.setFont(font)
        self._number.setFont(font)
        self._elide()
        self._bar.show_value(probability=row.probability, threshold=row.threshold, positive=bool(row.positive))
        self._number.setText(row.probability_text)
        self._statement.setText(row.statement)
        self._statement.setToolTip(presence_words(row.presence) if row.presence is not None else "")
        for button, words in ((self._agree, _("Agree: {name}")), (self._disagree, _("Disagree: {name}"))):
            button.setEnabled(editable and row.positive is not None)
            button.setAccessibleName(words.format(name=row.name))
        for widget in (self._bar, self._number, self._agree, self._disagree):
            widget.setVisible(not row.hidden)
        for presence, button in self._answers.items():
            button.setVisible(row.hidden)
            button.setEnabled(editable)
            button.setAccessibleName(as_fact(presence_words(presence), row.name))
        self._check(row)
        self.setAccessibleName(row.accessible)
        self.setToolTip("\n".join(part for part in (row.name, row.decision, *row.reasons) if part))
        mark_kind(self, selected=selected)

    def _elide(self) -> None:
        """The name in full where it fits, else its usual short form: a cut name could be taken for another one."""
        metrics, room_px = QFontMetrics(self._name.font()), max(self._name.width(), 60)
        words = self._name_text
        if metrics.horizontalAdvance(words) > room_px:
            words = metrics.elidedText(self._short_text, Qt.TextElideMode.ElideRight, room_px)
        if words != self._name.text():
            self._name.setText(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.chosen.emit(self.label)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.chosen.emit(self.label)

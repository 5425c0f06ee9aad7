"""Comment, confidence and signature: the foot of the side column, always in sight."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from peace_desktop.review.reading import Reading
from peace_desktop.texts import _
from peace_desktop.ui.findings.notes_list import NotesList
from peace_desktop.ui.findings.reading_view import CONFIDENCE_WORDS, ReadingView
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.theme import mark_kind

_QUIET_MS = 250
"""A comment is saved this long after the last key, and at once when the field is left."""


class ReadingPanel(QWidget):
    """Shows a reading; emits what the reader changes."""

    commented = Signal(str)
    confidence_chosen = Signal(object)
    sign = Signal()
    amend = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame = framed("card", name="reading_panel")
        self._line = text_label(name="reading_line")
        self._earlier = text_label(muted=True, name="reading_earlier")
        self._comment = QPlainTextEdit()
        self._comment.setObjectName("comment")
        self._comment.setAccessibleName(_("Comment"))
        self._comment.setPlaceholderText(_("Comment (M)"))
        self._comment.setTabChangesFocus(True)
        self._comment.setAcceptDrops(False)
        self._comment.setFixedHeight(2 * self._comment.fontMetrics().lineSpacing() + 16)
        self._comment.installEventFilter(self)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_QUIET_MS)
        self._quiet.timeout.connect(self.flush)
        self._comment.textChanged.connect(self._quiet.start)
        self._confidence = QComboBox()
        self._confidence.setObjectName("confidence")
        self._confidence.setAccessibleName(_("Confidence"))
        self._confidence.addItem(_("Confidence: not given"), None)
        for number, words in enumerate(CONFIDENCE_WORDS, start=1):
            self._confidence.addItem(_("Confidence: {words}").format(words=_(words)), number)
        self._confidence.activated.connect(lambda _place: self.confidence_chosen.emit(self._confidence.currentData()))
        self._sign = QPushButton(_("Sign…"))
        self._sign.setObjectName("sign_button")
        self._sign.setToolTip(_("The next step of this reading (Ctrl+Enter)"))
        mark_kind(self._sign, main=True)
        self._sign.clicked.connect(self.sign)
        self._amend = QPushButton(_("Amend…"))
        self._amend.setObjectName("amend_button")
        self._amend.clicked.connect(self.amend)
        foot = QHBoxLayout()
        foot.addWidget(self._confidence, 1)
        foot.addWidget(self._amend)
        foot.addWidget(self._sign)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(8, 6, 8, 8)
        inside.setSpacing(5)
        self.notes = NotesList()
        for widget in (self._line, self._earlier, self._comment, self.notes):
            inside.addWidget(widget)
        inside.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    @property
    def line(self) -> str:
        return self._line.text()

    def show_reading(self, reading: Reading | None, view: ReadingView, *, there: bool, signable: bool) -> None:
        """there: a recording is shown at all."""
        self._line.setText(view.line if there else _("No recording is shown."))
        self._earlier.setText("\n".join(view.earlier))
        self._earlier.setVisible(bool(view.earlier))
        self.notes.show_notes(reading.notes if reading is not None and there else ())
        comment = reading.comment if reading is not None else ""
        if self._comment.toPlainText() != comment and not self._quiet.isActive():
            with QSignalBlocker(self._comment):
                self._comment.setPlainText(comment)
        self._comment.setReadOnly(not (view.editable and there))
        confidence = reading.confidence if reading is not None else None
        self._confidence.setCurrentIndex(self._confidence.findData(confidence))
        self._confidence.setEnabled(view.editable and there)
        self._sign.setText(view.step or _("Sign…"))
        self._sign.setVisible(not view.signed)
        self._sign.setEnabled(signable)
        self._amend.setVisible(view.amendable)

    def flush(self) -> None:
        """Hand over a comment that is still being typed."""
        waiting = self._quiet.isActive()
        self._quiet.stop()
        if not self._comment.isReadOnly() and (waiting or self.sender() is self._quiet):
            self.commented.emit(self._comment.toPlainText())

    def focus_comment(self) -> None:
        """The comment takes the keyboard, and comes in sight where the column scrolls."""
        self._comment.setFocus(Qt.FocusReason.ShortcutFocusReason)
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        if (event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
                and event.key() == Qt.Key.Key_Escape):
            self._comment.clearFocus()
            return True
        return super().eventFilter(watched, event)

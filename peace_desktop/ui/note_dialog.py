"""Asking for the words of a note on a stretch of time."""

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from peace_desktop.report.time_notes import stretch_words
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.trace.marked_time import MarkedTime

_WIDTH_PX = 460


class NoteDialog(QDialog):
    """OK waits for words. lead_only: whether the note is on the marked lead alone at first."""

    def __init__(self, marked: MarkedTime, *, text: str = "", lead_only: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked = marked
        self.setWindowTitle(_("Note on a stretch of time"))
        self.setMinimumWidth(_WIDTH_PX)
        self._words = QPlainTextEdit(text)
        self._words.setObjectName("note_words")
        self._words.setAccessibleName(_("Note"))
        self._words.setTabChangesFocus(True)
        self._words.setAcceptDrops(False)
        self._words.setFixedHeight(4 * self._words.fontMetrics().lineSpacing() + 16)
        self._only = QCheckBox(_("Only lead {lead}").format(lead=marked.lead))
        self._only.setObjectName("note_lead_only")
        self._only.setChecked(lead_only)
        self._only.setVisible(bool(marked.lead))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(_("Keep the note"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text_label(stretch_words(marked.start_s, marked.end_s)))
        for widget in (self._words, self._only, buttons):
            column.addWidget(widget)
        self._words.textChanged.connect(self._allow)
        self._allow()
        self._words.setFocus()

    @property
    def note(self) -> TimeNote:
        """The note as it was written. Raises ReadingError without words."""
        lead = self._marked.lead if self._only.isChecked() else ""
        return TimeNote(self._marked.start_s, self._marked.end_s, self._words.toPlainText().strip(), lead)

    def _allow(self) -> None:
        self._ok.setEnabled(bool(self._words.toPlainText().strip()))

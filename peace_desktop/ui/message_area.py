"""Messages that do not stop the work: one plain sentence with its remedy, details for the clipboard."""

from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from peace_desktop.library.errors import LibraryError
from peace_desktop.logs import describe_exception, without_paths
from peace_desktop.report.frame import ReportError
from peace_desktop.review.errors import ReadingError
from peace_desktop.texts import _, error_words
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.theme import mark_kind
from peace_model.ecg.recording import RecordingError
from peace_model.inference.bundle_fields import BundleError

_PLAIN = (RecordingError, LibraryError, BundleError, ReadingError, ReportError)
"""Errors whose own text is a sentence for the reader."""


@dataclass(frozen=True)
class Message:
    """text: what happened and what to do. details: for the clipboard, without patient data. calm: nothing failed."""

    text: str
    details: str
    calm: bool = False


def explain(what: str, error: BaseException) -> Message:
    """An error in words: its own where it has plain ones, else that something unexpected happened."""
    if isinstance(error, _PLAIN):
        words = error_words(error)
        text = words if words == what else f"{what} {words}"
    elif isinstance(error, OSError) and error.strerror:
        text = _("{what} The system says: {reason}.").format(what=what, reason=error.strerror)
    else:
        text = _("{what} Something unexpected happened; what was saved is safe. Copy the details for a report.").format(
            what=what)
    return Message(text, f"{without_paths(what)}\n{describe_exception(error)}")


class MessageArea(QWidget):
    """The newest message; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._details, self._calm = "", True
        frame = framed("alarm", name="message")
        self._text = text_label(name="message_text")
        self._copy = QPushButton(_("Copy details"))
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._details))
        close = QPushButton(_("Dismiss"))
        close.clicked.connect(self.clear)
        row = QHBoxLayout(frame)
        row.setContentsMargins(10, 5, 8, 5)
        row.addWidget(self._text, 1)
        row.addWidget(self._copy)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 4)
        layout.addWidget(frame)
        self._frame = frame
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, message: Message) -> None:
        self._text.setText(message.text)
        self._details, self._calm = message.details, message.calm
        kind = "card" if message.calm else "alarm"
        mark_kind(self._frame, kind=kind)
        mark_kind(self._text, within=kind)  # The sheet gives the words their colour by the frame around them.
        self._copy.setVisible(bool(message.details))
        self._frame.setAccessibleName(message.text)
        self.show()

    def go_on(self) -> None:
        """The reader goes on to something else: what nobody has to mend has been said long enough."""
        if self._calm and self.isVisible():
            self.clear()

    def clear(self) -> None:
        self._text.setText("")
        self.hide()

"""A reader's list of a study in the reader's order: it stands in the place of the worklist while the study is read."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from peace_desktop.jobs.study_session import StudyItem, StudySession
from peace_desktop.review.reading import SIGNED_STATES, ReadingState
from peace_desktop.texts import _
from peace_desktop.ui.findings.reading_view import state_words
from peace_desktop.ui.panel import text_label

_SIGNS = {None: "\N{WHITE CIRCLE}", ReadingState.DRAFT: "\N{CIRCLE WITH LEFT HALF BLACK}",
          ReadingState.LOCKED: "\N{FISHEYE}", ReadingState.REVEALED: "\N{CIRCLED DOT OPERATOR}"}


class _Rows(QListWidget):
    """A list that does not search by typed letters: a letter is a command and must never choose another child."""

    def keyboardSearch(self, search: str) -> None:
        """Nothing."""


class StudyList(QWidget):
    """chosen(sha256): the reader goes to another recording. left: back to the worklist."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[StudyItem, ...] = ()
        self._heading = text_label(name="study_list_heading")
        font = self._heading.font()
        font.setBold(True)
        self._heading.setFont(font)
        self._progress = text_label(muted=True, name="study_list_progress")
        self._rows = _Rows()
        self._rows.setObjectName("study_list")
        self._rows.setUniformItemSizes(True)
        self._rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows.currentRowChanged.connect(self._choose)
        leave = QPushButton(_("Leave the study"))
        leave.setObjectName("leave_study_button")
        leave.clicked.connect(self.left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 4, 4)
        layout.setSpacing(5)
        for widget in (self._heading, self._progress):
            layout.addWidget(widget)
        layout.addWidget(self._rows, 1)
        layout.addWidget(leave)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is shown, top to bottom."""
        return tuple(self._rows.item(place).text() for place in range(self._rows.count()))

    def show_session(self, session: StudySession, shown: str) -> None:
        """shown: hash of the recording on the screen."""
        signed = sum(item.state in SIGNED_STATES for item in session.items)
        self._heading.setText(session.protocol.name)
        self._progress.setText(_("{reader} \N{MIDDLE DOT} {signed} of {all} signed").format(
            reader=session.reader, signed=signed, all=len(session.items)))
        self._rows.setAccessibleName(_("Study {study}: recordings in your order").format(study=session.protocol.name))
        with QSignalBlocker(self._rows):
            if [item.sha256 for item in session.items] != [item.sha256 for item in self._items]:
                self._rows.clear()
                for _item in session.items:
                    self._rows.addItem(QListWidgetItem())
            for place, item in enumerate(session.items):
                line = self._rows.item(place)
                line.setText(f"{_sign(item.state)} {item.position}  {item.title}")
                words = f"{item.position}, {item.title}, {state_words(item.state)}"
                line.setToolTip(words)
                line.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        self._items = session.items
        self.select(shown)

    def select(self, sha256: str) -> None:
        """Mark the shown recording without choosing it again."""
        place = next((place for place, item in enumerate(self._items) if item.sha256 == sha256), -1)
        with QSignalBlocker(self._rows):
            self._rows.setCurrentRow(place)
        if place >= 0:
            self._rows.scrollToItem(self._rows.item(place))

    def focus_rows(self) -> None:
        self._rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, place: int) -> None:
        if place >= 0:
            self.chosen.emit(self._items[place].sha256)


def _sign(state: ReadingState | None) -> str:
    return _SIGNS.get(state, "\N{BLACK CIRCLE}")

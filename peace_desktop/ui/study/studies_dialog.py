"""The list of studies: what each asks, how far everybody is, and what can be done with the chosen one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.study_session import StudyOverview
from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.row_table import choice_table
from peace_desktop.ui.study.new_study_words import everybody_words, mode_words, progress_words
from peace_desktop.ui.theme import mark_kind

READ, ADJUDICATE, AGREEMENT, EXPORT, CLOSE = "read", "adjudicate", "agreement", "export", "close"
TWO_BUNDLES, TRAINING = "two_bundles", "training"


class StudiesDialog(QDialog):
    """asked(what, study_id): something is to be done with a study. new, bring: a new one, or one from a bundle."""

    asked = Signal(str, str)
    new = Signal()
    bring = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("studies_dialog")
        self.setWindowTitle(_("Studies"))
        self._overviews: tuple[StudyOverview, ...] = ()
        self._table = choice_table("studies_table", _("Studies"), (
            _("Study"), _("Kind"), _("Recordings"), _("You"), _("Decisions")))
        self._table.itemSelectionChanged.connect(self._choose)
        self._table.itemActivated.connect(lambda _item: self._ask(READ))
        self._everybody = text_label(name="studies_everybody")
        self._everybody.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._everybody.setMinimumHeight(5 * self._everybody.fontMetrics().lineSpacing())
        self._buttons: dict[str, QPushButton] = {}
        below = QVBoxLayout()
        for row in (((READ, _("&Read")), (ADJUDICATE, _("&Adjudicate…")), (AGREEMENT, _("A&greement…")),
                     (CLOSE, _("C&lose the study…"))),
                    ((TWO_BUNDLES, _("&Two model bundles…")), (TRAINING, _("Export &for training…")),
                     (EXPORT, _("&Export bundle…")))):
            beside = QHBoxLayout()
            for what, words in row:
                button = QPushButton(words)
                button.setObjectName(f"study_{what}")
                button.clicked.connect(lambda _checked, w=what: self._ask(w))
                self._buttons[what] = button
                beside.addWidget(button)
            below.addLayout(beside)
        mark_kind(self._buttons[READ], main=True)
        self._buttons[READ].setDefault(True)
        above = QHBoxLayout()
        new = QPushButton(_("&New study…"))
        new.setObjectName("study_new")
        new.clicked.connect(self.new)
        bring = QPushButton(_("&Import bundle…"))
        bring.setObjectName("study_bring")
        bring.clicked.connect(self.bring)
        above.addStretch(1)
        above.addWidget(bring)
        above.addWidget(new)
        layout = QVBoxLayout(self)
        layout.addLayout(above)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._everybody)
        layout.addLayout(below)
        take_room(self, 860, 480)
        self._choose()

    @property
    def chosen(self) -> StudyOverview | None:
        """The study that is marked."""
        place = self._table.currentRow()
        return self._overviews[place] if 0 <= place < len(self._overviews) else None

    def show_studies(self, overviews: Sequence[StudyOverview], *, reader: str) -> None:
        """overviews: newest first. The marked one stays marked."""
        before = self.chosen.protocol.study_id if self.chosen is not None else ""
        self._overviews = tuple(overviews)
        self._reader = reader
        self._table.setRowCount(len(self._overviews))
        for row, item in enumerate(self._overviews):
            cells = (item.protocol.name, mode_words(item), str(item.recordings),
                     progress_words(item.progress_of(reader)) or _("not a reader"), str(item.decisions))
            for column, words in enumerate(cells):
                self._table.setItem(row, column, QTableWidgetItem(words))
        ids = [item.protocol.study_id for item in self._overviews]
        if ids:
            self._table.selectRow(ids.index(before) if before in ids else 0)
        self._table.setFocus()
        self._choose()

    def _choose(self) -> None:
        chosen = self.chosen
        self._everybody.setText(everybody_words(chosen) if chosen is not None else _(
            "No studies yet. \"New study\" makes one of the recordings the worklist shows."))
        mine = chosen is not None and chosen.progress_of(self._reader) is not None
        for what, button in self._buttons.items():
            button.setEnabled(chosen is not None and (what != READ or mine)
                              and (what not in (CLOSE, ADJUDICATE) or not chosen.closed))

    _reader = ""

    def _ask(self, what: str) -> None:
        if self.chosen is not None and self._buttons[what].isEnabled():
            self.asked.emit(what, self.chosen.protocol.study_id)

"""The worklist: search, filter, rows. Choosing a row shows its recording."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.library.records import RecordingRow
from peace_desktop.texts import _
from peace_desktop.ui.icons import icon
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.theme import colour, mark_kind
from peace_desktop.ui.worklist.delegate import WorklistDelegate
from peace_desktop.ui.worklist.filter_view import STATES, StateFilter, count_words, filter_words, state_filter
from peace_desktop.ui.worklist.listing import Listing
from peace_desktop.ui.worklist.model import Column, WorklistModel


class WorklistView(QTableView):
    """A list that does not search by typed letters: a letter is a command here and must never choose another child.

    A table of one column: Qt's own list asks every one of a hundred thousand rows for its place before it is shown.
    """

    def __init__(self, model: WorklistModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ""
        self.setModel(model)
        for column in list(Column)[1:]:
            self.hideColumn(column)
        delegate = WorklistDelegate(self)
        self.setItemDelegate(delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(delegate.height_px(self.font()))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.words:
            painter = QPainter(self.viewport())
            painter.setPen(colour("muted"))
            room = self.viewport().rect().adjusted(10, 16, -10, -10)
            painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.words)
            painter.end()

    def keyboardSearch(self, search: str) -> None:
        """Nothing."""


class SearchField(QLineEdit):
    """Esc, Return and Down leave it for the rows, whatever was typed; Return and Down go on to what was found."""

    left = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class WorklistPanel(QWidget):
    """Emits the recording a reader chooses. studies: id -> name, for the words of a filter."""

    chosen = Signal(str)

    def __init__(self, listing: Listing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listing = listing
        self._studies: Mapping[str, str] = {}
        self._search = SearchField()
        self._search.setObjectName("worklist_search")
        self._search.setPlaceholderText(_("Search (Ctrl+F)"))
        self._search.setAccessibleName(_("Search the worklist"))
        self._search.setClearButtonEnabled(True)
        self._search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._state = QComboBox()
        self._state.setObjectName("worklist_filter")
        self._state.setAccessibleName(_("Which recordings the worklist shows"))
        for state in StateFilter:
            self._state.addItem(_(state.value), state)
        self.filters = QToolButton()
        self.filters.setObjectName("worklist_filters")
        self.filters.setText(_("Filters"))
        self.filters.setAccessibleName(_("Filters of the worklist"))
        self.filters.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._model = WorklistModel(listing, self)
        self._view = WorklistView(self._model)
        self._view.setObjectName("worklist")
        self._view.setAccessibleName(_("Worklist"))
        self._count_frame = framed("plain")
        self._count = text_label(name="worklist_count")
        within = QVBoxLayout(self._count_frame)
        within.setContentsMargins(6, 3, 6, 3)
        within.addWidget(self._count)
        choices = QHBoxLayout()
        choices.addWidget(self._state, 1)
        choices.addWidget(self.filters)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 4, 4)
        layout.setSpacing(5)
        layout.addWidget(self._search)
        layout.addLayout(choices)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._count_frame)
        self._search.textChanged.connect(lambda text: listing.choose(replace(listing.chosen, text=text)))
        self._search.left.connect(self.focus_rows)
        self._search.entered.connect(self._enter)
        self._state.currentIndexChanged.connect(lambda _place: listing.choose(
            replace(listing.chosen, states=STATES[StateFilter(self._state.currentData())])))
        self._view.selectionModel().currentChanged.connect(self._choose)
        self._view.verticalScrollBar().valueChanged.connect(self._looked)
        self._order = listing.order, listing.chosen
        listing.listed.connect(self._listed)
        listing.told.connect(lambda _first, _last: self._draw())
        listing.followed.connect(self._select)

    @property
    def model(self) -> WorklistModel:
        return self._model

    def show_studies(self, studies: Mapping[str, str]) -> None:
        """The names of the studies a filter may ask for."""
        self._studies = studies
        self._say()

    def select(self, sha256: str) -> None:
        """Mark the shown recording without choosing it again."""
        self._listing.follow(sha256)
        self._select()

    def recording(self, sha256: str) -> RecordingRow | None:
        """The library's line of the shown recording, listed or filtered away; None while it is fetched."""
        row = self._listing.shown_row
        return row if row is not None and row.sha256 == sha256 else None

    def focus_rows(self) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def _listed(self) -> None:
        asked = (self._listing.order, self._listing.chosen)
        stays, bar = asked == self._order, self._view.verticalScrollBar()
        value = bar.value()
        self._order = asked
        with QSignalBlocker(self._search), QSignalBlocker(self._state):
            if self._search.text() != self._listing.chosen.text:
                self._search.setText(self._listing.chosen.text)
            self._state.setCurrentIndex(self._state.findData(state_filter(self._listing.chosen)))
        self._select(scroll=not stays)
        if stays:
            bar.setValue(value)
        self._say()
        self._draw()

    def _select(self, *, scroll: bool = True) -> None:
        place = self._listing.place
        index = self._model.index(place, 0) if place >= 0 else QModelIndex()
        selection = self._view.selectionModel()
        with QSignalBlocker(selection):
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect |
                                      QItemSelectionModel.SelectionFlag.Rows)
        if place >= 0 and scroll:
            self._view.executeDelayedItemsLayout()  # The rows of a new list have no room yet to be scrolled to.
            self._view.scrollTo(index)
        self._view.viewport().update()

    def _say(self) -> None:
        shown, there, chosen = len(self._listing), self._listing.total, self._listing.chosen
        self._view.words = "" if shown else (
            _("No recording fits the search and the choice above.") if there else
            _("No recordings yet. Drop files or folders on the window."))
        self._view.viewport().update()
        self._count.setText(count_words(shown, there, filter_words(chosen, self._studies)))
        mark_kind(self._count_frame, kind="notice" if chosen else "plain")

    def _enter(self) -> None:
        """The rows have the keyboard; where the shown recording was not found, the first that was is shown."""
        self.focus_rows()
        if self._listing.place < 0:
            self._listing.go(0, self.chosen.emit)

    def _choose(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._listing.show(current.row(), self.chosen.emit)

    def _looked(self) -> None:
        self._listing.looked_at = max(self._view.rowAt(0), 0)
        self._draw()

    def _draw(self) -> None:
        """The first row in sight without a thumbnail is drawn; being told of it, the next."""
        first, last = self._view.rowAt(0), self._view.rowAt(self._view.viewport().height() - 1)
        if first >= 0:
            self._listing.draw(first, last if last >= 0 else len(self._listing) - 1)

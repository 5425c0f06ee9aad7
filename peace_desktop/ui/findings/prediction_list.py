"""The predictions: a banner where the model does not know such patients, and the rows."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.findings.label_detail import LabelDetail
from peace_desktop.ui.findings.prediction_row import PredictionRow
from peace_desktop.ui.findings.prediction_view import RowView
from peace_desktop.ui.panel import framed, text_label

_NO_ROW = RowView("", "", "", "", None, None, None, "", "", None, "none", ())
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class PredictionList(QWidget):
    """Rows keep their widgets, hidden while there are none to show. Up and Down move between labels.

    detail is placed by the side column, where it stays in sight. reached(widget): the row of a newly selected label,
    for whoever can scroll to it.
    """

    selected = Signal(str)
    answered = Signal(str, str)
    stated = Signal(object)
    cleared = Signal()
    reached = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PredictionRow] = []
        self._shown: tuple[RowView, ...] = ()
        self._placed: tuple[int, int, bool] | None = None
        self._selected = ""
        self._banner = framed("notice", name="model_banner")
        self._banner_text = text_label(name="model_banner_text")
        inside = QVBoxLayout(self._banner)
        inside.setContentsMargins(8, 5, 8, 5)
        inside.addWidget(self._banner_text)
        self._state = text_label(muted=True, name="prediction_state")
        self._row_layout = QVBoxLayout()
        self._row_layout.setSpacing(0)
        self._above = text_label(muted=True, name="heading_positive")
        self._below = text_label(muted=True, name="heading_negative")
        for heading in (self._above, self._below):
            heading.setContentsMargins(4, 2, 0, 2)
        self.detail = LabelDetail()
        self.detail.stated.connect(self.stated)
        self.detail.cleared.connect(self.cleared)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self._banner, self._state):
            layout.addWidget(widget)
        layout.addLayout(self._row_layout)

    @property
    def banner(self) -> str:
        return self._banner_text.text() if self._banner.isVisibleTo(self) else ""

    @property
    def rows(self) -> tuple[RowView, ...]:
        """What is shown now, top to bottom."""
        return self._shown

    def show_rows(self, rows: Sequence[RowView], *, selected: str, editable: bool, banner: str,
                  general: Sequence[str], state: str, waiting: bool) -> None:
        """state: a line instead of numbers ("The model is looking…", why there is none), "" once they stand.

        waiting: the numbers are on their way.
        """
        self._shown = tuple(rows)
        self._keep_room(waiting=waiting)
        if banner:
            self._banner_text.setText(banner)
        self._banner.setVisible(bool(banner))
        self._banner.setAccessibleName(banner)
        self._state.setVisible(bool(state))
        self._state.setText(state)
        self._place(rows)
        for widget, row in zip(self._rows, rows, strict=False):
            widget.show_row(row, selected=row.label == selected, editable=editable)
        for widget in self._rows[len(rows):]:
            # Out of sight, and still not to keep what is hidden from a blind reader.
            widget.show_row(_NO_ROW, selected=False, editable=False)
        chosen = next((row for row in rows if row.label == selected), None)
        self.detail.show_label(chosen, general=general, editable=editable)
        # The rows of a blind reading have the four answers themselves.
        self.detail.setVisible(not any(row.hidden for row in rows))
        if selected != self._selected:
            self._selected = selected
            for widget in self._rows[: len(rows)]:
                if widget.label == selected:
                    self.reached.emit(widget)

    def _place(self, rows: Sequence[RowView]) -> None:
        """As many row widgets as rows, with a heading before the first positive and the first negative one."""
        while len(self._rows) < len(rows):
            self._add_row()
        ordered = not any(row.fixed for row in rows)
        positives = sum(1 for row in rows if row.positive) if ordered else 0
        predicted = ordered and any(row.positive is not None for row in rows)
        placed = (len(rows), positives, predicted)
        if placed == self._placed:
            return
        self._placed = placed
        while self._row_layout.count():
            self._row_layout.takeAt(0)
        self._above.setText("" if not predicted else _("Positive: at or above the threshold") if positives
                            else _("Positive: none"))
        self._below.setText(_("Negative: below the threshold") if predicted else "")
        self._above.setVisible(predicted)
        self._below.setVisible(predicted)
        self._row_layout.addWidget(self._above)
        for place, widget in enumerate(self._rows):
            if place == positives:
                self._row_layout.addWidget(self._below)
            self._row_layout.addWidget(widget)
            widget.setVisible(place < len(rows))

    def make_ready(self, count: int) -> None:
        """Builds so many rows, one a turn of the event loop: all at once they would hold up the first recording."""
        if len(self._rows) < count:
            self._add_row()
            QTimer.singleShot(0, self, lambda: self.make_ready(count))

    def _add_row(self) -> None:
        row = PredictionRow(self)
        row.hide()
        row.chosen.connect(self.selected)
        row.answered.connect(self.answered)
        row.stated.connect(self._state_row)
        row.cleared.connect(self._clear_row)
        self._rows.append(row)

    def _state_row(self, label: str, presence: object) -> None:
        self.selected.emit(label)
        self.stated.emit(presence)

    def _clear_row(self, label: str) -> None:
        self.selected.emit(label)
        self.cleared.emit()

    def _keep_room(self, *, waiting: bool) -> None:
        """While the model is looking the banner's place stays kept, so that its coming moves nothing."""
        policy = self._banner.sizePolicy()
        if policy.retainSizeWhenHidden() != waiting:
            policy.setRetainSizeWhenHidden(waiting)
            self._banner.setSizePolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        places = [place for place, row in enumerate(self._rows) if row.hasFocus()]
        if step is None or not places:
            super().keyPressEvent(event)
            return
        row = self._rows[max(0, min(places[0] + step, len(self._shown) - 1))]
        row.setFocus()
        self.selected.emit(row.label)

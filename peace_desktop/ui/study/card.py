"""The card of a study over the side column: place, next step, what is hidden, and how the map is rated."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from peace_desktop.review.map_ratings import Rating
from peace_desktop.texts import _
from peace_desktop.ui.action_table import action
from peace_desktop.ui.actions import keys_text
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.study.card_view import MapToRate, StudyCard, rating_words
from peace_desktop.ui.theme import mark_kind


class StudyCardPanel(QWidget):
    """Shows a StudyCard; None hides it. rated(Rating): the reader rates the map on the screen."""

    rated = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("study_card")
        frame = framed("card")
        self._heading = text_label(name="study_heading")
        font = self._heading.font()
        font.setBold(True)
        self._heading.setFont(font)
        self._state = text_label(name="study_state")
        self._indication = text_label(name="study_indication")
        self._hidden = text_label(muted=True, name="study_hidden")
        self._map = text_label(muted=True, name="study_map")
        self._buttons: dict[Rating, QPushButton] = {}
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for rating in Rating:
            button = QPushButton(rating_words(rating))
            button.setCheckable(True)
            button.setObjectName(f"rate_{rating.value}")
            button.setToolTip(_("Rates the map on the screen ({key})").format(
                key=keys_text(action(f"rate_{rating.value}"))))
            mark_kind(button, kind="small")
            button.clicked.connect(lambda _checked, r=rating: self._rate(r))
            self._buttons[rating] = button
            buttons.addWidget(button, 1)
        self._rating = QWidget()
        rating_column = QVBoxLayout(self._rating)
        rating_column.setContentsMargins(0, 0, 0, 0)
        rating_column.setSpacing(2)
        rating_column.addWidget(self._map)
        rating_column.addLayout(buttons)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(8, 5, 8, 5)
        inside.setSpacing(2)
        for widget in (self._heading, self._indication, self._state, self._hidden, self._rating):
            inside.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self._shown: StudyCard | None = None
        self.hide()

    def show_card(self, card: StudyCard | None) -> None:
        if card == self._shown:
            return
        self._shown = card
        self.setVisible(card is not None)
        told = card or StudyCard("", "", "", "")
        for label, words in ((self._heading, told.heading), (self._state, told.state), (self._hidden, told.hidden),
                             (self._indication, told.indication)):
            label.setText(words)
            label.setVisible(bool(words))
        self._show_map(told.map)

    def _show_map(self, shown: MapToRate | None) -> None:
        self._rating.setVisible(shown is not None)
        self._map.setText(shown.words if shown is not None else "")
        for rating, button in self._buttons.items():
            button.setChecked(shown is not None and shown.rating is rating)
            button.setEnabled(shown is not None and shown.editable)
            button.setAccessibleName(f"{shown.words} {rating_words(rating)}" if shown is not None
                                     else rating_words(rating))

    def _rate(self, rating: Rating) -> None:
        """A button shows what was stored, not that it was pressed."""
        self.rated.emit(rating)
        self._show_map(self._shown.map if self._shown is not None else None)

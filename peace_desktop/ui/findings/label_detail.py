"""What is said of the selected label: the decision in words, the statement buttons, the reasons, the map's trust."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from peace_desktop.report.terms import presence_words
from peace_desktop.review.statements import Presence
from peace_desktop.texts import _, as_fact, pgettext, pmark
from peace_desktop.ui.findings.prediction_view import STATEMENT_KEYS, RowView
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.theme import mark_kind

_SHORT = {Presence.NOT_ASSESSABLE: pmark("button", "N/A")}
"""Where the words in full are too wide for a button."""


class LabelDetail(QWidget):
    """`stated` gives the chosen presence; a second press on the same button takes the statement back."""

    stated = Signal(object)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame = framed("card", name="label_detail")
        self._title = text_label(name="detail_title")
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._decision = text_label(name="detail_decision")
        self._reasons = text_label(muted=True, name="detail_reasons")
        self._reasons.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._reasons.setMinimumHeight(2 * self._reasons.fontMetrics().lineSpacing())
        self._buttons: dict[Presence, QPushButton] = {}
        buttons = QGridLayout()
        buttons.setSpacing(4)
        for place, presence in enumerate(Presence):
            words = pgettext("button", _SHORT[presence]) if presence in _SHORT else presence_words(presence)
            button = QPushButton(f"{words} {STATEMENT_KEYS[presence]}")
            button.setCheckable(True)
            button.setObjectName(f"state_{presence.value}")
            button.setToolTip(presence_words(presence))
            mark_kind(button, kind="small")
            button.clicked.connect(lambda checked, p=presence: self.stated.emit(p) if checked else self.cleared.emit())
            self._buttons[presence] = button
            buttons.addWidget(button, 0, place)
            buttons.setColumnStretch(place, 1)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(8, 6, 8, 6)
        inside.setSpacing(4)
        for widget in (self._title, self._decision):
            inside.addWidget(widget)
        inside.addLayout(buttons)
        inside.addWidget(self._reasons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self.show_label(None, general=(), editable=False)

    def show_label(self, row: RowView | None, *, general: Sequence[str], editable: bool) -> None:
        """general: reasons that concern every label; they stand behind the label's own."""
        if row is None:
            self._title.setText(_("No label is selected."))
            self._decision.setText(_("Select one with its key to make a statement and to see its map."))
            self._reasons.setText("")
        else:
            self._title.setText(row.name)
            self._decision.setText("" if row.hidden else _("Model: {decision}").format(decision=row.decision))
            reasons = [f"\N{BULLET} {reason}" for reason in (*row.reasons, *general)]
            self._reasons.setText("\n".join(reasons))
        for presence, button in self._buttons.items():
            button.setEnabled(editable and row is not None)
            button.setChecked(row is not None and row.presence is presence)
            words = presence_words(presence)
            button.setAccessibleName(as_fact(words, row.name) if row is not None else words)

"""What the empty window teaches: how to open recordings, the demo, the keys, and that this is for research only."""

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.action_table import action
from peace_desktop.ui.actions import Actions, action_text, keys_text
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.status_line import research_use
from peace_desktop.ui.theme import mark_kind, sized

_BUTTONS = ("open_files", "open_folder", "open_demo")
_KEYS = ("next_recording", "previous_recording", "agree", "disagree", "gain", "half_standard", "calipers", "map",
         "sign", "keys", "help")
_WIDEST_PX = 560
_ALL_BUT_THE_EDGES = 1000


class Welcome(QWidget):
    """Buttons and keys come from the table of actions."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        title = text_label(_("PEACE Desktop"))
        sized(title, 22, bold=True)
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(inner)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(text_label(_("Review children's ECGs offline, beside a local model.")))
        column.addWidget(research_use())
        column.addSpacing(12)
        column.addWidget(text_label(_("Drop files or folders here, or:"), muted=True))
        for action_id in _BUTTONS:
            spec = action(action_id)
            button = QPushButton(actions[action_id].icon(), action_text(spec))
            button.setObjectName(f"welcome_{action_id}")
            button.setToolTip(_(spec.tip))
            button.clicked.connect(actions[action_id].trigger)
            mark_kind(button, main=action_id == "open_files")
            column.addWidget(button)
        column.addSpacing(12)
        column.addWidget(text_label(_("The keys you will use most"), muted=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for line, action_id in enumerate(_KEYS):
            spec = action(action_id)
            key = text_label(keys_text(spec), wrap=False)
            font = key.font()
            font.setBold(True)
            key.setFont(font)
            words = text_label(action_text(spec), wrap=False)
            for place, label in enumerate((key, words)):
                label.setMinimumHeight(label.fontMetrics().height() + 1)
                grid.addWidget(label, line, place)
        column.addLayout(grid)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(inner, _ALL_BUT_THE_EDGES)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(middle)
        layout.addStretch(2)

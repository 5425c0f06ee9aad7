"""The age card: age and sex of the recording's person, large and unmistakable, with where they come from."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.findings.person_view import PersonView
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.theme import mark_kind, sized

_HEADLINE_POINTS = 17.0


class AgeCard(QWidget):
    """Shows a PersonView; `edit` asks for the dialog. It keeps its height while a recording is read."""

    edit = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = framed("card", name="age_card")
        self._headline = text_label(name="age_headline")
        sized(self._headline, _HEADLINE_POINTS, bold=True)
        self._band = text_label(name="age_band")
        self._born = text_label(name="age_born")
        self._details = text_label(muted=True, name="age_details")
        self._button = QPushButton(_("Correct…"))
        self._button.setObjectName("age_edit")
        self._button.setAccessibleName(_("Enter or correct age and sex"))
        self._button.clicked.connect(self.edit)
        foot = QHBoxLayout()
        foot.addWidget(self._details, 1)
        foot.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(12, 8, 10, 8)
        inside.setSpacing(2)
        inside.addWidget(self._headline)
        inside.addWidget(self._band)
        inside.addWidget(self._born)
        inside.addLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._frame)
        self.show_person(None)

    @property
    def headline(self) -> str:
        return self._headline.text()

    def show_person(self, view: PersonView | None) -> None:
        """Show a person; None while no recording is shown."""
        self._button.setEnabled(view is not None)
        self._born.setText("\n".join(view.born) if view is not None else "")
        self._born.setVisible(bool(self._born.text()))
        if view is None:
            self._headline.setText("\N{EN DASH}")
            self._band.setText(_("No recording is shown."))
            self._details.setText("")
            self._frame.setAccessibleName(_("Age: no recording is shown"))
            mark_kind(self._frame, kind="card")
            return
        self._headline.setText(view.headline)
        self._band.setText(view.band)
        self._details.setText("\n".join(line for line in (view.origin, view.limits) if line))
        self._button.setText(_("Correct…") if view.known else _("Enter…"))
        self._frame.setAccessibleName(_("Age: {words}").format(words=view.accessible))
        mark_kind(self._frame, kind="card" if view.known else "notice")

"""Going to a time of the recording."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from peace_desktop.report.clock import elapsed, time_of
from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label

_WIDTH_PX = 420


class TimeDialog(QDialog):
    """at_s: the time that was typed, None while it is none of the recording."""

    def __init__(self, at_s: float, duration_s: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Go to time"))
        self.setMinimumWidth(_WIDTH_PX)
        self._duration_s = duration_s
        self._field = QLineEdit(elapsed(at_s))
        self._field.setObjectName("time")
        self._field.setAccessibleName(_("Time from the start of the recording"))
        self._field.selectAll()
        self._said = text_label(muted=True, name="time_said")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._field.textChanged.connect(self._check)
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(_("Hours, minutes and seconds from the start, such as 1:02:03, or seconds alone:")))
        for widget in (self._field, self._said, self._buttons):
            layout.addWidget(widget)
        self._check(self._field.text())

    @property
    def at_s(self) -> float | None:
        at_s = time_of(self._field.text())
        return at_s if at_s is not None and at_s <= self._duration_s else None

    def _check(self, text: str) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self.at_s is not None)
        if time_of(text) is None:
            said = _("This is no time.")
        elif self.at_s is None:
            said = _("The recording ends at {end}.").format(end=elapsed(self._duration_s))
        else:
            said = _("Of {duration}.").format(duration=elapsed(self._duration_s))
        self._said.setText(said)
        self._field.setAccessibleDescription(said)


def ask_time(at_s: float, duration_s: float, parent: QWidget) -> float | None:
    """The time a reader wants to see, None when the reader would rather not."""
    dialog = TimeDialog(at_s, duration_s, parent)
    wanted = dialog.at_s if dialog.exec() == QDialog.DialogCode.Accepted else None
    dialog.deleteLater()
    return wanted

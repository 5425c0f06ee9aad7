"""A date that is typed: empty until somebody gives it, and none until all of it stands there."""

import re
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from peace_desktop.texts import _

_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class DateField(QLineEdit):
    """`day` is None while the field is empty or holds no date of the calendar.

    A field of sections would show some day from the first, and complete a typed year with its month and day.
    """

    def __init__(self, name: str, value: date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(value.isoformat() if value is not None else "", parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(_("not given"))
        self.setToolTip(_("Year-month-day, for example 2026-03-08"))
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0000-00-00") + 24)

    @property
    def day(self) -> date | None:
        typed = _YEAR_FIRST.fullmatch(self.text().strip())
        if typed is None:
            return None
        try:
            return date(*(int(part) for part in typed.groups()))
        except ValueError:
            return None

"""The files of an import as a list that can be narrowed to one fate, with all that is said of the chosen file."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from peace_desktop.jobs.import_outcomes import Fate, Outcome
from peace_desktop.texts import _
from peace_desktop.ui.import_ import summary
from peace_desktop.ui.import_.outcome_table import OutcomeTable
from peace_desktop.ui.panel import text_label

_TELLING = (Fate.REFUSED, Fate.ASKS, Fate.DUPLICATE)
"""What is shown first of a list that has come to its end."""


class OutcomeList(QWidget):
    """aside: what stands at the right above the rows."""

    def __init__(self, aside: QLabel) -> None:
        super().__init__()
        self.table = OutcomeTable()
        self.table.selectionModel().currentRowChanged.connect(self._show_reason)
        self._only = QComboBox()
        self._only.setObjectName("import_only")
        self._only.setAccessibleName(_("Which files are listed"))
        self._only.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._only.addItem(_("all files"), None)
        self._only.activated.connect(self._list_only)
        self._reason = QPlainTextEdit()
        self._reason.setReadOnly(True)
        self._reason.setObjectName("import_reason")
        self._reason.setAccessibleName(_("What is said of the chosen file"))
        self._reason.setTabChangesFocus(True)
        self._reason.setFixedHeight(3 * self._reason.fontMetrics().height() + 16)
        self._reason.hide()
        which = QHBoxLayout()
        which.addWidget(text_label(_("Listed"), wrap=False))
        which.addWidget(self._only)
        which.addStretch(1)
        which.addWidget(aside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(which)
        column.addWidget(self.table, 1)
        column.addWidget(self._reason)

    @property
    def numbers(self) -> Counter[Fate]:
        """How many files have each fate."""
        return self.table.outcomes.numbers

    def take(self, outcomes: Sequence[Outcome]) -> None:
        """What became known since the last time."""
        self.table.outcomes.take(outcomes)

    def set_working(self, working: bool) -> None:
        """While files come, all of them are listed as they do."""
        self._only.setEnabled(not working and self._only.count() > 2)
        self._show_reason()

    def settle(self) -> None:
        """No more come for now: columns as wide as their words, fates to choose from, a telling row chosen."""
        self.table.fit_columns()
        self._fill_only()
        if self.table.currentIndex().row() <= 0:
            telling = next((fate for fate in _TELLING if self.numbers[fate]), None)
            if telling is not None:
                self.table.choose_first(telling)

    def _fill_only(self) -> None:
        chosen = self._only.currentData()
        self._only.clear()
        self._only.addItem(_("all files ({n})").format(n=f"{sum(self.numbers.values()):,}"), None)
        for fate in Fate:
            if self.numbers[fate]:
                words = _("{fate} ({n})").format(fate=summary.fate_words(fate), n=f"{self.numbers[fate]:,}")
                self._only.addItem(words, fate)
        self._only.setCurrentIndex(max(0, self._only.findData(chosen)))
        self._only.setEnabled(self._only.count() > 2)
        self._list_only()

    def _list_only(self) -> None:
        current = self.table.currentIndex()
        found = self.table.outcomes.outcome(current.row()).found if current.isValid() else None
        self.table.outcomes.show_only(self._only.currentData())
        rows = range(self.table.outcomes.rowCount())
        same = next((row for row in rows if self.table.outcomes.outcome(row).found == found), 0)
        if rows and found is not None:
            self.table.setCurrentIndex(self.table.outcomes.index(same, 0))
        self._show_reason()

    def _show_reason(self) -> None:
        index = self.table.currentIndex()
        outcome = self.table.outcomes.outcome(index.row()) if index.isValid() else None
        said = "" if outcome is None else summary.reason(outcome) or _("{file}: {fate}").format(
            file=outcome.found.relative, fate=summary.fate_words(outcome.fate))
        self._reason.setPlainText(said)
        self._reason.setVisible(sum(self.numbers.values()) > 0)

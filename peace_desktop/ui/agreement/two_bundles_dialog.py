"""Two bundles side by side on a study: which two, progress of what is missing, figures, and where they differ."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.bundle_shelf import ShelvedBundle
from peace_desktop.jobs.two_bundles import Comparison
from peace_desktop.texts import _
from peace_desktop.ui.agreement.choices import choice_box, fill_groupings
from peace_desktop.ui.agreement.two_bundles_words import (
    differing_heads,
    differing_row,
    figure_heads,
    figure_rows,
    groupings_of,
    summary_words,
    warning_words,
)
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.row_table import row_table
from peace_desktop.ui.status_line import HASH_DIGITS
from peace_desktop.ui.theme import mark_kind


class TwoBundlesDialog(QDialog):
    """asked(first, second): compare these choices. stopped: no longer. saved(path, compared): write what is shown.
    opened(sha256): show this recording.
    """

    asked = Signal(str, str)
    stopped = Signal()
    saved = Signal(str, object)
    opened = Signal(str)

    def __init__(self, study: str, names: Mapping[str, str], parent: QWidget | None = None) -> None:
        """names: words of the labels."""
        super().__init__(parent)
        self.setObjectName("two_bundles_dialog")
        self.setWindowTitle(_("Two model bundles: {study}").format(study=study))
        self._names = names
        self._compared: Comparison | None = None
        self._first, self._second = (choice_box(words, name, self._choose) for words, name in (
            (_("First bundle"), "two_bundles_first"), (_("Second bundle"), "two_bundles_second")))
        self._grouping = choice_box(_("Groups"), "two_bundles_grouping", self._show_figures)
        self._grouping.hide()
        self._go = _button("two_bundles_go", _("&Compare"))
        mark_kind(self._go, main=True)
        self._go.setDefault(True)
        self._go.clicked.connect(self._ask)
        self._stop = _button("two_bundles_stop", _("Cancel"))
        self._stop.clicked.connect(self._cancel)
        self._words = text_label(_("Looking at the bundles…"), name="two_bundles_words")
        self._warning = text_label(name="two_bundles_warning")
        self._warning_frame = framed("alarm", name="two_bundles_warning_frame")
        self._warning_frame.hide()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(_("Predicting"))
        self._figures = row_table("two_bundles_figures", _("Figures of both bundles with 95 % intervals"))
        self._differing = row_table("two_bundles_differing", _("Recordings on which they decide differently"))
        self._differing.itemActivated.connect(lambda item: self._open(item.row()))
        for table in (self._figures, self._differing):
            table.setAlternatingRowColors(True)
        self._tabs = QTabWidget()
        self._tabs.addTab(self._figures, _("Figures"))
        self._tabs.addTab(self._differing, _("Different decisions"))
        self._save: list[QPushButton] = []
        self._lay_out()
        self._working(working=False)
        self._go.setEnabled(False)

    def show_bundles(self, bundles: Sequence[ShelvedBundle]) -> None:
        """Those that can be used: the first and the last of them are proposed."""
        usable = [bundle for bundle in bundles if not bundle.problem]
        for combo in (self._first, self._second):
            combo.clear()
            for bundle in usable:
                combo.addItem(f"{bundle.title}, {bundle.sha256[:HASH_DIGITS]}", bundle.choice)
        self._second.setCurrentIndex(len(usable) - 1)
        if len(usable) < 2:
            self._words.setText(_("There is one bundle only. Add the folder of another under Model, Bundles."))
        else:
            self._words.setText(_("Recordings that a bundle has not predicted yet are predicted first; what it says is "
                                  "kept in the library."))
        self._choose()
        self._go.setFocus()

    def show_progress(self, done: int, total: int, text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._words.setText(_("Predicting with {bundle}: {n} of {all}").format(bundle=text, n=done, all=total)
                            if total else f"{text}\N{HORIZONTAL ELLIPSIS}")

    def show_failed(self, words: str) -> None:
        """Why nothing was compared."""
        self._working(working=False)
        self._words.setText(words)

    def show_comparison(self, compared: Comparison) -> None:
        """Figures, and the recordings that are decided differently."""
        self._compared = compared
        self._working(working=False)
        self._words.setText(summary_words(compared))
        self._warning.setText(warning_words(compared))
        self._warning_frame.setVisible(bool(self._warning.text()))
        fill_groupings(self._grouping, groupings_of(compared))
        self._grouping.show()
        self._show_figures()
        _fill(self._differing, differing_heads(compared),
              (differing_row(item, self._names) for item in compared.differing), words=len(differing_heads(compared)))
        self._tabs.setTabText(1, _("Different decisions ({n})").format(n=len(compared.differing)))
        if compared.hidden:
            self._words.setText(self._words.text() + "\n" + _(
                "Not listed, because you have still to read them blind: {n}").format(n=compared.hidden))
        for button in self._save:
            button.setEnabled(True)
        self._figures.setFocus()

    # Within

    def _show_figures(self) -> None:
        if self._compared is not None:
            _fill(self._figures, figure_heads(self._compared),
                  figure_rows(self._compared, self._names, grouping=self._grouping.currentData()), words=3)

    def _ask(self) -> None:
        self._working(working=True)
        self.asked.emit(self._first.currentData(), self._second.currentData())

    def _cancel(self) -> None:
        self.stopped.emit()
        self._working(working=False)
        self._words.setText(_("Cancelled. What was predicted is kept."))

    def _working(self, *, working: bool) -> None:
        self._bar.setVisible(working)
        self._stop.setVisible(working)
        self._go.setVisible(not working)
        for combo in (self._first, self._second):
            combo.setEnabled(not working)
        if working:
            self._bar.setRange(0, 0)

    def _choose(self) -> None:
        """One bundle beside itself says nothing."""
        self._go.setEnabled(self._first.currentData() is not None
                            and self._first.currentData() != self._second.currentData())

    def _open(self, row: int) -> None:
        if self._compared is not None and 0 <= row < len(self._compared.differing):
            sha256 = self._compared.differing[row].sha256
            self.accept()
            self.opened.emit(sha256)

    def _ask_file(self, ending: str) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, _("Save figures"), f"two-bundles.{ending}", f"*.{ending}")
        if chosen:
            self.save(chosen)

    def save(self, path: str) -> None:
        """Hand over what is shown: a table for ".csv", everything for any other ending."""
        self.saved.emit(path, self._compared)

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        for widget in (self._first, self._second, self._go, self._stop):
            above.addWidget(widget)
        above.addStretch(1)
        above.addWidget(self._grouping)
        below = QHBoxLayout()
        for ending, words in (("csv", _("Save table as CSV…")), ("json", _("Save all as JSON…"))):
            button = _button(f"two_bundles_{ending}", words)
            button.clicked.connect(lambda _checked, e=ending: self._ask_file(e))
            button.setEnabled(False)
            self._save.append(button)
            below.addWidget(button)
        below.addStretch(1)
        close = _button("two_bundles_close", _("Close"))
        close.clicked.connect(self.reject)
        below.addWidget(close)
        within = QHBoxLayout(self._warning_frame)
        within.setContentsMargins(10, 5, 10, 5)
        within.addWidget(self._warning)
        layout = QVBoxLayout(self)
        layout.addLayout(above)
        layout.addWidget(self._words)
        layout.addWidget(self._warning_frame)
        layout.addWidget(self._bar)
        layout.addWidget(self._tabs, 1)
        layout.addLayout(below)
        take_room(self, 1180, 680)

    def reject(self) -> None:
        self.stopped.emit()
        super().reject()


def _fill(table: QTableWidget, heads: Sequence[str], rows: Iterable[Sequence[str]], *, words: int) -> None:
    """words: so many columns from the left are words, the others numbers."""
    cells = list(rows)
    table.setColumnCount(len(heads))
    table.setRowCount(len(cells))
    table.setHorizontalHeaderLabels(list(heads))
    for row, line in enumerate(cells):
        for column, text in enumerate(line):
            item = QTableWidgetItem(text)
            item.setTextAlignment(Qt.AlignmentFlag.AlignVCenter | (
                Qt.AlignmentFlag.AlignLeft if column < words else Qt.AlignmentFlag.AlignRight))
            table.setItem(row, column, item)
    table.resizeColumnsToContents()


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    return button

"""The agreement page of a study: a table of figures with intervals, the same as a forest plot, and both as files."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.review.statistics.summary import StudyStatistics
from peace_desktop.texts import _
from peace_desktop.ui.agreement.choices import choice_box, fill_groupings
from peace_desktop.ui.agreement.figure_words import figure_name
from peace_desktop.ui.agreement.forest_plot import ForestPlot
from peace_desktop.ui.agreement.table_view import (
    Choice,
    What,
    figures_in,
    forest_of,
    groupings_of,
    table_of,
    whats_of,
)
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.row_table import row_table

_FIRST_NUMBER = 3
"""Columns before it are words, those from it on are numbers."""


class AgreementDialog(QDialog):
    """saved(path): write the statistics there. drawn(path, bytes): write the plot there. stopped: count no more."""

    saved = Signal(str)
    drawn = Signal(str, object)
    stopped = Signal()

    def __init__(self, study: str, names: Mapping[str, str], parent: QWidget | None = None) -> None:
        """names: words of the labels."""
        super().__init__(parent)
        self.setObjectName("agreement_dialog")
        self.setWindowTitle(_("Agreement: {study}").format(study=study))
        self._study, self._names = study, names
        self._found: StudyStatistics | None = None
        self._bar = QProgressBar()
        self._bar.setAccessibleName(_("Counting"))
        self._words = text_label(_("Counting agreement and drawing the intervals…"), name="agreement_words")
        self._what, self._label, self._grouping, self._scale, self._figure = (
            choice_box(words, name, self._show) for words, name in (
                (_("What is compared"), "agreement_what"), (_("Label"), "agreement_label"),
                (_("Groups"), "agreement_grouping"), (_("Answers that count"), "agreement_scale"),
                (_("Figure of the plot"), "agreement_figure")))
        for box in (self._label, self._grouping, self._scale):
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for scale, words in (("binary", _("present, absent")), ("ordinal", _("absent < uncertain < present"))):
            self._scale.addItem(words, scale)
        self._table = row_table("agreement_table", _("Agreement figures with 95 % intervals"))
        self._table.setAlternatingRowColors(True)
        self.plot = ForestPlot()
        self._save: dict[str, QPushButton] = {}
        self._lay_out()
        self._enable(there=False)

    def show_progress(self, done: int, total: int, _text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def show_failed(self, words: str) -> None:
        self._bar.hide()
        self._words.setText(words)

    def show_statistics(self, found: StudyStatistics) -> None:
        """Fill the choices with what this study has, and show all readers together."""
        self._found = found
        self._bar.hide()
        self._words.setText(_("{recordings} recordings of {patients} patients, {readers} readers. Fewer than {floor} "
                              "compared recordings: n too small.").format(
            recordings=found.recordings, patients=found.patients, readers=len(found.readers),
            floor=found.floor.recordings))
        for what in whats_of(found):
            self._what.addItem(_(what.value), what)
        self._label.addItem(_("all labels"), "")
        for label in found.labels:
            self._label.addItem(self._names.get(label, label), label)
        fill_groupings(self._grouping, groupings_of(found))
        self._enable(there=True)
        self._show()
        self._what.setFocus()

    @property
    def choice(self) -> Choice:
        """What is looked at."""
        return Choice(What(self._what.currentData()), self._label.currentData(), self._grouping.currentData(),
                      self._scale.currentData())

    def look_at(self, what: What) -> None:
        """Choose what is compared."""
        self._what.setCurrentIndex(self._what.findData(what))
        self._show()

    # Within

    def _show(self) -> None:
        if self._found is None:
            return
        choice = self.choice
        table = table_of(self._found, choice, self._names)
        self._table.setColumnCount(len(table.heads))
        self._table.setRowCount(len(table.rows))
        self._table.setHorizontalHeaderLabels(list(table.heads))
        for row, cells in enumerate(table.rows):
            for column, words in enumerate(cells):
                item = QTableWidgetItem(words)
                item.setTextAlignment(Qt.AlignmentFlag.AlignVCenter | (
                    Qt.AlignmentFlag.AlignRight if column >= _FIRST_NUMBER else Qt.AlignmentFlag.AlignLeft))
                self._table.setItem(row, column, item)
        self._table.resizeColumnsToContents()
        self._scale.setEnabled(choice.what in (What.READERS, What.PAIR))
        figures = figures_in(self._found, choice)
        wanted = self._figure.currentData()
        self._figure.clear()
        for name in figures:
            self._figure.addItem(figure_name(name), name)
        self._figure.setCurrentIndex(max(0, self._figure.findData(wanted)) if figures else -1)
        self._figure.setEnabled(bool(figures))
        self._save["plot"].setEnabled(bool(figures))
        figure = self._figure.currentData() or ""
        self.plot.show_rows(figure, forest_of(self._found, choice, figure, self._names) if figures else (),
                            title=f"{self._study}, {_(choice.what.value)}")

    def _enable(self, *, there: bool) -> None:
        for widget in (self._what, self._label, self._grouping, self._scale, self._figure, *self._save.values()):
            widget.setEnabled(there)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        for combo in (self._what, self._label, self._grouping, self._scale):
            choices.addWidget(combo)
        choices.addStretch(1)
        plot = QWidget()
        column = QVBoxLayout(plot)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignLeft)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(_("Forest plot"))
        scroll.setWidget(self.plot)
        column.addWidget(scroll, 1)
        tabs = QTabWidget()
        tabs.addTab(self._table, _("Table"))
        tabs.addTab(plot, _("Plot"))
        below = QHBoxLayout()
        for key, words, call in (("csv", _("Save table as CSV…"), lambda: self._ask("csv")),
                                 ("json", _("Save all as JSON…"), lambda: self._ask("json")),
                                 ("plot", _("Save plot…"), self._ask_plot)):
            button = QPushButton(words)
            button.setObjectName(f"agreement_{key}")
            button.setAutoDefault(False)
            button.clicked.connect(call)
            self._save[key] = button
            below.addWidget(button)
        below.addStretch(1)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        below.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(self._words)
        layout.addWidget(self._bar)
        layout.addLayout(choices)
        layout.addWidget(tabs, 1)
        layout.addLayout(below)
        take_room(self, 1180, 680)

    def _ask(self, ending: str) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, _("Save statistics"), f"agreement.{ending}",
                                                      f"*.{ending}")
        if chosen:
            self.saved.emit(chosen)

    def _ask_plot(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, _("Save plot"), "agreement.svg", "*.svg *.png")
        if chosen:
            self.save_plot(chosen)

    def save_plot(self, path: str) -> None:
        """Hand over the plot as PNG for ".png", as SVG for any other ending."""
        self.drawn.emit(path, self.plot.png() if path.lower().endswith(".png") else self.plot.svg())

    def reject(self) -> None:
        self.stopped.emit()
        super().reject()

"""Everything the worklist can be filtered and sorted by, beside each other; every change holds at once."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.worklist import FilterChoices
from peace_desktop.library.worklist_filter import BAND_CODES, NONE, SOME, Order, WorklistFilter
from peace_desktop.report.terms import format_title
from peace_desktop.texts import _
from peace_desktop.ui.findings.person_view import sex_letter
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.worklist.filter_view import band_words, filter_words, finding_words, study_words
from peace_desktop.ui.worklist.listing import Listing
from peace_desktop.ui.worklist.model import HEADINGS, SORTS, Column
from peace_model.ecg.recording import Sex

_BOXES_A_ROW = 3
SEXES: tuple[Sex | None, ...] = ("F", "M", None)
Key = TypeVar("Key")


class FilterDialog(QDialog):
    """keep: asked for a name, keeps what is chosen now. Text and state stay as the worklist's head says."""

    def __init__(self, listing: Listing, choices: FilterChoices, *, keep: Callable[[], None],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listing = listing
        self._studies = dict(choices.studies)
        self.setWindowTitle(_("Filters of the worklist"))
        self.setObjectName("filter_dialog")
        self._bands = {code: _check(band_words(code), f"band_{code}") for code in BAND_CODES}
        self._sexes: dict[Sex | None, QCheckBox] = {sex: _check(sex_letter(sex), f"sex_{sex}") for sex in SEXES}
        self._sources = {name: _check(format_title(name), f"source_{name}") for name in choices.sources}
        self._finding = _combo("filter_finding", [
            (finding_words(code), code) for code in (
                "", SOME, NONE, *sorted(choices.finding_codes, key=lambda code: finding_words(code).casefold()))])
        self._flagged = _combo("filter_flagged", [
            (_("Any"), None), (_("Flagged"), True), (_("Not flagged"), False)])
        self._study = _combo("filter_study", [(_("Any"), ""), *((name, key) for key, name in choices.studies)])
        self._simulated = _combo("filter_simulated", [
            (_("Any"), None), (_("Simulated"), True), (_("Not simulated"), False)])
        self._by = _combo("sort_by", [(_(HEADINGS[column]) if column is not Column.STRIP else _("Order of import"), by)
                                      for column, by in SORTS.items()])
        self._down = _check(_("Descending"), "sort_descending")
        self._words = text_label(muted=True, name="filter_words")
        bands, sexes, self._source_grid = QGridLayout(), QHBoxLayout(), QGridLayout()
        for grid, checks in ((bands, self._bands), (self._source_grid, self._sources)):
            for place, check in enumerate(checks.values()):
                _put(grid, place, check)
        for box in self._sexes.values():
            sexes.addWidget(box)
        sexes.addStretch(1)
        form = QFormLayout()
        for words, choice in ((_("Findings"), self._finding), (_("Flag"), self._flagged), (_("Study"), self._study),
                             (_("Simulated"), self._simulated)):
            choice.setAccessibleName(words)
            form.addRow(words, choice)
        sort = QHBoxLayout()
        self._by.setAccessibleName(_("Sort by"))
        sort.addWidget(self._by, 1)
        sort.addWidget(self._down)
        form.addRow(_("Sort by"), sort)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._clear, self._keep = QPushButton(_("Show all")), QPushButton(_("Keep under a name…"))
        for button in (self._clear, self._keep):
            button.setAutoDefault(False)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self._clear.clicked.connect(lambda: listing.choose(WorklistFilter()))
        self._keep.clicked.connect(keep)
        boxes, others = QVBoxLayout(), QVBoxLayout()
        for words, part in ((_("Age"), bands), (_("Sex"), sexes), (_("Source"), self._source_grid)):
            boxes.addWidget(_group(words, part))
        boxes.addStretch(1)
        others.addLayout(form)
        others.addWidget(self._words)
        others.addStretch(1)
        beside = QHBoxLayout()
        beside.addLayout(boxes)
        beside.addSpacing(12)
        beside.addLayout(others, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(beside)
        layout.addWidget(buttons)
        self._fields: list[QCheckBox | QComboBox] = [
            *self._bands.values(), *self._sexes.values(), *self._sources.values(), self._finding,
            self._flagged, self._study, self._simulated, self._by, self._down]
        for field in self._fields:
            self._hear(field)
        self._show(listing.chosen)
        listing.listed.connect(self._listed)

    def _hear(self, field: QCheckBox | QComboBox) -> None:
        (field.toggled if isinstance(field, QCheckBox) else field.currentIndexChanged).connect(self._take)

    def _take(self) -> None:
        self._listing.sort(Order(self._by.currentData(), self._down.isChecked()))
        self._listing.choose(replace(
            self._listing.chosen, bands=_checked(self._bands), sexes=_checked(self._sexes),
            sources=_checked(self._sources), finding=self._finding.currentData(),
            flagged=self._flagged.currentData(), study_id=self._study.currentData(),
            simulated=self._simulated.currentData()))
        self._say()

    def _listed(self) -> None:
        self._show(self._listing.chosen)

    def _offer(self, chosen: WorklistFilter) -> None:
        """What is chosen is listed, also where nothing has it any more: a kept filter outlives what it asks for."""
        for name in sorted(chosen.sources - self._sources.keys()):
            box = _check(format_title(name), f"source_{name}")
            _put(self._source_grid, len(self._sources), box)
            self._sources[name] = box
            self._fields.append(box)
            self._hear(box)
        for field, value, words in ((self._finding, chosen.finding, finding_words),
                                    (self._study, chosen.study_id, partial(study_words, studies=self._studies))):
            if _place(field, value) < 0:
                field.addItem(words(value), value)

    def _show(self, chosen: WorklistFilter) -> None:
        self._offer(chosen)
        blockers = [QSignalBlocker(field) for field in self._fields]
        for boxes, wanted in ((self._bands, chosen.bands), (self._sexes, chosen.sexes),
                              (self._sources, chosen.sources)):
            for key, box in boxes.items():
                box.setChecked(key in wanted)
        for field, value in ((self._finding, chosen.finding), (self._flagged, chosen.flagged),
                             (self._study, chosen.study_id), (self._simulated, chosen.simulated),
                             (self._by, self._listing.order.by)):
            field.setCurrentIndex(_place(field, value))
        self._down.setChecked(self._listing.order.descending)
        for blocker in blockers:
            blocker.unblock()
        self._say()

    def _say(self) -> None:
        words = filter_words(self._listing.chosen, self._studies)
        self._words.setText(_("Only: {filter}").format(filter=words) if words else _("All recordings are shown."))
        self._keep.setEnabled(bool(words))
        self._clear.setEnabled(bool(words))


def _checked(boxes: dict[Key, QCheckBox]) -> frozenset[Key]:
    return frozenset(key for key, box in boxes.items() if box.isChecked())


def _check(words: str, name: str) -> QCheckBox:
    box = QCheckBox(words)
    box.setObjectName(name)
    return box


def _combo(name: str, choices: list[tuple[str, object]]) -> QComboBox:
    field = QComboBox()
    field.setObjectName(name)
    for words, value in choices:
        field.addItem(words, value)
    return field


def _place(field: QComboBox, value: object) -> int:
    """-1 for a value that is not listed."""
    return next((place for place in range(field.count()) if field.itemData(place) == value), -1)


def _put(grid: QGridLayout, place: int, box: QCheckBox) -> None:
    grid.addWidget(box, *divmod(place, _BOXES_A_ROW), Qt.AlignmentFlag.AlignLeft)


def _group(words: str, part: QLayout) -> QGroupBox:
    group = QGroupBox(words)
    group.setLayout(part)
    return group

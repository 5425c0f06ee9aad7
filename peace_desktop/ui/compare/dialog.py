"""Recordings of one patient compared: stacked at one scale, beats side by side, and the measurements with changes."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.comparison import ComparedRecording, Order
from peace_desktop.library.records import RecordingRow
from peace_desktop.settings import Settings
from peace_desktop.texts import _, aside
from peace_desktop.ui.compare.beat_grid import BeatGrid, beat_pairs
from peace_desktop.ui.compare.differences import ORDER_WORDS, apart_words, differences, recording_words
from peace_desktop.ui.compare.stacked import StackedPages
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.trace.scale import ScreenScale

_TABLE_PX, _CHOICE_PX = 400, 240
_EDGE_PX, _TITLE_PX = 60, 40
_BEAT_SPEEDS_MM_PER_S = (50.0, 25.0, 100.0)
"""The first at first."""


class CompareDialog(QDialog):
    """asked(sha256): the reader wants to compare with this recording; `show_pair` answers."""

    asked = Signal(str)

    def __init__(self, row: RecordingRow, others: Sequence[RecordingRow], order: Order, *, settings: Settings,
                 screen: ScreenScale, room: QSize, parent: QWidget | None = None) -> None:
        """others: the other recordings of this patient, oldest first; empty says what would make them appear."""
        super().__init__(parent)
        self.setObjectName("compare_dialog")
        self.setWindowTitle(_("Compare: {title}").format(title=row.title))
        self._row = row
        self._settings = settings
        self._screen = screen
        self._room = room
        self._others = {other.sha256: other for other in others}
        self._choice = QComboBox()
        self._choice.setAccessibleName(_("Other recording"))
        self._choice.setMinimumWidth(_CHOICE_PX)
        for other in others:
            apart = apart_words(row, other)
            self._choice.addItem(recording_words(other) + aside(apart), other.sha256)
        self._choice.activated.connect(lambda _place: self.asked.emit(self._choice.currentData()))
        self._stacked = StackedPages(settings)
        self._beats = QScrollArea()
        self._beats.setAccessibleName(_("Median beats of both recordings, lead by lead"))
        self._beat_speed = QComboBox()
        self._beat_speed.setAccessibleName(_("Speed of the median beats"))
        for speed in _BEAT_SPEEDS_MM_PER_S:
            self._beat_speed.addItem(_("{speed} mm/s").format(speed=f"{speed:g}"), speed)
        self._beat_speed.activated.connect(lambda _place: self._show_beats())
        self._pair: tuple[ComparedRecording, ComparedRecording] | None = None
        self._table = QScrollArea()
        self._table.setWidgetResizable(True)
        self._table.setFixedWidth(_TABLE_PX)
        self._table.setAccessibleName(_("Measurements of both recordings"))
        self.tabs = QTabWidget()
        self.tabs.currentChanged.connect(lambda place: self._stacked.whole.setEnabled(place == 0))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        if others:
            self._lay_out(layout, order)
            self.resize(room.width() - _EDGE_PX // 3, room.height() - _TITLE_PX)
        else:
            layout.addWidget(text_label(_empty_words(row), name="nothing_to_compare"))
            self.setMinimumWidth(520)
        layout.addWidget(buttons)

    @property
    def is_empty(self) -> bool:
        return not self._others

    @property
    def chosen(self) -> str:
        """The recording the reader wants to compare with."""
        return str(self._choice.currentData())

    def choose(self, sha256: str) -> None:
        """Ask for a recording as if the reader had."""
        self._choice.setCurrentIndex(self._choice.findData(sha256))
        self.asked.emit(sha256)

    def show_waiting(self) -> None:
        """The other recording is on its way; nothing of the one before stays."""
        self._pair = None
        self._stacked.show_waiting(self._choice.currentText())
        self._table.setWidget(text_label(_("Measuring…"), muted=True))
        self._beats.setWidget(text_label(_("Measuring…"), muted=True))

    def show_failed(self, words: str) -> None:
        """The other recording could not be had, and why."""
        self._pair = None
        self._stacked.there.show_failed(words)
        for place in (self._table, self._beats):
            place.setWidget(text_label(words))

    def show_pair(self, here: ComparedRecording, there: ComparedRecording) -> None:
        self._stacked.show_pair(here, there)
        self._table.setWidget(_difference_table(here, there))
        self._pair = here, there
        self._show_beats()

    # Within

    def _show_beats(self) -> None:
        pairs = beat_pairs(*self._pair) if self._pair is not None else ()
        self._beats.setWidget(BeatGrid(
            pairs, screen=self._screen, speed_mm_per_s=self._beat_speed.currentData(),
            gain_mm_per_mv=self._settings.gain_mm_per_mv, width_px=self._room.width() - _TABLE_PX - _EDGE_PX)
            if pairs else text_label(_("Neither recording has a median beat.")))

    def _lay_out(self, layout: QVBoxLayout, order: Order) -> None:
        head = QHBoxLayout()
        head.addWidget(text_label(_("Compare with"), wrap=False))
        head.addWidget(self._choice)
        head.addWidget(text_label(_(ORDER_WORDS[order]), muted=True), 1)
        head.addWidget(self._stacked.whole)
        self.tabs.addTab(self._stacked, _("Stacked"))
        beats = QWidget()
        column = QVBoxLayout(beats)
        column.setContentsMargins(0, 0, 0, 0)
        about = QHBoxLayout()
        about.addWidget(self._beat_speed)
        about.addWidget(text_label(_("{gain} mm/mV, this recording left, the other right. Dots: automatic boundaries.")
                                   .format(gain=f"{self._settings.gain_mm_per_mv:g}"), muted=True), 1)
        column.addLayout(about)
        column.addWidget(self._beats, 1)
        self.tabs.addTab(beats, _("Side by side"))
        # The tabs know this key only while the keyboard is inside them.
        QShortcut(QKeySequence(QKeySequence.StandardKey.NextChild), self).activated.connect(
            lambda: self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % self.tabs.count()))
        row = QHBoxLayout()
        row.addWidget(self.tabs, 1)
        row.addWidget(self._table)
        layout.addLayout(head)
        layout.addLayout(row, 1)


def _difference_table(here: ComparedRecording, there: ComparedRecording) -> QWidget:
    table = QWidget()
    column = QVBoxLayout(table)
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    right = Qt.AlignmentFlag.AlignRight
    for place, words in enumerate((_("Measurement"), _("this"), _("other"), _("change"))):
        grid.addWidget(text_label(words, muted=True, wrap=False), 0, place,
                       right if place else Qt.AlignmentFlag.AlignLeft)
    for line, row in enumerate(differences(here, there), start=1):
        name = text_label(row.name)
        name.setAccessibleName(row.accessible)
        grid.addWidget(name, line, 0)
        for place, text in enumerate((row.here, row.there, row.change), start=1):
            value = text_label(text, wrap=False)
            value.setToolTip(row.tip)
            grid.addWidget(value, line, place, right)
    column.addLayout(grid)
    column.addWidget(text_label(_(
        "Limits change with age: a value is flagged (\N{BLACK UP-POINTING TRIANGLE} above, "
        "\N{BLACK DOWN-POINTING TRIANGLE} below) against those of its own recording. \N{DAGGER} edited by a reader."),
        muted=True))
    column.addStretch(1)
    return table


def _empty_words(row: RecordingRow) -> str:
    if not row.patient_key:
        return _("The file of this recording names no patient, so nothing can be said to be an earlier recording of "
                 "the same child.")
    return _("The library holds no other recording of this patient. Recordings belong together when their files give "
             "the same patient key; open an earlier file of this child to compare with it.")

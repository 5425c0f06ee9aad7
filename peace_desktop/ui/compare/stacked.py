"""Two recordings one above the other at one scale, at the same place of their pages."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QScrollBar, QSplitter, QVBoxLayout, QWidget

from peace_desktop.jobs.comparison import ComparedRecording
from peace_desktop.settings import Settings
from peace_desktop.texts import _, aside
from peace_desktop.ui.compare.differences import apart_words, recording_words
from peace_desktop.ui.display import layout_kind
from peace_desktop.ui.shortened import Shortened
from peace_desktop.ui.theme import sized
from peace_desktop.ui.trace.scaled_paper import ZOOMS
from peace_desktop.ui.trace.trace_view import TraceView


class StackedPages(QSplitter):
    """here above, there below; what moves or zooms one does so to the other.

    whole: the switch that makes both pages as small as the window asks; it stands wherever the owner puts it.
    """

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setChildrenCollapsible(False)
        self.here, self.there = TraceView(), TraceView()
        self._here_words, self._there_words = Shortened(), Shortened()
        self.whole = QCheckBox(_("Whole pages"))
        self.whole.setObjectName("whole_pages")
        self.whole.setToolTip(_("Shows more of both pages at once; they are then not to scale, and say so."))
        self.whole.toggled.connect(lambda checked: self._fit() if checked else self._zoom(1.0))
        for words, view in ((self._here_words, self.here), (self._there_words, self.there)):
            sized(words, 12, bold=True)
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(words)
            column.addWidget(view, 1)
            self.addWidget(part)
            view.set_layout(layout_kind(settings))
            view.set_speed(settings.speed_mm_per_s)
            view.set_gain(settings.gain_mm_per_mv, precordial_half=settings.half_standard)
            view.set_screen_mm(settings.pixels_per_mm_x, settings.pixels_per_mm_y)
            view.legend.hide()
            view.zoomChanged.connect(self._zoomed)
            view.paper.resized.connect(self._fit)
        for kind in ("horizontalScrollBar", "verticalScrollBar"):
            _together(getattr(self.here.paper, kind)(), getattr(self.there.paper, kind)())

    def show_waiting(self, words: str) -> None:
        """The other recording is on its way; nothing of the one before stays."""
        self.there.show_loading(words)
        self._there_words.show_words("")

    def show_pair(self, here: ComparedRecording, there: ComparedRecording) -> None:
        self._here_words.show_words(_("This: {recording}").format(recording=recording_words(here.row)))
        apart = apart_words(here.row, there.row)
        self._there_words.show_words(_("Other: {recording}").format(recording=recording_words(there.row))
                                     + aside(apart))
        for view, side in ((self.here, here), (self.there, there)):
            if view.recording is not side.recording:
                view.show_recording(side.recording)
        self._fit()

    def _fitting(self) -> float:
        """The zoom at which the whole of both pages is seen, from the smallest there is to true to scale."""
        factors = [1.0]
        for view in (self.here, self.there):
            sheet, scale = view.sheet(), view.screen_scale()
            if sheet is not None:
                factors += [view.paper.width() / (sheet.width_mm * scale.x),
                            view.paper.height() / (sheet.height_mm * scale.y)]
        return max(min(factors), ZOOMS[0])

    def _fit(self) -> None:
        if self.whole.isChecked():
            self._zoom(self._fitting())

    def _zoom(self, factor: float) -> None:
        for view in (self.here, self.there):
            view.set_zoom(factor)

    def _zoomed(self, factor: float) -> None:
        """Both pages stay at one scale, whoever changed it; a zoom by hand ends the fitting one."""
        self._zoom(factor)
        if factor > self._fitting():
            with QSignalBlocker(self.whole):
                self.whole.setChecked(False)


def _together(one: QScrollBar, other: QScrollBar) -> None:
    """Two papers look at the same place."""
    one.valueChanged.connect(other.setValue)
    other.valueChanged.connect(one.setValue)

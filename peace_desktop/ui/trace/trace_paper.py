"""A recording on millimetre paper: which page of it, how it is drawn, how large on this screen, and calipers on it.

Fed by functions, it opens no file, database or model. A filter is not computed here either: `filterRequested` asks for
it, `set_filtered` takes the answer, and until then the traces stay unfiltered and the paper says so.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QScreen, QShowEvent, QTransform
from PySide6.QtWidgets import QApplication, QWidget

from peace_desktop.report.paper import Gain, LayoutKind, page_layout
from peace_desktop.ui.trace.caliper import CaliperReading, read_caliper
from peace_desktop.ui.trace.caliper_tool import CaliperTool
from peace_desktop.ui.trace.captions import Filter
from peace_desktop.ui.trace.page_items import PageItems
from peace_desktop.ui.trace.paper_view import PaperView
from peace_desktop.ui.trace.scale import ScreenScale, scale_of_screen
from peace_desktop.ui.trace.sheet import Sheet, paper_seconds, row_beside_room_mm, shared_room_mm, sheet_of
from peace_desktop.ui.trace.shown_samples import ShownSamples
from peace_model.ecg.recording import Recording


class TracePaper(QWidget):
    """The page of one recording; what stands around the paper is the business of `TraceView`.

    filterRequested(recording, setting, span): filter these samples off the window's thread, then call `set_filtered`;
    of a long recording they are those around the page. startChanged(float): first second of the page.
    samples: as they are drawn; None without a recording.
    """

    filterRequested = Signal(object, object, object)
    startChanged = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples: ShownSamples | None = None
        self._recording: Recording | None = None
        self._filter: Filter | None = None
        self._kind = LayoutKind.THREE_BY_FOUR_RHYTHM
        self._gain = Gain()
        self._chosen = ""
        self._speed_mm_per_s = 25.0
        self._start_s = 0.0
        self._sheet: Sheet | None = None
        self._watched: object = None
        self.paper = PaperView(scale_of_screen(QApplication.primaryScreen()))
        self.items = PageItems(self.paper)
        self.tool = CaliperTool(self)
        self.paper.resized.connect(self._resized)
        self.paper.beyond.connect(self._move_on)
        self.tool.changed.connect(self._draw_calipers)

    # What is shown

    def _lay(self, recording: Recording | None) -> bool:
        """Lays a recording on the paper from its start; whether its signals are others than those shown before.

        The same signals with another age or sex keep page and calipers.
        """
        other = (recording is None or self._recording is None
                 or recording.signal_mv is not self._recording.signal_mv)
        self._recording = recording
        if other:
            self._start_s = 0.0
            self._take_samples()
            self.tool.clear()
        return other

    @property
    def recording(self) -> Recording | None:
        return self._recording

    def sheet(self) -> Sheet | None:
        """The page with its millimetres; None without a recording."""
        return self._sheet

    # How it is drawn

    def set_speed(self, mm_per_s: float) -> None:
        """Paper speed; raises ValueError unless it is above 0."""
        if not mm_per_s > 0:
            raise ValueError(f"speed is {mm_per_s} mm/s; expected above 0")
        self._speed_mm_per_s = mm_per_s
        self._rebuild()

    def set_gain(self, mm_per_mv: float, precordial_half: bool = False) -> None:
        """Gain, and whether precordial leads have half of it; raises ValueError unless it is above 0."""
        if not mm_per_mv > 0:
            raise ValueError(f"gain is {mm_per_mv} mm/mV; expected above 0")
        self._gain = Gain(mm_per_mv, precordial_half, self._gain.own)
        self._rebuild()

    # QWidget.setLayout is Qt's own; this name is free and means the page.
    def set_layout(self, kind: LayoutKind) -> None:
        if kind is not self._kind:
            self._kind = kind
            self._rebuild()
            self._look_at_top()

    def set_filter(self, setting: Filter | None) -> None:
        """Ask for a display filter (`filterRequested`), or show the unfiltered traces again."""
        if setting == self._filter:
            return
        self._filter = setting
        self._take_samples()
        self._rebuild()

    def set_filtered(self, recording: Recording, setting: Filter, signal_mv: NDArray[np.float32],
                     span: slice | None = None) -> None:
        """The filtered samples of a span, mV (n_leads, n); None for all. What was not asked for last comes too late.

        Raises ValueError for another shape than the span's.
        """
        shown = self.samples
        if shown is None or recording.signal_mv is not shown.recording.signal_mv or setting != shown.setting:
            return
        if shown.take(signal_mv, span):
            self._rebuild()

    def set_calipers(self, on: bool) -> None:
        """Let the left button and the keys measure instead of moving the paper; off removes the calipers."""
        self.paper.set_pointer(self.tool if on else None)
        if not on:
            self.tool.clear()

    def caliper_reading(self) -> CaliperReading | None:
        """What the calipers measure; None without calipers."""
        if self.samples is None or self.tool.caliper is None:
            return None
        caliper = self.tool.caliper
        return read_caliper(caliper, self.samples.of(caliper.lead), self.samples.recording.fs_hz)

    def paint_page(self, painter: QPainter, to_pixels: QTransform) -> None:
        """Paint the whole page as it is drawn, map and calipers included; to_pixels maps its millimetres."""
        if self._sheet is not None:
            self.items.paint(painter, to_pixels)

    # Where it stands

    def set_start(self, start_s: float) -> None:
        """First second of the page, kept inside the recording."""
        if self._recording is None or self._sheet is None:
            return
        latest_s = max(self._recording.duration_s - self._sheet.page.seconds, 0.0)
        start_s = min(max(start_s, 0.0), latest_s)
        if start_s != self._start_s:
            self._start_s = start_s
            self._rebuild()
            self.startChanged.emit(start_s)

    @property
    def start_s(self) -> float:
        return self._start_s

    @property
    def page_s(self) -> float:
        """Seconds of the page, 0 without a recording."""
        return self._sheet.page.seconds if self._sheet is not None else 0.0

    @property
    def has_pages(self) -> bool:
        """Whether the recording goes on beyond the page."""
        return self._recording is not None and self._recording.duration_s > self.page_s + 0.5 / self._recording.fs_hz

    # How large it is

    def set_zoom(self, factor: float) -> None:
        """Enlarge the paper; anything but 1 is written on it as not to scale."""
        self.paper.set_zoom(factor)

    def set_screen_mm(self, px_per_mm_x: float, px_per_mm_y: float) -> None:
        """The calibration with a ruler, in logical pixels a millimetre; zeros return to what the screen claims."""
        if px_per_mm_x > 0 and px_per_mm_y > 0:
            self.paper.set_screen(ScreenScale(px_per_mm_x, px_per_mm_y, measured=True))
        else:
            self.paper.set_screen(scale_of_screen(self.screen()))
        self._rebuild()

    def screen_scale(self) -> ScreenScale:
        """What 100 % is on this screen, and whether a reader measured it."""
        return self.paper.screen_scale

    def pixels_per_mm(self) -> tuple[float, float]:
        """Logical pixels per millimetre as drawn, across and down, the zoom included."""
        return self.paper.pixels_per_mm()

    def device_pixels_per_mm(self) -> tuple[float, float]:
        """The same in pixels of the screen."""
        across, down = self.pixels_per_mm()
        ratio = self.paper.viewport().devicePixelRatioF()
        return across * ratio, down * ratio

    def place_px(self, x_mm: float, y_mm: float) -> QPointF:
        """Where a millimetre of the sheet stands in the paper's viewport, in logical pixels."""
        place: QPointF = self.paper.viewportTransform().map(QPointF(x_mm, y_mm))
        return place

    # Within

    @property
    def _filter_applied(self) -> bool:
        return self.samples is not None and self.samples.filtered

    def _take_samples(self) -> None:
        self.samples = ShownSamples(self._recording, self._filter) if self._recording is not None else None

    def _rebuild(self) -> None:
        recording, samples = self._recording, self.samples
        if recording is None or samples is None:
            self._sheet = None
            self.items.clear(self.font())
            self.tool.set_sheet(None, None, 1.0)
        else:
            seconds = paper_seconds(recording.duration_s, self._speed_mm_per_s)
            page = page_layout(LayoutKind.STRIP if samples.is_long else self._kind, leads=recording.leads,
                               duration_s=recording.duration_s, start_s=self._start_s, seconds=seconds)
            self._start_s = page.start_s
            samples.turn_to(page.start_s, seconds)
            self._sheet = sheet_of(page, self._gain, self._speed_mm_per_s, reach_mv=samples.reach_mv,
                                   visible_mm=self.paper.visible_mm()[1])
            self.paper.set_paper_size(self._sheet.width_mm, self._sheet.height_mm)
            self.items.show(self._sheet, samples.of, recording.fs_hz, self.font(), chosen=self._chosen)
            self.tool.set_sheet(self._sheet, samples.of, recording.fs_hz)
            if (span := samples.to_filter()) is not None:
                self.filterRequested.emit(recording, self._filter, span)
        self._draw_calipers()

    def _draw_calipers(self) -> None:
        self.items.draw_calipers(self.tool, self.caliper_reading(), self.font(), filtered=self._filter_applied)

    def _resized(self) -> None:
        if self._sheet is None:
            return
        sheet, visible_mm = self._sheet, self.paper.visible_mm()[1]
        if row_beside_room_mm(sheet.page.rows, visible_mm, sheet.sky_mm, sheet.ground_mm) != sheet.row_mm:
            self._rebuild()

    def _look_at_top(self) -> None:
        if self._sheet is not None:
            self.paper.look_at_top(self._sheet.sky_mm - shared_room_mm(self._sheet.sky_mm))

    def _move_on(self, across_mm: float) -> None:
        self.set_start(self._start_s + across_mm / self._speed_mm_per_s)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        window = self.window().windowHandle()
        if window is not None and window is not self._watched:
            self._watched = window
            window.screenChanged.connect(self._screen_changed, Qt.ConnectionType.UniqueConnection)

    def _screen_changed(self, screen: QScreen) -> None:
        if not self.paper.screen_scale.measured:
            self.paper.set_screen(scale_of_screen(screen))
        self._rebuild()

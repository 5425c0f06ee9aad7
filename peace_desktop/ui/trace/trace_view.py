"""The ECG on millimetre paper: the page, what is written under it, its map, its calipers and the overview.

Fed by functions, it opens no file, database or model. A filter is not computed here either: `filterRequested` asks for
it, `set_filtered` takes the answer, and until then the traces stay unfiltered and the paper says so.
"""

from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QScreen, QShowEvent, QTransform
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from peace_desktop.report.paper import Gain, LayoutKind, PageLayout, load_ink, page_layout
from peace_desktop.texts import _
from peace_desktop.ui.trace import captions
from peace_desktop.ui.trace.caliper import CaliperReading, read_caliper
from peace_desktop.ui.trace.caliper_item import CaliperItem
from peace_desktop.ui.trace.caliper_picture import CaliperPicture, caliper_picture
from peace_desktop.ui.trace.caliper_tool import CaliperTool
from peace_desktop.ui.trace.legend import Legend, LegendStrip
from peace_desktop.ui.trace.map_bands import MOST_OPACITY, map_bands
from peace_desktop.ui.trace.marks_item import MarksItem
from peace_desktop.ui.trace.overview import OverviewStrip, rhythm_lead
from peace_desktop.ui.trace.paper_frame import PaperFrame
from peace_desktop.ui.trace.paper_view import PaperView
from peace_desktop.ui.trace.pyramid import Pyramid
from peace_desktop.ui.trace.samples import LeadSamples, Stretch
from peace_desktop.ui.trace.scale import ScreenScale, scale_of_screen
from peace_desktop.ui.trace.sheet import Sheet, paper_seconds, room_mm, row_height_mm, shared_room_mm
from peace_desktop.ui.trace.strip_item import StripItem, reach_mv
from peace_desktop.ui.trace.strips import CaptionStrip
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.section import SECTION_S, SECTIONED_FROM_S
from peace_model.inference.prediction import Explanation, Verdict

_AROUND_PAGE_S = 300.0
_FILTERED_AROUND_S = 60.0


class TraceView(QWidget):
    """Shows one recording true to scale.

    caliperChanged(dict): lead, start_s, end_s, interval_ms, rate_bpm | None, delta_mv | None, filtered; {} on removal.
    filterRequested(recording, setting, span): filter these samples off the window's thread, then call `set_filtered`;
    of a long recording they are those around the page.
    overviewRequested(recording, lead): make the pyramid of a long recording's lead, then call `set_overview`.
    startChanged(float): first second of the page. zoomChanged(float). mapOffRequested(): the legend's off switch; the
    map goes at once, the listener lets its own switch follow.
    """

    caliperChanged = Signal(dict)
    filterRequested = Signal(object, object, object)
    overviewRequested = Signal(object, str)
    startChanged = Signal(float)
    zoomChanged = Signal(float)
    mapOffRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording: Recording | None = None
        self._filter: captions.Filter | None = None
        self._filtered_mv: NDArray[np.float32] | None = None
        self._filtered_span = slice(0, 0)
        self._asked_span = slice(0, 0)
        self._reaches: dict[tuple[str, int], float] = {}
        self._kind = LayoutKind.THREE_BY_FOUR_RHYTHM
        self._gain = Gain()
        self._speed_mm_per_s = 25.0
        self._start_s = 0.0
        self._maps: tuple[Explanation, ...] = ()
        self._opacity = 0.0
        self._legend: Legend | None = None
        self._sheet: Sheet | None = None
        self._strips: list[StripItem] = []
        self._watched: object = None
        self.paper = PaperView(scale_of_screen(QApplication.primaryScreen()))
        self.frame = PaperFrame(self.paper)
        self.caption = CaptionStrip()
        self.legend = LegendStrip()
        self.overview = OverviewStrip()
        self.around = OverviewStrip(span_s=_AROUND_PAGE_S)
        self.tool = CaliperTool(self)
        self._marks = MarksItem()
        self._calipers = CaliperItem()
        self._marks.setZValue(-1)
        self._calipers.setZValue(1)
        self.paper.addItem(self._marks)
        self.paper.addItem(self._calipers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.frame, 1)
        for strip in (self.caption, self.legend, self.around, self.overview):
            column.addWidget(strip)
        self.setFocusProxy(self.paper)
        self.setAccessibleName(_("ECG trace"))
        self.paper.setAccessibleName(_("ECG trace"))
        self.paper.resized.connect(self._resized)
        self.paper.scrolled.connect(self._marks.set_left)
        self.paper.beyond.connect(self._move_on)
        self.paper.zoomed.connect(self._zoomed)
        self.overview.moved.connect(self.set_start)
        self.around.moved.connect(self.set_start)
        self.legend.off.connect(self._switch_map_off)
        self.tool.changed.connect(self._caliper_changed)
        self.show_recording(None)

    # What is shown

    def show_recording(self, recording: Recording | None) -> None:
        """Show a recording from its start, or teach what to do when there is none.

        The same signals with another age or sex keep page, map and calipers.
        """
        same = (recording is not None and self._recording is not None
                and recording.signal_mv is self._recording.signal_mv)
        self._recording = recording
        if not same:
            self._start_s = 0.0
            self._forget_filtered()
            self._maps = ()
            self._legend = None
            self.tool.clear()
        if recording is None:
            self.frame.say(_("No recording is open"),
                           _("Drop a recording or a folder on the window, or choose Open. "
                             "The demo library shows what a page looks like."))
        else:
            self.frame.show_paper()
            if not same:
                lead = rhythm_lead(recording.leads)
                for line in (self.overview, self.around):
                    line.set_lead(lead, recording.lead(lead), recording.fs_hz)
        self._rebuild()
        if not same and self._sheet is not None:
            self.paper.look_at_top(self._sheet.sky_mm - shared_room_mm(self._sheet.sky_mm))
        if recording is not None and not same and not self.overview.drawn:
            self.overviewRequested.emit(recording, lead)

    def show_loading(self, name: str) -> None:
        """Say that a recording is being read; the traces of the one before are gone."""
        self.show_recording(None)
        self.frame.say(_("Reading {name} …").format(name=name), "")

    def show_failed(self, text: str) -> None:
        """Say why there is no trace: the error's own sentence with its remedy."""
        self.show_recording(None)
        self.frame.say(_("This recording cannot be shown"), text)

    @property
    def recording(self) -> Recording | None:
        return self._recording

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
        self._gain = Gain(mm_per_mv, precordial_half)
        self._rebuild()

    # QWidget.setLayout is Qt's own; this name is free and means the page.
    def set_layout(self, kind: LayoutKind) -> None:
        self._kind = kind
        self._rebuild()

    def set_filter(self, setting: captions.Filter | None) -> None:
        """Ask for a display filter (`filterRequested`), or show the unfiltered traces again."""
        if setting == self._filter:
            return
        self._filter = setting
        self._forget_filtered()
        self._rebuild()

    def set_filtered(self, recording: Recording, setting: captions.Filter, signal_mv: NDArray[np.float32],
                     span: slice | None = None) -> None:
        """The filtered samples of a span, mV (n_leads, n); None for all. What was not asked for last comes too late.

        Raises ValueError for another shape than the span's.
        """
        shown = self._recording
        if shown is None or recording.signal_mv is not shown.signal_mv or setting != self._filter:
            return
        if span is not None and span != self._asked_span:
            return
        expected = (len(shown.leads), self._asked_span.stop - self._asked_span.start)
        if signal_mv.shape != expected:
            raise ValueError(f"filtered signal is {signal_mv.shape}, asked for was {expected}")
        self._filtered_mv, self._filtered_span = signal_mv, self._asked_span
        self._reaches.clear()
        self._rebuild()

    def set_overview(self, recording: Recording, pyramid: Pyramid) -> None:
        """The pyramid of a long recording's lead; one for another recording is late and ignored."""
        if self._recording is not None and recording.signal_mv is self._recording.signal_mv:
            for line in (self.overview, self.around):
                line.set_pyramid(pyramid)

    def set_maps(self, maps: tuple[Explanation, ...], opacity: float = 0.45, *, legend: Legend | None = None) -> None:
        """Lay a map behind the traces, one over all leads or one a lead; empty takes it away.

        legend: its words, also those of a map that is still to come; a map's own codes without one.
        """
        self._maps = maps
        self._opacity = min(max(opacity, 0.0), MOST_OPACITY)
        self._legend = legend
        if legend is None and maps:
            self._legend = Legend(maps[0].label, maps[0].method, verdict=maps[0].support.verdict)
        self._lay_map()
        self._write()

    def set_calipers(self, on: bool) -> None:
        """Let the left button and the keys measure instead of moving the paper; off removes the calipers."""
        self.paper.set_pointer(self.tool if on else None)
        if not on:
            self.tool.clear()

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

    def sheet(self) -> Sheet | None:
        """The page with its millimetres; None without a recording."""
        return self._sheet

    @property
    def writing(self) -> tuple[captions.Writing, ...]:
        """How the page is drawn, as it is written under it at 100 %; () without a recording."""
        if self._recording is None:
            return ()
        speed = captions.Writing(_("{speed} mm/s").format(speed=captions.number(self._speed_mm_per_s)))
        return (speed, captions.Writing(captions.gain_text(self._gain)), *self._warnings(self._recording))

    @property
    def legend_words(self) -> str:
        """What the map behind the traces means, "" without a map."""
        return self.legend.text if self._legend is not None else ""

    def paint_page(self, painter: QPainter, to_pixels: QTransform) -> None:
        """Paint the whole page as it is drawn, map and calipers included; to_pixels maps its millimetres."""
        if self._sheet is None:
            return
        sheet_mm, seen_from_mm = self._sheet_rect(), self._marks.left_mm
        painter.setWorldTransform(to_pixels)
        self.paper.paint_background(painter, sheet_mm)
        painter.resetTransform()
        self._marks.set_left(0.0)
        self.paper.scene().render(painter, to_pixels.mapRect(sheet_mm), sheet_mm)
        self._marks.set_left(seen_from_mm)

    def place_px(self, x_mm: float, y_mm: float) -> QPointF:
        """Where a millimetre of the sheet stands in the paper's viewport, in logical pixels."""
        place: QPointF = self.paper.viewportTransform().map(QPointF(x_mm, y_mm))
        return place

    def caliper_reading(self) -> CaliperReading | None:
        """What the calipers measure; None without calipers."""
        if self._recording is None or self.tool.caliper is None:
            return None
        caliper = self.tool.caliper
        return read_caliper(caliper, self._samples(caliper.lead), self._recording.fs_hz)

    # Within

    @property
    def _long(self) -> bool:
        return self._recording is not None and self._recording.duration_s > SECTIONED_FROM_S

    @property
    def _filter_applied(self) -> bool:
        return self._filtered_mv is not None and _covers(self._filtered_span, self._page_span())

    def _forget_filtered(self) -> None:
        self._filtered_mv = None
        self._filtered_span = self._asked_span = slice(0, 0)
        self._reaches.clear()

    def _page_span(self) -> slice:
        """The samples on the page."""
        assert self._recording is not None
        fs_hz, count = self._recording.fs_hz, self._recording.n_samples
        seconds = paper_seconds(self._recording.duration_s, self._speed_mm_per_s)
        return slice(max(int(self._start_s * fs_hz), 0), min(int((self._start_s + seconds) * fs_hz) + 2, count))

    def _ask_for_filter(self) -> None:
        """Of a long recording what is around the page, so that the next pages are filtered when they come."""
        recording, page = self._recording, self._page_span()
        if self._filter is None or recording is None or _covers(self._asked_span, page):
            return
        around = round(_FILTERED_AROUND_S * recording.fs_hz) if self._long else recording.n_samples
        self._asked_span = slice(max(page.start - around, 0), min(page.stop + around, recording.n_samples))
        self.filterRequested.emit(recording, self._filter, self._asked_span)

    def _samples(self, lead: str) -> LeadSamples:
        assert self._recording is not None
        row, count = self._recording.leads.index(lead), self._recording.n_samples
        if self._filtered_mv is None or not self._filter_applied:
            samples: NDArray[np.float32] = self._recording.signal_mv[row]
            return samples
        values: NDArray[np.float32] = self._filtered_mv[row]
        return values if len(values) == count else Stretch(values, self._filtered_span.start, count)

    def _page(self, recording: Recording) -> PageLayout:
        return page_layout(
            LayoutKind.STRIP if self._long else self._kind,
            leads=recording.leads,
            duration_s=recording.duration_s,
            start_s=self._start_s,
            seconds=paper_seconds(recording.duration_s, self._speed_mm_per_s),
        )

    def _rebuild(self) -> None:
        recording = self._recording
        if recording is None:
            self._sheet = None
            self._marks.set_sheet(None, self.font())
            self.tool.set_sheet(None, None, 1.0)
            self._show_strips(0)
            self.overview.hide()
            self.around.hide()
        else:
            page = self._page(recording)
            self._start_s = page.start_s
            self._sheet = self._sheet_of(recording, page)
            self.paper.set_paper_size(self._sheet.width_mm, self._sheet.height_mm)
            present = [strip for strip in page.strips if strip.present]
            self._show_strips(len(present))
            for item, strip in zip(self._strips, present, strict=True):
                item.set_strip(strip, self._sheet, self._samples(strip.lead), recording.fs_hz)
            self._marks.set_sheet(self._sheet, self.font())
            self.tool.set_sheet(self._sheet, self._samples, recording.fs_hz)
            for line in (self.overview, self.around):
                line.set_window(page.start_s, page.seconds)
            self.overview.setVisible(self.has_pages)
            self.around.setVisible(self._long)
            self._ask_for_filter()
        self._draw_calipers()
        self._lay_map()
        self._write()

    def _sheet_of(self, recording: Recording, page: PageLayout) -> Sheet:
        """The page with paper enough above and below for the whole recording, so that no second moves the rows."""
        def reach_mm(row: int, way: int) -> float:
            return max((self._reach_mv(strip.lead, way * strip.sign) * self._gain.of(strip)
                        for strip in page.row(row) if strip.present), default=0.0)

        sky, ground = room_mm(reach_mm(0, 1)), room_mm(reach_mm(page.rows - 1, -1))
        return Sheet(page, self._gain, self._speed_mm_per_s, self._row_mm(page.rows, sky, ground), sky, ground)

    def _reach_mv(self, lead: str, way: int) -> float:
        """Kept per lead while the samples stay, because every scrolled second asks for it.

        Of a long recording what its first minute and the pages seen so far reach: nobody waits for a day to be read.
        """
        known = self._reaches.get((lead, way))
        if self._recording is not None and self._long:
            samples, page = self._samples(lead), self._page_span()
            if known is None:
                known = reach_mv(samples[:round(SECTION_S * self._recording.fs_hz)], way)
            known = max(known, reach_mv(samples[page], way))
            self._reaches[lead, way] = known
        elif known is None:
            known = self._reaches[lead, way] = reach_mv(self._samples(lead)[:], way)
        return known

    def _row_mm(self, rows: int, sky_mm: float, ground_mm: float) -> float:
        free_mm = self.paper.visible_mm()[1] - shared_room_mm(sky_mm) - shared_room_mm(ground_mm)
        return row_height_mm(rows, free_mm)

    def _show_strips(self, count: int) -> None:
        while len(self._strips) < count:
            item = StripItem()
            self.paper.addItem(item)
            self._strips.append(item)
        while len(self._strips) > count:
            self.paper.removeItem(self._strips.pop())

    def _lay_map(self) -> None:
        if self._legend is None or self._sheet is None:
            self.paper.set_bands((), 0.0, Verdict.SUPPORTED)
        else:
            bands = map_bands(self._maps, self._sheet, load_ink().map_levels)
            self.paper.set_bands(bands, self._opacity, self._legend.verdict)

    def _write(self) -> None:
        """The lines under the traces, and the same in words for assistive technology."""
        recording, sheet = self._recording, self._sheet
        self.legend.set_legend(self._legend, self._opacity)
        if recording is None or sheet is None:
            self.caption.set_writing(())
            self.legend.set_idle("")
            self.paper.setAccessibleDescription(self.frame.text)
            return
        zoom = captions.zoom_writing(self.paper.zoom)
        self.caption.set_writing((*self.writing, *zoom))
        idle = captions.window_text(sheet.page, recording.duration_s)
        if not self.paper.screen_scale.measured:
            idle += " · " + _("screen not calibrated: millimetres as the screen reports them")
        self.legend.set_idle(idle)
        description = captions.described(recording, sheet.page, self._gain, self._speed_mm_per_s,
                                         (*self._warnings(recording), *zoom))
        if self._legend is not None:
            description += " " + self.legend.text
        self.paper.setAccessibleDescription(description)
        self.setAccessibleDescription(description)

    def _warnings(self, recording: Recording) -> tuple[captions.Writing, ...]:
        return (*captions.filter_writing(self._filter, applied=self._filter_applied, age=recording.age),
                *captions.person_writing(recording))

    def _draw_calipers(self) -> None:
        self._calipers.set_picture(self._caliper_picture(), self.font(), self._sheet_rect())

    def _caliper_picture(self) -> CaliperPicture | None:
        reading, strip, sheet, caliper = self.caliper_reading(), self.tool.strip, self._sheet, self.tool.caliper
        if reading is None or strip is None or sheet is None or caliper is None:
            return None
        item = self._strips[[s for s in sheet.page.strips if s.present].index(strip)]
        return caliper_picture(
            sheet, strip, (reading.start_s, reading.end_s),
            points_mm=(item.point_mm(caliper.first), item.point_mm(caliper.second)),
            text=captions.caliper_text(reading, filtered=self._filter_applied),
            active=self.tool.active,
            march_out=self.tool.march_out,
        )

    def _sheet_rect(self) -> QRectF:
        return QRectF(*self._sheet.extent_mm()) if self._sheet else QRectF()

    def _caliper_changed(self) -> None:
        self._draw_calipers()
        reading = self.caliper_reading()
        if reading is None:
            self.caliperChanged.emit({})
            return
        self.caliperChanged.emit({**asdict(reading), "filtered": self._filter_applied})

    def _resized(self) -> None:
        if self._sheet is None:
            return
        sheet = self._sheet
        if self._row_mm(sheet.page.rows, sheet.sky_mm, sheet.ground_mm) != sheet.row_mm:
            self._rebuild()

    def _move_on(self, across_mm: float) -> None:
        self.set_start(self._start_s + across_mm / self._speed_mm_per_s)

    def _zoomed(self, factor: float) -> None:
        self._write()
        self.zoomChanged.emit(factor)

    def _switch_map_off(self) -> None:
        self.set_maps(())
        self.mapOffRequested.emit()

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


def _covers(one: slice, other: slice) -> bool:
    return bool(one.start <= other.start and other.stop <= one.stop)

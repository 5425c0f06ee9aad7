"""What stands on the paper of one page: its strips, the marks at them and the calipers."""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter, QTransform

from peace_desktop.ui.trace import captions
from peace_desktop.ui.trace.caliper import CaliperReading
from peace_desktop.ui.trace.caliper_item import CaliperItem
from peace_desktop.ui.trace.caliper_picture import CaliperPicture, caliper_picture
from peace_desktop.ui.trace.caliper_tool import CaliperTool
from peace_desktop.ui.trace.marks_item import MarksItem
from peace_desktop.ui.trace.notes_item import NotesItem
from peace_desktop.ui.trace.paper_view import PaperView
from peace_desktop.ui.trace.samples import LeadSamples
from peace_desktop.ui.trace.sheet import Sheet
from peace_desktop.ui.trace.strip_item import StripItem


class PageItems:
    """The items of a page on a paper; the strips are made anew only where their number changes."""

    def __init__(self, paper: PaperView) -> None:
        self._paper = paper
        self._sheet: Sheet | None = None
        self._strips: list[StripItem] = []
        self._marks = MarksItem()
        self._calipers = CaliperItem()
        self.notes = NotesItem()
        self._marks.setZValue(-1)
        self._calipers.setZValue(1)
        paper.addItem(self._marks)
        paper.addItem(self._calipers)
        paper.addItem(self.notes)
        paper.scrolled.connect(self._marks.set_left)

    @property
    def strip_count(self) -> int:
        return len(self._strips)

    def clear(self, font: QFont) -> None:
        """Empty paper."""
        self._sheet = None
        self._marks.set_sheet(None, font)
        self._have_strips(0)

    def show(self, sheet: Sheet, samples: Callable[[str], LeadSamples], fs_hz: float, font: QFont, *, chosen: str = ""
             ) -> None:
        """The strips of the page that are in the recording, and what is written at them. chosen: a lead's name."""
        self._sheet = sheet
        present = [strip for strip in sheet.page.strips if strip.present]
        self._have_strips(len(present))
        for item, strip in zip(self._strips, present, strict=True):
            item.set_strip(strip, sheet, samples(strip.lead), fs_hz,
                           bold=strip.stroke is not None and strip.lead == chosen)
        self._marks.set_sheet(sheet, font, chosen=chosen)

    def draw_calipers(self, tool: CaliperTool, reading: CaliperReading | None, font: QFont, *, filtered: bool) -> None:
        """The calipers with what they measure; none without a reading."""
        self._calipers.set_picture(self._picture(tool, reading, filtered=filtered), font, self._sheet_mm())

    def paint(self, painter: QPainter, to_pixels: QTransform) -> None:
        """The whole page with its paper, as it is drawn; to_pixels maps its millimetres."""
        sheet_mm, seen_from_mm = self._sheet_mm(), self._marks.left_mm
        painter.setWorldTransform(to_pixels)
        self._paper.paint_background(painter, sheet_mm)
        painter.resetTransform()
        self._marks.set_left(0.0)
        self._paper.scene().render(painter, to_pixels.mapRect(sheet_mm), sheet_mm)
        self._marks.set_left(seen_from_mm)

    def paint_part(self, painter: QPainter, to_pixels: QTransform, part_mm: QRectF) -> None:
        """A part of the page with its paper, at a scale of its own."""
        painter.setWorldTransform(to_pixels)
        self._paper.paint_background(painter, part_mm)
        painter.resetTransform()
        self._paper.scene().render(painter, to_pixels.mapRect(part_mm), part_mm)

    def _picture(self, tool: CaliperTool, reading: CaliperReading | None, *, filtered: bool) -> CaliperPicture | None:
        strip, sheet, caliper = tool.strip, self._sheet, tool.caliper
        if reading is None or strip is None or sheet is None or caliper is None:
            return None
        item = self._strips[[s for s in sheet.page.strips if s.present].index(strip)]
        return caliper_picture(
            sheet, strip, (reading.start_s, reading.end_s),
            points_mm=(item.point_mm(caliper.first), item.point_mm(caliper.second)),
            text=captions.caliper_text(reading, filtered=filtered), active=tool.active_lines, march_out=tool.march_out)

    def _have_strips(self, count: int) -> None:
        while len(self._strips) < count:
            item = StripItem()
            self._paper.addItem(item)
            self._strips.append(item)
        while len(self._strips) > count:
            self._paper.removeItem(self._strips.pop())

    def _sheet_mm(self) -> QRectF:
        return QRectF(*self._sheet.extent_mm()) if self._sheet else QRectF()

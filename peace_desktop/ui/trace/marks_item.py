"""What is written on the paper beside the traces: lead names, calibration pulses, gaps, where one lead ends."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from peace_desktop.report.gain_words import own_gain_note
from peace_desktop.report.paper import PULSE_MV, Strip, load_ink
from peace_desktop.texts import _, put_together
from peace_desktop.ui.trace.device_pixels import DevicePixels
from peace_desktop.ui.trace.lead_label import HALO_PIXELS, LabelLook, draw_label, label_picture, label_size
from peace_desktop.ui.trace.paper_item import PaperItem
from peace_desktop.ui.trace.pens import ink_colour, line_pen, line_pixels
from peace_desktop.ui.trace.sheet import Sheet

_LABEL_INSET_MM = 1.0
_LABEL_ROOM_MM = 12.0
_BESIDE_MM = 26.0
"""From name to name of leads that lie over each other."""
_PULSE_LEAD_IN_MM = 1.5
_BORDER_TICK_MM = 2.5


class MarksItem(PaperItem):
    """All marks of a sheet. Text has the same size at every zoom and a rim of paper, so that a trace cannot hide it."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._chosen = ""
        self._left_mm = 0.0
        self._font = QFont()
        self._labels: dict[tuple[LabelLook, float], QPixmap] = {}

    def set_sheet(self, sheet: Sheet | None, font: QFont, *, chosen: str = "") -> None:
        """chosen: the lead whose name is framed, "" for none."""
        self.prepareGeometryChange()
        self._sheet, self._chosen = sheet, chosen
        if font != self._font:
            self._font = font
            self._labels.clear()
        self.update()

    def set_left(self, left_mm: float) -> None:
        """The left edge of what is seen: a strip that begins before it keeps its name in sight."""
        if left_mm != self._left_mm:
            self._left_mm = left_mm
            self.update()

    @property
    def left_mm(self) -> float:
        return self._left_mm

    def boundingRect(self) -> QRectF:
        return QRectF(*self._sheet.extent_mm()) if self._sheet else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self._sheet is None:
            return
        self._paint_pulses(painter, self._sheet)
        for strip in self._sheet.page.strips:
            self._paint_strip(painter, self._sheet, strip)

    def _paint_pulses(self, painter: QPainter, sheet: Sheet) -> None:
        """1 mV high at the gain of its leads and 200 ms wide, on device pixels so that its edges can be measured."""
        to_pixels = painter.worldTransform()
        pixels = DevicePixels.of(painter)
        width = line_pixels("pulse", to_pixels.m11() * pixels.ratio) / pixels.ratio
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for pulse in sheet.page.pulses():
            room = sheet.left_mm - sheet.pulse_mm
            left = room / 2 if pulse.side == "left" else sheet.left_mm + sheet.traces_mm + room / 2
            low = sheet.baseline_mm(pulse.row)
            high = low - PULSE_MV * sheet.gain.of_pulse(pulse.strip)
            right = left + sheet.pulse_mm
            corners = [(left - _PULSE_LEAD_IN_MM, low), (left, low), (left, high), (right, high), (right, low),
                       (right + _PULSE_LEAD_IN_MM, low)]
            points = [pixels.point(to_pixels.map(QPointF(x, y))) for x, y in corners]
            for start, end in zip(points, points[1:], strict=False):
                box = QRectF(start, end).normalized()
                painter.fillRect(pixels.inside(box.adjusted(0, 0, width, width)), ink_colour("pulse"))
        painter.restore()

    def _paint_strip(self, painter: QPainter, sheet: Sheet, strip: Strip) -> None:
        x_mm, baseline_mm = sheet.x_mm(strip), sheet.baseline_mm(strip.row)
        if strip.column > 0:
            painter.setPen(line_pen(painter, ink_colour("muted")))
            painter.drawLine(QLineF(x_mm, baseline_mm - _BORDER_TICK_MM, x_mm, baseline_mm + _BORDER_TICK_MM))
        begin_mm = min(max(x_mm, self._left_mm), x_mm + sheet.span_mm(strip) - _LABEL_ROOM_MM)
        place = QPointF(begin_mm + _LABEL_INSET_MM + (strip.stroke or 0) * _BESIDE_MM, sheet.label_mm(strip))
        if strip.present:
            begins = "" if sheet.page.consecutive else _("from {seconds} s").format(seconds=f"{strip.start_s:g}")
            note = put_together(own_gain_note(sheet.gain, strip), begins)
            self._write(painter, place, LabelLook(strip.label, note, load_ink().stroke(strip).colour,
                                                  framed=strip.lead == self._chosen))
            return
        if strip.stroke is None:
            painter.setPen(line_pen(painter, ink_colour("gap"), 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x_mm, baseline_mm, x_mm + sheet.span_mm(strip), baseline_mm))
        # Where names stand side by side, the words would run into the next name.
        note = _("not recorded") if strip.stroke is None else "\N{EN DASH}"
        self._write(painter, place, LabelLook(strip.label, note, load_ink().colours["text"]))

    def _write(self, painter: QPainter, place_mm: QPointF, look: LabelLook) -> None:
        pixels = DevicePixels.of(painter)
        if pixels.vector:
            painter.save()
            at = painter.worldTransform().map(place_mm)
            painter.resetTransform()
            painter.translate(at - QPointF(HALO_PIXELS, label_size(look, self._font).height()))
            draw_label(painter, look, self._font)
            painter.restore()
            return
        key = (look, pixels.ratio)
        if key not in self._labels:
            self._labels[key] = label_picture(look, self._font, pixels.ratio)
        picture = self._labels[key]
        at = painter.worldTransform().map(place_mm) - QPointF(HALO_PIXELS, picture.deviceIndependentSize().height())
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(pixels.point(at), picture)
        painter.restore()

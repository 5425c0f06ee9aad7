"""Pens and colours of the paper's ink. Pens are cosmetic: a line keeps its width in device pixels at every scale."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from peace_desktop.report.paper import load_ink
from peace_desktop.ui.trace.device_pixels import DevicePixels


def ink_colour(name: str) -> QColor:
    """A colour of resources/paper.json by name. Raises KeyError for an unknown one."""
    return QColor(load_ink().colours[name])


def line_pixels(name: str, device_pixels_per_mm: float) -> int:
    """A line's width in whole device pixels, at least one: wide pens are slow, fractions of a pixel blur."""
    return max(1, int(load_ink().widths_mm[name] * device_pixels_per_mm))


def cosmetic_pen(colour: QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width does not follow the scale of the paper."""
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def line_pen(painter: QPainter, colour: QColor, width: float = 1.0,
             style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A cosmetic pen; in an SVG or PDF, whose viewers may scale such a pen, one as wide in the painter's own units."""
    pen = cosmetic_pen(colour, width, style)
    if DevicePixels.of(painter).vector:
        pen.setCosmetic(False)
        pen.setWidthF(width / painter.worldTransform().m11())
    return pen

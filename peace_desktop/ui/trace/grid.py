"""The millimetre grid: every line on the device pixel nearest to its true place, so that no error adds up."""

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter

from peace_desktop.report.hatch import hatch_lines
from peace_desktop.report.paper import load_ink
from peace_desktop.ui.trace.device_pixels import DevicePixels
from peace_desktop.ui.trace.map_bands import Band
from peace_desktop.ui.trace.pens import ink_colour, line_pen, line_pixels
from peace_model.inference.prediction import Verdict

_LEAST_MINOR_PIXELS = 2.5
"""Below this many device pixels a millimetre the small boxes would melt into one tint; only big boxes are drawn."""


def paint_paper(painter: QPainter, exposed_mm: QRectF, *, bands: tuple[Band, ...], opacity: float,
                verdict: Verdict) -> None:
    """Paper, map, grid, then hatching over the exposed part; the painter's transform maps millimetres to pixels.

    verdict: a map without support is hatched.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(exposed_mm, ink_colour("paper"))
    _paint_map(painter, exposed_mm, bands, opacity)
    _paint_grid(painter, exposed_mm)
    _paint_hatch(painter, exposed_mm, bands, verdict)
    painter.restore()


def _paint_map(painter: QPainter, exposed_mm: QRectF, bands: tuple[Band, ...], opacity: float) -> None:
    ink = load_ink()
    for band in bands:
        area = QRectF(band.x_mm, band.y_mm, band.width_mm, band.height_mm)
        if area.intersects(exposed_mm):
            colour = QColor(ink.map_colour(band.value))
            colour.setAlphaF(opacity)
            painter.fillRect(area, colour)


def _paint_hatch(painter: QPainter, exposed_mm: QRectF, bands: tuple[Band, ...], verdict: Verdict) -> None:
    painter.setPen(line_pen(painter, ink_colour("map_hatch")))
    # Above the grid and smooth: a slanted line that the grid or its own pixels break into dashes looks like signal.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for band in bands:
        if QRectF(band.x_mm, band.y_mm, band.width_mm, band.height_mm).intersects(exposed_mm):
            painter.drawLines([QLineF(*ends) for ends in hatch_lines(
                band.x_mm, band.y_mm, band.width_mm, band.height_mm, verdict)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_grid(painter: QPainter, exposed_mm: QRectF) -> None:
    to_pixels = painter.worldTransform()
    pixels = DevicePixels.of(painter)
    area = to_pixels.mapRect(exposed_mm)
    across, down = to_pixels.m11(), to_pixels.m22()
    painter.resetTransform()
    for name, step_mm in (("grid_minor", 1), ("grid_major", 5)):
        if step_mm == 1 and min(across, down) * pixels.ratio < _LEAST_MINOR_PIXELS:
            continue
        colour = ink_colour(name)
        width = line_pixels(name, across * pixels.ratio) / pixels.ratio
        for x_mm in _lines(exposed_mm.left(), exposed_mm.right(), step_mm):
            x = pixels.x(across * x_mm + to_pixels.dx())
            painter.fillRect(pixels.inside(QRectF(x, area.top(), width, area.height())), colour)
        width = line_pixels(name, down * pixels.ratio) / pixels.ratio
        for y_mm in _lines(exposed_mm.top(), exposed_mm.bottom(), step_mm):
            y = pixels.y(down * y_mm + to_pixels.dy())
            painter.fillRect(pixels.inside(QRectF(area.left(), y, area.width(), width)), colour)
    painter.setWorldTransform(to_pixels)


def _lines(start_mm: float, end_mm: float, step_mm: int) -> range:
    """The lines in a stretch, with one more at each end whose thickness may reach in."""
    first = int(start_mm // step_mm) * step_mm
    return range(first, int(end_mm // step_mm + 2) * step_mm, step_mm)

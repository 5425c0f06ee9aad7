"""Drawing a thumbnail: one lead's first seconds as a thin line, on one scale for all recordings."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPixmapCache, QPolygonF

from peace_desktop.library.thumbnails import COLUMNS, Thumbnail
from peace_desktop.ui.theme import colour

HEIGHT_PX = 26
_BELOW_MV, _ABOVE_MV = 0.9, 1.6
"""What fits under and over the baseline; what is taller is cut."""


def draw_strip(painter: QPainter, area: QRect, thumbnail: Thumbnail) -> None:
    """The lead's name stands in the row's text for a screen reader; here only the line.

    The line is kept as a picture: a smooth line takes milliseconds, and a list paints its rows again at every move.
    """
    ratio = painter.device().devicePixelRatioF()
    key = (f"strip {hash(thumbnail.extremes_mv.tobytes())} {area.width()}x{area.height()}@{ratio} "
           f"{colour('text').name()}")
    picture = QPixmap()
    if not QPixmapCache.find(key, picture):
        picture = QPixmap((area.size().toSizeF() * ratio).toSize())
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        pen = QPainter(picture)
        _draw_line(pen, QRectF(0, 0, area.width(), area.height()), thumbnail.extremes_mv)
        pen.end()
        QPixmapCache.insert(key, picture)
    painter.drawPixmap(area.topLeft(), picture)


def _draw_line(painter: QPainter, area: QRectF, extremes: NDArray[np.float32]) -> None:
    lines: list[QPolygonF] = []
    line = QPolygonF()
    x_px = area.left() + np.arange(COLUMNS) * (area.width() - 1) / (COLUMNS - 1)
    px_per_mv = area.height() / (_BELOW_MV + _ABOVE_MV)
    y_px = area.top() + (_ABOVE_MV - np.clip(extremes, -_BELOW_MV, _ABOVE_MV)) * px_per_mv
    for column, (low, high) in enumerate(y_px):
        if np.isnan(low):
            lines.append(line)
            line = QPolygonF()
            continue
        first, second = (low, high) if column % 2 else (high, low)
        line.append(QPointF(x_px[column], first))
        line.append(QPointF(x_px[column], second))
    # A width of one pixel Qt draws as lines; a broken one it fills as outlines, in five times the time.
    painter.setPen(QPen(colour("text"), 1.0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for part in (*lines, line):
        if part.size():
            painter.drawPolyline(part)

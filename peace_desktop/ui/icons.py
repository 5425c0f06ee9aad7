"""The application's own icons: SVGs drawn in `currentColor`, tinted with the theme's text colour."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from peace_desktop.ui.theme import colour
from peace_model.resources import resource

_SIZES_PX = (16, 20, 24, 32, 48)


def icon(name: str) -> QIcon:
    """An icon of resources/icons in normal and disabled tint. Raises FileNotFoundError for a name that is none."""
    drawing = resource("icons", f"{name}.svg").read_text("utf-8")
    made = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour("text")), (QIcon.Mode.Disabled, colour("border"))):
        for size_px in _SIZES_PX:
            made.addPixmap(_pixmap(drawing, tint, size_px), mode)
    return made


def _pixmap(drawing: str, tint: QColor, size_px: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", tint.name()).encode()))
    pixmap = QPixmap(QSize(size_px, size_px))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return pixmap

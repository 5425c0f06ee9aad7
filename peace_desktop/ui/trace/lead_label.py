"""A lead's name on the paper: bold, rimmed with paper so that a trace cannot hide it, a note beside it."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPixmap

from peace_desktop.ui.trace.pens import cosmetic_pen, ink_colour

HALO_PIXELS = 3.0
_VEIL = 0.6
_NOTE_GAP_PIXELS = 6.0


@dataclass(frozen=True)
class LabelLook:
    """What is written and how. colour: of the name, "#rrggbb". framed: the lead that is chosen."""

    name: str
    note: str
    colour: str
    framed: bool = False


def label_picture(look: LabelLook, font: QFont, ratio: float) -> QPixmap:
    """A label as a picture; drawn once, because a rim is slow to stroke."""
    picture = QPixmap((label_size(look, font) * ratio).toSize() + QSize(1, 1))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    draw_label(painter, look, font)
    painter.end()
    return picture


def label_size(look: LabelLook, font: QFont) -> QSizeF:
    """Its size in pixels, the rim included."""
    metrics = QFontMetricsF(_bold(font))
    right = max(path.boundingRect().right() for path in _paths(look, font))
    return QSizeF(right + 2 * HALO_PIXELS, metrics.ascent() + metrics.descent() + 2 * HALO_PIXELS)


def draw_label(painter: QPainter, look: LabelLook, font: QFont) -> None:
    """Draw it with its upper left corner at the painter's origin."""
    names, notes = _paths(look, font)
    rim = QPainterPathStroker()
    rim.setWidth(HALO_PIXELS)
    halo = ink_colour("paper")
    halo.setAlphaF(0.8)
    frame = QRectF(0.5, 0.5, names.boundingRect().right() + HALO_PIXELS, label_size(look, font).height() - 1.0)
    if not look.framed:
        # A tall R through the letters makes a III of a II: behind them it pales, and stays to be seen.
        veil = QColor(halo)
        veil.setAlphaF(_VEIL)
        painter.fillRect(names.boundingRect().adjusted(-HALO_PIXELS, -HALO_PIXELS, HALO_PIXELS, HALO_PIXELS), veil)
    else:
        painter.fillRect(frame, halo)
        painter.setPen(cosmetic_pen(ink_colour("accent"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
    for text, colour in ((names, QColor(look.colour)), (notes, ink_colour("muted"))):
        painter.fillPath(rim.createStroke(text), halo)
        painter.fillPath(text, colour)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def _paths(look: LabelLook, font: QFont) -> tuple[QPainterPath, QPainterPath]:
    bold = _bold(font)
    base = HALO_PIXELS + QFontMetricsF(bold).ascent()
    names, notes = QPainterPath(), QPainterPath()
    names.addText(QPointF(HALO_PIXELS, base), bold, look.name)
    if look.note:
        notes.addText(QPointF(names.boundingRect().right() + _NOTE_GAP_PIXELS, base), font, look.note)
    return names, notes

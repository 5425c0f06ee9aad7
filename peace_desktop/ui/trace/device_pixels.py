"""The device's own pixels under a painter, at every scaling of the screen (100, 125, 150, 200 %)."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPaintEngine, QPainter

_VECTOR_RATIO = 12.0
"""Where nothing is made of pixels a line may stand and be as wide as it is, to a twelfth."""


@dataclass(frozen=True)
class DevicePixels:
    """device = logical * ratio + offset, on both axes. vector: an SVG or PDF, which has no pixels of its own."""

    ratio: float
    offset_x: float
    offset_y: float
    vector: bool = False

    @classmethod
    def of(cls, painter: QPainter) -> "DevicePixels":
        """Of a painter at work; its matrix is asked, because a widget drawn into a picture still names its screen."""
        if painter.paintEngine().type() in (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf):
            return cls(_VECTOR_RATIO, 0.0, 0.0, vector=True)
        whole, logical = painter.deviceTransform(), painter.worldTransform()
        ratio = whole.m11() / logical.m11()
        return cls(ratio, whole.dx() - logical.dx() * ratio, whole.dy() - logical.dy() * ratio)

    def x(self, logical: float) -> float:
        """The logical place of the nearest pixel's left edge."""
        return (round(logical * self.ratio + self.offset_x) - self.offset_x) / self.ratio

    def y(self, logical: float) -> float:
        """The logical place of the nearest pixel's upper edge."""
        return (round(logical * self.ratio + self.offset_y) - self.offset_y) / self.ratio

    def point(self, logical: QPointF) -> QPointF:
        return QPointF(self.x(logical.x()), self.y(logical.y()))

    def inside(self, box: QRectF) -> QRectF:
        """A box of whole pixels drawn in by a quarter of one, so that rounding can neither add nor drop one."""
        inset = 0.25 / self.ratio
        return box.adjusted(inset, inset, -inset, -inset)

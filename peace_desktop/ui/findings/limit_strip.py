"""A percentile strip: the age group's band with median and value, and thin bands of the groups beside it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from peace_desktop.ui.theme import colour
from peace_model.ecg.measurement import PercentileStrip
from peace_model.ecg.norms import Limit

_YOUNGER_Y, _OWN_Y, _OLDER_Y = 1, 6, 17
_THIN, _THICK, _HEIGHT, _WIDTH = 3, 8, 22, 70
_MARGIN = 0.15


class LimitStrip(QWidget):
    """2nd to 98th percentile on a line; the younger group above, the older below; half a band of room at least."""

    def __init__(self, strip: PercentileStrip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = strip
        bands = [band for limit in (strip.younger, strip.own, strip.older) if limit is not None
                 for band in (_low(limit), limit.p98) if band is not None]
        low, high = min(bands), max(bands)
        room = max(_MARGIN * (high - low), 1e-9)
        self._left, self._right = low - room, high + room
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(0, _OWN_Y + _THICK / 2 - 1, self.width(), 2), colour("bar_empty"))
        for limit, top, thick in ((self._strip.younger, _YOUNGER_Y, _THIN), (self._strip.own, _OWN_Y, _THICK),
                                  (self._strip.older, _OLDER_Y, _THIN)):
            if limit is not None and limit.p98 is not None:
                left, right = self._x(_low(limit)), self._x(limit.p98)
                painter.fillRect(QRectF(left, top, max(right - left, 1.0), thick), colour("bar"))
        if self._strip.own.p50 is not None:
            painter.setPen(QPen(colour("base"), 1))
            at = int(self._x(self._strip.own.p50))
            painter.drawLine(at, _OWN_Y, at, _OWN_Y + _THICK - 1)
        painter.setPen(QPen(colour("tick"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        at = int(self._x(self._strip.value))
        painter.drawLine(at, _OWN_Y - 3, at, _OWN_Y + _THICK + 3)
        painter.end()

    def _x(self, value: float) -> float:
        """A value beyond the strip stands at its end."""
        share = (value - self._left) / (self._right - self._left)
        return min(max(share, 0.0), 1.0) * (self.width() - 3) + 1


def _low(limit: Limit) -> float:
    """Amplitudes have no published 2nd percentile; their band begins at zero."""
    return limit.p02 if limit.p02 is not None else 0.0

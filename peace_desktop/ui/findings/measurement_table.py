"""The measurements: name, value with unit, a strip with the published limit, the flag in words, or why not."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.findings.measurement_view import MeasurementView
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import colour


class LimitStrip(QWidget):
    """2nd to 98th percentile as a band with the median, and the value as a tick; half a band of room on both sides."""

    def __init__(self, *, value: float, low: float, median: float | None, high: float,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._low, self._median, self._high = value, low, median, high
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(90, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        span = self._high - self._low
        left = self._low - span / 2

        def x(value: float) -> float:
            return min(max((value - left) / (2 * span), 0.0), 1.0) * (self.width() - 3) + 1

        painter.fillRect(QRectF(0, 7, self.width(), 2), colour("bar_empty"))
        painter.fillRect(QRectF(x(self._low), 4, x(self._high) - x(self._low), 8), colour("bar"))
        if self._median is not None:
            painter.setPen(QPen(colour("base"), 1))
            painter.drawLine(int(x(self._median)), 4, int(x(self._median)), 11)
        painter.setPen(QPen(colour("tick"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(int(x(self._value)), 0, int(x(self._value)), 16)
        painter.end()


class MeasurementTable(QWidget):
    """Two lines a measurement where there is more to say than the value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._table = QWidget()
        self._layout.addWidget(self._table)
        self.show_rows(None)

    def show_rows(self, rows: Sequence[MeasurementView] | None) -> None:
        """None while the recording is being measured."""
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(4, 0, 4, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        if rows is None:
            grid.addWidget(text_label(_("Measuring…"), muted=True), 0, 0)
        line = 0
        for row in rows or ():
            name = text_label(row.name, wrap=False)
            name.setAccessibleName(row.accessible)
            value = text_label(row.value_text, wrap=False)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(name, line, 0)
            grid.addWidget(value, line, 1)
            strip = _strip(row)
            if strip is not None:
                grid.addWidget(strip, line, 2)
            line += 1
            for more, muted in ((row.flag_text, False), (row.limit_text, True), (row.reason, True)):
                if more:
                    grid.addWidget(text_label(more, muted=muted), line, 0, 1, 3)
                    line += 1
        self._layout.replaceWidget(self._table, table)
        self._table.deleteLater()
        self._table = table


def _strip(row: MeasurementView) -> LimitStrip | None:
    """The first limit that can be drawn; None without a value or such a limit."""
    for limit in row.limits:
        if row.value is not None and limit.drawable and limit.p02 is not None and limit.p98 is not None:
            strip = LimitStrip(value=row.value, low=limit.p02, median=limit.p50, high=limit.p98)
            strip.setToolTip(row.limit_text)
            strip.setAccessibleName(row.limit_text)
            return strip
    return None

"""A forest plot: one line a comparison, the value with its interval, drawn with Qt on the screen and in files."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QSizePolicy, QWidget

from peace_desktop.texts import _, in_clauses
from peace_desktop.ui.agreement.figure_words import figure_name, figure_words, is_share, number_words
from peace_desktop.ui.agreement.table_view import ForestRow
from peace_desktop.ui.theme import colour

_PAD, _LINE, _MARK = 12.0, 22.0, 4.0
_NAME_PX, _AXIS_PX, _NUMBER_PX = 160.0, 320.0, 190.0
"""Least width of the names, width of the axis and of the numbers at its right."""
_STEPS = 5
_FINER = 2
"""Dots of a PNG a logical pixel."""
_INK, _GREY, _WHITE = (QColor(name) for name in ("black", "dimgray", "white"))


def name_width(font: QFont, rows: Sequence[ForestRow]) -> float:
    """Room for the longest name, uncut."""
    metrics = QFontMetricsF(font)
    return max([_NAME_PX, *(metrics.horizontalAdvance(row.name) + _PAD for row in rows)])


class ForestPlot(QWidget):
    """Draws what `show_rows` was given; its size follows the number of lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("forest_plot")
        self._figure = ""
        self._title = ""
        self._rows: tuple[ForestRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, figure: str, rows: Sequence[ForestRow], *, title: str) -> None:
        """figure: its name in the statistics. title: what the plot is of."""
        self._figure, self._rows, self._title = figure, tuple(rows), title
        self.setMinimumSize(self.sizeHint())
        self.setAccessibleName(_headline(title, figure))
        self.setAccessibleDescription(in_clauses(f"{row.name}: {figure_words(row.figure)}" for row in self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(2 * _PAD + name_width(self.font(), self._rows) + _AXIS_PX + _NUMBER_PX),
                     round(2 * _PAD + (len(self._rows) + 4) * _LINE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _Drawing(painter, self.font(), QRectF(self.rect()), ink=colour("text"), grey=colour("muted"),
                 accent=colour("accent")).draw(self._title, self._figure, self._rows)
        painter.end()

    def png(self) -> bytes:
        """The plot on white, at twice the screen's dots."""
        size = self.sizeHint()
        image = QImage(size * _FINER, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_FINER)
        image.fill(_WHITE)
        self._paint(QPainter(image), size)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide's stub names neither device nor bytes
        return bytes(buffer.data().data())

    def svg(self) -> bytes:
        """The plot as lines and text."""
        size = self.sizeHint()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(size)
        generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
        generator.setTitle(_headline(self._title, self._figure))
        self._paint(QPainter(generator), size)
        return bytes(buffer.data().data())

    def _paint(self, painter: QPainter, size: QSize) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _Drawing(painter, self.font(), QRectF(0, 0, size.width(), size.height()), ink=_INK, grey=_GREY,
                 accent=_INK).draw(self._title, self._figure, self._rows)
        painter.end()


def _headline(title: str, figure: str) -> str:
    return f"{title}: {figure_name(figure)}" if figure else title


class _Drawing:
    """One drawing of the plot, in whatever colours its paper asks for."""

    def __init__(self, painter: QPainter, font: QFont, area: QRectF, *, ink: QColor, grey: QColor, accent: QColor
                 ) -> None:
        self._painter, self._font, self._area = painter, font, area
        self._ink, self._grey, self._accent = ink, grey, accent
        self._left, self._right = _PAD + _NAME_PX, area.width() - _PAD - _NUMBER_PX

    def draw(self, title: str, figure: str, rows: Sequence[ForestRow]) -> None:
        self._left = _PAD + name_width(self._font, rows)
        ends = [end for row in rows for end in (row.figure.low, row.figure.value) if end is not None]
        self._low = min(0.0 if is_share(figure) else -0.2, *ends, 0.0) if ends else 0.0
        self._text(QRectF(_PAD, _PAD, self._area.width() - 2 * _PAD, _LINE), _headline(title, figure), self._ink,
                   bold=True)
        top = _PAD + 1.5 * _LINE
        if not rows:
            self._text(QRectF(_PAD, top, self._area.width() - 2 * _PAD, _LINE), _(
                "n too small: there is no figure to draw."), self._grey)
            return
        bottom = top + len(rows) * _LINE
        self._axis(figure, top, bottom)
        for place, row in enumerate(rows):
            self._row(row, top + (place + 0.5) * _LINE)
        self._text(QRectF(_PAD, bottom + 1.2 * _LINE, self._area.width() - 2 * _PAD, _LINE), _(
            "95 % intervals: cluster bootstrap over patients. Research use only."), self._grey)

    def _x(self, value: float) -> float:
        return self._left + (value - self._low) / (1.0 - self._low) * (self._right - self._left)

    def _axis(self, figure: str, top: float, bottom: float) -> None:
        self._painter.setPen(QPen(self._grey, 1))
        self._painter.drawLine(QPointF(self._left, bottom), QPointF(self._right, bottom))
        for step in range(_STEPS + 1):
            value = self._low + step * (1.0 - self._low) / _STEPS
            self._painter.drawLine(QPointF(self._x(value), bottom), QPointF(self._x(value), bottom + 4))
            self._text(QRectF(self._x(value) - 40, bottom + 4, 80, _LINE), number_words(figure, value), self._grey,
                       align=Qt.AlignmentFlag.AlignHCenter)
        self._painter.setPen(QPen(self._grey, 1, Qt.PenStyle.DashLine))
        self._painter.drawLine(QPointF(self._x(0.0), top), QPointF(self._x(0.0), bottom))

    def _row(self, row: ForestRow, y: float) -> None:
        figure = row.figure
        self._text(QRectF(_PAD, y - _LINE / 2, self._left - _PAD, _LINE), row.name, self._ink)
        self._text(QRectF(self._right + 8, y - _LINE / 2, _NUMBER_PX, _LINE),
                   f"{figure_words(figure)}, n {row.recordings}", self._ink if figure.value is not None else self._grey)
        if figure.value is None:
            return
        self._painter.setPen(QPen(self._accent, 1.6))
        if figure.low is not None and figure.high is not None:
            self._painter.drawLine(QPointF(self._x(figure.low), y), QPointF(self._x(figure.high), y))
            for end in (figure.low, figure.high):
                self._painter.drawLine(QPointF(self._x(end), y - _MARK), QPointF(self._x(end), y + _MARK))
        self._painter.setBrush(self._accent)
        self._painter.drawRect(QRectF(self._x(figure.value) - _MARK, y - _MARK, 2 * _MARK, 2 * _MARK))

    def _text(self, area: QRectF, words: str, ink: QColor, *, bold: bool = False,
              align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
        font = QFont(self._font)
        font.setBold(bold)
        self._painter.setFont(font)
        self._painter.setPen(ink)
        cut = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        self._painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, cut)

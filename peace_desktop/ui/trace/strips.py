"""The two lines under the traces, on the same paper: how it is drawn, and what the map means."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QToolTip, QWidget

from peace_desktop.report.paper import load_ink
from peace_desktop.texts import _
from peace_desktop.ui.trace.captions import Writing
from peace_desktop.ui.trace.pens import ink_colour

_GAP_PIXELS = 14.0
_FRAME_PIXELS = 5.0
_RAMP_PIXELS = 96.0


class CaptionStrip(QWidget):
    """One line of writing; it takes a second line rather than drop a word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._writing: tuple[Writing, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_writing(self, writing: tuple[Writing, ...]) -> None:
        self._writing = writing
        self.setAccessibleName(", ".join(piece.text for piece in writing))
        self._fit()
        self.update()

    @property
    def writing(self) -> tuple[Writing, ...]:
        return self._writing

    def resizeEvent(self, event: QEvent) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_colour("paper"))
        for piece, box in self._placed():
            warning = piece.kind == "warning"
            if warning:
                painter.setPen(ink_colour("warning"))
                painter.setBrush(ink_colour("warning_paper"))
                painter.drawRect(box.adjusted(0.5, 1.5, -0.5, -1.5))
            painter.setFont(self._font_of(piece))
            painter.setPen(ink_colour({"plain": "text", "muted": "muted", "warning": "warning"}[piece.kind]))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, piece.text)
        painter.end()

    def _font_of(self, piece: Writing) -> QFont:
        font = QFont(self.font())
        font.setBold(piece.kind == "warning")
        return font

    def _line_height(self) -> float:
        return QFontMetricsF(self.font()).height() + 6.0

    def _placed(self) -> list[tuple[Writing, QRectF]]:
        x, y, height = _GAP_PIXELS / 2, 0.0, self._line_height()
        placed = []
        for piece in self._writing:
            width = QFontMetricsF(self._font_of(piece)).horizontalAdvance(piece.text) + 2 * _FRAME_PIXELS
            if x + width > self.width() and x > _GAP_PIXELS:
                x, y = _GAP_PIXELS / 2, y + height
            placed.append((piece, QRectF(x, y, width, height)))
            x += width + _GAP_PIXELS
        return placed

    def _fit(self) -> None:
        placed = self._placed()
        self.setFixedHeight(round(placed[-1][1].bottom() if placed else self._line_height()))


@dataclass(frozen=True)
class Legend:
    """What a map shows: label and method by name, and how far it can be trusted, all in the reader's language."""

    label: str
    method: str
    trust: str = ""


class LegendStrip(QWidget):
    """The map's legend, its trust in a line of its own, or, in the place kept for it, which seconds are shown."""

    off = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._legend: Legend | None = None
        self._opacity = 0.0
        self._idle = ""
        self.button = QToolButton(self)
        self.button.setText(_("Map off"))
        self.button.setAccessibleName(_("Switch the map off"))
        # The strip is paper in every theme, and so is its button.
        self.button.setStyleSheet(
            f"QToolButton {{ color: {ink_colour('text').name()}; background: {ink_colour('paper').name()}; }}"
            f"QToolButton:hover {{ border-color: {ink_colour('text').name()}; }}")
        self.button.clicked.connect(self.off)
        self.button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 1)
        row.addStretch(1)
        row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(max(self.button.sizeHint().height(), 2 * self.fontMetrics().height() + 6) + 1)

    def set_legend(self, legend: Legend | None, opacity: float) -> None:
        self._legend, self._opacity = legend, opacity
        self.button.setVisible(legend is not None)
        self._describe()

    def set_idle(self, text: str) -> None:
        self._idle = text
        self._describe()

    @property
    def text(self) -> str:
        """The legend in words, in full."""
        if self._legend is None:
            return self._idle
        said = _("Map: {label}, {method}, pale to dark = little to much").format(
            label=self._legend.label, method=self._legend.method)
        return f"{said}. {self._legend.trust}" if self._legend.trust else said

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.height())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._legend is not None:
            QToolTip.showText(event.globalPos(), self.text, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_colour("paper"))
        painter.setPen(ink_colour("muted"))
        left = _GAP_PIXELS / 2 + _FRAME_PIXELS
        room = QRectF(left, 0, self.width() - left, self.fontMetrics().height() + 4)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if self._legend is None:
            idle = QFontMetricsF(self.font()).elidedText(self._idle, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, middle, idle)
            painter.end()
            return
        metrics = QFontMetricsF(self.font())
        title = _("Map: {label} · {method}").format(label=self._legend.label, method=self._legend.method)
        room.setRight(self.button.x() - _GAP_PIXELS / 2)
        below = room.translated(0, self.fontMetrics().height() + 1)
        painter.setPen(ink_colour("text"))
        ramp_px = metrics.horizontalAdvance(_("little") + _("much")) + _RAMP_PIXELS + 2 * _GAP_PIXELS
        title = metrics.elidedText(title, Qt.TextElideMode.ElideRight, max(room.width() - ramp_px, room.width() / 2))
        painter.drawText(room, middle, title)
        room.setLeft(room.left() + metrics.horizontalAdvance(title) + _GAP_PIXELS)
        self._paint_ramp(painter, room, metrics)
        trust = metrics.elidedText(self._legend.trust, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, middle, trust)
        painter.end()

    def _paint_ramp(self, painter: QPainter, room: QRectF, metrics: QFontMetricsF) -> None:
        """The colour scale in its levels, as they look on the paper, between its two words."""
        ink = load_ink()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        little, much = _("little"), _("much")
        if metrics.horizontalAdvance(little + much) + _RAMP_PIXELS + _GAP_PIXELS > room.width():
            return
        painter.drawText(room, middle, little)
        x = room.left() + metrics.horizontalAdvance(little) + 4
        step = _RAMP_PIXELS / ink.map_levels
        top, height = room.height() * 0.25, room.height() * 0.5
        for level in range(ink.map_levels):
            colour = QColor(ink.map_colour(level / (ink.map_levels - 1)))
            colour.setAlphaF(self._opacity)
            painter.fillRect(QRectF(x + level * step, top, step, height), colour)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink_colour("rule"))
        painter.drawRect(QRectF(x, top, _RAMP_PIXELS, height))
        painter.setPen(ink_colour("text"))
        x += _RAMP_PIXELS + 4
        painter.drawText(QRectF(x, 0, room.right() - x, room.height()), middle, much)

    def _describe(self) -> None:
        self.setAccessibleName(self.text)
        self.update()

"""The lines under the traces that say what the map means, on the same paper."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QToolTip, QWidget

from peace_desktop.report.hatch import hatch_lines
from peace_desktop.report.paper import load_ink
from peace_desktop.report.terms import hatch_words
from peace_desktop.texts import _, as_sentence, put_together
from peace_desktop.ui.trace.pens import ink_colour
from peace_model.inference.prediction import Verdict

_GAP_PIXELS = 14.0
_FRAME_PIXELS = 5.0
_RAMP_PIXELS = 96.0
_KEY_PIXELS = 40.0
_HATCH_PIXELS_PER_MM = 2.0
"""About half the paper's own at 100 %, so that a sample as low as a line of text still shows the pattern."""


@dataclass(frozen=True)
class MapWork:
    """How far a map is that is still to come; words "" when there is nothing to wait for."""

    words: str
    running: bool


@dataclass(frozen=True)
class Legend:
    """What a map shows: label and method by name, and how far it has support, all in the reader's language.

    verdict: of the tests at release; a map without support is hatched. work: of a map that is not there yet.
    """

    label: str
    method: str
    trust: str = ""
    verdict: Verdict = Verdict.SUPPORTED
    work: MapWork | None = None


class LegendStrip(QWidget):
    """The map's legend, its trust in a line of its own, or, in the place kept for it, which seconds are shown.

    compute and stop: asked of a map that is still to come.
    """

    off = Signal()
    compute = Signal()
    stop = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._legend: Legend | None = None
        self._opacity = 0.0
        self._idle = ""
        self.button = self._tool_button(_("Map off"), _("Switch the map off"))
        self.button.clicked.connect(self.off)
        self.work_button = self._tool_button(_("Stop"), _("Stop computing the map"))
        self.work_button.clicked.connect(self._work)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 1)
        row.addStretch(1)
        row.addWidget(self.work_button)
        row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(max(self.button.sizeHint().height(), 2 * self.fontMetrics().height() + 6) + 1)

    def _tool_button(self, words: str, accessible: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(words)
        button.setAccessibleName(accessible)
        # The strip is paper in every theme, and so are its buttons.
        button.setStyleSheet(
            f"QToolButton {{ color: {ink_colour('text').name()}; background: {ink_colour('paper').name()}; }}"
            f"QToolButton:hover {{ border-color: {ink_colour('text').name()}; }}")
        button.hide()
        return button

    def _work(self) -> None:
        work = self._legend.work if self._legend is not None else None
        if work is not None:
            (self.stop if work.running else self.compute).emit()

    def set_legend(self, legend: Legend | None, opacity: float) -> None:
        self._legend, self._opacity = legend, opacity
        self.button.setVisible(legend is not None)
        work = legend.work if legend is not None else None
        self.work_button.setVisible(work is not None)
        if work is not None:
            self.work_button.setText(_("Stop") if work.running else _("Compute"))
            self.work_button.setAccessibleName(_("Stop computing the map") if work.running else _("Compute the map"))
        self._describe()

    def set_idle(self, text: str) -> None:
        self._idle = text
        self._describe()

    @property
    def text(self) -> str:
        """The legend in words, in full."""
        if self._legend is None:
            return self._idle
        if self._legend.work is not None:
            return _("Map: {label}, {method}. {work}").format(
                label=self._legend.label, method=self._legend.method, work=self._legend.work.words)
        said = _("Map: {label}, {method}, pale to dark = little to much").format(
            label=self._legend.label, method=self._legend.method)
        said = put_together(said, hatch_words(self._legend.verdict))
        return f"{as_sentence(said)} {self._legend.trust}" if self._legend.trust else said

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
        first = self.button if self._legend.work is None else self.work_button
        room.setRight(first.x() - _GAP_PIXELS / 2)
        below = room.translated(0, self.fontMetrics().height() + 1)
        painter.setPen(ink_colour("text"))
        if self._legend.work is None:
            ramp_px = metrics.horizontalAdvance(_("little") + _("much")) + _RAMP_PIXELS + 2 * _GAP_PIXELS
            beside_px = room.width() - ramp_px
            # Where the scale would leave the title less than half, the title has the line.
            title = metrics.elidedText(title, Qt.TextElideMode.ElideRight,
                                       beside_px if beside_px > room.width() / 2 else room.width())
            painter.drawText(room, middle, title)
            room.setLeft(room.left() + metrics.horizontalAdvance(title) + _GAP_PIXELS)
            self._paint_ramp(painter, room, metrics, self._legend.verdict)
            words = self._legend.trust
            if self._legend.verdict is not Verdict.SUPPORTED:
                self._paint_hatch_key(painter, below, self._legend.verdict)
                below.setLeft(below.left() + _KEY_PIXELS + 5)
                words = f"= {words}"
        else:
            painter.drawText(room, middle, metrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width()))
            words = self._legend.work.words
        painter.drawText(below, middle, metrics.elidedText(words, Qt.TextElideMode.ElideRight, below.width()))
        painter.end()

    def _paint_ramp(self, painter: QPainter, room: QRectF, metrics: QFontMetricsF, verdict: Verdict) -> None:
        """The colour scale in its levels, as they look on the paper with their hatching, between its two words."""
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
        _hatch(painter, QRectF(x, top, _RAMP_PIXELS, height), verdict)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink_colour("rule"))
        painter.drawRect(QRectF(x, top, _RAMP_PIXELS, height))
        painter.setPen(ink_colour("text"))
        x += _RAMP_PIXELS + 4
        painter.drawText(QRectF(x, 0, room.right() - x, room.height()), middle, much)

    def _paint_hatch_key(self, painter: QPainter, line: QRectF, verdict: Verdict) -> None:
        """A piece of the pattern before the words that tell what it means."""
        box = QRectF(line.left(), line.top() + line.height() * 0.2, _KEY_PIXELS, line.height() * 0.6)
        _hatch(painter, box, verdict)
        painter.setPen(ink_colour("rule"))
        painter.drawRect(box)
        painter.setPen(ink_colour("text"))

    def _describe(self) -> None:
        self.setAccessibleName(self.text)
        self.update()


def _hatch(painter: QPainter, box: QRectF, verdict: Verdict) -> None:
    """The map's pattern over a box, as it looks on the paper."""
    mm = _HATCH_PIXELS_PER_MM
    painter.setPen(ink_colour("map_hatch"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawLines([QLineF(*(mm * end for end in ends)) for ends in hatch_lines(
        box.x() / mm, box.y() / mm, box.width() / mm, box.height() / mm, verdict)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

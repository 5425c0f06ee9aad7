"""The sheet at its scale: millimetres become pixels here and nowhere else, and only the screen and the zoom say how.

Resizing shows more or less paper. The scene is the sheet in millimetres; the view's transform is pixels per
millimetre times the zoom factor, and nothing else ever sets it.
"""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent, QTransform
from PySide6.QtWidgets import QGraphicsView, QScrollBar, QWidget

from peace_desktop.ui.trace.grid import paint_paper
from peace_desktop.ui.trace.map_bands import MOST_OPACITY, Band
from peace_desktop.ui.trace.scale import ScreenScale
from peace_model.inference.prediction import Verdict

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_NUDGE_PIXELS = 1


class ScaledPaper(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph has no type information
    """Paper with items on it, as much of it as fits. Signals are in millimetres of the sheet.

    resized: the view shows more or less paper. beyond: asked to move on by mm where the sheet has ended (the
    recording may go on). scrolled: the left edge seen.
    """

    resized = Signal()
    zoomed = Signal(float)
    beyond = Signal(float)
    scrolled = Signal(float)

    def __init__(self, scale: ScreenScale, parent: QWidget | None = None) -> None:
        self._scale = scale
        self._zoom = 1.0
        self._bands: tuple[Band, ...] = ()
        self._opacity = 0.0
        self._verdict = Verdict.SUPPORTED
        super().__init__(parent, useOpenGL=False, background=None)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._apply_scale()

    # pyqtgraph fits the transform to the widget; here the transform is the scale of the paper and stays.
    def updateMatrix(self, propagate: bool = True) -> None:
        self.sigDeviceTransformChanged.emit(self)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        if event is None:
            return
        QGraphicsView.resizeEvent(self, event)
        self.resized.emit()

    def set_screen(self, scale: ScreenScale) -> None:
        self._scale = scale
        self._apply_scale()

    @property
    def screen_scale(self) -> ScreenScale:
        return self._scale

    @property
    def zoom(self) -> float:
        return self._zoom

    def set_zoom(self, factor: float, *, under_mouse: bool = False) -> None:
        """Enlarge the paper; 1 is true to scale. Keeps to the range of ZOOMS."""
        factor = min(max(factor, ZOOMS[0]), ZOOMS[-1])
        if factor == self._zoom:
            return
        self._zoom = factor
        anchors = QGraphicsView.ViewportAnchor
        self.setTransformationAnchor(anchors.AnchorUnderMouse if under_mouse else anchors.AnchorViewCenter)
        self._apply_scale()
        self.setTransformationAnchor(anchors.NoAnchor)
        self.zoomed.emit(factor)

    def zoom_by(self, steps: int, *, under_mouse: bool = False) -> None:
        """The next larger or smaller of ZOOMS."""
        nearest = min(range(len(ZOOMS)), key=lambda index: abs(ZOOMS[index] - self._zoom))
        self.set_zoom(ZOOMS[min(max(nearest + steps, 0), len(ZOOMS) - 1)], under_mouse=under_mouse)

    def pixels_per_mm(self) -> tuple[float, float]:
        """Logical pixels per millimetre as drawn, across and down, the zoom included."""
        transform = self.viewportTransform()
        return transform.m11(), transform.m22()

    def visible_mm(self) -> tuple[float, float]:
        """Width and height of the paper that fits the view at 100 %."""
        return self.viewport().width() / self._scale.x, self.viewport().height() / self._scale.y

    def set_paper_size(self, width_mm: float, height_mm: float) -> None:
        paper = QRectF(0, 0, width_mm, height_mm)
        if paper != self.sceneRect():  # setting the same again would paint the whole background anew
            self.setSceneRect(paper)

    def look_at_top(self, sky_mm: float) -> None:
        """Begin at the first row: paper above it that does not fit with the rest is left to scroll to."""
        bar: QScrollBar = self.verticalScrollBar()
        bar.setValue(round(sky_mm * self.pixels_per_mm()[1]))
        self.horizontalScrollBar().setValue(0)

    def set_bands(self, bands: tuple[Band, ...], opacity: float, verdict: Verdict) -> None:
        """The map behind the traces; its opacity is capped, and it is hatched where it has no support."""
        opacity = min(max(opacity, 0.0), MOST_OPACITY)
        if (bands, opacity, verdict) == (self._bands, self._opacity, self._verdict):
            return
        self._bands, self._opacity, self._verdict = bands, opacity, verdict
        self.resetCachedContent()
        self.viewport().update()

    def move_by(self, across_mm: float, down_mm: float) -> None:
        """Move over the paper; what the sheet has not got across goes on as `beyond`."""
        across_px, down_px = self.pixels_per_mm()
        bar = self.horizontalScrollBar()
        wanted = bar.value() + round(across_mm * across_px)
        kept = min(max(wanted, bar.minimum()), bar.maximum())
        bar.setValue(kept)
        down = self.verticalScrollBar()
        down.setValue(down.value() + round(down_mm * down_px))
        if abs(wanted - kept) >= _NUDGE_PIXELS:
            self.beyond.emit((wanted - kept) / across_px)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dx:
            self._tell_left()

    def _tell_left(self) -> None:
        back, _possible = self.viewportTransform().inverted()
        self.scrolled.emit(max(back.map(QPointF(0.0, 0.0)).x(), 0.0))

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        self.paint_background(painter, rect)

    def paint_background(self, painter: QPainter, rect: QRectF) -> None:
        """Paper, map and grid over a part of the sheet, on any device; its transform maps millimetres."""
        paint_paper(painter, rect, bands=self._bands, opacity=self._opacity, verdict=self._verdict)

    def all_rows_visible(self) -> bool:
        """Whether the sheet is no taller than the view."""
        bar: QScrollBar = self.verticalScrollBar()
        return bar.maximum() == bar.minimum()

    def _apply_scale(self) -> None:
        self.setTransform(QTransform.fromScale(self._scale.x * self._zoom, self._scale.y * self._zoom))
        self.resetCachedContent()
        self.updateMatrix()
        self._tell_left()

"""Measure the screen with a bank card or a ruler held against it: pixels per millimetre, across and down."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.texts import _
from peace_desktop.ui.trace.pens import cosmetic_pen, ink_colour
from peace_desktop.ui.trace.scale import ScreenScale, scale_of_screen

LEAST_PX_PER_MM, MOST_PX_PER_MM = 2.0, 16.0
_STEPS_PER_PIXEL = 1000
_MARGIN_PIXELS = 20


@dataclass(frozen=True)
class Measure:
    """Something whose size everybody has at hand, mm across and down."""

    name: str
    across_mm: float
    down_mm: float


def measures() -> tuple[Measure, ...]:
    """The choices: a bank card (ISO/IEC 7810 ID-1) and a ruler."""
    return (
        Measure(_("Bank card, 85.6 × 54.0 mm"), 85.6, 53.98),
        Measure(_("Ruler, 100 mm across and 50 mm down"), 100.0, 50.0),
    )


class CalibrationBars(QWidget):
    """A bar across and a bar down, as long as the measure at the present scale."""

    def __init__(self, scale: ScreenScale, measure: Measure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale, self._measure = scale, measure
        self.setAccessibleName(_("Bars to measure on the screen"))

    def show_measure(self, scale: ScreenScale, measure: Measure) -> None:
        self._scale, self._measure = scale, measure
        self.setMinimumSize(self.sizeHint())
        self.update()

    def bar_pixels(self) -> tuple[float, float]:
        """Length of the bar across and of the bar down, logical pixels."""
        return self._measure.across_mm * self._scale.x, self._measure.down_mm * self._scale.y

    def sizeHint(self) -> QSize:
        across, down = self.bar_pixels()
        return QSize(round(across) + 2 * _MARGIN_PIXELS, round(down) + 2 * _MARGIN_PIXELS)

    def paintEvent(self, event: QPaintEvent) -> None:
        across, down = self.bar_pixels()
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink_colour("paper"))
        box = QRectF(_MARGIN_PIXELS, _MARGIN_PIXELS, across, down)
        painter.setPen(cosmetic_pen(ink_colour("rule"), 1.0, Qt.PenStyle.DashLine))
        painter.drawRect(box)
        painter.setPen(cosmetic_pen(ink_colour("accent"), 3.0))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topLeft(), box.bottomLeft())
        reach = QPointF(0, 8)
        for end in (box.bottomLeft(), box.bottomRight()):
            painter.drawLine(end - reach, end + reach)
        reach = QPointF(8, 0)
        for end in (box.topLeft(), box.bottomLeft()):
            painter.drawLine(end - reach, end + reach)
        painter.setPen(ink_colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _("{across} × {down} mm").format(
            across=f"{self._measure.across_mm:g}", down=f"{self._measure.down_mm:g}"))
        painter.end()


class CalibrationDialog(QDialog):
    """Adjust the bars until they measure what they say; `scale` is then the screen's."""

    def __init__(self, scale: ScreenScale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Calibrate screen"))
        words = QLabel(_("Hold a bank card or a ruler against the screen. Adjust the two numbers until the thick bars "
                         "are exactly as long as written."))
        words.setWordWrap(True)
        # A label that wraps claims one line only; without the others the form would be laid over the bars.
        words.setMinimumHeight(3 * words.fontMetrics().lineSpacing())
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Measure"))
        for measure in measures():
            self.choice.addItem(measure.name, measure)
        self.across, across_slider = self._adjuster(scale.x, _("Pixels per millimetre across"))
        self.down, down_slider = self._adjuster(scale.y, _("Pixels per millimetre down"))
        self.square = QCheckBox(_("Same in both directions"))
        self.square.setChecked(abs(scale.x - scale.y) < 0.01 * scale.x)
        self.bars = CalibrationBars(scale, measures()[0])
        form = QFormLayout()
        form.addRow(_("Measure"), self.choice)
        form.addRow(_("Across"), self.across)
        form.addRow("", across_slider)
        form.addRow(_("Down"), self.down)
        form.addRow("", down_slider)
        form.addRow("", self.square)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        claim = buttons.addButton(_("As the screen reports"), QDialogButtonBox.ButtonRole.ResetRole)
        column = QVBoxLayout(self)
        for part in (words, self.bars):
            column.addWidget(part)
        column.addLayout(form)
        column.addWidget(buttons)
        self.choice.currentIndexChanged.connect(self._show)
        self.across.valueChanged.connect(self._across_changed)
        self.down.valueChanged.connect(self._down_changed)
        self.square.toggled.connect(self._across_changed)
        claim.clicked.connect(self._take_claim)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._show()

    @property
    def scale(self) -> ScreenScale:
        """Logical pixels per millimetre as adjusted."""
        return ScreenScale(self.across.value(), self.down.value(), measured=True)

    def _adjuster(self, value: float, name: str) -> tuple[QDoubleSpinBox, QSlider]:
        number = QDoubleSpinBox()
        number.setDecimals(3)
        number.setRange(LEAST_PX_PER_MM, MOST_PX_PER_MM)
        number.setSingleStep(0.01)
        number.setSuffix(" " + _("px/mm"))
        number.setAccessibleName(name)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(int(LEAST_PX_PER_MM * _STEPS_PER_PIXEL), int(MOST_PX_PER_MM * _STEPS_PER_PIXEL))
        slider.setAccessibleName(name)
        number.valueChanged.connect(lambda changed: slider.setValue(round(changed * _STEPS_PER_PIXEL)))
        slider.valueChanged.connect(lambda changed: number.setValue(changed / _STEPS_PER_PIXEL))
        number.setValue(value)
        return number, slider

    def _across_changed(self) -> None:
        if self.square.isChecked():
            self.down.setValue(self.across.value())
        self._show()

    def _down_changed(self) -> None:
        if self.square.isChecked():
            self.across.setValue(self.down.value())
        self._show()

    def _take_claim(self) -> None:
        claimed = scale_of_screen(self.screen())
        self.square.setChecked(abs(claimed.x - claimed.y) < 0.01 * claimed.x)
        self.across.setValue(claimed.x)
        self.down.setValue(claimed.y)

    def _show(self) -> None:
        self.bars.show_measure(self.scale, self.choice.currentData())


def calibrate(scale: ScreenScale, parent: QWidget | None = None) -> ScreenScale | None:
    """Ask the reader to measure the screen; None when the dialog was dismissed."""
    dialog = CalibrationDialog(scale, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    return dialog.scale if accepted else None

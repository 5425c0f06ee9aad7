"""The measurements: name, value with unit, a strip with the published limits, the flag in words, or why not."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.findings.axis_dial import AxisDial
from peace_desktop.ui.findings.disclosure import Disclosure
from peace_desktop.ui.findings.limit_strip import LimitStrip
from peace_desktop.ui.findings.measurement_view import AxisView, MeasurementView
from peace_desktop.ui.findings.remade import Remade
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind


class MeasurementTable(Remade):
    """One line a measurement, more where there is more to say than the value; the axes on a dial below.

    beat(): the reader wants to see or move the boundaries behind the numbers.
    """

    beat = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beat = QPushButton(_("Median beat and intervals…"))
        self._beat.setObjectName("open_median_beat")
        mark_kind(self._beat, kind="small")
        self._beat.clicked.connect(self.beat)
        self._layout.insertWidget(0, self._beat, 0, Qt.AlignmentFlag.AlignRight)
        self.show_rows(None, None, [])

    def show_rows(self, rows: Sequence[MeasurementView] | None, dial: AxisView | None, shape: Sequence[str]) -> None:
        """rows: None while the recording is being measured. shape: lines on the QRS, one click away."""
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(4, 0, 4, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        if rows is None:
            grid.addWidget(text_label(_("Measuring…"), muted=True), 0, 0)
        self._beat.setEnabled(bool(rows))
        line = 0
        for row in rows or ():
            name = text_label(row.name)
            name.setAccessibleName(row.accessible)
            value = text_label(row.value_text, wrap=False)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setToolTip("\n".join(row.detail))
            grid.addWidget(name, line, 0)
            # Words such as a rhythm's take the place of the strip they have not; the column keeps its width.
            in_words = row.strip is None and not any(map(str.isdigit, row.value_text))
            grid.addWidget(value, line, 1, 1, 2 if in_words else 1)
            if row.strip is not None:
                strip = LimitStrip(row.strip)
                strip.setToolTip(row.limit_text)
                strip.setAccessibleName(row.limit_text)
                grid.addWidget(strip, line, 2)
            line += 1
            for more in (row.flag_text, row.reason, row.edit_text):
                if more:
                    grid.addWidget(text_label(more, muted=more == row.reason), line, 0, 1, 3)
                    line += 1
            if row.limit_text:
                grid.addWidget(Disclosure(row.limit_text, row.detail, subject=row.name) if row.detail else
                               text_label(row.limit_text, muted=True), line, 0, 1, 3)
                line += 1
        if shape:
            grid.addWidget(Disclosure(_("Shape of the QRS, for the pattern rules"), shape, subject=_("Measurements")),
                           line, 0, 1, 3)
            line += 1
        if dial is not None:
            grid.addWidget(AxisDial(dial), line, 0, 1, 3, Qt.AlignmentFlag.AlignHCenter)
        self.put(table)

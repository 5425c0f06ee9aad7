"""Two questions of an import: rate and unit of files that do not say, and the way to the wizard for tables."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind
from peace_model.ecg.formats.registry import ReadOptions

_LEAST_RATE_HZ = 20


class SilentFiles(QFrame):
    """answered(ReadOptions): what a person knows of the files that do not say how they were recorded."""

    answered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("import_question")
        mark_kind(self, kind="notice")
        self._rate = QDoubleSpinBox()
        self._rate.setRange(0, 100_000)
        self._rate.setDecimals(0)
        # Nothing is chosen for the reader: a number that stands there already would be a guess.
        self._rate.setSpecialValueText(_("not given"))
        self._rate.setSuffix(" Hz")
        self._rate.setObjectName("import_rate")
        self._rate.setAccessibleName(_("Sampling rate of the files that do not say"))
        self._unit = QComboBox()
        self._unit.setObjectName("import_unit")
        self._unit.setAccessibleName(_("Unit of the files that do not say"))
        for unit, words in ((None, _("not given")), ("mV", _("millivolts (mV)")), ("uV", _("microvolts (µV)"))):
            self._unit.addItem(words, unit)
        self._again = QPushButton(_("Read these files so"))
        self._again.setObjectName("import_again")
        self._again.setAutoDefault(False)
        self._again.clicked.connect(self._answer)
        self._rate.valueChanged.connect(self._look)
        self._unit.currentIndexChanged.connect(self._look)
        self._look()
        row = QHBoxLayout()
        for widget in (text_label(_("Sampling rate"), wrap=False), self._rate, text_label(_("Unit"), wrap=False),
                       self._unit):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._again)
        inside = QVBoxLayout(self)
        inside.addWidget(text_label(_("Some files do not say how they were recorded. Answer only if you know it: a "
                                      "wrong rate or unit makes every number wrong.")))
        inside.addLayout(row)

    def _look(self) -> None:
        """Something must be given; what a file says itself is never overruled by it."""
        rate_hz = self._rate.value()
        possible = rate_hz == 0 or rate_hz >= _LEAST_RATE_HZ
        self._again.setEnabled(possible and bool(rate_hz or self._unit.currentData()))

    def _answer(self) -> None:
        self.answered.emit(ReadOptions(fs_hz=self._rate.value() or None, unit=self._unit.currentData()))


class SilentTables(QFrame):
    """asked: the wizard is wanted for the tables that do not say how they are laid out."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("import_tables")
        mark_kind(self, kind="notice")
        tell = QPushButton(_("Tell how they are laid out…"))
        tell.setObjectName("import_tell")
        tell.setAutoDefault(False)
        tell.clicked.connect(lambda: self.asked.emit())
        row = QHBoxLayout(self)
        row.addWidget(text_label(_("Some tables do not say which column is which lead, in which unit or at which "
                                   "rate.")), 1)
        row.addWidget(tell)

"""What a person tells of a table: separator, decimal mark, header, unit, rate, and the role of each column."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from peace_desktop.texts import _
from peace_desktop.ui.import_.wizard_table import role_words
from peace_model.ecg.formats.csv_profile import (
    COUNTS,
    ENCODINGS,
    IGNORED,
    MAX_SKIPPED,
    SECONDS_PER_TIME_UNIT,
    SEPARATORS,
    TIME,
    UNITS,
    TableDraft,
)
from peace_model.ecg.leads import FRANK, HOLTER, PEDIATRIC_15, STANDARD_12

_COMBO_SIGNS = 14
_LEADS = (*PEDIATRIC_15, "V5R", "V6R", "V8", "V9", *FRANK, *HOLTER)


class WizardForm(QWidget):
    """changed(): the draft is another one, by the person's hand. Nothing that a table does not show is filled in."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = TableDraft()
        self._place = 0
        self._before: tuple[str, ...] = ()
        self._separator = self._combo("wizard_separator", _("Separator"), {
            ";": _("semicolon ;"), "\t": _("tab"), ",": _("comma ,"), "|": _("bar |"), " ": _("blanks")}, SEPARATORS)
        self._decimal = self._combo("wizard_decimal", _("Decimal mark"), {
            ".": _("point: 0.5"), ",": _("comma: 0,5")}, (".", ","))
        self._encoding = self._combo("wizard_encoding", _("Encoding"), {}, ENCODINGS)
        self._skip = QSpinBox()
        self._skip.setRange(0, MAX_SKIPPED)
        self._skip.setObjectName("wizard_skip")
        self._skip.setAccessibleName(_("Lines to skip"))
        self._header = QCheckBox(_("Names stand before the samples"))
        self._header.setObjectName("wizard_header")
        self._transposed = QCheckBox(_("Every row is a lead"))
        self._transposed.setObjectName("wizard_transposed")
        self._unit = self._combo("wizard_unit", _("Unit of the samples"), {
            "": _("not given"), "mV": _("millivolts (mV)"), "uV": _("microvolts (µV)"),
            "nV": _("nanovolts (nV)"), "V": _("volts (V)"), COUNTS: _("counts of the recorder")}, ("", *UNITS, COUNTS))
        self._counts = self._number("wizard_counts", _("Counts in a millivolt"), 1e6, 4, "")
        self._rate = self._number("wizard_rate", _("Sampling rate"), 100_000, 2, " Hz")
        self._time_unit = self._combo("wizard_time_unit", _("Unit of the time column"), {
            "": _("not given"), "s": _("seconds"), "ms": _("milliseconds"),
            "us": _("microseconds")}, ("", *SECONDS_PER_TIME_UNIT))
        self._role = self._combo("wizard_role", _("Role of the column"), {
            role: role_words(role) for role in (IGNORED, TIME)}, (IGNORED, TIME, *_LEADS))
        self._role_label = QLabel()
        self._twelve = QPushButton(_("I to V6 from here on"))
        self._twelve.setObjectName("wizard_twelve")
        self._twelve.setAutoDefault(False)
        self._lay_out()
        for combo in (self._separator, self._decimal, self._encoding, self._unit, self._time_unit):
            combo.activated.connect(self._take)
        self._skip.valueChanged.connect(self._take)
        self._counts.valueChanged.connect(self._take)
        self._rate.valueChanged.connect(self._take)
        self._header.toggled.connect(self._recut)
        self._transposed.toggled.connect(self._recut)
        self._role.activated.connect(lambda _index: self._set_roles((self._role.currentData(),)))
        self._twelve.clicked.connect(lambda: self._set_roles(STANDARD_12))

    @property
    def draft(self) -> TableDraft:
        return self._draft

    def show_draft(self, draft: TableDraft, *, is_matrix: bool) -> None:
        """Show a draft as it is, without `changed`."""
        if draft.columns != self._draft.columns:
            self._before = draft.columns
        self._draft = draft
        fields: tuple[QWidget, ...] = (
            self._separator, self._decimal, self._encoding, self._skip, self._header, self._transposed,
            self._unit, self._counts, self._rate, self._time_unit, self._role)
        for field in fields:
            field.blockSignals(True)
        for combo, value in ((self._separator, draft.separator), (self._decimal, draft.decimal),
                             (self._encoding, draft.encoding), (self._unit, draft.unit),
                             (self._time_unit, draft.time_unit)):
            combo.setCurrentIndex(combo.findData(value))
        # A number just being typed is not written anew: that would move the cursor.
        for spin, number in ((self._counts, draft.counts_per_mv or 0), (self._rate, draft.fs_hz or 0)):
            if spin.value() != number:
                spin.setValue(number)
        if self._skip.value() != draft.skip_rows:
            self._skip.setValue(draft.skip_rows)
        self._header.setChecked(draft.header)
        self._transposed.setChecked(draft.transposed)
        for field in fields:
            field.blockSignals(False)
        for field in fields[:6]:
            self._layout.setRowVisible(field, not is_matrix)
        self._layout.setRowVisible(self._counts, draft.unit == COUNTS)
        self._layout.setRowVisible(self._time_unit, TIME in draft.columns)
        self.show_place(min(self._place, max(0, len(draft.columns) - 1)))

    def show_place(self, place: int) -> None:
        """Make a column, or row, the one whose role is told."""
        if place != self._place:
            self._before = self._draft.columns
        self._place = place
        what = _("Row {n} is") if self._draft.transposed else _("Column {n} is")
        self._role_label.setText(what.format(n=place + 1))
        self._role.setAccessibleName(what.format(n=place + 1))
        role = self._draft.columns[place] if place < len(self._draft.columns) else IGNORED
        self._role.setCurrentIndex(self._role.findData(role))

    @property
    def place(self) -> int:
        return self._place

    def _take(self) -> None:
        unit = self._unit.currentData()
        told = replace(
            self._draft, separator=self._separator.currentData(), decimal=self._decimal.currentData(),
            encoding=self._encoding.currentData(), skip_rows=self._skip.value(), unit=unit,
            counts_per_mv=self._counts.value() or None if unit == COUNTS else None, fs_hz=self._rate.value() or None,
            time_unit=self._time_unit.currentData())
        self._layout.setRowVisible(self._counts, unit == COUNTS)
        if told != self._draft:  # The Enter key makes a number tell itself again.
            self._draft = told
            self.changed.emit()

    def _recut(self) -> None:
        """With or without names, and the other way round: what the columns are has to be seen anew."""
        self._draft = replace(self._draft, header=self._header.isChecked(), transposed=self._transposed.isChecked(),
                              columns=())
        self._place = 0
        self.changed.emit()

    def _set_roles(self, roles: tuple[str, ...]) -> None:
        """Give roles to the columns from the current one on; whoever had them before is ignored.

        Roles passed over with the arrow keys take nothing from other columns for good.
        """
        columns = [IGNORED if role in roles else role for role in self._before]
        columns[self._place:self._place + len(roles)] = roles[:len(columns) - self._place]
        self._draft = replace(self._draft, columns=tuple(columns))
        if len(roles) > 1:
            self._before = self._draft.columns
        self._layout.setRowVisible(self._time_unit, TIME in columns)
        self.changed.emit()

    def _lay_out(self) -> None:
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        cutting: tuple[tuple[str, QWidget], ...] = (
            (_("Separator"), self._separator), (_("Decimal mark"), self._decimal), (_("Encoding"), self._encoding),
            (_("Lines to skip"), self._skip))
        scaling: tuple[tuple[str, QWidget], ...] = (
            (_("Unit"), self._unit), (_("Counts in a millivolt"), self._counts), (_("Sampling rate"), self._rate),
            (_("Time in"), self._time_unit))
        for text, field in cutting:
            self._layout.addRow(text, field)
        self._layout.addRow(self._header)
        self._layout.addRow(self._transposed)
        self._layout.addRow(self._role_label, self._role)
        self._layout.addRow("", self._twelve)
        for text, field in scaling:
            self._layout.addRow(text, field)

    def _combo(self, name: str, spoken: str, words: dict[str, str], values: tuple[str, ...]) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setAccessibleName(spoken)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(_COMBO_SIGNS)
        for value in values:
            combo.addItem(words.get(value, value), value)
        return combo

    def _number(self, name: str, spoken: str, most: float, decimals: int, suffix: str) -> QDoubleSpinBox:
        spin = QDoubleSpinBox()
        spin.setRange(0, most)
        spin.setDecimals(decimals)
        # Nothing is chosen for the reader: a number that stands there already would be a guess.
        spin.setSpecialValueText(_("not given"))
        spin.setSuffix(suffix)
        spin.setObjectName(name)
        spin.setAccessibleName(spoken)
        return spin

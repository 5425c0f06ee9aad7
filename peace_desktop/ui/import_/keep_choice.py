"""What of a person an import keeps, asked in plain words; nothing is the default."""

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFrame, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from peace_desktop.library.records import Keep
from peace_desktop.texts import _, ngettext
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import mark_kind


class KeepChoice(QFrame):
    """`keep` is what stands chosen now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_keep")
        mark_kind(self, kind="card")
        self._nothing = _radio("import_keep_nothing", _("Leave the person out"))
        self._nothing.setChecked(True)
        self._name = _radio("import_keep_name", _("Keep the name"))
        self._group = QButtonGroup(self)
        self._birth = QCheckBox(_("Keep the birth date too"))
        self._birth.setObjectName("import_keep_birth")
        self._birth.setAccessibleName(self._birth.text())
        self._birth.setEnabled(False)
        self._bearing = text_label(muted=True, wrap=False, name="import_bearing")
        means = (_("No name, number or birth date is stored, and dates are moved by some days, the same for all "
                   "recordings of one patient. Age and sex stay."),
                 _("The name, the true dates and the original files are stored in this library."))
        inside = QVBoxLayout(self)
        for button, meaning in zip((self._nothing, self._name), means, strict=True):
            self._group.addButton(button)
            button.setAccessibleDescription(meaning)
            label = text_label(meaning, muted=True)
            label.setContentsMargins(24, 0, 0, 0)
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            if button is self._name:
                row.insertWidget(1, self._birth)
            else:
                row.addWidget(self._bearing)
            inside.addLayout(row)
            inside.addWidget(label)
        inside.setSpacing(2)
        self.setTabOrder(self._name, self._birth)
        self._name.toggled.connect(self._look)

    @property
    def keep(self) -> Keep:
        if not self._name.isChecked():
            return Keep.NOTHING
        return Keep.NAME_AND_BIRTH_DATE if self._birth.isChecked() else Keep.NAME

    def tell(self, bearing: int | None) -> None:
        """How many of the new recordings bear a name, None where there are none."""
        self._bearing.setVisible(bearing is not None)
        self._bearing.setText(ngettext("{n} of the new recordings bears a name.", "{n} of the new recordings bear a "
                                       "name.", bearing).format(n=f"{bearing:,}") if bearing else _(
                                           "None of the new recordings bears a name."))

    def _look(self, named: bool) -> None:
        self._birth.setEnabled(named)
        if not named:
            self._birth.setChecked(False)


def _radio(name: str, text: str) -> QRadioButton:
    button = QRadioButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    return button

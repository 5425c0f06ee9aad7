"""Entering or correcting age, sex and gestational age: an age by birth date or as a number, all with a reason.

What the file says stays beside.
"""

from datetime import datetime

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.library.records import Person
from peace_desktop.report.gestation import born_words, is_told
from peace_desktop.report.terms import sex_words
from peace_desktop.texts import _, age_words
from peace_desktop.ui.findings.age_entry import (
    AgeUnit,
    Entered,
    EnteredWeeks,
    age_from_dates,
    age_from_number,
    weeks_from_text,
)
from peace_desktop.ui.findings.date_field import DateField
from peace_desktop.ui.panel import text_label
from peace_model.ecg.age import Age
from peace_model.ecg.recording import Sex


class PersonDialog(QDialog):
    """`age`, `sex`, `gestational_age_weeks` and `reason` are what was entered; OK waits until they make sense.

    recorded_at: the true time of the recording; without one its date is asked for beside the birth date.
    """

    def __init__(self, person: Person, *, recorded_at: datetime | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Age and sex at the time of recording"))
        self.setMinimumWidth(520)
        self._person = person
        self._entered = Entered(person.age)
        self._weeks = EnteredWeeks(person.gestational_age_weeks)
        self._counted = False
        self._keep = QRadioButton(_("Keep: {age}").format(age=age_words(person.age)))
        self._by_birth = QRadioButton(_("Birth date"))
        self._by_number = QRadioButton(_("Age"))
        self._unknown = QRadioButton(_("Age unknown"))
        self._birth = DateField(_("Birth date"))
        self._birth.setObjectName("birth_date")
        self._recorded = DateField(_("Date of the recording"), recorded_at.date() if recorded_at is not None else None)
        self._recorded.setObjectName("recording_date")
        self._count = QSpinBox()
        self._count.setRange(0, 50_000)
        self._count.setObjectName("age_number")
        self._count.setAccessibleName(_("Age as a number"))
        self._unit = QComboBox()
        self._unit.setObjectName("age_unit")
        self._unit.setAccessibleName(_("Unit of the age"))
        for unit in AgeUnit:
            self._unit.addItem(_(unit.value), unit)
        self._sex = QComboBox()
        self._sex.setObjectName("sex")
        self._sex.setAccessibleName(_("Sex"))
        for sex in ("F", "M", None):
            self._sex.addItem(sex_words(sex), sex)
        self._sex.setCurrentIndex(self._sex.findData(person.sex))
        self._gestation = QLineEdit(self._stored_weeks())
        self._gestation.setObjectName("gestational_age")
        self._gestation.setAccessibleName(_("Gestational age at birth, in completed weeks"))
        self._reason = QLineEdit()
        self._reason.setObjectName("correction_reason")
        self._reason.setAccessibleName(_("Reason for the correction"))
        self._reason.setPlaceholderText(_("for example: from the referral letter"))
        self._result = text_label(name="entered_age")
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        for button in (self._keep, self._by_birth, self._by_number, self._unknown):
            button.toggled.connect(self._look)
        for field in (self._birth, self._recorded):
            field.textEdited.connect(lambda _text: self._choose(self._by_birth))
        self._count.valueChanged.connect(lambda _count: self._take_number())
        # What already stands there, typed anew, is told by the text alone.
        self._count.lineEdit().textEdited.connect(lambda _text: self._take_number())
        self._unit.activated.connect(lambda _place: self._choose(self._by_number))
        self._sex.activated.connect(self._look)
        self._gestation.textEdited.connect(self._look)
        self._reason.textChanged.connect(self._look)
        # Nothing is chosen for an unknown age: a number that stands there already would be a guess.
        (self._keep if person.age is not None else self._unknown).setChecked(True)

    @property
    def age(self) -> Age | None:
        return self._entered.age

    @property
    def sex(self) -> Sex | None:
        chosen: Sex | None = self._sex.currentData()
        return chosen

    @property
    def gestational_age_weeks(self) -> int | None:
        return self._weeks.weeks

    @property
    def reason(self) -> str:
        return self._reason.text().strip()

    def _lay_out(self) -> None:
        birth, number = QHBoxLayout(), QHBoxLayout()
        for row, widgets in ((birth, (self._by_birth, self._birth, text_label(_("recorded on"), wrap=False),
                                      self._recorded)), (number, (self._by_number, self._count, self._unit))):
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
        form = QFormLayout()
        form.addRow(_("The file says"), text_label(f"{age_words(self._person.file_age)} \N{MIDDLE DOT} "
                                                   f"{sex_words(self._person.file_sex)}"))
        form.addRow(_("Sex"), self._sex)
        form.addRow(_("Gestational age at birth (weeks)"), self._gestation)
        form.addRow(_("Reason"), self._reason)
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(_("The file's own values stay on record. Limits, findings and predictions are "
                                      "computed again.")))
        if self._person.age is not None:
            layout.addWidget(self._keep)
        layout.addLayout(birth)
        layout.addLayout(number)
        layout.addWidget(self._unknown)
        layout.addLayout(form)
        layout.addWidget(self._result)
        layout.addWidget(self._buttons)

    def _take_number(self) -> None:
        """The number was entered, and is no longer only what stood there at first."""
        self._counted = True
        self._choose(self._by_number)

    def _choose(self, button: QRadioButton) -> None:
        button.setChecked(True)
        self._look()

    def _look(self) -> None:
        if self._by_birth.isChecked():
            self._entered = age_from_dates(self._birth.day, self._recorded.day)
        elif self._by_number.isChecked() and not self._counted:
            self._entered = Entered(None, _("Enter the age as a number."))
        elif self._by_number.isChecked():
            self._entered = age_from_number(self._count.value(), AgeUnit(self._unit.currentData()))
        else:
            self._entered = Entered(None if self._unknown.isChecked() else self._person.age)
        self._look_at_weeks()
        person = self._person
        same = (self._entered.age, self.sex, self._weeks.weeks) == (
            person.age, person.sex, person.gestational_age_weeks)
        problem = self._entered.problem or self._weeks.problem
        if problem:
            said = problem
        elif same:
            said = _("Nothing is changed yet.")
        elif not self.reason:
            said = _("Becomes: {age}. A reason is needed.").format(age=age_words(self._entered.age))
        else:
            said = _("Becomes: {age} · {sex}").format(age=age_words(self._entered.age), sex=sex_words(self.sex))
            if born := born_words(self._weeks.weeks, self._entered.age):
                said += f" \N{MIDDLE DOT} {born}"
        self._result.setText(said)
        allowed = not (problem or same) and bool(self.reason)
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(allowed)

    def _look_at_weeks(self) -> None:
        """Of an older child nothing is asked, and what is stored stays."""
        told = is_told(self._entered.age)
        if not told:
            self._gestation.setText(self._stored_weeks())
        self._gestation.setEnabled(told)
        self._gestation.setPlaceholderText(_("not given") if told else _("asked for under 2 years"))
        self._weeks = weeks_from_text(self._gestation.text()) if told else EnteredWeeks(
            self._person.gestational_age_weeks)

    def _stored_weeks(self) -> str:
        weeks = self._person.gestational_age_weeks
        return str(weeks) if weeks is not None else ""

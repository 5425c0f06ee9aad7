"""The dialog for age and sex, alone: what it takes as an age, and what keeps Save off."""

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit

from peace_desktop.library.records import Person
from peace_desktop.ui.findings.person_dialog import PersonDialog
from peace_model.ecg.age import Age, Precision

NOBODY = Person(None, "F", corrected=False, file_age=None, file_sex="F")


def opened(qtbot: object, person: Person = NOBODY, recorded_at: datetime | None = None) -> PersonDialog:
    dialog = PersonDialog(person, recorded_at=recorded_at)
    qtbot.addWidget(dialog)  # type: ignore[attr-defined]
    enter(dialog, "correction_reason", "passport")
    return dialog


def enter(dialog: PersonDialog, name: str, text: str) -> None:
    field = dialog.findChild(QLineEdit, name)
    field.selectAll()
    QTest.keyClicks(field, text)


def said(dialog: PersonDialog) -> str:
    return dialog.findChild(QLabel, "entered_age").text()


def may_save(dialog: PersonDialog) -> bool:
    buttons = dialog.findChild(QDialogButtonBox)
    return buttons.button(QDialogButtonBox.StandardButton.Save).isEnabled()


def test_without_a_true_date_of_the_recording_it_is_asked_for(qtbot: object) -> None:
    dialog = opened(qtbot)
    assert dialog.findChild(QLineEdit, "recording_date").text() == ""
    enter(dialog, "birth_date", "2018-03-08")
    assert not may_save(dialog)
    assert "Enter the true date of the recording" in said(dialog)
    enter(dialog, "recording_date", "2018-03-20")
    assert may_save(dialog)
    assert dialog.age == Age(12, Precision.DAY, "birth date")


def test_a_true_date_of_the_recording_stands_there(qtbot: object) -> None:
    dialog = opened(qtbot, recorded_at=datetime(2018, 3, 20, 23, 59))
    enter(dialog, "birth_date", "2018-03-08")
    assert dialog.age == Age(12, Precision.DAY, "birth date")
    assert may_save(dialog)


@pytest.mark.parametrize("typed", ["2018", "2018-03", "2018-02-30", "08.03.2018"])
def test_half_a_date_is_no_date(qtbot: object, typed: str) -> None:
    dialog = opened(qtbot, recorded_at=datetime(2018, 3, 20))
    enter(dialog, "birth_date", typed)
    assert not may_save(dialog)
    assert said(dialog).startswith("Enter the birth date")


def test_gestational_age_is_asked_for_under_two_years_and_kept_after(qtbot: object) -> None:
    infant = Person(Age(105, Precision.DAY, "file header"), "F", corrected=False, file_age=None, file_sex="F")
    dialog = opened(qtbot, infant)
    field = dialog.findChild(QLineEdit, "gestational_age")
    assert field.isEnabled()
    for typed, allowed in (("3", False), ("31", True), ("50", False), ("32", True)):
        enter(dialog, "gestational_age", typed)
        assert may_save(dialog) == allowed, typed
    assert "Born at 32 weeks; corrected age 7 weeks" in said(dialog)
    assert (dialog.gestational_age_weeks, dialog.age) == (32, infant.age)

    known = replace(infant, gestational_age_weeks=31)
    dialog = opened(qtbot, known, datetime(2018, 3, 20))
    enter(dialog, "birth_date", "2014-03-08")
    assert not dialog.findChild(QLineEdit, "gestational_age").isEnabled()
    assert dialog.gestational_age_weeks == 31

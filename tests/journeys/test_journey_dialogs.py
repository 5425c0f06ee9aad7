"""The questions a reader answers with the keyboard: age and sex, the signature, the amendment."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
)
from window_cases import READER, import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.library import audit
from peace_desktop.review.reading import ReadingState
from peace_desktop.ui.findings.person_dialog import PersonDialog
from peace_desktop.ui.findings.sign_dialog import AmendDialog, SignDialog
from peace_model.ecg.age import Age, Precision

Answer = Callable[[QDialog], None]
T = TypeVar("T")


def answering(kind: type[QDialog], answer: Answer) -> list[QDialog]:
    """Answer the next dialog as soon as it stands; returns a list that holds it once it has been answered."""
    met: list[QDialog] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind):
            QTimer.singleShot(5, look)
            return
        met.append(dialog)
        answer(dialog)
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, look)
    return met


def field(dialog: QDialog, kind: type[T], name: str = "") -> T:
    found = dialog.findChild(kind, name) if name else dialog.findChild(kind)
    assert found is not None, name
    return found


def button(dialog: QDialog, role: QDialogButtonBox.StandardButton) -> QPushButton:
    return field(dialog, QDialogButtonBox).button(role)


def trail(application: Application) -> list[str]:
    with application.library.read() as session:
        return [entry.action for entry in audit.entries(session)]


def test_age_and_sex_entered_with_keys_are_stored(qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "nameless")
    save = QDialogButtonBox.StandardButton.Save

    def answer(dialog: QDialog) -> None:
        assert not button(dialog, save).isEnabled(), "an unknown age is no number yet"
        reason = field(dialog, QLineEdit, "correction_reason")
        reason.setText("a slip")
        for chosen in dialog.findChildren(QRadioButton)[:2]:
            chosen.setChecked(True)
            assert not button(dialog, save).isEnabled(), "what stood there at first is nobody's age"
            assert field(dialog, QLabel, "entered_age").text().startswith("Enter the ")
        reason.clear()
        number = field(dialog, QSpinBox, "age_number")
        number.setFocus()
        number.selectAll()
        QTest.keyClicks(number, "7")
        unit = field(dialog, QComboBox, "age_unit")
        QTest.keyClicks(unit, "m")
        sex = field(dialog, QComboBox, "sex")
        QTest.keyClicks(sex, "M")
        assert not button(dialog, save).isEnabled(), "a reason is needed"
        QTest.keyClicks(field(dialog, QLineEdit, "correction_reason"), "referral letter")
        assert field(dialog, QLabel, "entered_age").text() == "Becomes: 7 months · Male"
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    met = answering(PersonDialog, answer)
    window.actions_["edit_person"].trigger()
    assert met
    qtbot.waitUntil(lambda: window.side.age_card.headline == "7 months · Male", timeout=60_000)  # type: ignore[attr-defined]
    stored = running.library.stored_person(window.case.shown)
    assert stored.age is not None
    assert (stored.sex, stored.corrected, stored.age.origin) == ("M", True, "entered by reader")
    assert stored.file_age is None
    assert (stored.file_sex, running.library.person_history(window.case.shown)[0].sex) == ("F", "F")
    assert "person.corrected" in trail(running)


def test_birth_date_gives_the_age_to_the_day(qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "nameless")

    def answer(dialog: QDialog) -> None:
        QTest.keyClicks(field(dialog, QLineEdit, "birth_date"), "2026-03-08")
        QTest.keyClicks(field(dialog, QLineEdit, "recording_date"), "2026-03-20")
        QTest.keyClicks(field(dialog, QLineEdit, "correction_reason"), "passport")
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    assert answering(PersonDialog, answer) == []
    window.actions_["edit_person"].trigger()
    qtbot.waitUntil(lambda: window.side.age_card.headline == "12 days · Female", timeout=60_000)  # type: ignore[attr-defined]
    stored = running.library.stored_person(window.case.shown)
    assert stored.age is not None
    assert (stored.age.days, stored.age.origin) == (12, "birth date")


def test_signature_shows_what_is_signed_and_an_amendment_needs_a_reason(
        qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    QTest.keyClick(window, Qt.Key.Key_1)
    QTest.keyClick(window, Qt.Key.Key_D)
    words: list[str] = []

    def refuse(dialog: QDialog) -> None:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    def sign(dialog: QDialog) -> None:
        words.append("\n".join(label.text() for label in dialog.findChildren(QLabel)))
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    answering(SignDialog, refuse)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.readings.reading is not None
    assert window.readings.reading.state is ReadingState.DRAFT
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=60_000)  # type: ignore[attr-defined]

    answering(SignDialog, sign)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.readings.final, timeout=60_000)  # type: ignore[attr-defined]
    assert "infant · 3 months 9 days · Female" in words[0]
    assert "Normal ECG: Absent (disagrees)" in words[0]
    assert f"{READER} attests: I have read this recording." in words[0]
    stored = running.library.reading_for(window.case.shown, READER)
    assert stored is not None
    assert (stored.state, stored.reader) == (ReadingState.FINAL, READER)
    assert stored.signed_at is not None

    window.case.correct_person(age=Age(61, Precision.DAY, "birth date"), sex="F", gestational_age_weeks=31,
                               reader=READER, reason="passport")
    told = "after this signature: age, gestational age. Signed for: 3 months 9 days · Female."
    qtbot.waitUntil(lambda: told in window.side.reading.line, timeout=60_000)  # type: ignore[attr-defined]
    assert "Born at 31 weeks; postmenstrual age 39 weeks" in field(window.side.age_card, QLabel, "age_born").text()
    qtbot.waitUntil(lambda: window.print_content() is not None, timeout=60_000)  # type: ignore[attr-defined]
    printed = window.print_content()
    assert (printed.corrected.reader, printed.gestational_age_weeks) == (READER, 31)

    def amend(dialog: QDialog) -> None:
        confirm = button(dialog, QDialogButtonBox.StandardButton.Ok)
        assert not confirm.isEnabled()
        QTest.keyClicks(field(dialog, QPlainTextEdit, "amendment_reason"), "seen with the echo")
        assert confirm.isEnabled()
        QTest.keyClick(confirm, Qt.Key.Key_Return)

    answering(AmendDialog, amend)
    window.actions_["amend"].trigger()
    assert window.readings.reading.amendment_reason == "seen with the echo"
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    assert running.library.verify().problems == ()

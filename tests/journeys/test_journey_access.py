"""Readers with passphrases at one computer: the first one, signing in, switching, locking, and what was typed stays."""

from collections.abc import Callable
from pathlib import Path

import pytest
from access_cases import CHIEF, CHIEF_WORDS, READER_WORDS, cheap_scrypt, with_three_readers
from access_cases import READER as READER_A
from library_cases import VERSION, listed
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
    QTableWidget,
)
from window_cases import READER, import_all, open_titled

from peace_desktop.app import Application, Options
from peace_desktop.jobs.model import Model
from peace_desktop.library.access import Access
from peace_desktop.library.engine import open_library
from peace_desktop.library.key_file import encrypt_new, with_passphrase
from peace_desktop.review.access import Reader, Role
from peace_desktop.settings import changed
from peace_desktop.ui.access.ask_passphrase import AskPassphrase
from peace_desktop.ui.access.lock_screen import Cover
from peace_desktop.ui.access.new_passphrase import NewPassphrase
from peace_desktop.ui.access.start import Declined

__all__ = ["cheap_scrypt"]
pytestmark = pytest.mark.usefixtures("cheap_scrypt")

Wait = Callable[..., None]


def when_there(kind: type[QDialog], answer: Callable[[QDialog], None]) -> None:
    """Answer the next dialog of a kind as soon as it is to be seen."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind) and dialog.isVisible():
            answer(dialog)
        else:
            QTimer.singleShot(5, look)

    QTimer.singleShot(0, look)


def typed(words: str, *, name: str = "", then: Callable[[QDialog], None] | None = None) -> Callable[[QDialog], None]:
    """Types a passphrase, for a reader where one is named, and presses Enter."""

    def answer(dialog: QDialog) -> None:
        if name:
            dialog.findChild(QComboBox, "access_name").setCurrentText(name)
        field = dialog.findChild(QLineEdit, "access_passphrase")
        assert field.echoMode() is QLineEdit.EchoMode.Password
        QTest.keyClicks(field, words)
        QTest.keyClick(field, Qt.Key.Key_Return)
        if then is not None:
            QTimer.singleShot(0, lambda: then(dialog))

    return answer


def until_said(part: str, then: Callable[[QDialog], None]) -> Callable[[QDialog], None]:
    """Waits until the dialog says something, then goes on with it."""

    def look(dialog: QDialog) -> None:
        if part in dialog.said:  # type: ignore[attr-defined]
            then(dialog)
        else:
            QTimer.singleShot(5, lambda: look(dialog))

    return look


def new_words(words: str, *, name: str = "") -> Callable[[QDialog], None]:
    """Fills in a new passphrase."""

    def answer(dialog: QDialog) -> None:
        if name:
            dialog.findChild(QLineEdit, "new_name").setText(name)
        confirm = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
        QTest.keyClicks(dialog.findChild(QLineEdit, "new_passphrase"), words)
        assert not confirm.isEnabled(), "it is typed twice"
        QTest.keyClicks(dialog.findChild(QLineEdit, "new_passphrase_again"), words)
        QTest.mouseClick(confirm, Qt.MouseButton.LeftButton)

    return answer


def test_the_first_passphrase_makes_an_administrator_who_adds_a_reader_who_signs_in(
        qtbot: object, begin: Callable[[], Application]) -> None:
    first = begin()
    window = first.window
    window.actions_["readers"].trigger()
    page = window.access.page
    assert "no passphrases" in page.findChild(QLabel, "readers_words").text()
    assert not page.findChild(QPushButton, "readers_add").isVisible()
    when_there(NewPassphrase, new_words(CHIEF_WORDS, name=CHIEF))
    page.findChild(QPushButton, "readers_begin").click()
    qtbot.waitUntil(lambda: window.settings.reader_name == CHIEF)  # type: ignore[attr-defined]
    when_there(NewPassphrase, new_words(READER_WORDS, name=READER_A))
    page.findChild(QPushButton, "readers_add").click()
    access = Access(first.library)
    qtbot.waitUntil(lambda: access.reader(READER_A) == Reader(READER_A, Role.READER, True, True))  # type: ignore[attr-defined]
    table = page.findChild(QTableWidget)
    combos = [table.cellWidget(row, 1) for row in range(table.rowCount())]
    mine = next(combo for combo in combos if combo.accessibleName().endswith(CHIEF))
    mine.setCurrentIndex(0)
    mine.activated.emit(0)
    qtbot.waitUntil(lambda: "last administrator" in page.findChild(QLabel, "readers_said").text())  # type: ignore[attr-defined]
    assert access.reader(CHIEF).role is Role.ADMINISTRATOR
    page.close()
    first.close()

    when_there(AskPassphrase, typed(READER_WORDS, name=READER_A))
    second = begin()
    assert second.window.settings.reader_name == READER_A
    second.window.actions_["settings"].trigger()
    assert not second.window.helping.dialog.findChild(QLineEdit, "setting_reader_name").isEnabled()
    second.window.actions_["readers"].trigger()
    assert not second.window.access.page.findChild(QPushButton, "readers_add").isVisible()
    assert second.library.verify().problems == ()


def test_a_wrong_passphrase_at_the_start_is_said_and_quitting_opens_no_window(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with open_library(folder / "library", application_version=VERSION) as library:
        with_three_readers(library)
    said: list[str] = []

    def give_up(dialog: QDialog) -> None:
        said.append(dialog.said)  # type: ignore[attr-defined]
        dialog.reject()

    when_there(AskPassphrase, typed("not this one", name=CHIEF, then=until_said("not right", give_up)))
    with pytest.raises(Declined):
        Application(Options(data_dir=folder), ask_first=accepted,
                    make_model=lambda _provider: Model(None, left_out="none"))
    assert said == ["This passphrase is not right. Look whether Caps Lock is on, and try again."]
    open_library(folder / "library", application_version=VERSION).close()


def accepted(store: object) -> bool:
    store.write(changed(store.settings, "intended_use_accepted", True))  # type: ignore[attr-defined]
    return True


def test_an_encrypted_library_asks_for_its_passphrase_before_anything_is_shown(
        qtbot: object, tmp_path: Path, begin: Callable[[], Application], children: Path) -> None:
    folder = tmp_path / "data" / "library"
    encrypt_new(folder, "words of the library")
    when_there(AskPassphrase, typed("words of somebody else", then=until_said(
        "does not open", typed("words of the library"))))
    running = begin()
    assert running.library.at_rest.encrypted
    import_all(qtbot, running.window, children)
    open_titled(qtbot, running.window, "infant")
    assert running.window.side.age_card.headline == "3 months 9 days · Female"
    when_there(NewPassphrase, changed_words("words of the library", "another way in"))
    running.window.actions_["library_passphrase"].trigger()
    qtbot.waitUntil(lambda: "is changed" in running.window.messages.text)  # type: ignore[attr-defined]
    running.close()
    with open_library(folder, application_version=VERSION, unlock=with_passphrase("another way in")) as again:
        assert len(listed(again)) == 3
        assert again.verify().problems == ()


def changed_words(old: str, new: str) -> Callable[[QDialog], None]:
    def answer(dialog: QDialog) -> None:
        QTest.keyClicks(dialog.findChild(QLineEdit, "old_passphrase"), old)
        new_words(new)(dialog)

    return answer


def test_left_alone_the_window_is_covered_what_was_typed_is_saved_and_another_reader_can_go_on(
        qtbot: object, begin: Callable[[], Application], children: Path) -> None:
    running = begin()
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    access = with_three_readers(running.library)
    access.add(READER, Role.READER, "and this is mine", by=CHIEF)
    access.sign_in(READER, "and this is mine")
    comment = window.findChild(QPlainTextEdit, "comment")
    QTest.keyClick(window, Qt.Key.Key_M)
    QTest.keyClicks(comment, "half a sen")
    covered: list[bool] = []

    def go_on(dialog: QDialog) -> None:
        covers = window.findChildren(Cover)
        covered.append(len(covers) == 1 and covers[0].isVisible() and covers[0].geometry() == window.rect())
        middle = window.grab().toImage().pixelColor(window.width() // 2, window.height() // 3)
        covered.append(middle == covers[0].palette().window().color())
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        covered.append(dialog.isVisible())
        QTest.keyClick(window, Qt.Key.Key_J)
        typed(READER_WORDS, name=READER_A)(dialog)

    shown = window.case.shown
    when_there(AskPassphrase, go_on)
    now = 1000.0
    window.access.watch._clock = lambda: now
    window.access.watch.touch()
    now += 15 * 60 - 1
    window.access.watch.look()
    assert not window.access.locked
    now += 2
    window.access.watch.look()
    assert covered == [True, True, True]
    assert not window.access.locked
    assert window.case.shown == shown
    assert window.settings.reader_name == READER_A
    qtbot.waitUntil(lambda: window.bridge.idle and window.case.loaded is not None, timeout=60_000)  # type: ignore[attr-defined]
    assert running.library.reading_for(shown, READER).comment == "half a sen"
    assert comment.toPlainText() == "", "the other reader's words are not shown"
    assert not window.findChildren(Cover)
    assert running.library.verify().problems == ()

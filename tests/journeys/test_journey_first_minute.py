"""The first minute on a new computer: five pages with the keyboard alone, then an ECG true to scale. And every start
after that: nothing is asked again, an unfinished first start goes on where it was, a lost folder is asked for."""

import re
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from access_cases import cheap_scrypt
from library_cases import VERSION
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QWidget,
)

from peace_desktop import app, start
from peace_desktop.app import Options
from peace_desktop.jobs import demo
from peace_desktop.jobs.model import Model
from peace_desktop.library import audit
from peace_desktop.library.access import Access
from peace_desktop.library.engine import open_library
from peace_desktop.library.key_file import with_passphrase
from peace_desktop.settings import Settings
from peace_desktop.ui.access.new_passphrase import NewPassphrase
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.settings_dialog import SettingsDialog
from peace_desktop.ui.settings_store import SettingsStore
from peace_desktop.ui.start.choose_library import choose_library, find_again
from peace_desktop.ui.start.dress import qt_application, speak
from peace_desktop.ui.start.wizard import Wizard

__all__ = ["cheap_scrypt"]
NAME = "Dr. Wei"
Step = Callable[[], bool]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: object) -> Path:
    """The data folder of somebody who has never used the application; the model is left out."""
    monkeypatch.setattr(app, "_model_maker", lambda **_how: lambda _provider: Model(None, left_out="none"))
    yield tmp_path / "data"
    speak(qt_application(), "en")


def play(*steps: Step) -> Callable[[], bool]:
    """Take one step after the other, each as soon as it can be taken; says whether all were. A fault ends everything.
    """
    waiting = list(steps)

    def look() -> None:
        try:
            if waiting[0]():
                waiting.pop(0)
        except BaseException:
            QApplication.closeAllWindows()
            raise
        if waiting:
            QTimer.singleShot(5, look)

    QTimer.singleShot(0, look)
    return lambda: not waiting


def on_page(step: int, then: Callable[[Wizard], None], *, of: int = 5) -> Step:
    """On this page of the first start."""

    def look() -> bool:
        wizard = QApplication.activeModalWidget()
        if not isinstance(wizard, Wizard):
            return False
        if QApplication.focusWidget() is not wizard.page.first:
            wizard.activateWindow()
            return False
        if re.findall(r"\d+", wizard.findChild(QLabel, "page_step").text()) != [str(step), str(of)]:
            return False
        then(wizard)
        return True

    return look


def key(*keys: Qt.Key) -> None:
    for one in keys:
        QTest.keyClick(QApplication.focusWidget(), one)


def go_on(_wizard: Wizard) -> None:
    key(Qt.Key.Key_Return)


def accept_use(wizard: Wizard) -> None:
    assert not wizard.findChild(QPushButton, "page_next").isEnabled()
    key(Qt.Key.Key_Space, Qt.Key.Key_Return)


def name_reader(wizard: Wizard) -> None:
    QTest.keyClicks(QApplication.focusWidget(), NAME)
    key(Qt.Key.Key_Return)


def begin_with_own(wizard: Wizard) -> None:
    key(Qt.Key.Key_Down, Qt.Key.Key_Return)


def in_window(then: Callable[[MainWindow], None], *, demo: bool = False, shown: bool = False) -> Step:
    """In the window, once it stands; shown: once a recording is drawn."""

    def look() -> bool:
        for window in QApplication.topLevelWidgets():
            if (isinstance(window, MainWindow) and window.isVisible() and window.is_demo is demo
                    and (window.stage.recording is not None if shown else window.bridge.idle)):
                then(window)
                return True
        return False

    return look


def log_out() -> None:
    """As the system does it."""
    signal.raise_signal(signal.SIGTERM)


def settings(home: Path):
    return SettingsStore(home / "settings.ini").settings


def trail(library) -> list[str]:
    with library.read() as session:
        return [entry.action for entry in audit.entries(session)]


def test_with_the_keyboard_alone_an_ecg_stands_true_to_scale_and_ones_own_library_follows(
        home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = demo.demo_recipe()[:1]
    monkeypatch.setattr(demo, "demo_recipe", lambda: one)
    heard: list[str] = []

    def choose_language(wizard: Wizard) -> None:
        for press in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down):
            key(press)
            heard.append(wizard.findChild(QPushButton, "page_next").text())
        key(Qt.Key.Key_Return)

    def look_at_trace(window: MainWindow) -> None:
        trace = window.stage.trace
        scale = trace.screen_scale()
        trace.paper.viewport().repaint()
        here, there = trace.place_px(0.0, 0.0), trace.place_px(25.0, 10.0)
        heard.append(f"{(there.x() - here.x()) / scale.x:.1f} mm a second")
        heard.append(f"{(there.y() - here.y()) / scale.y:.1f} mm a millivolt")
        window.findChild(QPushButton, "own_library").click()

    played = play(on_page(1, choose_language), on_page(2, accept_use), on_page(3, go_on), on_page(4, name_reader),
                  on_page(5, go_on), in_window(look_at_trace, demo=True, shown=True),
                  in_window(lambda _window: log_out()))
    assert start.run(Options(data_dir=home)) == 0
    assert played()
    assert heard == ["下一步", "Next", "下一步", "25.0 mm a second", "10.0 mm a millivolt"]
    kept = settings(home)
    assert (kept.language, kept.reader_name, kept.intended_use_accepted) == ("zh_CN", NAME, True)
    with open_library(home / "library", application_version=VERSION) as library:
        assert library.readers() == (NAME,)
        assert trail(library).count("intended_use.accepted") == 1
    assert not list((home / "logs").glob("*.txt")), "a run that ends well leaves nothing"


def test_closed_before_the_end_it_is_asked_again_with_what_was_answered(home: Path) -> None:
    def name_and_back(_wizard: Wizard) -> None:
        QTest.keyClicks(QApplication.focusWidget(), NAME)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)

    def leave(wizard: Wizard) -> None:
        assert wizard.findChild(QLineEdit, "notice_name").text() == NAME
        key(Qt.Key.Key_Escape)

    played = play(on_page(1, go_on), on_page(2, accept_use), on_page(3, go_on), on_page(4, name_and_back),
                  on_page(3, go_on), on_page(4, leave))
    assert start.run(Options(data_dir=home)) == 1
    assert played()
    assert not (home / "library").exists()
    assert not settings(home).intended_use_accepted
    assert settings(home).reader_name == NAME


def test_another_folder_encrypted_with_a_first_administrator_and_recordings_of_ones_own(
        home: Path, tmp_path: Path, cheap_scrypt: None, children: Path) -> None:
    full = tmp_path / "papers"
    full.mkdir()
    (full / "letter.txt").write_text("not a library")

    def choose(wizard: Wizard) -> None:
        wizard.page.take(full)
        wizard.findChild(QRadioButton, "keep_encrypted").click()
        passphrase("words of the library")
        go_on(wizard)

    def guard(wizard: Wizard) -> None:
        QTest.keyClicks(QApplication.focusWidget(), NAME)
        wizard.findChild(QCheckBox, "reader_guarded").click()
        passphrase("words of the reader")
        wizard.findChild(QPushButton, "page_next").click()

    def own(wizard: Wizard) -> None:
        wizard.findChild(QRadioButton, "begin_own").click()
        wizard.page.take((children,))
        key(Qt.Key.Key_Return)

    def import_them(window: MainWindow) -> None:
        assert window.files.dialog is not None
        assert window.services.library.at_rest.encrypted
        assert window.settings.reader_name == NAME
        window.files.dialog.close()
        window.close()

    played = play(on_page(1, go_on), on_page(2, accept_use), on_page(3, choose), on_page(4, guard), on_page(5, own),
                  in_window(import_them))
    assert start.run(Options(data_dir=home)) == 0
    assert played()
    folder = full / "peace-library"
    assert settings(home).library_folder == str(folder)
    assert not (home / "library").exists()
    with open_library(folder, application_version=VERSION, unlock=with_passphrase("words of the library")) as library:
        assert Access(library).sign_in(NAME, "words of the reader").role.value == "administrator"


def passphrase(words: str) -> None:
    """Type it twice into the dialog that comes up."""

    def look() -> bool:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, NewPassphrase):
            return False
        for name in ("new_passphrase", "new_passphrase_again"):
            QTest.keyClicks(dialog.findChild(QLineEdit, name), words)
        dialog.accept()
        return True

    play(look)


def test_a_folder_that_is_gone_is_asked_for_and_no_empty_library_takes_its_place(home: Path, tmp_path: Path) -> None:
    lost = tmp_path / "stick" / "library"
    store = SettingsStore(home / "settings.ini")
    store.write(replace(store.settings, reader_name=NAME, intended_use_accepted=True, library_folder=str(lost)))
    said: list[str] = []

    def quit_box() -> bool:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            return False
        said.append(box.text())
        next(button for button in box.buttons() if button.text() == "Quit").click()
        return True

    play(quit_box)
    assert start.run(Options(data_dir=home)) == 1
    assert str(lost) in said[0]
    assert "Connect its disk" in said[0]
    assert not lost.exists()


def test_a_lost_folder_gives_way_to_another_and_the_settings_choose_a_third(
        qtbot: object, home: Path, tmp_path: Path) -> None:
    second, third = tmp_path / "second", tmp_path / "third"
    for folder in (second, third):
        folder.mkdir()

    def other_folder() -> bool:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            return False
        next(button for button in box.buttons() if button.text().startswith("Choose")).click()
        return True

    def choose(folder: Path) -> Callable[[Wizard], None]:
        def take(wizard: Wizard) -> None:
            wizard.page.take(folder)
            wizard.findChild(QPushButton, "page_next").click()

        return take

    play(other_folder, on_page(1, choose(second), of=1))
    assert find_again(str(tmp_path / "lost"), usual=home / "library") == str(second)
    heard: list[tuple[str, object]] = []
    dialog = SettingsDialog(Settings(library_folder=str(second)), choose_library=lambda folder, parent: choose_library(
        folder, usual=home / "library", parent=parent))
    qtbot.addWidget(dialog)  # type: ignore[attr-defined]
    dialog.changed.connect(lambda key, value: heard.append((key, value)))
    dialog.show()
    play(on_page(1, choose(third), of=1))
    dialog.findChild(QPushButton, "setting_library_folder").click()
    assert heard == [("library_folder", str(third))]


def test_every_page_can_be_scrolled_where_the_screen_is_small(qtbot: object, home: Path) -> None:
    def small(wizard: Wizard) -> None:
        wizard.resize(420, 260)
        QApplication.processEvents()
        for name in ("page_next", "page_quit"):
            button: QWidget = wizard.findChild(QPushButton, name)
            assert wizard.rect().contains(button.geometry())
        assert wizard._scroll.verticalScrollBar().maximum() > 0
        wizard.reject()

    played = play(on_page(1, go_on), on_page(2, small))
    assert start.run(Options(data_dir=home)) == 1
    assert played()


def test_a_place_that_cannot_hold_a_library_is_refused_with_what_to_do(
        qtbot: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from peace_desktop.ui.start import library_place

    assert library_place.place_problem(tmp_path / "not" / "yet" / "there") == ""
    with monkeypatch.context() as patch:
        patch.setattr(library_place, "LEAST_MB", 10**9)
        assert "MB are free" in library_place.place_problem(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(library_place, "on_network", lambda _folder: True)
        assert "another computer" in library_place.place_problem(tmp_path)

    def refuse(**_where: object) -> None:
        raise PermissionError(13, "refused")

    monkeypatch.setattr(library_place.tempfile, "TemporaryFile", refuse)
    assert "cannot be written to" in library_place.place_problem(tmp_path)



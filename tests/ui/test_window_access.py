"""Every input has a name, every text a size that can be read, every action a handler and a place."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFontInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTextBrowser,
    QWidget,
)
from window_cases import import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.library.records import Person
from peace_desktop.ui.action_table import ACTIONS
from peace_desktop.ui.actions import action_text
from peace_desktop.ui.findings.person_dialog import PersonDialog
from peace_desktop.ui.findings.sign_dialog import AmendDialog, NameDialog
from peace_desktop.ui.help_viewer import COMMANDS, CONTENTS, HelpViewer, help_folder
from peace_desktop.ui.key_sheet import KeySheet
from peace_desktop.ui.settings_dialog import SettingsDialog

_INPUTS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QSlider, QTextBrowser, QAbstractSpinBox)


def nameless(root: QWidget) -> list[str]:
    """Inputs that assistive technology could not name. Parts that Qt makes inside an input carry the input's name."""
    found = []
    for kind in _INPUTS:
        for widget in root.findChildren(kind):
            inner = isinstance(widget.parentWidget(), (QComboBox, QAbstractSpinBox, QLineEdit, QDialogButtonBox))
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not inner and not widget.objectName().startswith("qt_") and not (widget.accessibleName() or text):
                found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parentWidget()).__name__}")
    return found


def test_every_input_has_a_name(qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    person = Person(None, None, corrected=False, file_age=None, file_sex=None)
    dialogs = [PersonDialog(person, recorded_at=None), AmendDialog(), NameDialog(), KeySheet(),
               HelpViewer("en"), SettingsDialog(window.settings)]
    assert {type(root).__name__: nameless(root) for root in (window, *dialogs) if nameless(root)} == {}
    for dialog in dialogs:
        dialog.deleteLater()


def test_text_is_at_least_eleven_points(qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    small = [label.text() for label in window.findChildren(QLabel) if QFontInfo(label.font()).pointSizeF() < 10.9]
    assert small == []


def test_help_opens_with_its_contents(running: Application) -> None:
    running.window.actions_["help"].trigger()
    viewer = running.window.helping.dialog
    assert isinstance(viewer, HelpViewer)
    assert "Research use only" in viewer.text


def test_help_is_about_what_the_keyboard_is_in(qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    for part, heading in ((window.worklist.focus_rows, "The worklist"),
                          (window.side.reading.focus_comment, "Reading, signing, amending")):
        part()
        window.actions_["help"].trigger()
        assert window.helping.dialog.text.startswith(heading)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_page_and_every_command_is_reached_from_the_helps_contents(qtbot: object, language: str) -> None:
    viewer = HelpViewer(language)
    qtbot.addWidget(viewer)  # type: ignore[attr-defined]
    browser = viewer.findChild(QTextBrowser)
    pages = set(re.findall(r"\]\(([^)]*)\)", (help_folder(language) / CONTENTS).read_text("utf-8")))
    assert pages == {page.name for page in help_folder(language).glob("*.md")} - {CONTENTS} | {COMMANDS}
    for page in pages:
        browser.setSource(QUrl(page))
        assert len(viewer.text) > 100
    browser.setSource(QUrl(COMMANDS))
    told = [spec for spec in ACTIONS if not spec.id.startswith("select_label_")]
    assert [spec.id for spec in told if action_text(spec) not in viewer.text or spec.tip not in viewer.text] == []


def test_empty_window_teaches(running: Application, qtbot: object) -> None:
    qtbot.waitUntil(lambda: running.window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]
    assert running.window.stage.shows_welcome
    words = " ".join(label.text() for label in running.window.stage.findChildren(QLabel))
    assert "Research use only" in words
    assert "Next recording" in words


def test_display_keys_change_the_paper(qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    for action_id in ("gain", "speed", "layout", "half_standard", "filter", "map"):
        window.actions_[action_id].trigger()
    settings = window.settings
    assert (settings.gain_mm_per_mv, settings.speed_mm_per_s, settings.layout) == (20.0, 50.0, "6x2")
    assert settings.half_standard
    assert settings.filter == "baseline"
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=60_000)  # type: ignore[attr-defined]


def test_a_letter_that_is_no_command_now_chooses_no_other_child(
        qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    window.worklist.focus_rows()
    shown = window.case.shown
    for letter in "nmyz":
        QTest.keyClicks(QApplication.focusWidget(), letter)
    assert window.case.shown == shown


def test_calipers_by_keyboard_state_nothing_and_give_the_keyboard_back(
        qtbot: object, running: Application, children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    open_titled(qtbot, window, "infant")
    window.worklist.focus_rows()
    before = QApplication.focusWidget()
    QTest.keyClick(window, Qt.Key.Key_1)
    QTest.keyClick(window, Qt.Key.Key_C)
    paper = window.stage.trace.paper
    assert QApplication.focusWidget() is paper
    QTest.keyClick(paper, Qt.Key.Key_Return)
    placed = window.stage.trace.tool.caliper
    assert placed is not None
    for key in (Qt.Key.Key_Right, Qt.Key.Key_T, Qt.Key.Key_R):
        QTest.keyClick(paper, key)
    assert window.stage.trace.tool.march_out
    assert window.readings.reading is None
    QTest.keyClick(window, Qt.Key.Key_C)
    assert window.stage.trace.tool.caliper is None
    assert QApplication.focusWidget() is before

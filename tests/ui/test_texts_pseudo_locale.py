"""The window in a language made from the template: what a reader sees or hears is translated, all of it."""

import re
from collections.abc import Iterator
from pathlib import Path

from pseudo_locale import pseudo, unwrapped
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QWidget
from window_cases import READER, import_all, open_titled

from peace_desktop.app import Application
from peace_desktop.library.records import Person
from peace_desktop.ui.findings.person_dialog import PersonDialog
from peace_desktop.ui.findings.sign_dialog import AmendDialog, NameDialog
from peace_desktop.ui.key_sheet import KeySheet
from peace_desktop.ui.notice import AboutDialog
from peace_desktop.ui.settings_dialog import SettingsDialog

__all__ = ["pseudo"]

_TEXTS = ("text", "title", "windowTitle", "toolTip", "accessibleName", "accessibleDescription", "placeholderText",
          "toPlainText")
_AS_IT_IS = re.compile("|".join([
    r"(Ctrl|Shift|Return|Backspace|Esc|PgDown|PgUp|Home|End|Left|Right|Up|Down)\b", r"\b[0-9a-f]{20,64}\b",
    "WFDB record", "recording.json", "signal.npy", r"\b(aV[RLF]|I{1,3}|V\d)\b", r"\bsimulated\b",
    "bpm", "PEACE Desktop", r"Grad-CAM\+\+", "CPU", r"CUDA \(NVIDIA\)",
    r"DirectML \(Windows\)", r"CoreML \(macOS\)", "English", "简体中文",
    # Qt translates its own buttons; pyqtgraph's scene carries an action no menu of this window shows.
    "Save", "Cancel", "Close", "Export",
    # What people and the stand-in for the model said.
    READER, "infant", "nameless", "The model was trained on adults only", "Few records at 3 months",
    # A name too long for its column ends in an ellipsis; its beginning was looked up.
    r"⟦[^⟦⟧]*…",
]))


def _said(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text of a window that can be seen or heard, with the widget it belongs to."""
    for widget in (root, *root.findChildren(QWidget)):
        named = f"{type(widget).__name__} {widget.objectName()}"
        for name in _TEXTS:
            asked = getattr(widget, name, None)
            if callable(asked):
                yield named, str(asked() or "")
        if isinstance(widget, QComboBox):
            yield from ((named, widget.itemText(place)) for place in range(widget.count()))
    for action in root.findChildren(QAction):
        yield from ((f"QAction {action.objectName()}", text) for text in (action.text(), action.toolTip()))


def _english(*roots: QWidget) -> set[tuple[str, str]]:
    return {(where, text) for root in roots for where, text in _said(root)
            if unwrapped(_AS_IT_IS.sub(" ", unwrapped(text)))}


def test_everything_in_the_window_is_translated(pseudo: None, qtbot: object, running: Application,
                                                children: Path) -> None:
    window = running.window
    import_all(qtbot, window, children)
    found = _english(window)
    for title in ("infant", "nameless"):
        open_titled(qtbot, window, title)
        found |= _english(window)
    assert found == set()


def test_every_dialog_is_translated(pseudo: None, running: Application) -> None:
    person = Person(None, None, corrected=False, file_age=None, file_sex=None)
    dialogs = [
        PersonDialog(person, recorded_at=None), AmendDialog(), NameDialog(), KeySheet(),
        SettingsDialog(running.window.settings),
        AboutDialog(version="1", status=running.window.case.model_status, library_folder="night", log_folder="log")]
    assert _english(*dialogs) == set()
    for dialog in dialogs:
        dialog.deleteLater()

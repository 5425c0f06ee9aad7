"""Every key on one sheet, and every command as a page of the help; both made from the table of actions."""

from collections.abc import Sequence
from html import escape

from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.action_spec import ActionSpec, Menu
from peace_desktop.ui.action_table import ACTIONS
from peace_desktop.ui.actions import action_text, keys_text
from peace_desktop.ui.room import take_room

Rows = dict[Menu, list[tuple[str, str, str]]]


def key_rows(specs: Sequence[ActionSpec] = ACTIONS) -> Rows:
    """Menu -> (keys, text, tip) of every action that has a key; the label keys as one line."""
    return command_rows([spec for spec in specs if spec.keys])


def command_rows(specs: Sequence[ActionSpec] = ACTIONS) -> Rows:
    """Menu -> (keys, text, tip) of every action, keys "" without one; the label keys as one line."""
    rows: Rows = {}
    labels = [spec for spec in specs if spec.id.startswith("select_label_")]
    for spec in specs:
        if spec in labels and spec is not labels[0]:
            continue
        keys, text = keys_text(spec), action_text(spec)
        if spec in labels:
            keys, text = " ".join(keys_text(label) for label in labels), _("Select the label with this key")
        rows.setdefault(spec.menu, []).append((keys, text, _(spec.tip)))
    return rows


def command_page() -> str:
    """Every command as a page of the help, HTML."""
    return f"<h1>{escape(_('Every command and its keys'))}</h1>{as_html(command_rows())}"


def as_html(of_menus: Rows) -> str:
    """A table for each menu."""
    parts = []
    for menu, rows in of_menus.items():
        lines = "".join(
            f"<tr><td width='20%' style='padding-right:18px'><b>{escape(keys)}</b></td>"
            f"<td width='32%' style='padding-right:18px'>{escape(text)}</td><td>{escape(tip)}</td></tr>"
            for keys, text, tip in rows)
        parts.append(f"<h3>{escape(_(menu.value))}</h3><table width='100%'>{lines}</table>")
    return "".join(parts)


class KeySheet(QDialog):
    """Stays open beside the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("All keys"))
        take_room(self, 760, 640)
        browser = QTextBrowser()
        browser.setAccessibleName(_("All keys"))
        browser.setHtml(as_html(key_rows()))
        layout = QVBoxLayout(self)
        layout.addWidget(browser)

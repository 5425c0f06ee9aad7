"""Every key on one sheet, made from the table of actions."""

from collections.abc import Sequence
from html import escape

from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.action_spec import ActionSpec, Menu
from peace_desktop.ui.action_table import ACTIONS
from peace_desktop.ui.actions import action_text, keys_text


def key_rows(specs: Sequence[ActionSpec] = ACTIONS) -> dict[Menu, list[tuple[str, str, str]]]:
    """Menu -> (keys, text, tip) of every action that has a key; the label keys as one line."""
    rows: dict[Menu, list[tuple[str, str, str]]] = {}
    labels = [spec for spec in specs if spec.id.startswith("select_label_")]
    for spec in specs:
        if not spec.keys or (spec in labels and spec is not labels[0]):
            continue
        keys, text = keys_text(spec), action_text(spec)
        if spec in labels:
            keys, text = " ".join(keys_text(label) for label in labels), _("Select the label with this key")
        rows.setdefault(spec.menu, []).append((keys, text, _(spec.tip)))
    return rows


def key_html() -> str:
    """The sheet as a table."""
    parts = []
    for menu, rows in key_rows().items():
        lines = "".join(
            f"<tr><td style='padding-right:18px; white-space:nowrap'><b>{escape(keys)}</b></td>"
            f"<td style='padding-right:18px'>{escape(text)}</td><td>{escape(tip)}</td></tr>"
            for keys, text, tip in rows)
        parts.append(f"<h3>{escape(_(menu.value))}</h3><table>{lines}</table>")
    return "".join(parts)


class KeySheet(QDialog):
    """Stays open beside the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("All keys"))
        self.resize(760, 640)
        browser = QTextBrowser()
        browser.setAccessibleName(_("All keys"))
        browser.setHtml(key_html())
        layout = QVBoxLayout(self)
        layout.addWidget(browser)

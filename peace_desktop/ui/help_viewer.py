"""The help: Markdown pages from resources and the page of all commands, shown without a network."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from peace_desktop.texts import ENGLISH, _
from peace_desktop.ui.key_sheet import command_page
from peace_desktop.ui.room import take_room
from peace_model.resources import resource

CONTENTS, COMMANDS = "index.md", "commands.html"
PAGE = "help_page"
"""A property of the window's parts: the name of the page about them."""


def help_folder(language: str) -> Path:
    """The help in this language, English where there is none."""
    try:
        return resource("help", language)
    except FileNotFoundError:
        return resource("help", ENGLISH)


def help_page_of(widget: QWidget | None) -> str:
    """The page about the part of the window in which the keyboard is; the contents where no part names one."""
    while widget is not None:
        if page := widget.property(PAGE):
            return str(page)
        widget = widget.parentWidget()
    return CONTENTS


class _Pages(QTextBrowser):
    """The page of all commands is made when it is looked at; the others are files."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        page = name.fileName() if isinstance(name, QUrl) else name
        if kind == QTextDocument.ResourceType.HtmlResource.value and page == COMMANDS:
            return command_page()
        return super().loadResource(kind, name)


class HelpViewer(QDialog):
    """Follows links between the pages only."""

    def __init__(self, language: str, parent: QWidget | None = None, *, page: str = CONTENTS) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Help"))
        take_room(self, 760, 680)
        folder = help_folder(language)
        self._browser = _Pages()
        self._browser.setObjectName("help_text")
        self._browser.setAccessibleName(_("Help"))
        self._browser.setOpenExternalLinks(False)
        self._browser.setSearchPaths([str(folder)])
        row = QHBoxLayout()
        for words, target in ((_("Contents"), lambda: self._show(CONTENTS)), (_("Back"), self._browser.backward)):
            button = QPushButton(words)
            button.clicked.connect(target)
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self._browser)
        self._show(page)
        self._browser.setFocus()

    @property
    def text(self) -> str:
        return self._browser.toPlainText()

    def _show(self, page: str) -> None:
        self._browser.setSource(QUrl(page))

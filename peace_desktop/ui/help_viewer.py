"""The help: Markdown pages from resources, shown without a network."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from peace_desktop.texts import ENGLISH, _
from peace_model.resources import resource


def help_folder(language: str) -> Path:
    """The help in this language, English where there is none."""
    try:
        return resource("help", language)
    except FileNotFoundError:
        return resource("help", ENGLISH)


class HelpViewer(QDialog):
    """Follows links between the pages only."""

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Help"))
        self.resize(760, 680)
        folder = help_folder(language)
        self._browser = QTextBrowser()
        self._browser.setObjectName("help_text")
        self._browser.setAccessibleName(_("Help"))
        self._browser.setOpenExternalLinks(False)
        self._browser.setSearchPaths([str(folder)])
        row = QHBoxLayout()
        for words, target in ((_("Contents"), self._home), (_("Back"), self._browser.backward)):
            button = QPushButton(words)
            button.clicked.connect(target)
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self._browser)
        self._home()

    @property
    def text(self) -> str:
        return self._browser.toPlainText()

    def _home(self) -> None:
        self._browser.setSource(QUrl("index.md"))

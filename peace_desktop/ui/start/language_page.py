"""The language; it is spoken as soon as it is chosen."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QWidget

from peace_desktop.settings import setting
from peace_desktop.texts import _
from peace_desktop.ui.start.answers import Answers
from peace_desktop.ui.start.page import Page

TITLE = "Language \N{MIDDLE DOT} 语言"
"""Nobody has to know a language to find this page."""


class LanguagePage(Page):
    """spoken: the language that is really spoken now."""

    chosen = Signal(str)

    def __init__(self, answers: Answers, *, spoken: str) -> None:
        super().__init__(TITLE, answers)
        self.say(_("Everything is in this language: window, reports and help. It can be changed later in the "
                   "settings."))
        self._buttons: dict[str, QRadioButton] = {}
        for language, words in setting("language").choices:
            if language != "system":
                self._buttons[str(language)] = self.offer(f"language_{language}", words, "", chosen=language == spoken)
        for language, button in self._buttons.items():
            button.clicked.connect(lambda _on, language=language: self._take(language))
        self.column.addStretch(1)

    @property
    def first(self) -> QWidget:
        return next(button for button in self._buttons.values() if button.isChecked())

    def _take(self, language: str) -> None:
        if language != self.answers.language:
            self.answers = replace(self.answers, language=language)
            self.chosen.emit(language)

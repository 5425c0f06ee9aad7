"""The intended use, read and accepted."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.notice import intended_use
from peace_desktop.ui.start.answers import Answers
from peace_desktop.ui.start.page import Page
from peace_desktop.ui.status_line import research_use


class UsePage(Page):
    """Goes on once the box is ticked."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(_("Intended use"), answers)
        self.column.addWidget(research_use())
        self.say(intended_use(), name="intended_use")
        self._box = QCheckBox(_("I have read this and use the application for research only."))
        self._box.setObjectName("notice_accept")
        self._box.setChecked(answers.accepted)
        self._box.toggled.connect(self._take)
        self.column.addWidget(self._box)
        self.column.addStretch(1)

    @property
    def complete(self) -> bool:
        return self.answers.accepted

    @property
    def first(self) -> QWidget:
        return self._box

    def _take(self, on: bool) -> None:
        self.answers = replace(self.answers, accepted=on)
        self.changed.emit()

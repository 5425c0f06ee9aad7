"""The pages of the first start in their order, with a way back; every page can be done with the keyboard alone."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from peace_desktop.texts import _
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.start.answers import Answers
from peace_desktop.ui.start.language_page import LanguagePage
from peace_desktop.ui.start.page import Page
from peace_desktop.ui.theme import mark_kind, sized

_SIZE_PX = (680, 520)


class Wizard(QDialog):
    """answers: what is answered so far, also where the pages are closed before their end."""

    def __init__(self, answers: Answers, pages: Sequence[Callable[[Answers], Page]], *, finish: Callable[[], str],
                 give_up: Callable[[], str], speak: Callable[[str], object], parent: QWidget | None = None) -> None:
        """finish, give_up: words of the two buttons that end it. speak: changes the language."""
        super().__init__(parent)
        self.setObjectName("first_run")
        self.answers = answers
        self._pages, self._place = tuple(pages), 0
        self._finish_words, self._give_up_words, self._speak = finish, give_up, speak
        self._title = text_label(name="page_title", wrap=True)
        sized(self._title, 16, bold=True)
        self._step = text_label(muted=True, wrap=False, name="page_step")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._back, self._next, self._quit = QPushButton(), QPushButton(), QPushButton()
        for name, button in (("page_back", self._back), ("page_next", self._next), ("page_quit", self._quit)):
            button.setObjectName(name)
            button.setAutoDefault(False)
        mark_kind(self._next, main=True)
        self._next.setDefault(True)
        self._back.clicked.connect(self._go_back)
        self._next.clicked.connect(self._go_on)
        self._quit.clicked.connect(self.reject)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._step)
        foot = QHBoxLayout()
        foot.addWidget(self._quit)
        foot.addStretch(1)
        foot.addWidget(self._back)
        foot.addWidget(self._next)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(foot)
        take_room(self, *_SIZE_PX)
        self._show()

    @property
    def page(self) -> Page:
        """The page that is shown."""
        page = self._scroll.widget()
        assert isinstance(page, Page)
        return page

    def done(self, result: int) -> None:
        """What was answered on the page that is left stays answered."""
        self.answers = self.page.answers
        super().done(result)

    def _show(self) -> None:
        page = self._pages[self._place](self.answers)
        page.changed.connect(self._look)
        if isinstance(page, LanguagePage):
            page.chosen.connect(self._speak_now)
        before = self._scroll.takeWidget()
        if before is not None:
            before.deleteLater()  # It may be one of its own buttons that is being pressed.
        self._scroll.setWidget(page)
        self.setWindowTitle(_("PEACE Desktop"))
        self._title.setText(page.title)
        self.setAccessibleName(page.title)
        last = self._place == len(self._pages) - 1
        self._step.setText(_("{step} of {steps}").format(step=self._place + 1, steps=len(self._pages)))
        self._step.setVisible(len(self._pages) > 1)
        self._back.setText(_("Back"))
        self._back.setShortcut(QKeySequence("Alt+Left"))  # New words take it away.
        self._back.setVisible(self._place > 0)
        self._next.setText(self._finish_words() if last else _("Next"))
        self._quit.setText(self._give_up_words())
        self._look()
        page.first.setFocus()

    def _look(self) -> None:
        self._next.setEnabled(self.page.complete)

    def _speak_now(self, language: str) -> None:
        self.answers = replace(self.page.answers, language=language)
        self._speak(language)
        self._show()

    def _go_back(self) -> None:
        self.answers = self.page.answers
        self._place -= 1
        self._show()

    def _go_on(self) -> None:
        answers = self.page.ask()
        if answers is None:
            return
        self.page.answers = self.answers = answers
        if self._place == len(self._pages) - 1:
            self.accept()
            return
        self._place += 1
        self._show()

"""The first start: its questions, and what becomes of the answers. Closed before the end, it is asked again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from peace_desktop.library.access import Access
from peace_desktop.library.errors import plain_errors
from peace_desktop.library.key_file import Unlock, is_begun
from peace_desktop.library.repository import Library
from peace_desktop.texts import _
from peace_desktop.ui.access.new_library import ask_how_to_keep, make_encrypted
from peace_desktop.ui.settings_store import SettingsStore
from peace_desktop.ui.start.answers import Answers
from peace_desktop.ui.start.beginning_page import BeginningPage
from peace_desktop.ui.start.dress import qt_application, speak
from peace_desktop.ui.start.language_page import LanguagePage
from peace_desktop.ui.start.library_page import LibraryPage
from peace_desktop.ui.start.page import Page
from peace_desktop.ui.start.reader_page import ReaderPage
from peace_desktop.ui.start.use_page import UsePage
from peace_desktop.ui.start.wizard import Wizard


class FirstRun:
    """Asked by `ask` and `keep`; `settle` and `take_paths` say what is to be done once the library is open."""

    def __init__(self, *, usual: Path, given: Path | None, paths: Sequence[Path]) -> None:
        """usual: the library's folder where nobody chooses. given: the command line's, which leaves nothing to choose.

        paths: the command line's recordings.
        """
        self._usual, self._given = usual, given
        self._answers: Answers | None = None
        self._paths = tuple(paths)

    def ask(self, store: SettingsStore) -> bool:
        """Shows the pages and keeps what was answered; False where they were closed before the end.

        That the intended use was accepted is for the caller to keep, once it stands in the library.
        """
        before = store.settings
        asked = Answers(
            language=before.language, folder=before.library_folder, reader_name=before.reader_name, paths=self._paths,
            demo=not self._paths)
        wizard = Wizard(asked, self._pages(before.language), finish=lambda: _("Begin"), give_up=lambda: _("Quit"),
                        speak=partial(speak, qt_application()))
        accepted = wizard.exec() == Wizard.DialogCode.Accepted
        answers = wizard.answers
        wizard.deleteLater()
        store.write(replace(before, language=answers.language, library_folder=answers.folder,
                            reader_name=answers.reader_name))
        if accepted:
            self._answers, self._paths = answers, answers.paths
            if answers.folder:
                with plain_errors():
                    Path(answers.folder).mkdir(parents=True, exist_ok=True)
        return accepted

    def keep(self, folder: Path) -> Unlock | None:
        """How a library that is about to be made is to be kept: as answered on its page, else asked now.

        Returns how an encrypted one opens. Raises Declined, or LibraryError.
        """
        if self._answers is None or self._folder_of(self._answers) != folder:
            return ask_how_to_keep(folder)
        passphrase = self._answers.library_passphrase
        return make_encrypted(folder, passphrase) if passphrase else None

    def settle(self, library: Library) -> bool:
        """Readers are asked for passphrases from now on where that was wanted; whether the demo is to be shown first.
        """
        answers, self._answers = self._answers, None
        if answers is not None and answers.reader_passphrase:
            access = Access(library)
            if not access.guarded:
                access.begin(answers.reader_name, answers.reader_passphrase)
        return answers is not None and answers.demo

    def take_paths(self) -> tuple[Path, ...]:
        """What is to be imported, once."""
        paths, self._paths = self._paths, ()
        return paths

    def _pages(self, language: str) -> tuple[Callable[[Answers], Page], ...]:
        spoken = speak(qt_application(), language)

        def language_page(answers: Answers) -> Page:
            return LanguagePage(answers, spoken=spoken if answers.language == "system" else answers.language)

        return (language_page, UsePage, partial(LibraryPage, usual=self._usual, given=self._given),
                lambda answers: ReaderPage(answers, new_library=not is_begun(self._folder_of(answers))), BeginningPage)

    def _folder_of(self, answers: Answers) -> Path:
        if self._given is not None:
            return self._given
        return Path(answers.folder) if answers.folder else self._usual

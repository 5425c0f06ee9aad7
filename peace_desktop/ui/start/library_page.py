"""Where the library lives, and how a new one is kept."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from peace_desktop.library.key_file import is_begun
from peace_desktop.texts import _
from peace_desktop.ui.access.new_library import HowToKeep, ask_library_passphrase
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.start.answers import Answers
from peace_desktop.ui.start.library_place import library_in, place_problem
from peace_desktop.ui.start.page import INDENT_PX, Page


class LibraryPage(Page):
    """usual: the folder where nobody chooses another. given: the command line's, which leaves nothing to choose."""

    def __init__(self, answers: Answers, *, usual: Path, given: Path | None = None) -> None:
        super().__init__(_("Where the library lives"), answers)
        self._usual, self._given = given or usual, given
        self.say(_("The library holds recordings, readings and names. It stays on this computer."))
        other = bool(answers.folder) and given is None
        self._here = self.offer(
            "library_usual", _("In the usual place") if given is None else _("Where the command line says"),
            str(self._usual), chosen=not other)
        self._there = self.offer("library_other", _("In another folder"), "", chosen=other)
        self._choose = QPushButton(_("Choose a folder…"))
        self._choose.setObjectName("library_choose")
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._ask_folder)
        self._folder = text_label(answers.folder, muted=True, name="library_folder")
        self._said = text_label(name="library_said")
        self._keep = HowToKeep(encrypted=bool(answers.library_passphrase))
        self.column.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._folder, self._said):
            widget.setContentsMargins(INDENT_PX, 0, 0, 0)
            self.column.addWidget(widget)
        self.column.addSpacing(12)
        self.column.addWidget(self._keep)
        self._there.setVisible(given is None)
        self._choose.setVisible(given is None)
        self.column.addStretch(1)
        self._here.toggled.connect(lambda _on: self._look())
        self._look()

    @property
    def complete(self) -> bool:
        return not self._problem or self._given is not None

    @property
    def first(self) -> QWidget:
        return self._there if self._there.isChecked() else self._here

    def take(self, chosen: Path) -> None:
        """A folder somebody chose."""
        self._there.setChecked(True)
        self._folder.setText(str(library_in(chosen)))
        self._look()

    def ask(self) -> Answers | None:
        """The passphrase is asked for in the dialog that every new passphrase is."""
        passphrase = ""
        if self._keep.encrypted and not is_begun(self._place or self._usual):
            passphrase = self.answers.library_passphrase or ask_library_passphrase(self)
            if not passphrase:
                return None
        return replace(self.answers, library_passphrase=passphrase)

    @property
    def _place(self) -> Path | None:
        """None where another folder is wanted and none is chosen yet."""
        if self._here.isChecked():
            return self._usual
        return Path(self._folder.text()) if self._folder.text() else None

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Folder of the library"))
        if chosen:
            self.take(Path(chosen))

    def _look(self) -> None:
        place, other = self._place, self._there.isChecked()
        self._choose.setEnabled(other)
        self._folder.setVisible(other and bool(self._folder.text()))
        self._problem = _("Choose a folder.") if place is None else place_problem(place)
        begun = place is not None and not self._problem and is_begun(place)
        opened = _("There is a library in this folder; it will be opened.") if begun else ""
        self._said.setText(self._problem or opened)
        self._said.setVisible(bool(self._said.text()))
        self._keep.setVisible(place is not None and not begun and not self._problem)
        if self._given is None:
            self.answers = replace(self.answers, folder=self._folder.text() if other else "")
        self.changed.emit()

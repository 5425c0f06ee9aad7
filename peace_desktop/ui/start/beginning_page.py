"""What to begin with: the demo, or recordings of one's own."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from peace_desktop.texts import _, ngettext
from peace_desktop.ui.file_commands import recording_filter
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.start.answers import Answers
from peace_desktop.ui.start.page import INDENT_PX, Page


class BeginningPage(Page):
    """The demo stands chosen, because it shows everything within a minute."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(_("How to begin"), answers)
        self._demo = self.offer(
            "begin_demo", _("With the demo"),
            _("14 simulated recordings in a library of their own that is thrown away afterwards. From there, one "
              "button leads to your own library."), chosen=answers.demo)
        self._own = self.offer(
            "begin_own", _("With recordings of my own"),
            _("Choose them now, or drop files and folders on the window at any time. Names and numbers are left out "
              "unless you ask for them."), chosen=not answers.demo)
        self._files, self._folder = QPushButton(_("Choose files…")), QPushButton(_("Choose a folder…"))
        self._files.clicked.connect(self._ask_files)
        self._folder.clicked.connect(self._ask_folder)
        row = QHBoxLayout()
        row.setContentsMargins(INDENT_PX, 0, 0, 0)
        for name, button in (("begin_files", self._files), ("begin_folder", self._folder)):
            button.setObjectName(name)
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        self._said = text_label(muted=True, name="begin_said")
        self._said.setContentsMargins(INDENT_PX, 0, 0, 0)
        self.column.addWidget(self._said)
        self.column.addStretch(1)
        self._demo.toggled.connect(lambda on: self._take(replace(self.answers, demo=on)))
        self._take(answers)

    @property
    def first(self) -> QWidget:
        return self._demo if self._demo.isChecked() else self._own

    def take(self, paths: tuple[Path, ...]) -> None:
        """Recordings and folders that somebody chose."""
        if paths:
            self._take(replace(self.answers, paths=paths))

    def _ask_files(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileNames(self, _("Open recordings"), "", recording_filter())
        self.take(tuple(Path(path) for path in chosen))

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Open a folder of recordings"))
        self.take((Path(chosen),) if chosen else ())

    def _take(self, answers: Answers) -> None:
        self.answers = answers
        for button in (self._files, self._folder):
            button.setEnabled(not answers.demo)
        count = len(answers.paths)
        self._said.setText(ngettext("Chosen: {count} file or folder", "Chosen: {count} files or folders", count).format(
            count=count) if count and not answers.demo else "")

"""The wizard of tables: opens where one does not say how it was made, and checks every answer on the table itself."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from peace_desktop.jobs.lanes import Lanes
from peace_desktop.jobs.table_check import TableCheck, TableLook, look
from peace_desktop.jobs.table_profiles import TableProfiles
from peace_desktop.texts import _, error_words
from peace_desktop.ui.bridge import Bridge
from peace_desktop.ui.import_.wizard_form import WizardForm
from peace_desktop.ui.import_.wizard_preview import PreviewTrace
from peace_desktop.ui.import_.wizard_profiles import WizardProfiles
from peace_desktop.ui.import_.wizard_table import WizardTable
from peace_desktop.ui.import_.wizard_words import check_words, doubt_words
from peace_desktop.ui.panel import framed, text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.theme import mark_kind
from peace_model.ecg.formats.csv_profile import CsvProfile, ProfileError, TableDraft
from peace_model.ecg.recording import RecordingError

_PAUSE_MS = 150
"""A check waits for the end of a word being typed."""


class TableWizard(QDialog):
    """One table of an import. answered(CsvProfile): what was told; `for_all` says whether for all like files.

    others: how many more like tables of this import ask. asked: the line that says what is missing.
    """

    answered = Signal(object)

    def __init__(self, path: Path, *, asked: str, others: int, lanes: Lanes, bridge: Bridge, kept: TableProfiles,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("How is this table laid out?"))
        self.setMinimumSize(860, 600)
        take_room(self, 1120, 680)
        self._path = path
        self._lanes = lanes
        self._bridge = bridge
        self._turn = 0
        self._draft: TableDraft | None = None
        self._check = TableCheck()
        self._checked = False
        self._asked = text_label(asked, name="wizard_asked")
        self._form = WizardForm()
        self._table = WizardTable()
        self._preview = PreviewTrace()
        self._said = text_label(name="wizard_said")
        self._doubt = framed("alarm", name="wizard_doubt")
        self._doubt_text = text_label(name="wizard_doubt_text")
        self._profiles = WizardProfiles(kept, self._profile)
        self._like = QCheckBox(_("The same for all like files of this import ({n} more ask)").format(n=others))
        self._like.setObjectName("wizard_like")
        self._like.setChecked(others > 0)
        self._like.setVisible(others > 0)
        self._use = QPushButton(_("Import this table"))
        self._use.setObjectName("wizard_use")
        self._use.setDefault(True)
        mark_kind(self._use, main=True)
        self._leave = QPushButton(_("Leave it out"))
        self._leave.setObjectName("wizard_leave")
        self._leave.setAutoDefault(False)
        self._lay_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._look)
        self._form.changed.connect(self._take)
        self._table.placeChosen.connect(self._form.show_place)
        self._profiles.chosen.connect(self._take_profile)
        self._profiles.said.connect(self._say)
        self._use.clicked.connect(self._answer)
        self._leave.clicked.connect(self.reject)
        self._look()

    @property
    def settled(self) -> bool:
        """Whether what is shown is what was told."""
        return self._checked

    @property
    def for_all(self) -> bool:
        """Whether what becomes of this table is to become of all like files."""
        return self._like.isChecked()

    @property
    def said(self) -> str:
        return self._said.text()

    def _take(self) -> None:
        self._draft = replace(self._form.draft, name="")
        self._profiles.leave()
        self._wait()

    def _take_profile(self, profile: CsvProfile) -> None:
        self._draft = TableDraft(**vars(profile))
        self._wait()

    def _wait(self) -> None:
        self._turn += 1
        self._checked = False
        self._use.setEnabled(False)
        self._say(_("Checking…"))
        self._soon.start()

    def _look(self) -> None:
        self._turn += 1
        turn = self._turn
        self._use.setEnabled(False)
        self._bridge.watch(self._lanes.work.submit(look, self._path, self._draft), done=self._show, failed=self._fail,
                           wanted=lambda: self._turn == turn and self.isVisible())

    def _show(self, seen: TableLook) -> None:
        self._draft, self._check = seen.draft, seen.check
        self._checked = True
        self._form.show_draft(seen.draft, is_matrix=seen.sight.is_matrix)
        self._table.show_table(seen.sight, seen.draft, self._form.place)
        self._preview.show_check(seen.check)
        self._say(check_words(seen.check))
        doubt = doubt_words(seen.check)
        self._doubt_text.setText(doubt)
        self._doubt.setVisible(bool(doubt))
        self._use.setEnabled(not seen.check.problem)
        self._profiles.look()

    def _fail(self, error: BaseException) -> None:
        self._checked = True
        self._say(error_words(error) if isinstance(error, RecordingError) else _("The table cannot be shown."))

    def _say(self, text: str) -> None:
        self._said.setText(text)

    def _profile(self) -> CsvProfile | None:
        """What was told so far under the name typed; None while it is not whole."""
        if self._draft is None or not self._checked or self._check.problem:
            return None
        try:
            return TableDraft(**{**vars(self._draft), "name": self._profiles.name}).profile()
        except ProfileError:
            return None

    def _answer(self) -> None:
        profile = self._profile()
        if profile is None or (profile.name and not self._profiles.save()):
            return
        self.answered.emit(profile)
        self.accept()

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._doubt)
        inside.addWidget(self._doubt_text)
        self._doubt.hide()
        side = QScrollArea()
        side.setWidgetResizable(True)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setWidget(self._form)
        side.setMinimumWidth(self._form.sizeHint().width() + 30)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        shown = QVBoxLayout()
        for widget, share in ((self._table, 1), (self._said, 0), (self._doubt, 0), (self._preview, 0)):
            shown.addWidget(widget, share)
        middle = QHBoxLayout()
        middle.addWidget(side)
        middle.addLayout(shown, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._like)
        foot.addStretch(1)
        foot.addWidget(self._leave)
        foot.addWidget(self._use)
        layout = QVBoxLayout(self)
        layout.addWidget(self._asked)
        layout.addLayout(middle, 1)
        layout.addWidget(self._profiles)
        layout.addLayout(foot)

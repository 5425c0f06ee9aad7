"""The bundles there are: the shipped one and those that were added; one of them is asked from now on."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.bundle_shelf import ShelvedBundle
from peace_desktop.texts import _, listed, ngettext
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.row_table import choice_table
from peace_desktop.ui.status_line import HASH_DIGITS
from peace_desktop.ui.theme import mark_kind


def origin_words(bundle: ShelvedBundle) -> str:
    """Where a bundle comes from."""
    return _("comes with the application") if bundle.shipped else _("added")


def details_words(bundle: ShelvedBundle) -> str:
    """What a bundle says of itself, or why it cannot be used."""
    if bundle.problem:
        return bundle.problem
    seen = _("It lists the recordings of your own that it has seen.") if bundle.lists_seen else _(
        "It lists no recordings of your own that it has seen.")
    return "\n".join((
        ngettext("{n} label: {labels}", "{n} labels: {labels}", len(bundle.labels)).format(
            n=len(bundle.labels), labels=listed(bundle.labels)),
        _("Learnt from: {data}.").format(data=bundle.learnt_from), seen,
        _("SHA-256 of the graph: {hash}").format(hash=bundle.sha256)))


class BundlesDialog(QDialog):
    """chosen(choice): ask this one from now on. added(folder): keep this one too. removed(choice): keep it no more."""

    chosen = Signal(str)
    added = Signal(object)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bundles_dialog")
        self.setWindowTitle(_("Bundles"))
        self._bundles: tuple[ShelvedBundle, ...] = ()
        self._choice = ""
        self._table = choice_table("bundles_table", _("Bundles"), (
            _("Bundle"), _("SHA-256"), _("Origin"), _("State")))
        self._table.itemSelectionChanged.connect(self._look)
        self._table.itemActivated.connect(lambda _item: self._use())
        self._details = text_label(name="bundles_details")
        self._said = text_label(name="bundles_said")
        self._said.hide()
        self._use_button = _button("bundle_use", _("&Use this bundle"))
        mark_kind(self._use_button, main=True)
        self._use_button.setDefault(True)
        self._use_button.clicked.connect(self._use)
        self._remove_button = _button("bundle_remove", _("&Remove"))
        self._remove_button.clicked.connect(lambda: self.removed.emit(self.marked.choice if self.marked else ""))
        add = _button("bundle_add", _("&Add a folder…"))
        add.clicked.connect(self._ask_folder)
        close = _button("bundles_close", _("Close"))
        close.clicked.connect(self.reject)
        below = QHBoxLayout()
        for button in (self._use_button, add, self._remove_button):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(_("Predictions, maps and reports name the bundle they come from. What another one "
                                      "said before stays in the library beside it.")))
        layout.addWidget(self._table, 1)
        layout.addWidget(self._details)
        layout.addWidget(self._said)
        layout.addLayout(below)
        take_room(self, 820, 440)
        self._look()

    @property
    def marked(self) -> ShelvedBundle | None:
        """The bundle whose row is chosen."""
        place = self._table.currentRow()
        return self._bundles[place] if 0 <= place < len(self._bundles) else None

    def show_bundles(self, bundles: Sequence[ShelvedBundle], *, choice: str, mark: str | None = None) -> None:
        """choice: the one that is asked now. mark: the one to be marked, that one where None."""
        self._bundles, self._choice = tuple(bundles), choice
        self._table.setRowCount(len(self._bundles))
        for row, bundle in enumerate(self._bundles):
            state = _("cannot be used") if bundle.problem else _("in use") if bundle.choice == choice else ""
            for column, words in enumerate((bundle.title or _("missing"), bundle.sha256[:HASH_DIGITS],
                                            origin_words(bundle), state)):
                self._table.setItem(row, column, QTableWidgetItem(words))
        choices = [bundle.choice for bundle in self._bundles]
        wanted = choice if mark is None else mark
        self._table.selectRow(choices.index(wanted) if wanted in choices else 0)
        self._table.setFocus()
        self._look()

    def say(self, words: str) -> None:
        """What became of adding or removing."""
        self._said.setText(words)
        self._said.setVisible(bool(words))

    # Within

    def _look(self) -> None:
        marked = self.marked
        self._details.setText(details_words(marked) if marked is not None else _("Looking at the bundles…"))
        self._use_button.setEnabled(marked is not None and not marked.problem and marked.choice != self._choice)
        self._remove_button.setEnabled(marked is not None and not marked.shipped and marked.choice != self._choice)

    def _use(self) -> None:
        if self.marked is not None and self._use_button.isEnabled():
            self.chosen.emit(self.marked.choice)

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Add a bundle: choose its folder"))
        if chosen:
            self.added.emit(Path(chosen))


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    return button

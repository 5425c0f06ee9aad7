"""Making a study: what is asked of whom, with a preview of who reads how much, before it is kept for good."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.study_draft import Plan, StudyDraft, drawn_seed, planned, read_indications
from peace_desktop.review.errors import StudyError
from peace_desktop.review.study import Rule
from peace_desktop.texts import _, listed, ngettext
from peace_desktop.ui.findings.prediction_view import LabelName
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.room import take_room
from peace_desktop.ui.study.new_study_words import plan_lines
from peace_desktop.ui.theme import mark_kind

_LARGEST_SEED = 999_999


class NewStudyDialog(QDialog):
    """made(Plan): the reader wants the study to be kept. titles: SHA-256 -> title of the recordings it would hold."""

    made = Signal(object)

    def __init__(self, titles: Mapping[str, str], *, labels: Sequence[LabelName], readers: Sequence[str],
                 created_by: str, bundle: tuple[str, str] | None, parent: QWidget | None = None,
                 ask_file: Callable[[QWidget], Path | None] | None = None) -> None:
        """bundle: SHA-256 and name of the model that can be revealed, None without one."""
        super().__init__(parent)
        self.setObjectName("new_study")
        self.setWindowTitle(_("New study"))
        self._titles, self._created_by, self._bundle = titles, created_by, bundle
        self._ask_file = ask_file or _ask_table
        self._indications: Mapping[str, str] = {}
        self._plan: Plan | None = None
        self._name = QLineEdit()
        self._name.setObjectName("study_name")
        self._labels = _checklist([(label.code, _(label.name)) for label in labels], "study_labels", _("Labels"))
        self._readers = _checklist([(name, name) for name in readers], "study_readers", _("Readers"))
        self._reader = QLineEdit()
        self._reader.setObjectName("study_reader")
        self._reader.setPlaceholderText(_("Another reader's name, then Enter"))
        self._reader.setAccessibleName(_("Another reader's name"))
        self._reader.returnPressed.connect(self._add_reader)
        self._blind = QCheckBox(_("Blind: the model and everything else is hidden until the answers are locked"))
        self._blind.setObjectName("study_blind")
        self._blind.setChecked(True)
        self._indication = QCheckBox(_("Readers see why the ECG was taken"))
        self._indication.setObjectName("study_indication")
        self._table = QPushButton(_("Indications from a table…"))
        self._table.clicked.connect(self._read_table)
        self._table_words = text_label(muted=True, name="study_table_words")
        self._each = QSpinBox()
        self._each.setObjectName("study_each")
        self._each.setRange(1, 99)
        self._each.setValue(2)
        self._seed = QSpinBox()
        self._seed.setObjectName("study_seed")
        self._seed.setAccessibleName(_("Order seed"))
        self._seed.setRange(1, _LARGEST_SEED)
        self._seed.setValue(drawn_seed())
        draw = QPushButton(_("Draw again"))
        draw.clicked.connect(lambda: self._seed.setValue(drawn_seed()))
        self._rule = QComboBox()
        self._rule.setObjectName("study_rule")
        for rule, words in ((Rule.ANY, _("whenever two readers differ")),
                            (Rule.MAJORITY, _("where no answer has more than half of the readers"))):
            self._rule.addItem(words, rule)
        self._model = QComboBox()
        self._model.setObjectName("study_model")
        if bundle is not None:
            self._model.addItem(f"{bundle[1]}, {bundle[0][:12]}", bundle[0])
        self._model.addItem(_("no model"), None)
        self._preview = text_label(name="study_preview")
        self._preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText(_("Make the study"))
        self._buttons.accepted.connect(self._make)
        self._buttons.rejected.connect(self.reject)
        self._lay_out(draw)
        self._name.textChanged.connect(self._look)
        for checklist in (self._labels, self._readers):
            checklist.itemChanged.connect(self._look)
        for box in (self._blind, self._indication):
            box.toggled.connect(self._look)
        for number in (self._each, self._seed):
            number.valueChanged.connect(self._look)
        for choice in (self._rule, self._model):
            choice.currentIndexChanged.connect(self._look)
        self._look()

    @property
    def plan(self) -> Plan | None:
        """What would be kept, None while something is missing."""
        return self._plan

    def _lay_out(self, draw: QPushButton) -> None:
        form = QFormLayout()
        seed = QHBoxLayout()
        seed.addWidget(self._seed, 1)
        seed.addWidget(draw)
        for words, field in ((_("Name"), self._name), (_("Labels"), self._labels), (_("Readers"), self._readers),
                             ("", self._reader), (_("Readers per recording"), self._each), (_("Order seed"), seed),
                             (_("An adjudicator decides"), self._rule), (_("Model revealed"), self._model)):
            if isinstance(field, QWidget):
                field.setAccessibleName(field.accessibleName() or words)
            form.addRow(words, field)
        left = QVBoxLayout()
        left.addLayout(form)
        for widget in (self._blind, self._indication, self._table, self._table_words):
            left.addWidget(widget)
        left.addStretch(1)
        heading = text_label(_("What will be read"))
        mark_kind(heading, muted=True)
        right = QVBoxLayout()
        right.addWidget(heading)
        right.addWidget(self._preview, 1)
        columns = QHBoxLayout()
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        layout = QVBoxLayout(self)
        layout.addLayout(columns, 1)
        layout.addWidget(self._buttons)
        take_room(self, 980, 620)

    def _add_reader(self) -> None:
        name = self._reader.text().strip()
        known = {self._readers.item(place).text() for place in range(self._readers.count())}
        if name and name not in known:
            _add(self._readers, name, name, checked=True)
        self._reader.clear()
        self._look()

    def _read_table(self) -> None:
        file = self._ask_file(self)
        if file is None:
            return
        try:
            found = read_indications(file, self._titles)
        except (StudyError, OSError) as error:
            self._table_words.setText(str(error) if isinstance(error, StudyError) else _(
                "The table could not be read ({reason}).").format(reason=error.strerror))
            return
        self._indications = found.words
        words = ngettext("{n} indication read.", "{n} indications read.", len(found.words)).format(n=len(found.words))
        if found.unknown:
            words += " " + ngettext("{n} line names no recording of this study: {lines}",
                                    "{n} lines name no recording of this study: {lines}", len(found.unknown)).format(
                                        n=len(found.unknown), lines=listed(found.unknown[:3]))
        self._table_words.setText(words)
        self._look()

    def _look(self) -> None:
        """Say what would be read, or what is missing."""
        try:
            self._plan = planned(StudyDraft(
                self._name.text(), _checked(self._labels), "blind" if self._blind.isChecked() else "open",
                _checked(self._readers), self._each.value(), self._seed.value(), Rule(self._rule.currentData()),
                self._indication.isChecked(), self._model.currentData(), tuple(self._titles), self._indications),
                created_by=self._created_by, at=datetime.now(UTC))
            words = "\n".join(plan_lines(self._plan, self._titles))
        except StudyError as error:
            self._plan, words = None, str(error)
        self._preview.setText(words)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self._plan is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return within a field ends the field: a study that is kept for good is made by its button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not isinstance(self.focusWidget(), QPushButton):
            event.accept()
            return
        super().keyPressEvent(event)

    def _make(self) -> None:
        if self._plan is not None:
            self.made.emit(self._plan)
            self.accept()


def _ask_table(parent: QWidget) -> Path | None:
    chosen, _filter = QFileDialog.getOpenFileName(parent, _("Indications: title or SHA-256, and words"), "",
                                                  _("Tables (*.csv *.tsv *.txt)"))
    return Path(chosen) if chosen else None


def _checklist(entries: Sequence[tuple[str, str]], name: str, words: str) -> QListWidget:
    made = QListWidget()
    made.setObjectName(name)
    made.setAccessibleName(words)
    for value, text in entries:
        _add(made, value, text, checked=False)
    return made


def _add(checklist: QListWidget, value: str, text: str, *, checked: bool) -> None:
    item = QListWidgetItem(text)
    item.setData(Qt.ItemDataRole.UserRole, value)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
    checklist.addItem(item)


def _checked(checklist: QListWidget) -> tuple[str, ...]:
    items = [checklist.item(place) for place in range(checklist.count())]
    return tuple(item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() is Qt.CheckState.Checked)

"""The panel about a recording: how it was made and read, a line each, and the groups of its file as a small table."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from peace_desktop.report.about import Fact, GroupRow
from peace_desktop.texts import _, as_fact, as_sentence, aside, put_together
from peace_desktop.ui.findings.about_view import AboutView
from peace_desktop.ui.findings.remade import Remade
from peace_desktop.ui.panel import framed, text_label, with_short_words

_WORD_LETTERS = 22
_NAME_PX = 120


class AboutPanel(Remade):
    """Shows an AboutView; None while no recording is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_recording")
        self._shown: AboutView | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._show(None)

    def show_about(self, view: AboutView | None) -> None:
        if view != self._shown:
            self._show(view)

    def _show(self, view: AboutView | None) -> None:
        self._shown = view
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(6)
        if view is None:
            column.addWidget(text_label(_("No recording is shown."), muted=True))
            said = ""
        else:
            said = " ".join([*(_sentence(fact) for fact in view.facts), *map(_group_sentence, view.groups)])
            column.addLayout(_facts(view.facts))
            if view.groups:
                column.addLayout(_groups(view.groups))
            if view.hidden:
                column.addWidget(text_label(view.hidden, muted=True, name="source_statements_hidden"))
            if view.statements:
                column.addWidget(text_label(_("The machine or the header says:"), muted=True))
                column.addWidget(text_label("\n".join(view.statements), name="source_statements"))
        self.setAccessibleName(_("About this recording"))
        self.setAccessibleDescription(said)
        self.put(made)


def _facts(facts: Sequence[Fact]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for row, fact in enumerate(facts):
        name = text_label(fact.name, muted=True)
        name.setFixedWidth(_NAME_PX)
        grid.addWidget(name, row, 0, top)
        value = _narrow(text_label(with_short_words(fact.value, _WORD_LETTERS)))
        value.setAccessibleName(_sentence(fact))
        if fact.warning:
            frame = framed("notice")
            inside = QVBoxLayout(frame)
            inside.setContentsMargins(6, 2, 6, 2)
            inside.addWidget(value)
            grid.addWidget(frame, row, 1)
        else:
            grid.addWidget(value, row, 1, top)
    return grid


def _groups(groups: Sequence[GroupRow]) -> QGridLayout:
    """Name with kind, leads, rate and length of each group; the one that is shown is marked by a word."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    for column, head in enumerate((_("Group in the file"), _("Leads"), _("Rate"), _("Length"))):
        grid.addWidget(text_label(head, muted=True, wrap=False), 0, column)
    for row, group in enumerate(groups, start=1):
        name = put_together(group.name, group.kind) + (aside(_("shown")) if group.chosen else "")
        for column, text in enumerate((name, group.leads, group.rate, group.length)):
            label = text_label(text, wrap=column == 0)
            _bold(label, bold=group.chosen)
            if column == 0:
                _narrow(label)
                label.setAccessibleName(_group_sentence(group))
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
    return grid


def _bold(label: QLabel, *, bold: bool) -> None:
    font = label.font()
    font.setBold(bold)
    label.setFont(font)


def _narrow(label: QLabel) -> QLabel:
    """As narrow as its column, whatever is written on it."""
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _sentence(fact: Fact) -> str:
    return as_sentence(as_fact(fact.name, fact.value))


def _group_sentence(group: GroupRow) -> str:
    words = _("Group {name}, {kind}, {leads} leads, {rate}, {length}").format(
        name=group.name, kind=group.kind, leads=group.leads, rate=group.rate, length=group.length)
    return as_sentence(put_together(words, _("shown") if group.chosen else ""))

"""The associated findings: what goes with ECGs like this one, what is measured here beside it, and the figures."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from peace_desktop.report.associated_words import AssociatedGroup, AssociatedText
from peace_desktop.texts import _, put_together
from peace_desktop.ui.findings.associated_view import AssociatedView
from peace_desktop.ui.findings.disclosure import Disclosure
from peace_desktop.ui.findings.remade import Remade
from peace_desktop.ui.panel import text_label


class AssociatedList(Remade):
    """Shows an AssociatedView; None while the model is looking."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_findings(None)

    def show_findings(self, view: AssociatedView | None) -> None:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(2)
        if view is None:
            column.addWidget(text_label(_("The model is looking…"), muted=True))
        elif view.text is None:
            column.addWidget(text_label(view.hidden, muted=True, name="associated_hidden"))
        else:
            _add_text(column, view.text)
        self.put(made)


def _add_text(column: QVBoxLayout, text: AssociatedText) -> None:
    for line in text.intro:
        column.addWidget(text_label(line, muted=True, name="associated_intro"))
    for line in text.reasons:
        column.addWidget(text_label(f"\N{BULLET} {line}", muted=True, name="associated_reason"))
    if text.none_words:
        column.addWidget(text_label(text.none_words, name="associated_none"))
    for group in text.groups:
        _add_group(column, group)
    for words, lines in ((text.not_named, text.not_named_lines), (text.unheard, text.unheard_lines)):
        if words:
            column.addWidget(Disclosure(words, lines, subject=_("Associated findings")))


def _add_group(column: QVBoxLayout, group: AssociatedGroup) -> None:
    column.addWidget(text_label(group.heading, muted=True, name="associated_heading"))
    for item in group.items:
        title = text_label("\N{BULLET} " + item.title, name="associated_found" if group.strong else "associated_aside")
        font = title.font()
        font.setBold(group.strong)
        title.setFont(font)
        title.setAccessibleName(put_together(item.title, group.heading))
        here = text_label(item.here, name="associated_here")
        here.setContentsMargins(12, 0, 0, 0)
        column.addWidget(title)
        column.addWidget(here)
        column.addWidget(Disclosure(item.figure, item.detail, subject=item.title))

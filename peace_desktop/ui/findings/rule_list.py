"""The rule results: what is met with its criterion and source, what is not met, what cannot be assessed and why."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from peace_desktop.texts import _, as_fact
from peace_desktop.ui.findings.disclosure import Disclosure
from peace_desktop.ui.findings.remade import Remade
from peace_desktop.ui.findings.rule_view import RulesView
from peace_desktop.ui.panel import text_label


class RuleList(Remade):
    """Shows a RulesView; None while the recording is being measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_rules(None)

    def show_rules(self, view: RulesView | None) -> None:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(4, 0, 4, 0)
        column.setSpacing(2)
        if view is None:
            column.addWidget(text_label(_("Measuring…"), muted=True))
        elif view.hidden:
            column.addWidget(text_label(view.hidden, muted=True, name="rules_hidden"))
        else:
            for rule in view.met:
                name = text_label("\N{BLACK UP-POINTING TRIANGLE} " + as_fact(rule.name, rule.value_text),
                                  name="rule_met")
                name.setAccessibleName(rule.accessible)
                column.addWidget(name)
                column.addWidget(Disclosure(rule.criterion, rule.detail, subject=rule.name))
            for words, lines in ((view.not_met, view.not_met_lines), (view.open, view.open_lines)):
                if words:
                    column.addWidget(Disclosure(words, lines, subject=_("Rules")))
            words = (_("None met does not mean normal; what is met is no diagnosis.") if view.not_met or view.met
                     else _("No rule could be assessed."))
            column.addWidget(text_label(words, muted=True))
        self.put(made)

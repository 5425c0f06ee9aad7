"""What the rule panel says: pure functions from rule results to words."""

from collections.abc import Sequence
from dataclasses import dataclass

from peace_desktop.report.limit_words import rule_value
from peace_desktop.texts import _, aside, in_clauses, listed, mark, ngettext, put_together, render, without_stop
from peace_model.ecg.measurement import RuleResult

_KINDS = {
    "published limit": mark("Published percentile, confirmed by several transcriptions."),
    "two transcriptions": mark("Published percentile on which two transcriptions agree."),
    "statement": mark("Criterion of a scientific statement or paper."),
    "convention": mark("A figure in common use, no percentile."),
}


@dataclass(frozen=True)
class RuleView:
    """One rule that is met. detail: criterion, how firm its limit is, notes and citation, a line each."""

    name: str
    value_text: str
    criterion: str
    detail: tuple[str, ...]

    @property
    def accessible(self) -> str:
        return put_together(self.name, self.value_text, self.criterion)


@dataclass(frozen=True)
class RulesView:
    """met: in the rules' order. not_met and open: a heading with the lines behind it, "" without any.

    hidden: why nothing is shown, "" where results are.
    """

    met: tuple[RuleView, ...] = ()
    not_met: str = ""
    not_met_lines: tuple[str, ...] = ()
    open: str = ""
    open_lines: tuple[str, ...] = ()
    hidden: str = ""


def rules_view(results: Sequence[RuleResult]) -> RulesView:
    """Words for every result."""
    not_met = [item for item in results if item.positive is False]
    open_ = [item for item in results if item.positive is None]
    return RulesView(
        met=tuple(_met(item) for item in results if item.positive),
        not_met=ngettext("{n} rule not met", "{n} rules not met", len(not_met)).format(n=len(not_met))
        if not_met else "",
        not_met_lines=tuple(_not_met(item) for item in not_met),
        open=ngettext("{n} rule not assessable", "{n} rules not assessable", len(open_)).format(n=len(open_))
        if open_ else "",
        open_lines=_by_reason(open_))


def _not_met(item: RuleResult) -> str:
    words = _("{name}: {criterion}; here {value}").format(name=_(item.name), criterion=render(item),
                                                         value=rule_value(item))
    return words + aside(in_clauses(without_stop(render(note)) for note in item.notes))


def _met(item: RuleResult) -> RuleView:
    detail = [_(_KINDS[item.kind])] if item.kind is not None else []
    detail += [render(note) for note in item.notes]
    detail.append(_("Source: {citation}").format(citation=item.citation))
    return RuleView(_(item.name), rule_value(item), render(item), tuple(detail))


def _by_reason(results: Sequence[RuleResult]) -> tuple[str, ...]:
    """One line a reason, naming each rule once."""
    names: dict[str, dict[str, None]] = {}
    for item in results:
        if item.why is not None:
            names.setdefault(render(item.why), {})[_(item.name)] = None
    return tuple(_("{names}: {reason}").format(names=listed(given), reason=reason)
                 for reason, given in names.items())

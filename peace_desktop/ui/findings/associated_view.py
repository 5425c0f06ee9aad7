"""What the panel of associated findings says: pure functions from predictions and rule results to words."""

from collections.abc import Sequence
from dataclasses import dataclass

from peace_desktop.report.associated_words import AssociatedGroup, groups_of, intro_words, short_words
from peace_desktop.texts import ngettext
from peace_model.ecg.measurement import RuleResult
from peace_model.inference.associated_here import Standing, findings_here
from peace_model.inference.prediction import PredictionResult


@dataclass(frozen=True)
class AssociatedView:
    """intro: what associated findings are. groups: what is shown openly. not_named and unheard: a heading with the
    lines behind it, "" without any. hidden: why nothing is shown, "" where findings are.
    """

    intro: tuple[str, ...] = ()
    groups: tuple[AssociatedGroup, ...] = ()
    not_named: str = ""
    not_named_lines: tuple[str, ...] = ()
    unheard: str = ""
    unheard_lines: tuple[str, ...] = ()
    hidden: str = ""

    @property
    def count(self) -> int:
        """The findings: what the model names and nothing measured here contradicts."""
        return sum(len(group.items) for group in self.groups if group.strong)


def associated_view(result: PredictionResult, rules: Sequence[RuleResult]) -> AssociatedView:
    """Words for every output of the head. rules: all results of what was measured here."""
    found = findings_here(result.associated, rules)
    not_named = [item for item in found if item.standing is Standing.NOT_NAMED]
    unheard = [item for item in found if item.standing is Standing.NO_EVIDENCE]
    return AssociatedView(
        intro=intro_words(result),
        groups=groups_of(found),
        not_named=ngettext("{n} not named: below the threshold", "{n} not named: below the threshold",
                           len(not_named)).format(n=len(not_named)) if not_named else "",
        not_named_lines=tuple(short_words(item) for item in not_named),
        unheard=ngettext("{n} not shown: its figures are no better than chance",
                         "{n} not shown: their figures are no better than chance",
                         len(unheard)).format(n=len(unheard)) if unheard else "",
        unheard_lines=tuple(short_words(item) for item in unheard))

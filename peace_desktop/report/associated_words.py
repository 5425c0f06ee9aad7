"""Associated findings in words: the same on screen and in print. Association, never cause."""

from collections.abc import Sequence
from dataclasses import dataclass

from peace_desktop.report.limit_words import DASH, number_words, rule_value
from peace_desktop.report.terms import percent
from peace_desktop.texts import (
    _,
    as_fact,
    as_sentence,
    aside,
    in_clauses,
    in_words,
    mark,
    ngettext,
    put_together,
    render,
    without_stop,
)
from peace_model.ecg.measurement import RuleResult
from peace_model.inference.associated import AssociatedFinding, Evidence
from peace_model.inference.associated_here import FindingHere, Standing, findings_here
from peace_model.inference.domain import FEW_RECORDS
from peace_model.inference.prediction import PredictionResult

_OUT_OF_DOMAIN = ("adult_trained", "younger_than_training", "age_unknown")
_KNOWN_DATA = (mark("PTB-XL 1.0.3 at 100 Hz, fold 9, adults"), mark("PTB-XL 1.0.3 at 500 Hz, fold 9, adults"))
"""What bundles say of the recordings behind their figures; other words stay as they are."""
_DECIMALS = 3
"""As on the card: with two of them .996 would be 1."""
_HEADINGS = {
    Standing.CONFIRMED: mark("ECGs like this one more often come with this, and it is measured here:"),
    Standing.NOT_MEASURED: mark("ECGs like this one more often come with this; it is not measured here:"),
    Standing.NOT_BORNE_OUT: mark("Named by the model, not borne out by what is measured here:"),
    Standing.MEASURED_ONLY: mark("Not named by the model, yet measured here:"),
}


@dataclass(frozen=True)
class AssociatedWords:
    """One output of the head. title: name and probability; here: what was measured here with its limit; figure: as what
    it was learnt and how well the head tells it apart; detail: where that and every limit is from, a line each.
    citation: of what it was learnt as. short: name, probability and what was measured here."""

    title: str
    short: str
    here: str
    figure: str
    detail: tuple[str, ...]
    citation: str


@dataclass(frozen=True)
class AssociatedGroup:
    """Outputs of one standing under their heading. strong: they are findings here."""

    heading: str
    items: tuple[AssociatedWords, ...]
    strong: bool


@dataclass(frozen=True)
class AssociatedText:
    """intro: what associated findings are. reasons: why the model deserves less trust on this recording. groups: what
    is shown openly. not_named and unheard: a heading with the lines behind it, "" without any. every: all outputs, in
    the bundle's order."""

    intro: tuple[str, ...]
    reasons: tuple[str, ...]
    groups: tuple[AssociatedGroup, ...]
    not_named: str
    not_named_lines: tuple[str, ...]
    unheard: str
    unheard_lines: tuple[str, ...]
    every: tuple[AssociatedWords, ...]

    @property
    def count(self) -> int:
        """The findings: what the model names and nothing measured here contradicts."""
        return sum(len(group.items) for group in self.groups if group.strong)

    @property
    def none_words(self) -> str:
        """A sentence where there is no finding, "" where there is one."""
        return "" if self.count else _("Nothing is found to go with this ECG; that does not mean normal.")


def associated_text(result: PredictionResult, rules: Sequence[RuleResult]) -> AssociatedText:
    """Words for every output of the head. rules: all results of what was measured here."""
    found = findings_here(result.associated, rules)
    not_named = [item for item in found if item.standing is Standing.NOT_NAMED]
    unheard = [item for item in found if item.standing is Standing.NO_EVIDENCE]
    return AssociatedText(
        intro=_intro(result),
        reasons=tuple(render(reason) for reason in result.general_reasons),
        groups=tuple(
            AssociatedGroup(_(heading), items, strong=standing in (Standing.CONFIRMED, Standing.NOT_MEASURED))
            for standing, heading in _HEADINGS.items()
            if (items := tuple(_words(item) for item in found if item.standing is standing))),
        not_named=ngettext("{n} not named: below the threshold", "{n} not named: below the threshold",
                           len(not_named)).format(n=len(not_named)) if not_named else "",
        not_named_lines=tuple(_not_named(item) for item in not_named),
        unheard=ngettext("{n} not shown: its figures are no better than chance",
                         "{n} not shown: their figures are no better than chance",
                         len(unheard)).format(n=len(unheard)) if unheard else "",
        unheard_lines=tuple(as_fact(in_words(item.finding.name), _evidence(item.finding.evidence))
                            for item in unheard),
        every=tuple(_words(item) for item in found))


def _intro(result: PredictionResult) -> tuple[str, ...]:
    said = [_("Learnt from other recordings: an association with the ECG, no cause, no measurement, no diagnosis.")]
    if any(reason.code in _OUT_OF_DOMAIN for reason in result.general_reasons):
        said.append(_("Learnt with limits for adults; a healthy child may lie outside them."))
    return tuple(said)


def _words(item: FindingHere) -> AssociatedWords:
    finding = item.finding
    return AssociatedWords(
        title=_title(finding), here=here_words(item.rule),
        short=in_words(finding.name) + aside(put_together(_likely(finding), _measured(item.rule))),
        figure=in_clauses((_("Learnt as: {criterion}").format(criterion=in_words(finding.criterion)),
                           _evidence(finding.evidence))),
        detail=(*_probability(finding), _("Source of the limit it was learnt with: {citation}").format(
            citation=finding.citation), *_sources(item.rule),
            _("Figures from: {data}").format(data=_(finding.evidence.data))), citation=finding.citation)


def _not_named(item: FindingHere) -> str:
    """What was learnt, and what is measured here."""
    learnt = as_fact(_title(item.finding), in_words(item.finding.criterion))
    return f"{as_sentence(learnt)} {here_words(item.rule)}"


def here_words(rule: RuleResult | None) -> str:
    """What was measured here, and whether the rule for this age is met."""
    if rule is None:
        return _("Not measured here.")
    reason = without_stop(render(rule.why)) if rule.why is not None else ""
    if rule.value is None:
        return _("Not measured here: {reason}.").format(reason=reason)
    if rule.positive is None:
        return _("Measured here: {value}; no verdict: {reason}.").format(value=rule_value(rule), reason=reason)
    template = (_("Measured here: {value}. Rule for this age met: {criterion}.") if rule.positive else
                _("Measured here: {value}. Rule for this age not met: {criterion}."))
    return template.format(value=rule_value(rule), criterion=without_stop(render(rule)))


def _evidence(evidence: Evidence) -> str:
    """AUROC with its interval and the positives behind it."""
    counts = _("{positives} of {known} recordings had it").format(positives=evidence.positives, known=evidence.known)
    if evidence.auroc is None:
        return _("No AUROC; {counts}").format(counts=counts)
    low, high = (DASH if value is None else number_words(value, _DECIMALS) for value in (evidence.low, evidence.high))
    return _("AUROC {value} ({low} to {high}); {counts}").format(
        value=number_words(evidence.auroc, _DECIMALS), low=low, high=high, counts=counts)


def _title(finding: AssociatedFinding) -> str:
    return in_words(finding.name) + aside(_likely(finding))


def _likely(finding: AssociatedFinding) -> str:
    """The probability, where enough recordings stand behind it."""
    return percent(finding.probability) if finding.evidence.positives >= FEW_RECORDS else ""


def _measured(rule: RuleResult | None) -> str:
    return _("here {value}").format(value=rule_value(rule)) if rule is not None and rule.value is not None else ""


def _probability(finding: AssociatedFinding) -> tuple[str, ...]:
    if finding.evidence.positives < FEW_RECORDS:
        return (_("Fewer than {n} recordings had it: no probability is given.").format(n=FEW_RECORDS),)
    return (_("Probability {probability}, threshold {threshold}").format(
        probability=percent(finding.probability), threshold=percent(finding.threshold)),)


def _sources(rule: RuleResult | None) -> tuple[str, ...]:
    return (_("Source of the limit here: {citation}").format(citation=rule.citation),) if rule is not None and (
        rule.citation) else ()

"""Associated findings in words: the same on screen and in print. Association, never cause."""

from collections.abc import Iterable
from dataclasses import dataclass

from peace_desktop.report.limit_words import DASH, number_words, rule_value
from peace_desktop.report.terms import percent
from peace_desktop.texts import _, as_fact, as_sentence, aside, in_clauses, in_words, mark, render, without_stop
from peace_model.ecg.measurement import RuleResult
from peace_model.inference.associated import AssociatedFinding, Evidence
from peace_model.inference.associated_here import FindingHere, Standing
from peace_model.inference.domain import FEW_RECORDS
from peace_model.inference.prediction import PredictionResult

_OUT_OF_DOMAIN = ("adult_trained", "younger_than_training", "age_unknown")
_KNOWN_DATA = (mark("PTB-XL at 100 Hz, fold 9, adults"), mark("PTB-XL at 500 Hz, fold 9, adults"))
"""What bundles say of the recordings behind their figures; other words stay as they are."""
_HEADINGS = {
    Standing.CONFIRMED: mark("ECGs like this one more often come with this, and it is measured here:"),
    Standing.NOT_MEASURED: mark("ECGs like this one more often come with this; it is not measured here:"),
    Standing.NOT_BORNE_OUT: mark("Named by the model, not borne out by what is measured here:"),
    Standing.MEASURED_ONLY: mark("Not named by the model, yet measured here:"),
}


@dataclass(frozen=True)
class AssociatedWords:
    """One output of the head. title: name and probability; here: what was measured here with its limit; figure: as what
    it was learnt and how well the head tells it apart; detail: where that and every limit is from, a line each."""

    title: str
    here: str
    figure: str
    detail: tuple[str, ...]


@dataclass(frozen=True)
class AssociatedGroup:
    """Outputs of one standing under their heading. strong: they are findings here."""

    heading: str
    items: tuple[AssociatedWords, ...]
    strong: bool


def intro_words(result: PredictionResult) -> tuple[str, ...]:
    """What associated findings are, in a sentence; and what that means for a patient the model does not know."""
    said = [_("Learnt from other recordings: an association with the ECG, no cause, no measurement, no diagnosis.")]
    if any(reason.code in _OUT_OF_DOMAIN for reason in result.general_reasons):
        said.append(_("Learnt with limits for adults; a healthy child may lie outside them."))
    return tuple(said)


def groups_of(findings: Iterable[FindingHere]) -> tuple[AssociatedGroup, ...]:
    """What is shown openly, findings first."""
    given = tuple(findings)
    return tuple(
        AssociatedGroup(_(heading), items, strong=standing in (Standing.CONFIRMED, Standing.NOT_MEASURED))
        for standing, heading in _HEADINGS.items()
        if (items := tuple(associated_words(item) for item in given if item.standing is standing)))


def associated_words(item: FindingHere) -> AssociatedWords:
    finding = item.finding
    return AssociatedWords(
        title=_title(finding), here=here_words(item.rule),
        figure=in_clauses((_("Learnt as: {criterion}").format(criterion=in_words(finding.criterion)),
                           evidence_words(finding.evidence))),
        detail=(*_probability(finding), _("Source of the limit it was learnt with: {citation}").format(
            citation=finding.citation), *_sources(item.rule),
            _("Figures from: {data}").format(data=_(finding.evidence.data))))


def short_words(item: FindingHere) -> str:
    """One line of an output that is not shown openly: its figures, or what the head and the measurement say."""
    finding = item.finding
    if item.standing is Standing.NO_EVIDENCE:
        return as_fact(in_words(finding.name), evidence_words(finding.evidence))
    return " ".join((as_sentence(as_fact(_title(finding), in_words(finding.criterion))), here_words(item.rule)))


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


def evidence_words(evidence: Evidence) -> str:
    """AUROC with its interval and the positives behind it."""
    counts = _("{positives} of {known} recordings had it").format(positives=evidence.positives, known=evidence.known)
    if evidence.auroc is None:
        return _("No AUROC; {counts}").format(counts=counts)
    low, high = (DASH if value is None else number_words(value, 2) for value in (evidence.low, evidence.high))
    return _("AUROC {value} ({low} to {high}); {counts}").format(
        value=number_words(evidence.auroc, 2), low=low, high=high, counts=counts)


def _title(finding: AssociatedFinding) -> str:
    """With the probability where enough recordings stand behind it."""
    name = in_words(finding.name)
    return name + aside(percent(finding.probability)) if finding.evidence.positives >= FEW_RECORDS else name


def _probability(finding: AssociatedFinding) -> tuple[str, ...]:
    if finding.evidence.positives < FEW_RECORDS:
        return (_("Fewer than {n} recordings had it: no probability is given.").format(n=FEW_RECORDS),)
    return (_("Probability {probability}, threshold {threshold}").format(
        probability=percent(finding.probability), threshold=percent(finding.threshold)),)


def _sources(rule: RuleResult | None) -> tuple[str, ...]:
    return (_("Source of the limit here: {citation}").format(citation=rule.citation),) if rule is not None and (
        rule.citation) else ()

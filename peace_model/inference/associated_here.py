"""An associated finding beside what was measured of the very recording, where there is such a measurement.

A head that learnt from adults calls abnormal what is so by adult limits. Where the same thing is measured here, the
rule result with the limit for this age decides, and the head's word stands behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from peace_model.ecg.measurement.rule_result import RuleResult
from peace_model.inference.associated import AssociatedFinding

_FOR_AGE = {"qrs_120": "qrs_wide", **{f"qtc_bazett_{step}": "qtc_bazett_high" for step in (460, 480, 500)}}
"""Abnormalities with one figure for everybody -> the rule on the same measurement with the limit for age."""


class Standing(StrEnum):
    """What becomes of one output of the head here."""

    CONFIRMED = "confirmed"
    """The head names it, and the rule for this age is met."""
    NOT_MEASURED = "not measured"
    """The head names it, and nothing measured here says the same or the contrary."""
    NOT_BORNE_OUT = "not borne out"
    """The head names it, and the rule for this age is not met or cannot be assessed."""
    MEASURED_ONLY = "measured only"
    """The head does not name it, yet the rule for this age is met."""
    NOT_NAMED = "not named"
    NO_EVIDENCE = "no evidence"
    """Its figures are no better than chance: the head is not heard."""


@dataclass(frozen=True)
class FindingHere:
    """rule: the rule result on the same thing, None where nothing here measures it."""

    finding: AssociatedFinding
    rule: RuleResult | None
    standing: Standing


def findings_here(findings: Iterable[AssociatedFinding], rules: Iterable[RuleResult]) -> tuple[FindingHere, ...]:
    """Every output of the head with its standing, in the bundle's order. rules: all results of the recording."""
    by_code = {rule.code: rule for rule in rules}
    made = []
    for finding in findings:
        rule = by_code.get(finding.code)
        for_age = by_code.get(_FOR_AGE.get(finding.code, ""))
        if for_age is not None and (rule is None or for_age.positive is not None):
            rule = for_age
        made.append(FindingHere(finding, rule, _standing(finding, rule)))
    return tuple(made)


def _standing(finding: AssociatedFinding, rule: RuleResult | None) -> Standing:
    if not finding.evidence.beyond_chance:
        return Standing.NO_EVIDENCE
    met = rule is not None and bool(rule.positive)
    if not finding.positive:
        return Standing.MEASURED_ONLY if met else Standing.NOT_NAMED
    if rule is None:
        return Standing.NOT_MEASURED
    return Standing.CONFIRMED if met else Standing.NOT_BORNE_OUT

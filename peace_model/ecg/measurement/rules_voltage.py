"""Rules on voltages: right and left ventricular hypertrophy, low voltage.

In children from the 98th percentiles on which two transcriptions agree (R and S in V1 and V6); in adults by Sokolow &
Lyon and by Cornell. At 95 % specificity such rules find less than a quarter of children with a heavy left ventricle
(Rijnbeek 2008): voltages beyond a limit call for a look, they are no diagnosis. Beside a block of the same side they
are not judged: late forces that nothing opposes are tall in a ventricle of any size (AHA/ACCF/HRS 2009, part V: Hancock
EW, et al. Circulation 2009;119:e251).
"""

from collections.abc import Sequence

from peace_model.ecg.leads import LIMB, PRECORDIAL
from peace_model.ecg.measurement.catalogue import in_lead
from peace_model.ecg.measurement.rule_result import Bound, Inputs, Rule, RuleResult
from peace_model.ecg.measurement.rules_left_block import lbbb
from peace_model.ecg.measurement.rules_qrs import rbbb
from peace_model.ecg.measurement.value import Note
from peace_model.words import mark

RVH, LVH = mark("Right ventricular voltage"), mark("Left ventricular voltage")
_OVER_PERCENTILE = mark("{wave} in {lead} above the 98th percentile for age and sex, {limit} mV")
_BESIDE_RIGHT = Note("beside_rbbb", mark(
    "beside a right bundle branch block pattern, whose late R' and S say nothing of the ventricle's size"))
_BESIDE_LEFT = Note("beside_lbbb", mark(
    "beside a left bundle branch block pattern, whose R and S say nothing of the ventricle's size"))
_SUM = mark("{first} + {second} over {limit} mV")


def over_percentile(inputs: Inputs, code: str, name: str, wave: str, lead: str) -> RuleResult:
    """R or S of one lead above its 98th percentile."""
    measurement = in_lead(f"{wave.casefold()}_{{lead}}_mv", lead)
    rule = Rule(code, name, _OVER_PERCENTILE, "mV", (("wave", wave), ("lead", lead)))
    item, bounds = inputs.measured[measurement], inputs.limits(measurement)
    stop = inputs.stop(rule, bounds, measurement) or _beside_block(inputs, rule, bounds)
    if stop is not None or item.value is None:
        return stop or rule.not_assessable(inputs.no_limit)
    return rule.against(item.value, bounds, "above", notes=item.notes)


def lvh_sokolow(inputs: Inputs) -> RuleResult:
    """S in V1 + R in V5 or V6."""
    return _sum(inputs, Rule("lvh_sokolow", LVH, _SUM, "mV", (("first", "S V1"), ("second", "R V5/V6"))),
                "s_v1_mv", ("r_v5_mv", "r_v6_mv"))


def lvh_cornell(inputs: Inputs) -> RuleResult:
    """R in aVL + S in V3."""
    return _sum(inputs, Rule("lvh_cornell", LVH, _SUM, "mV", (("first", "R aVL"), ("second", "S V3"))),
                "r_avl_mv", ("s_v3_mv",))


def rvh_sokolow(inputs: Inputs) -> RuleResult:
    """R in V1 + S in V5 or V6."""
    return _sum(inputs, Rule("rvh_sokolow", RVH, _SUM, "mV", (("first", "R V1"), ("second", "S V5/V6"))),
                "r_v1_mv", ("s_v5_mv", "s_v6_mv"))


def low_voltage(inputs: Inputs, where: str) -> RuleResult:
    """No lead of the limbs, or of the chest, with a QRS as tall as the limit from peak to trough."""
    limb = where == "limb"
    rule = Rule(f"low_voltage_{where}", mark("Low voltage in the limb leads") if limb else
                mark("Low voltage in the chest leads"),
                mark("Every QRS of the limb leads under {limit} mV from peak to trough") if limb else
                mark("Every QRS of the chest leads under {limit} mV from peak to trough"), "mV")
    bounds = inputs.criteria(f"low_voltage_{where}")
    leads = LIMB if limb else PRECORDIAL
    names = [in_lead(template, lead) for lead in leads for template in ("r_{lead}_mv", "q_{lead}_mv", "s_{lead}_mv")]
    stop = inputs.stop(rule, bounds, *names, side="below")
    if stop is not None:
        return stop
    r, q, s = ([inputs.value(in_lead(template, lead)) or 0.0 for lead in leads]
               for template in ("r_{lead}_mv", "q_{lead}_mv", "s_{lead}_mv"))
    tallest = max(up + max(before, after) for up, before, after in zip(r, q, s, strict=True))
    return rule.against(tallest, bounds, "below", notes=inputs.measured[names[0]].notes)


def _beside_block(inputs: Inputs, rule: Rule, bounds: Sequence[Bound]) -> RuleResult | None:
    """The result of a rule on a ventricle whose own bundle branch is blocked."""
    if rule.name == RVH and rbbb(inputs, "complete").positive:
        return rule.not_assessable(_BESIDE_RIGHT, bounds=bounds)
    if rule.name == LVH and lbbb(inputs).positive:
        return rule.not_assessable(_BESIDE_LEFT, bounds=bounds)
    return None


def _sum(inputs: Inputs, rule: Rule, first: str, others: Sequence[str]) -> RuleResult:
    """first + the largest of the others; a missing other leaves only a positive result sure."""
    bounds = inputs.criteria(rule.code)
    known = [value for name in others if (value := inputs.value(name)) is not None]
    base = inputs.value(first)
    stop = (inputs.stop(rule, bounds, *(() if known and base is not None else (first, *others)))
            or _beside_block(inputs, rule, bounds))
    if stop is not None or base is None:
        return stop or rule.not_assessable(inputs.no_limit)
    result = rule.against(base + max(known), bounds, "above", notes=inputs.measured[first].notes)
    lacking = inputs.lacking(*others)
    return rule.not_assessable(lacking, bounds=bounds) if lacking is not None and not result.positive else result

"""Rules on rate and intervals: fast, slow, PR, first-degree AV block, QTc."""

from collections.abc import Sequence

from peace_model.ecg.measurement.rule_result import Bound, Inputs, Rule, RuleResult, Side, words_of
from peace_model.words import mark

_OVER_PERCENTILE = mark("{quantity} above the 98th percentile for age and sex, {limit} {unit}")
_UNDER_PERCENTILE = mark("{quantity} below the 2nd percentile for age and sex, {limit} {unit}")
_OVER = mark("{quantity} over {limit} {unit}")
_UNDER = mark("{quantity} under {limit} {unit}")
_FROM = mark("{quantity} of {limit} {unit} or more")


def rate_high(inputs: Inputs) -> RuleResult:
    return _one_sided(inputs, "rate_high", mark("Fast rate for age"), "heart_rate_bpm", "above", "heart_rate")


def rate_low(inputs: Inputs) -> RuleResult:
    return _one_sided(inputs, "rate_low", mark("Slow rate for age"), "heart_rate_bpm", "below", "heart_rate")


def pr_long(inputs: Inputs) -> RuleResult:
    return _one_sided(inputs, "pr_long", mark("Long PR interval"), "pr_ms", "above", "pr")


def pr_short(inputs: Inputs) -> RuleResult:
    return _one_sided(inputs, "pr_short", mark("Short PR interval"), "pr_ms", "below", "pr")


def first_degree_av_block(inputs: Inputs) -> RuleResult:
    """A PR interval beyond the limit for age before every beat of a rhythm led by P waves."""
    return _one_sided(inputs, "first_degree_av_block", mark("First-degree AV block"), "pr_ms", "above", "pr")


def qtc_for_age(inputs: Inputs, name: str) -> RuleResult:
    """Against the percentile published for the same formula, never another's."""
    return _one_sided(inputs, f"{name.removesuffix('_ms')}_high", mark("Long QTc for age"), name, "above", None)


def qtc_step(inputs: Inputs, code: str) -> RuleResult:
    """A fixed step in common use: a convention, not a percentile."""
    bounds = inputs.criteria(code)
    rule = Rule(code, mark("Long QTc (Bazett), convention"), _FROM, "ms",
                (("quantity", words_of(inputs.measured["qtc_bazett_ms"])), ("unit", "ms")))
    return _against(inputs, rule, "qtc_bazett_ms", bounds, "above")


def _one_sided(inputs: Inputs, code: str, name: str, measurement: str, side: Side,
               convention: str | None) -> RuleResult:
    item = inputs.measured[measurement]
    percentiles = inputs.limits(measurement)
    bounds = percentiles or (inputs.criteria(convention) if convention is not None else ())
    template = {("above", True): _OVER_PERCENTILE, ("below", True): _UNDER_PERCENTILE, ("above", False): _OVER,
                ("below", False): _UNDER}[side, bool(percentiles) or not bounds]
    rule = Rule(code, name, template, item.unit, (("quantity", words_of(item)), ("unit", item.unit)))
    return _against(inputs, rule, measurement, bounds, side)


def _against(inputs: Inputs, rule: Rule, measurement: str, bounds: Sequence[Bound], side: Side) -> RuleResult:
    """A paced rhythm has a rate and intervals all the same, so pacing stops nothing here."""
    item, lacking = inputs.measured[measurement], inputs.lacking(measurement)
    if item.value is None or lacking is not None:
        return rule.not_assessable(lacking or inputs.no_limit, bounds=bounds, side=side)
    if not bounds:
        return rule.not_assessable(inputs.no_limit, value=item.value)
    return rule.against(item.value, bounds, side, notes=item.notes)

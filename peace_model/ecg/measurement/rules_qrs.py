"""Rules on the QRS: wide, axis deviation, right bundle branch, pre-excitation.

Patterns after the AHA/ACCF/HRS 2009 recommendations, part III (Surawicz B, et al. Circulation 2009;119:e235).
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from peace_model.ecg.measurement.conventions import Criterion
from peace_model.ecg.measurement.rule_result import Bound, Inputs, Rule, RuleResult, Side
from peace_model.ecg.measurement.value import Note
from peace_model.ecg.norms import agreed_position
from peace_model.words import mark

SLOW_ONSET_MS = 50.0
"""A delta wave: the heart vector needs this long to reach half of its top speed."""
NO_SEGMENT_MS = 20.0
"""P ends where the QRS begins. Both chosen on folds 1-8 of PTB-XL at 100 Hz: 40 of 64 with WPW, 2 of 249 others."""
EXTREME_BELOW_DEG = -90.0
_EXTREME = Note("axis_extreme", mark("Between -90 and -180 degrees: an extreme axis, left and right alike."))
LATE_R_V1_MS = 50.0
SECOND_R_MV = 0.05
"""The least R' that counts: half a millimetre."""


def qrs_wide(inputs: Inputs) -> RuleResult:
    bounds = inputs.criteria("qrs_wide")
    rule = Rule("qrs_wide", mark("Wide QRS"), mark("QRS duration over {limit} ms"), "ms")
    return _simple(inputs, rule, "qrs_ms", bounds, "above")


def axis_deviation(inputs: Inputs, direction: Literal["left", "right"]) -> RuleResult:
    """An axis outside the arc for age; which end is nearer says the direction, which an extreme axis does not have."""
    side: Side = "below" if direction == "left" else "above"
    name = mark("Left axis deviation for age") if direction == "left" else mark("Right axis deviation for age")
    template = (mark("QRS axis left of {limit} degrees") if direction == "left"
                else mark("QRS axis right of {limit} degrees"))
    bounds = inputs.limits("qrs_axis_deg") or inputs.criteria("axis")
    rule = Rule(f"axis_{direction}", name, template, "deg")
    found = _simple(inputs, rule, "qrs_axis_deg", bounds, side)
    if found.value is None:
        return found
    where = agreed_position([bound.position(found.value) for bound in bounds], is_angle=True)
    if where is None or where == "inside":
        return found
    extreme = where == side and found.value < EXTREME_BELOW_DEG
    return rule.within(found.value, bounds, positive=where == side, side=side, notes=(_EXTREME,) if extreme else ())


def rbbb(inputs: Inputs, extent: Literal["complete", "incomplete"]) -> RuleResult:
    """A late right ventricle: seen in V1 or V2, in I and V6, and a QRS as wide as the block needs at this age."""
    bounds, terminal = inputs.criteria(f"rbbb_{extent}"), inputs.criteria("rbbb_terminal_s")
    name = (mark("Complete right bundle branch block pattern") if extent == "complete"
            else mark("Incomplete right bundle branch block pattern"))
    if extent == "incomplete":
        template = mark("R' in V1 or V2, or V1 mainly an R that peaks after {late} ms; S {terminal} ms in I and V6 "
                        "(adults: or longer than R); QRS from {lowest} to {width} ms")
    elif any(bound.inclusive for bound in bounds):
        template = mark("R' in V1 or V2, or V1 mainly an R that peaks after {late} ms; S {terminal} ms in I and V6 "
                        "(adults: or longer than R); QRS of {width} ms or more")
    else:
        template = mark("R' in V1 or V2, or V1 mainly an R that peaks after {late} ms; S {terminal} ms in I and V6 "
                        "(adults: or longer than R); QRS over {width} ms")
    rule = Rule(f"rbbb_{extent}", name, template, "ms", (
        ("late", f"{LATE_R_V1_MS:g}"), ("terminal", _least(terminal)),
        ("lowest", figures(bound.low for bound in bounds)), ("width", figures(bound.high for bound in bounds))))
    stop, qrs_ms = inputs.stop(rule, bounds, "qrs_ms"), inputs.value("qrs_ms")
    if stop is not None or qrs_ms is None:
        return stop or rule.not_assessable(inputs.no_limit)
    wide = (all(bound.position(qrs_ms) == "above" for bound in bounds) if extent == "complete"
            else inside(bounds, qrs_ms))
    signs = (wide, _rightward_in_v1(inputs), _terminal_s(inputs, "i", terminal), _terminal_s(inputs, "v6", terminal))
    if False not in signs and None in signs:
        lacking = inputs.lacking("second_r_v1_mv", "second_r_v2_mv", "s_duration_i_ms", "s_duration_v6_ms")
        return rule.not_assessable(lacking or inputs.no_limit, bounds=bounds)
    return rule.within(qrs_ms, bounds, positive=all(signs))


def _rightward_in_v1(inputs: Inputs) -> bool | None:
    """The shape of V1 and V2 in a right bundle branch block; None where a lead that might show it is missing."""
    heights = [inputs.value("second_r_v1_mv"), inputs.value("second_r_v2_mv")]
    r_mv, s_mv, peak_ms = (inputs.value(name) for name in ("r_v1_mv", "s_v1_mv", "r_peak_time_v1_ms"))
    late = r_mv is not None and s_mv is not None and peak_ms is not None and r_mv > s_mv and peak_ms > LATE_R_V1_MS
    if late or any(height is not None and height >= SECOND_R_MV for height in heights):
        return True
    return None if None in heights else False


def _terminal_s(inputs: Inputs, lead: str, terminal: Sequence[Criterion]) -> bool | None:
    """Whether S of a lead lasts as long as the block makes it at this age; in adults as much as R is enough."""
    r_ms, s_ms = inputs.value(f"r_duration_{lead}_ms"), inputs.value(f"s_duration_{lead}_ms")
    if r_ms is None or s_ms is None:
        return None
    adult = all(each.age_max_days is None for each in terminal)
    return (adult and s_ms > r_ms) or all(each.position(s_ms) == "above" for each in terminal)


def pre_excitation(inputs: Inputs) -> RuleResult:
    """A PR interval that is short or without a segment after P, a slow beginning of the QRS and a wide QRS, all three.
    """
    bounds, widths = inputs.criteria("pre_excitation_pr"), inputs.criteria("pre_excitation_qrs")
    rule = Rule("pre_excitation", mark("Pre-excitation pattern"),
                mark("PR under {limit} ms or no PR segment, QRS over {width} ms with a slow beginning of {slow} ms or "
                     "more"), "ms",
                (("width", figures(width.high for width in widths)), ("slow", f"{SLOW_ONSET_MS:g}")))
    names = ("pr_ms", "pr_segment_ms", "qrs_ms", "slow_onset_ms")
    stop = inputs.stop(rule, bounds, *names, side="below")
    pr_ms, segment_ms, qrs_ms, slow_ms = (inputs.value(name) for name in names)
    if stop is not None or pr_ms is None or segment_ms is None or qrs_ms is None or slow_ms is None:
        return stop or rule.not_assessable(inputs.no_limit)
    early = segment_ms <= NO_SEGMENT_MS or all(bound.position(pr_ms) == "below" for bound in bounds)
    wide = all(width.position(qrs_ms) == "above" for width in widths)
    return rule.within(pr_ms, bounds, positive=early and wide and slow_ms >= SLOW_ONSET_MS, side="below")


def _simple(inputs: Inputs, rule: Rule, measurement: str, bounds: Sequence[Bound], side: Side) -> RuleResult:
    stop, value = inputs.stop(rule, bounds, measurement, side=side), inputs.value(measurement)
    if stop is not None or value is None:
        return stop or rule.not_assessable(inputs.no_limit)
    return rule.against(value, bounds, side)


def _least(terminal: Sequence[Criterion]) -> str:
    """How long S must last, in signs."""
    sign = {True: "\N{GREATER-THAN OR EQUAL TO}", False: ">"}
    return ", ".join(f"{sign[each.inclusive]} {each.high:g}" for each in terminal)


def inside(bounds: Sequence[Bound], value: float) -> bool:
    """Whether a value lies between all limits that may hold."""
    return all(bound.position(value) == "inside" for bound in bounds)


def figures(values: Iterable[float | None]) -> str:
    """The figures that may hold, one where they agree."""
    return "\N{EN DASH}".join(dict.fromkeys(f"{value:g}" for value in values if value is not None)) or "\N{EN DASH}"

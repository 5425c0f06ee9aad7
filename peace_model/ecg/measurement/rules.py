"""All rules, in the order in which they are shown, applied to the measurements of one recording.

A rule result states that a criterion is met or not, with its limit and citation; it is no diagnosis, and the absence of
positive results does not mean normal.
"""

from collections.abc import Callable, Iterable
from functools import partial

from peace_model.ecg.measurement.qtc import FORMULAS
from peace_model.ecg.measurement.rule_result import Inputs, RuleResult
from peace_model.ecg.measurement.rules_left_block import lafb, lbbb
from peace_model.ecg.measurement.rules_qrs import axis_deviation, pre_excitation, qrs_wide, rbbb
from peace_model.ecg.measurement.rules_rate import (
    first_degree_av_block,
    pr_long,
    pr_short,
    qtc_for_age,
    qtc_step,
    rate_high,
    rate_low,
)
from peace_model.ecg.measurement.rules_voltage import (
    LVH,
    RVH,
    low_voltage,
    lvh_cornell,
    lvh_sokolow,
    over_percentile,
    rvh_sokolow,
)
from peace_model.ecg.measurement.value import Measurement
from peace_model.ecg.recording import Recording

RULES: tuple[Callable[[Inputs], RuleResult], ...] = (
    rate_high, rate_low, pr_long, pr_short, first_degree_av_block, qrs_wide,
    partial(rbbb, extent="complete"), partial(rbbb, extent="incomplete"), lbbb, lafb, pre_excitation,
    *(partial(qtc_for_age, name=name) for name in FORMULAS),
    *(partial(qtc_step, code=f"qtc_bazett_{step}") for step in (460, 480, 500)),
    partial(axis_deviation, direction="left"), partial(axis_deviation, direction="right"),
    partial(over_percentile, code="rvh_r_v1", name=RVH, wave="R", lead="V1"),
    partial(over_percentile, code="rvh_s_v6", name=RVH, wave="S", lead="V6"), rvh_sokolow,
    partial(over_percentile, code="lvh_r_v6", name=LVH, wave="R", lead="V6"),
    partial(over_percentile, code="lvh_s_v1", name=LVH, wave="S", lead="V1"), lvh_sokolow, lvh_cornell,
    partial(low_voltage, where="limb"), partial(low_voltage, where="chest"),
)


def apply_rules(recording: Recording, measurements: Iterable[Measurement]) -> tuple[RuleResult, ...]:
    """Every rule's result, also of those that cannot be assessed, in the order of RULES."""
    inputs = Inputs(recording, {item.name: item for item in measurements})
    return tuple(rule(inputs) for rule in RULES)

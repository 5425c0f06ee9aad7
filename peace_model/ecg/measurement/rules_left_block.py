"""Rules on the left bundle branch and its anterior fascicle.

After the AHA/ACCF/HRS 2009 recommendations, part III (Surawicz B, et al. Circulation 2009;119:e235).
"""

from peace_model.ecg.measurement.rule_result import Inputs, Rule, RuleResult
from peace_model.ecg.measurement.rules_qrs import figures, inside, rbbb
from peace_model.ecg.measurement.value import Note
from peace_model.words import mark

LATE_R_AVL_MS = 45.0
LATE_R_LEFT_MS = 60.0
NARROW_QRS_MS = 120.0
LEAST_Q_MV = 0.05
"""Half a millimetre: less is not counted as a Q wave here."""

_BESIDE_RIGHT = Note("beside_rbbb", mark(
    "Beside a right bundle branch block pattern, to which the width is due: the limit of 120 ms is not asked "
    "(Minnesota code 7-8)."))


def lbbb(inputs: Inputs) -> RuleResult:
    """A late left ventricle: no Q in I, V5 and V6, a late R in V5 or V6, V1 mainly negative, and a QRS as wide as the
    block needs at this age."""
    bounds = inputs.criteria("lbbb")
    width = figures(bound.high for bound in bounds)
    template = (mark("QRS of {width} ms or more, V1 mainly S, no Q in I, V5 and V6, an R in V5 or V6 that peaks after "
                     "{late} ms") if any(bound.inclusive for bound in bounds) else
                mark("QRS over {width} ms, V1 mainly S, no Q in I, V5 and V6, an R in V5 or V6 that peaks after "
                     "{late} ms"))
    rule = Rule("lbbb", mark("Left bundle branch block pattern"), template, "ms",
                (("width", width), ("late", f"{LATE_R_LEFT_MS:g}")))
    stop, qrs_ms = inputs.stop(rule, bounds, "qrs_ms"), inputs.value("qrs_ms")
    if stop is not None or qrs_ms is None:
        return stop or rule.not_assessable(inputs.no_limit)
    wide = all(bound.position(qrs_ms) == "above" for bound in bounds)
    signs = (wide, _negative_v1(inputs), _without_q(inputs), _late_left(inputs))
    if False not in signs and None in signs:
        lacking = inputs.lacking("r_v1_mv", "q_i_mv", "q_v5_mv", "q_v6_mv", "r_peak_time_v5_ms", "r_peak_time_v6_ms")
        return rule.not_assessable(lacking or inputs.no_limit, bounds=bounds)
    return rule.within(qrs_ms, bounds, positive=all(signs))


def _negative_v1(inputs: Inputs) -> bool | None:
    r_mv, s_mv = inputs.value("r_v1_mv"), inputs.value("s_v1_mv")
    return None if r_mv is None or s_mv is None else s_mv > r_mv


def _without_q(inputs: Inputs) -> bool | None:
    """False where some lead shows a Q, None where none does but one is missing."""
    depths = [inputs.value(f"q_{lead}_mv") for lead in ("i", "v5", "v6")]
    if any(depth is not None and depth >= LEAST_Q_MV for depth in depths):
        return False
    return None if None in depths else True


def _late_left(inputs: Inputs) -> bool | None:
    times = [inputs.value(f"r_peak_time_{lead}_ms") for lead in ("v5", "v6")]
    if any(time is not None and time > LATE_R_LEFT_MS for time in times):
        return True
    return None if None in times else False


def lafb(inputs: Inputs) -> RuleResult:
    """Axis from -45 to -90 degrees, qR and a late R peak in aVL, QRS under 120 ms.

    Beside a right bundle branch block the QRS is wide whatever the fascicle does. The statement asks for each defect to
    be named on its own, and the Minnesota code (7-8) does so by the axis: there the width is not asked.
    """
    bounds = inputs.criteria("lafb_axis")
    rule = Rule("lafb", mark("Left anterior fascicular block pattern"),
                mark("QRS axis from -90 to {limit} degrees, qR and an R peak at 45 ms or later in aVL, "
                     "QRS under 120 ms"), "deg")
    names = ("qrs_axis_deg", "qrs_ms", "q_avl_mv", "r_avl_mv")
    stop = inputs.stop(rule, bounds, *names)
    axis, qrs_ms, q_mv, r_mv = (inputs.value(name) for name in names)
    if stop is not None or axis is None or qrs_ms is None or q_mv is None or r_mv is None:
        return stop or rule.not_assessable(inputs.no_limit)
    late = (inputs.value("r_peak_time_avl_ms") or 0.0) >= LATE_R_AVL_MS
    pattern = inside(bounds, axis) and q_mv > 0 and r_mv > 0 and late
    beside = pattern and qrs_ms >= NARROW_QRS_MS and rbbb(inputs, "complete").positive is True
    return rule.within(axis, bounds, positive=pattern and (beside or qrs_ms < NARROW_QRS_MS),
                       notes=(_BESIDE_RIGHT,) if beside else ())

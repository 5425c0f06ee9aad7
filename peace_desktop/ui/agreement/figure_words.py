"""Names and numbers of a study's statistics in the reader's language: pure functions."""

from collections.abc import Mapping

from peace_desktop.report.terms import sex_words
from peace_desktop.review.statistics.formulas import Reason
from peace_desktop.review.statistics.intervals import Figure
from peace_desktop.texts import _, mark
from peace_model.ecg.age import AGE_BANDS

FIGURES: Mapping[str, str] = {
    "percent_agreement": mark("agreement"), "cohen_kappa": mark("Cohen's kappa"),
    "prevalence_index": mark("prevalence index"), "bias_index": mark("bias index"), "pabak": mark("PABAK"),
    "cohen_kappa_linear": mark("kappa, linear weights"), "cohen_kappa_quadratic": mark("kappa, quadratic weights"),
    "mean_percent_agreement": mark("agreement"), "fleiss_kappa": mark("Fleiss' kappa"),
    "conger_kappa": mark("Conger's kappa"), "gwet_ac1": mark("Gwet's AC1"),
    "krippendorff_alpha_nominal": mark("Krippendorff's alpha"),
    "gwet_ac2_linear": mark("AC2, linear weights"), "gwet_ac2_quadratic": mark("AC2, quadratic weights"),
    "krippendorff_alpha_ordinal": mark("alpha, ordinal"), "sensitivity": mark("sensitivity"),
    "specificity": mark("specificity"), "ppv": mark("PPV"), "npv": mark("NPV"),
    "change_present": mark("change of present"), "change_agrees_with_model": mark("change toward the model"),
    "change_agrees_with_reference": mark("change toward the reference"), "auroc": "AUROC", "auprc": "AUPRC",
}
_SHARES = frozenset({"percent_agreement", "mean_percent_agreement", "sensitivity", "specificity", "ppv", "npv",
                     "change_present", "change_agrees_with_model", "change_agrees_with_reference"})
REASONS: Mapping[Reason, str] = {
    Reason.NOTHING_COMPARED: mark("nothing compared"), Reason.TOO_SMALL: mark("n too small"),
    Reason.ONE_ANSWER: mark("one answer only"), Reason.NO_DENOMINATOR: mark("none to judge by"),
    Reason.NO_CHANGE: mark("no change"), Reason.NOT_INDEPENDENT: mark("several readers together"),
    Reason.ONE_PATIENT: mark("one patient"), Reason.UNDEFINED_DRAWS: mark("interval not defined"),
    Reason.NO_VARIATION: mark("does not vary"),
}
_BANDS = {band.code: band.text for band in AGE_BANDS}


def figure_name(name: str) -> str:
    """A figure's name; an unknown one as it is called in the file."""
    return _(FIGURES[name]) if name in FIGURES else name


def is_share(name: str) -> bool:
    """Whether a figure is told in percent."""
    return name in _SHARES


def number_words(name: str, value: float) -> str:
    """A value with the unit of its figure."""
    return f"{100 * value:.0f}\N{NARROW NO-BREAK SPACE}%" if is_share(name) else f"{value:.2f}"


def figure_words(figure: Figure) -> str:
    """Value with interval; the reason where one is not there."""
    if figure.value is None:
        return _(REASONS[figure.reason]) if figure.reason is not None else "\N{EN DASH}"
    words = number_words(figure.name, figure.value)
    if figure.low is None or figure.high is None:
        reason = _(REASONS[figure.interval_reason]) if figure.interval_reason is not None else ""
        return f"{words} ({reason})" if reason else words
    scale = 100 if is_share(figure.name) else 1
    digits = 0 if is_share(figure.name) else 2
    return f"{words} [{scale * figure.low:.{digits}f}, {scale * figure.high:.{digits}f}]"


def p_words(p: float) -> str:
    """A p-value to three decimals; none is ever nought."""
    return f"{p:.3f}" if p >= 0.0005 else "<\N{NARROW NO-BREAK SPACE}0.001"


def group_words(grouping: str, group: str) -> str:
    """A subgroup's name."""
    if grouping == "all":
        return _("all")
    if group == "unknown":
        return _("age unknown") if grouping == "age_band" else _("sex unknown")
    if grouping == "age_band":
        return _(_BANDS[group])
    if grouping == "sex":
        return sex_words("F" if group == "F" else "M")
    return _("{n} leads").format(n=group)

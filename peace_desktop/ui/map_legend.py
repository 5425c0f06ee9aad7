"""The words of a map's legend: label, method, how fine it is and how far it can be trusted. Pure."""

from peace_desktop.jobs.model import ModelStatus
from peace_desktop.report.terms import method_words
from peace_desktop.texts import _
from peace_desktop.ui.trace.strips import Legend
from peace_model.inference.prediction import Explanation


def map_legend(explanation: Explanation, *, label_name: str, banner: str, adult_trained: bool,
               status: ModelStatus | None) -> Legend:
    """banner: the prediction's banner, "" where it has none. adult_trained: it says so of the model."""
    trust = []
    if not (explanation.values > 0).any():
        trust.append(_("the method found nothing"))
    checks = dict(status.map_checks) if status is not None else {}
    if explanation.method in checks:
        trust.append(checks[explanation.method])
    trust.append(_("a hypothesis about the model, not about the heart"))
    if banner:
        trust.append(_("adult-trained model") if adult_trained else banner.rstrip("."))
    trust.append(_("steps of {ms} ms").format(ms=f"{explanation.step_s * 1000:.0f}"))
    method = method_words(explanation.method)
    return Legend(label_name, method, " \N{MIDDLE DOT} ".join(trust))

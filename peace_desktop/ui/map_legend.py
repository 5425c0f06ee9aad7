"""The words of a map's legend: label, method, how fine it is and how far it can be trusted. Pure."""

from peace_desktop.jobs.model import ModelStatus
from peace_desktop.report.terms import method_words
from peace_desktop.texts import _, render
from peace_desktop.ui.trace.strips import Legend
from peace_model.explanation.trust import trust_of
from peace_model.inference.prediction import Explanation, PredictionResult


def map_legend(explanation: Explanation, result: PredictionResult, *, label_name: str, banner: str, adult_trained: bool,
               status: ModelStatus | None) -> Legend:
    """result: where the other method's map is. banner: the prediction's, "" where it has none.

    adult_trained: the banner says so of the model.
    """
    found = trust_of(result, explanation.label, explanation.method,
                     dict(status.map_checks) if status is not None else {})
    trust = [render(found.sentence).rstrip("."), *([found.check] if found.check else [])]
    trust.append(_("a hypothesis about the model, not about the heart"))
    if banner:
        trust.append(_("adult-trained model") if adult_trained else banner.rstrip("."))
    trust.append(_("steps of {ms} ms").format(ms=f"{explanation.step_s * 1000:.0f}"))
    method = method_words(explanation.method)
    return Legend(label_name, method, " \N{MIDDLE DOT} ".join(trust))

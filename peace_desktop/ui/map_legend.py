"""The words of a map's legend: label, method, how fine it is and how far it has support. Pure."""

from peace_desktop.report.terms import method_words
from peace_desktop.texts import _, render, without_stop
from peace_desktop.ui.trace.legend import Legend
from peace_model.explanation.trust import trust_of
from peace_model.inference.prediction import PredictionResult


def map_legend(result: PredictionResult, *, label: str, method: str, label_name: str, banner: str,
               adult_trained: bool) -> Legend:
    """banner: the prediction's, "" where it has none. adult_trained: the banner says so of the model."""
    trust = trust_of(result, label, method)
    words = [without_stop(render(sentence)) for sentence in trust.sentences]
    words.append(_("a hypothesis about the model, not about the heart"))
    if banner:
        words.append(_("adult-trained model") if adult_trained else without_stop(banner))
    step_s = result.maps(label, method)[0].step_s
    words.append(_("steps of {ms} ms").format(ms=f"{step_s * 1000:.0f}"))
    return Legend(label_name, method_words(method), " \N{MIDDLE DOT} ".join(words), trust.verdict)

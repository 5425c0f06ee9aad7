"""How far a map can be believed: do the two methods agree on this recording, and what did the release checks say.

Agreement is Spearman's rank correlation of the two maps over time: it asks whether they put the same moments above
the others, whatever their scales (Adebayo 2018, "Sanity Checks for Saliency Maps", compares maps the same way).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_model.explanation.timeline import values_at
from peace_model.inference.prediction import Explanation, PredictionResult, Reason

AGREE = 0.5
DISAGREE = 0.2


@dataclass(frozen=True)
class Trust:
    """agreement: rank correlation of the two methods' maps in [-1, 1], None where one of them found nothing.

    sentence: what that means, as a template with values. check: what the release checks said of this method ("" when
    the bundle says nothing).
    """

    agreement: float | None
    sentence: Reason
    check: str


def trust_of(result: PredictionResult, label: str, method: str, checks: Mapping[str, str]) -> Trust:
    """The trust of one label's map of one method; checks: method -> the bundle's sentence. KeyError: no such map."""
    shown = result.explanation(label, method)
    if shown is None:
        raise KeyError(f"no map of {method} for {label}")
    check = checks.get(method, "")
    others = [item for item in result.explanations if item.label == label and item.method != method]
    if not shown.values.any():
        return Trust(None, Reason("map_empty", "This method found nothing for this label."), check)
    if not others:
        return Trust(None, Reason("map_alone", "There is no second method to compare with."), check)
    if not others[0].values.any():
        return Trust(None, Reason("map_other_empty", "The other method found nothing for this label."), check)
    agreement = map_agreement(shown, others[0])
    if agreement is None:
        return Trust(None, Reason("map_flat", "The map is the same everywhere and points nowhere."), check)
    values = (("agreement", f"{agreement:.2f}"),)
    if agreement >= AGREE:
        return Trust(agreement, Reason("maps_agree", "Both methods point at the same moments (rank correlation "
                                                     "{agreement}).", values), check)
    if agreement >= DISAGREE:
        return Trust(agreement, Reason("maps_differ", "The two methods agree in part only (rank correlation "
                                                      "{agreement}).", values), check)
    return Trust(agreement, Reason("maps_disagree", "The two methods do not agree (rank correlation {agreement}): "
                                                    "do not rely on this map.", values), check)


def map_agreement(first: Explanation, second: Explanation) -> float | None:
    """Spearman's rank correlation of two maps over their common time; None when one of them is constant."""
    step_s = min(first.step_s, second.step_s)
    start_s = max(first.start_s, second.start_s)
    end_s = min(item.start_s + len(item.values) * item.step_s for item in (first, second))
    times_s = np.arange(start_s + step_s / 2, end_s, step_s)
    ranks = np.array([_ranks(values_at(item, times_s)) for item in (first, second)])
    if len(times_s) < 2 or (np.ptp(ranks, axis=1) == 0).any():
        return None
    return float(np.clip(np.corrcoef(ranks)[0, 1], -1, 1))


def _ranks(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Ranks with ties given their mean, so that long runs of zeros carry no order."""
    unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=np.float64)

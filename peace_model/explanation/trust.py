"""What a map is worth, said in one place for screen, report and JSON.

Two grounds: the verdict of the tests at release on such maps (`inference.evidence`), and whether another method points
at the same moments of this very recording.
"""

from dataclasses import dataclass

from peace_model.explanation.agreement import map_agreement
from peace_model.explanation.occlusion import METHOD as OCCLUSION
from peace_model.inference.prediction import Explanation, PredictionResult, Reason, Verdict
from peace_model.inference.predictor import METHODS
from peace_model.words import mark

AGREE = 0.5
DISAGREE = 0.2

_NAMES = {"gradcam": "Grad-CAM++", "attention": mark("attention"), OCCLUSION: mark("occlusion")}


@dataclass(frozen=True)
class Trust:
    """verdict: of the tests at release. agreement: rank correlation with another method in [-1, 1], None without one.

    sentences: the verdict's ground, the map's own figures, the agreement; templates with values.
    """

    verdict: Verdict
    agreement: float | None
    sentences: tuple[Reason, ...]

    @property
    def supported(self) -> bool:
        """A map without support is hatched wherever it is drawn."""
        return self.verdict is Verdict.SUPPORTED


def trust_of(result: PredictionResult, label: str, method: str) -> Trust:
    """The worth of one label's map of one method. KeyError: there is no such map."""
    shown = result.maps(label, method)
    if not shown:
        raise KeyError(f"no map of {method} for {label}")
    support = shown[0].support
    agreement, words = _agreement(result, label, method, shown)
    said = shown[0].said
    return Trust(support.verdict, agreement, (support.reason, *((said,) if said is not None else ()), words))


def _agreement(result: PredictionResult, label: str, method: str,
               shown: tuple[Explanation, ...]) -> tuple[float | None, Reason]:
    if not _found(shown):
        return None, Reason("map_empty", "This method found nothing for this label")
    others = [(name, maps) for name in (*METHODS, OCCLUSION) if name != method and (maps := result.maps(label, name))]
    if not others:
        return None, Reason("map_alone", "There is no second method to compare with")
    name, other = others[0]
    values: tuple[tuple[str, str], ...] = (("other", _NAMES[name]),)
    if not _found(other):
        return None, Reason("map_other_empty", "The other method ({other}) found nothing for this label", values)
    agreement = map_agreement(shown, other)
    if agreement is None:
        return None, Reason("map_flat", "The map is the same everywhere and points nowhere")
    values = (*values, ("agreement", f"{agreement:.2f}"))
    if agreement >= AGREE:
        return agreement, Reason(
            "maps_agree", "here {other} agrees (rank correlation {agreement})", values)
    if agreement >= DISAGREE:
        return agreement, Reason(
            "maps_differ", "here {other} agrees in part (rank correlation {agreement})", values)
    return agreement, Reason(
        "maps_disagree", "here {other} does not agree (rank correlation {agreement}): do not rely on this map", values)


def _found(maps: tuple[Explanation, ...]) -> bool:
    return any(item.values.any() for item in maps)

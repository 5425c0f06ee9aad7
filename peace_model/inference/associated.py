"""Associated findings: abnormalities that a bundle's second head predicts beside the diagnoses.

The head reads the same embedding of the ECG. What it says goes together with the ECG in the recordings it learnt from;
it is no cause of a diagnosis, no explanation of one, and no measurement of this patient. A bundle may have none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peace_model.inference.bundle_fields import Fields
from peace_model.words import mark, worded

if TYPE_CHECKING:
    from peace_model.inference.bundle import Calibration

CHANCE = 0.5
_NAMES = (mark("{quantity}, low"), mark("{quantity}, high"))
_CRITERIA = (
    mark("{quantity} of or over {limit} {unit} in adults"), mark("{quantity} over {limit} {unit} in adults"),
    mark("{quantity} under {limit} {unit} in adults"), mark("{quantity} over {limit}"),
    mark("{quantity} under {limit}"))
"""How the data sets word what they measured; other words stay as they are."""
_UNITS = {"deg": mark("degrees")}


@dataclass(frozen=True)
class Evidence:
    """What stands behind one output of the head. auroc with low and high: 95 % interval, on the choosing part, None
    where it does not exist. positives of known: recordings there that have it, of those in which it was measured.
    data: which recordings."""

    auroc: float | None
    low: float | None
    high: float | None
    positives: int
    known: int
    data: str

    @property
    def beyond_chance(self) -> bool:
        """Whether the whole interval lies above what a coin would reach; without one nothing is known."""
        return self.low is not None and self.low > CHANCE


@dataclass(frozen=True)
class Abnormality:
    """One output of the head, as bundle.json describes it. criterion: what was measured, with its limit, in English;
    citation: of the limit."""

    code: str
    name: str
    criterion: str
    citation: str
    calibration: "Calibration"
    evidence: Evidence


@dataclass(frozen=True)
class AssociatedFinding:
    """What the head says of one recording. probability and threshold in [0, 1]; positive: from the threshold on."""

    code: str
    name: str
    criterion: str
    citation: str
    probability: float
    threshold: float
    positive: bool
    evidence: Evidence


def finding_from(document: Mapping[str, Any]) -> AssociatedFinding:
    """From its fields as `dataclasses.asdict` gives them. Raises KeyError or TypeError for anything else."""
    return AssociatedFinding(**{
        **document, "name": _in_template(document["name"], _NAMES),
        "criterion": _in_template(document["criterion"], _CRITERIA), "evidence": Evidence(**document["evidence"])})


def read_abnormalities(section: Fields, calibration: "Mapping[str, Calibration]") -> tuple[Abnormality, ...]:
    """The field `abnormalities`, whose calibrations were read already. Raises BundleError."""
    heads: list[Abnormality] = []
    for item in section.sections("heads"):
        code = item.text("code")
        if code not in calibration or code in {head.code for head in heads}:
            raise item.error("code", "has no calibration, or stands twice", "export the bundle again")
        heads.append(Abnormality(
            code, _in_template(item.text("name"), _NAMES), _in_template(item.text("criterion"), _CRITERIA),
            item.text("citation"), calibration[code], _evidence(section, code)))
    if not heads:
        raise section.error("heads", "is empty", "leave the field out, or export the bundle again")
    return tuple(heads)


def _evidence(section: Fields, code: str) -> Evidence:
    figures = section.section("metrics").section(code)
    area = figures.section("auroc")
    value, low, high = (None if area.content.get(name) is None else area.number(name)
                        for name in ("value", "low", "high"))
    return Evidence(value, low, high, figures.integer("positives"), figures.integer("known"), section.text("data"))


def _in_template(text: str, templates: tuple[str, ...]) -> str:
    """The text with the template it was made from, so that it can be said in another language."""
    for template in templates:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template).replace(r"\ ", " "))
        if found := re.fullmatch(pattern, text):
            return worded(template, **{name: _UNITS.get(value, value) if name == "unit" else value
                                       for name, value in found.groupdict().items()})
    return text

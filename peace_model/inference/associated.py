"""Associated findings: abnormalities that a bundle's second head predicts beside the diagnoses.

The head reads the same embedding of the ECG. What it says goes together with the ECG in the recordings it learnt from;
it is no cause of a diagnosis, no explanation of one, and no measurement of this patient. A bundle may have none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peace_model.inference.bundle_fields import Fields

if TYPE_CHECKING:
    from peace_model.inference.bundle import Calibration


@dataclass(frozen=True)
class Abnormality:
    """One output of the head, as bundle.json describes it. criterion: what was measured, with its limit, in English;
    citation: of the limit. auroc: on the choosing part, None where it does not exist."""

    code: str
    name: str
    criterion: str
    citation: str
    calibration: "Calibration"
    auroc: float | None


@dataclass(frozen=True)
class AssociatedFinding:
    """What the head says of one recording. probability and threshold in [0, 1]; positive: from the threshold on."""

    code: str
    name: str
    criterion: str
    probability: float
    threshold: float
    positive: bool


def read_abnormalities(section: Fields, calibration: "Mapping[str, Calibration]") -> tuple[Abnormality, ...]:
    """The field `abnormalities`, whose calibrations were read already. Raises BundleError."""
    heads: list[Abnormality] = []
    for item in section.sections("heads"):
        code = item.text("code")
        if code not in calibration or code in {head.code for head in heads}:
            raise item.error("code", "has no calibration, or stands twice", "export the bundle again")
        area = section.section("metrics").section(code).section("auroc")
        heads.append(Abnormality(
            code, item.text("name"), item.text("criterion"), item.text("citation"), calibration[code],
            None if area.content.get("value") is None else area.number("value")))
    if not heads:
        raise section.error("heads", "is empty", "leave the field out, or export the bundle again")
    return tuple(heads)

"""What a model says of one recording."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from peace_model.inference.associated import AssociatedFinding
from peace_model.words import Sentence


class Reason(Sentence):
    """Why a prediction deserves less trust here."""


class Verdict(StrEnum):
    """What tests at release say of a label's maps of one method."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    NOT_TESTED = "not tested"


@dataclass(frozen=True)
class Support:
    """A verdict and the sentence that gives its ground."""

    verdict: Verdict
    reason: Reason


NOT_TESTED = Support(Verdict.NOT_TESTED, Reason(
    "map_not_tested", "Not tested: this bundle holds no tests of such maps"))


@dataclass(frozen=True)
class Prediction:
    """One label's probability and decision.

    probability and threshold in [0, 1]; positive = probability >= threshold.
    """

    label: str
    name: str
    probability: float
    threshold: float
    positive: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, eq=False)
class Explanation:
    """A map over time for one label: values float32 (n_steps,), scaled to [0, 1] over the recording.

    Step k covers [start_s + k * step_s, start_s + (k + 1) * step_s). lead is None for maps over all leads; the maps of
    several leads are scaled together. A map that is zero everywhere means the method found nothing.
    support: what the tests at release say of such maps. said: figures of this very map, where its method gives any.
    """

    label: str
    method: str
    values: NDArray[np.float32]
    start_s: float
    step_s: float
    lead: str | None = None
    support: Support = NOT_TESTED
    said: Reason | None = None


@dataclass(frozen=True, eq=False)
class PredictionResult:
    """All labels of one recording, in the bundle's order, with their maps and what made them.

    general_reasons concern every label (adult-trained on a child, missing leads, ...).
    bundle_sha256: of the graph file. provider: the execution provider the session really ran on. associated: what a
    bundle's head for abnormalities says, empty where it has none.
    """

    predictions: tuple[Prediction, ...]
    explanations: tuple[Explanation, ...]
    general_reasons: tuple[Reason, ...]
    bundle_name: str
    bundle_version: str
    bundle_sha256: str
    pipeline_version: str
    provider: str
    windows_s: tuple[tuple[float, float], ...]
    associated: tuple[AssociatedFinding, ...] = ()

    def maps(self, label: str, method: str) -> tuple[Explanation, ...]:
        """One label's maps of one method: one over all leads, or one a lead; empty where there is none."""
        return tuple(item for item in self.explanations if (item.label, item.method) == (label, method))

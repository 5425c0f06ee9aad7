"""Proxy F: adult thresholds on the few real recordings under 18 that PTB-XL has, kept out of everything else."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from peace_model.evaluation.bootstrap import areas
from peace_model.evaluation.figures import decide
from peace_model.evaluation.metrics import wilson_interval
from peace_model.evaluation.scored import Scored

NORMAL, MEASURED = "NORM", "IRBBB"
"""IRBBB is the only label beside NORM with ten positives among them."""


def under_18_report(
    judged: Scored, calibration: Mapping[str, Mapping[str, Any]], *, seed: int, replicates: int
) -> dict[str, Any]:
    """False positives of each label on recordings called NORM (Wilson interval) and AUROC of IRBBB.

    judged: the recordings under 18. It cannot tell sensitivity, nor anything of infants or sick children.
    """
    decisions = decide(judged, calibration).decisions
    column = judged.labels.index(NORMAL)
    normal = (judged.targets[:, column] > 0) & judged.known[:, column]
    false_positives = {}
    for c, label in enumerate(judged.labels):
        if label == NORMAL:
            continue
        negative = normal & (judged.targets[:, c] == 0) & judged.known[:, c]
        count, of = int(decisions[negative, c].sum()), int(negative.sum())
        low, high = wilson_interval(count, of)
        false_positives[label] = {"false_positives": count, "of": of,
                                  "rate": count / of if of else float("nan"), "low": low, "high": high}
    found = int(decisions[normal, column].sum())
    low, high = wilson_interval(found, int(normal.sum()))
    area = areas(judged.only([MEASURED]), seed=seed, replicates=replicates).interval("auroc", MEASURED)
    return {
        "recordings": len(judged), "patients": len(np.unique(judged.patients)), "normal": int(normal.sum()),
        "normal_called_normal": {"found": found, "of": int(normal.sum()), "low": low, "high": high},
        "false_positives_on_normal": false_positives,
        "irbbb": {"positives": int(judged.only([MEASURED]).positives[0]), "auroc": area.value,
                  "low": area.low, "high": area.high},
        "seed": seed, "replicates": replicates,
    }

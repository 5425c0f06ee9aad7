"""Proxy F: adult thresholds on the few real recordings under 18 that PTB-XL has, kept out of everything else."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.bootstrap import discrimination
from peace_model.evaluation.metrics import wilson_interval


def under_18_report(
    logits: NDArray[np.floating], probabilities: NDArray[np.floating], targets: NDArray[np.integer],
    patients: NDArray[np.str_], labels: tuple[str, ...], thresholds: dict[str, float], seed: int,
) -> dict[str, Any]:
    """False positives of each label on recordings called NORM (Wilson interval) and AUROC of IRBBB.

    All arrays have one row a recording under 18. It cannot tell sensitivity, nor anything of infants or sick children.
    """
    normal = targets[:, labels.index("NORM")] > 0
    false_positives = {}
    for column, label in enumerate(labels):
        if label == "NORM":
            continue
        negative = normal & (targets[:, column] == 0)
        count = int((probabilities[negative, column] >= thresholds[label]).sum())
        low, high = wilson_interval(count, int(negative.sum()))
        false_positives[label] = {"false_positives": count, "of": int(negative.sum()),
                                  "rate": count / max(1, int(negative.sum())), "low": low, "high": high}
    column = labels.index("NORM")
    found = int((probabilities[normal, column] >= thresholds["NORM"]).sum())
    low, high = wilson_interval(found, int(normal.sum()))
    irbbb = labels.index("IRBBB")
    area = discrimination(logits[:, [irbbb]], targets[:, [irbbb]], patients, seed=seed)["auroc"][0]
    return {
        "recordings": len(targets), "patients": len(np.unique(patients)), "normal": int(normal.sum()),
        "normal_called_normal": {"found": found, "of": int(normal.sum()), "low": low, "high": high},
        "false_positives_on_normal": false_positives,
        "irbbb": {"positives": int(targets[:, irbbb].sum()), "auroc": area.value, "low": area.low, "high": area.high},
    }

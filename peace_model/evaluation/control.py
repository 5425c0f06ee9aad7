"""PEACE against its fair control on the same recordings: paired bootstrap of patients."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.ptbxl import Part
from peace_model.datasets.store import Store, StoreError
from peace_model.evaluation.bootstrap import REPLICATES, patient_counts, weighted_auroc
from peace_model.evaluation.metrics import MIN_POSITIVES, auroc
from peace_model.evaluation.scoring import score
from peace_model.networks.ecg_only import EcgOnly
from peace_model.networks.peace import Peace


def compare_with_control(
    model: Peace, control: EcgOnly, store: Store, *, seed: int, replicates: int = REPLICATES
) -> dict[str, Any]:
    """Macro AUROC of the control and of PEACE minus the control on the choosing part, with intervals.

    Raises StoreError when no label has enough positives there.
    """
    rows = store.rows(Part.CHOOSE)
    if not (np.array(store.targets[rows]).sum(axis=0) >= MIN_POSITIVES).any():
        raise StoreError(f"no label has {MIN_POSITIVES} positives in the choosing part; nothing to compare by")
    return paired_difference(
        score(model, store, rows), score(control, store, rows), np.array(store.targets[rows]), store.patients[rows],
        store.labels, seed=seed, replicates=replicates)


def paired_difference(
    ours: NDArray[np.floating], theirs: NDArray[np.floating], targets: NDArray[np.integer],
    patients: NDArray[np.str_], labels: tuple[str, ...], *, seed: int, replicates: int,
) -> dict[str, Any]:
    """"macro_auroc" of theirs, "difference" ours minus theirs, and both per label; all arrays have one row a recording.

    A replicate where a label has one class only leaves that label out of both macros, so pairs stay pairs.
    """
    counts = patient_counts(patients, replicates=replicates, seed=seed)
    kept = [c for c in range(targets.shape[1]) if targets[:, c].sum() >= MIN_POSITIVES]
    samples = np.array([[weighted_auroc(scores[:, c], targets[:, c], counts) for c in kept]
                        for scores in (ours, theirs)])
    exact = np.array([[auroc(scores[:, c], targets[:, c]) for c in kept] for scores in (ours, theirs)])
    return {
        "macro_auroc": _entry(exact[1].mean(), np.nanmean(samples[1], axis=0)),
        "difference": _entry((exact[0] - exact[1]).mean(), np.nanmean(samples[0] - samples[1], axis=0)),
        "labels": {labels[c]: {"auroc": round(float(exact[1][k]), 5),
                               "difference": _entry(exact[0][k] - exact[1][k], samples[0][k] - samples[1][k])}
                   for k, c in enumerate(kept)},
        "seed": seed, "replicates": replicates,
    }


def _entry(value: float, samples: NDArray[np.float64]) -> dict[str, float]:
    low, high = np.nanpercentile(samples, [2.5, 97.5])
    return {"value": round(float(value), 5), "low": round(float(low), 5), "high": round(float(high), 5)}

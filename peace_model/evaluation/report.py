"""One evaluation of a network: calibration and thresholds from the choosing part, figures with intervals, proxies."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.ptbxl import Part
from peace_model.datasets.store import Store
from peace_model.ecg.age import age_band
from peace_model.evaluation.adult_to_child import under_18_report
from peace_model.evaluation.bootstrap import REPLICATES, discrimination
from peace_model.evaluation.calibration import (
    Platt,
    brier_skill,
    cross_fitted,
    expected_calibration_error,
    fit_platt,
    patient_halves,
)
from peace_model.evaluation.metrics import MIN_POSITIVES, balanced_accuracy_at, best_f1_threshold, f1_at
from peace_model.evaluation.scoring import score
from peace_model.networks.peace import Peace

METHOD = ("Platt scale and offset fitted on PTB-XL fold 9 (adults); threshold with the highest F1 on probabilities "
          "cross-fitted between two halves of its patients")


def evaluate(model: Peace, store: Store, *, seed: int, replicates: int = REPLICATES) -> dict[str, Any]:
    """Calibration, metrics on the choosing part and proxy F, as JSON-ready values."""
    rows = store.rows(Part.CHOOSE)
    logits, targets = score(model, store, rows), np.array(store.targets[rows])
    patients = store.patients[rows]
    first = patient_halves(patients, seed)
    fitted = {code: fit_platt(logits[:, c], targets[:, c]) for c, code in enumerate(store.labels)}
    crossed = np.stack([cross_fitted(logits[:, c], targets[:, c], first) for c in range(len(store.labels))], axis=1)
    calibration = {
        code: {"scale": fitted[code].scale, "offset": fitted[code].offset,
               "threshold": best_f1_threshold(crossed[:, c], targets[:, c]), "method": METHOD}
        for c, code in enumerate(store.labels)}
    metrics = {
        "seed": seed, "replicates": replicates,
        "choosing": _choosing(logits, crossed, targets, patients, first, store.labels, seed, replicates),
        "proxy_f_under_18": _under_18(model, store, fitted, calibration, seed),
    }
    return {"calibration": calibration, "metrics": nan_to_null(metrics)}


def nan_to_null(value: Any) -> Any:
    """A figure that does not exist is null in JSON, which knows no NaN."""
    if isinstance(value, dict):
        return {key: nan_to_null(item) for key, item in value.items()}
    if isinstance(value, list):
        return [nan_to_null(item) for item in value]
    return None if isinstance(value, float) and np.isnan(value) else value


def training_counts(store: Store) -> dict[str, Any]:
    """Recordings and positives per label and age band of the training part; the youngest age in it."""
    rows = store.rows(Part.TRAIN)
    bands = [age_band(int(days)).code for days in store.age_days[rows]]
    positives: dict[str, dict[str, int]] = {}
    for column, label in enumerate(store.labels):
        counts: dict[str, int] = {}
        for band, hit in zip(bands, store.targets[rows][:, column], strict=True):
            if hit:
                counts[band] = counts.get(band, 0) + 1
        positives[label] = counts
    return {
        "data": "PTB-XL 1.0.3 at 100 Hz, folds 1-8; patients with a recording under 18 left out",
        "records": len(rows), "patients": len(np.unique(store.patients[rows])),
        "min_age_days": int(store.age_days[rows].min()), "profile": store.profile, "positives": positives,
    }


def _choosing(
    logits: NDArray[np.float32], crossed: NDArray[np.float64], targets: NDArray[np.uint8],
    patients: NDArray[np.str_], first: NDArray[np.bool_], labels: tuple[str, ...], seed: int, replicates: int,
) -> dict[str, Any]:
    found = discrimination(logits, targets, patients, seed=seed, replicates=replicates)
    positives = targets.sum(axis=0)
    per_label = {}
    for c, code in enumerate(labels):
        scores = {name: _triple(found[name][c]) for name in ("auroc", "auprc")}
        raw = Platt(1.0, 0.0).probabilities(logits[:, c])
        f1, balanced = _crossed_decisions(crossed[:, c], targets[:, c], first)
        per_label[code] = {
            "positives": int(positives[c]), "prevalence": float(targets[:, c].mean()), **scores,
            "f1": f1, "balanced_accuracy": balanced,
            "ece_before": expected_calibration_error(raw, targets[:, c]),
            "ece_after": expected_calibration_error(crossed[:, c], targets[:, c]),
            "brier_skill_before": brier_skill(raw, targets[:, c]),
            "brier_skill_after": brier_skill(crossed[:, c], targets[:, c]),
        }
    return {
        "data": "PTB-XL fold 9, adults; the epoch was chosen on it, so figures are slightly optimistic",
        "recordings": len(targets), "patients": len(np.unique(patients)), "labels": per_label,
        "macro_labels": [code for c, code in enumerate(labels) if positives[c] >= MIN_POSITIVES],
        "macro_auroc": _triple(found["auroc"][-1]), "macro_auprc": _triple(found["auprc"][-1]),
        "interval": f"95 % percentile over {replicates} bootstraps of patients",
        "decisions": "thresholds chosen on one half of the patients, judged on the other",
    }


def _crossed_decisions(
    probabilities: NDArray[np.float64], targets: NDArray[np.uint8], first: NDArray[np.bool_]
) -> tuple[float, float]:
    """Mean F1 and balanced accuracy of the two halves, each at the other half's best threshold."""
    f1, balanced = [], []
    for half in (first, ~first):
        threshold = best_f1_threshold(probabilities[~half], targets[~half])
        f1.append(f1_at(probabilities[half], targets[half], threshold))
        balanced.append(balanced_accuracy_at(probabilities[half], targets[half], threshold))
    return float(np.mean(f1)), float(np.mean(balanced))


def _under_18(
    model: Peace, store: Store, fitted: dict[str, Platt], calibration: dict[str, dict[str, Any]], seed: int
) -> dict[str, Any] | None:
    rows = store.rows(Part.UNDER_18)
    if len(rows) == 0:
        return None
    logits = score(model, store, rows)
    probabilities = np.stack(
        [fitted[code].probabilities(logits[:, c]) for c, code in enumerate(store.labels)], axis=1)
    return under_18_report(
        logits, probabilities, np.array(store.targets[rows]), store.patients[rows], store.labels,
        {code: entry["threshold"] for code, entry in calibration.items()}, seed)


def _triple(interval: Any) -> dict[str, float | None]:
    return {name: None if np.isnan(value) else round(float(value), 5)
            for name, value in (("value", interval.value), ("low", interval.low), ("high", interval.high))}

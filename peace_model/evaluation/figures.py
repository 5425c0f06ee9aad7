"""The figures of one model on some recordings: per label, and macro over groups of labels, with intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.bootstrap import Areas, Draws, Interval
from peace_model.evaluation.calibration import (
    Platt,
    brier_skill,
    cross_fitted,
    expected_calibration_error,
    fit_platt,
)
from peace_model.evaluation.metrics import (
    FEW_POSITIVES,
    MIN_POSITIVES,
    balanced_accuracy_of,
    best_f1_threshold,
    f1_of,
)
from peace_model.evaluation.scored import Scored
from peace_model.labels.groups import NINE, WHOLE_PROFILE


@dataclass(frozen=True, eq=False)
class Decided:
    """Calibrated probabilities float64 (n, C) and decisions bool (n, C); what is not known has no meaning in them."""

    probabilities: NDArray[np.float64]
    decisions: NDArray[np.bool_]


def calibrate(judged: Scored, first: NDArray[np.bool_], method: str) -> tuple[dict[str, dict[str, Any]], Decided]:
    """Scale, offset and threshold of each label, as bundle.json holds them, and how they do on what they have not seen.

    first (n,): recordings of the first half of the patients. The calibration to use is fitted on both halves and its
    threshold is the best on probabilities cross-fitted between them; the recordings of a half are decided with the
    other half's calibration and threshold.
    """
    calibration = {}
    probabilities, decisions = np.zeros(judged.targets.shape), np.zeros(judged.targets.shape, bool)
    for c, code in enumerate(judged.labels):
        rows = np.flatnonzero(judged.known[:, c])
        logits, targets, half = judged.logits[rows, c], judged.targets[rows, c], first[rows]
        crossed = cross_fitted(logits, targets, half)
        fitted = fit_platt(logits, targets)
        calibration[code] = {"scale": fitted.scale, "offset": fitted.offset,
                             "threshold": best_f1_threshold(crossed, targets), "method": method}
        probabilities[rows, c] = crossed
        for judging in (half, ~half):
            # In the units of the other half's calibration, which the probabilities of this half are in.
            other = fit_platt(logits[~judging], targets[~judging])
            threshold = best_f1_threshold(other.probabilities(logits[~judging]), targets[~judging])
            decisions[rows[judging], c] = crossed[judging] >= threshold
    return calibration, Decided(probabilities, decisions)


def decide(judged: Scored, calibration: Mapping[str, Mapping[str, Any]]) -> Decided:
    """Probabilities and decisions under a calibration that was fixed before these recordings were seen."""
    fits = [calibration[code] for code in judged.labels]
    probabilities = np.stack([Platt(fit["scale"], fit["offset"]).probabilities(judged.logits[:, c])
                              for c, fit in enumerate(fits)], axis=1)
    return Decided(probabilities, probabilities >= np.array([fit["threshold"] for fit in fits]))


def figures(
    judged: Scored, decided: Decided, groups: Mapping[str, Sequence[str]], *, seed: int, replicates: int
) -> dict[str, Any]:
    """"labels", "groups", "recordings", "patients" and how the intervals were made, ready for JSON.

    groups: name -> labels, as `labels.groups_of` gives them; the whole profile's figures are repeated at the top.
    """
    draws = Draws(judged.patients, seed=seed, replicates=replicates)
    found = Areas(judged, draws)
    entries = {code: _label(judged, decided, found, draws, c) for c, code in enumerate(judged.labels)}
    reported = {name: _group(name, labels, judged, found, seed) for name, labels in groups.items()}
    profile = reported[WHOLE_PROFILE]
    return {
        "recordings": len(judged), "patients": len(np.unique(judged.patients)), "labels": entries,
        "groups": reported, "macro_labels": profile["macro_labels"], "macro_auroc": profile["macro_auroc"],
        "macro_auprc": profile["macro_auprc"],
        "interval": f"95 % percentile over {replicates} bootstraps of patients",
    }


def _label(judged: Scored, decided: Decided, found: Areas, draws: Draws, c: int) -> dict[str, Any]:
    code = judged.labels[c]
    rows = np.flatnonzero(judged.known[:, c])
    targets, probabilities = judged.targets[rows, c], decided.probabilities[rows, c]
    raw = Platt(1.0, 0.0).probabilities(judged.logits[rows, c])
    positives = int(targets.sum())
    return {
        "positives": positives, "known": len(rows), "few_records": positives < FEW_POSITIVES,
        "prevalence": float(targets.mean()) if len(rows) else float("nan"),
        "auroc": found.interval("auroc", code).entry(), "auprc": found.interval("auprc", code).entry(),
        **_decision_figures(judged, decided, draws, rows, c),
        "ece_before": expected_calibration_error(raw, targets),
        "ece_after": expected_calibration_error(probabilities, targets),
        "brier_skill_before": brier_skill(raw, targets), "brier_skill_after": brier_skill(probabilities, targets),
    }


def _decision_figures(
    judged: Scored, decided: Decided, draws: Draws, rows: NDArray[np.int64], c: int
) -> dict[str, Any]:
    """F1 and balanced accuracy with intervals over patients; NaN unless both classes occur."""
    positive, said = judged.targets[rows, c] > 0, decided.decisions[rows, c]
    cells = np.stack([positive & said, ~positive & said, positive & ~said, ~positive & ~said]).astype(np.float64)
    if not (positive.any() and (~positive).any()):
        missing = Interval(float("nan"), float("nan"), float("nan")).entry()
        return {"f1": missing, "balanced_accuracy": missing}
    drawn = draws.of_label(judged.targets[:, c], rows, c)
    per_patient = np.stack([np.bincount(draws.patient_of[rows], cell, len(drawn)) for cell in cells])
    total, samples = cells.sum(axis=1), per_patient @ drawn
    return {"f1": Interval.of(float(f1_of(*total)), f1_of(*samples)).entry(),
            "balanced_accuracy": Interval.of(
                float(balanced_accuracy_of(*total)), balanced_accuracy_of(*samples)).entry()}


def of_group(judged: Scored, name: str, labels: Sequence[str]) -> Scored:
    """The recordings and labels that figures over a group are made from: the nine have a rule of their own."""
    return (judged.with_any_of(labels) if name == NINE else judged).only(labels)


def _group(name: str, labels: Sequence[str], judged: Scored, found: Areas, seed: int) -> dict[str, Any]:
    """Macro figures over a group's labels with enough positives, and over all that have both classes."""
    own = of_group(judged, name, labels)
    if len(own) < len(judged):
        found = Areas(own, Draws(own.patients, seed=seed, replicates=found.replicates))
    enough = [code for code in labels if code in found.enough]
    existing = [code for code in labels if found.has(code)]
    return {
        "rule": "recordings with at least one of the labels" if name == NINE else "all recordings",
        "recordings": len(own), "patients": len(np.unique(own.patients)),
        "least_positives": MIN_POSITIVES, "macro_labels": enough,
        "left_out": [code for code in labels if code not in enough],
        "macro_auroc": found.macro("auroc", enough).entry(), "macro_auprc": found.macro("auprc", enough).entry(),
        "all": {"labels": len(existing), "macro_auroc": found.macro("auroc", existing).entry(),
                "macro_auprc": found.macro("auprc", existing).entry()},
        "labels": {code: {"positives": int(found.positives[found.labels.index(code)]),
                          "auroc": found.interval("auroc", code).entry()} for code in enough},
    }

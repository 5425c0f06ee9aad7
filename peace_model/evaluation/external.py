"""Proxy E: the frozen model with the calibration of its own choosing part on another hospital's adults (LUDB)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from peace_model.datasets.ludb import TABLE, source
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.pipeline import Pipeline, PipelineSpec
from peace_model.evaluation.bootstrap import areas
from peace_model.evaluation.figures import decide
from peace_model.evaluation.metrics import FEW_POSITIVES, MIN_POSITIVES
from peace_model.evaluation.scored import Scored
from peace_model.evaluation.scoring import Answer
from peace_model.inference.calibration import joined
from peace_model.labels import load_code_map, load_profile


def judge_ludb(
    answer: Answer, spec: PipelineSpec, folder: Path, *, profile: str, labels: Sequence[str]
) -> Scored:
    """Every recording of LUDB through the signal path of the model. Raises RecordingError, LabelError.

    labels: the model's outputs in their order, which may be fewer than the profile has.
    """
    code_map = load_code_map("ludb", load_profile(profile))
    rows, pipeline = source(folder).rows, Pipeline(spec)
    if not rows:
        raise RecordingError(folder / TABLE, "recordings", "no signal files beside the table",
                             "unpack the data set again")
    logits = []
    for row in rows:
        given = pipeline.prepare(row.read())
        windows = answer(signal=given.signal, lead_mask=given.lead_mask, valid_samples=given.valid_samples,
                         age_days=given.age_days)
        logits.append(joined(windows, np.zeros(len(windows), np.int64)))
    stated, still_open = ([function(row.facts.statements) for row in rows]
                          for function in (code_map.labels_of, code_map.open_labels))
    return Scored(
        labels=tuple(labels), logits=np.concatenate(logits),
        targets=np.array([[code in found for code in labels] for found in stated], np.uint8),
        known=np.array([[code not in found for code in labels] for found in still_open]),
        patients=np.array([row.facts.patient for row in rows]), rows=np.arange(len(rows)))


def external_report(
    judged: Scored, calibration: Mapping[str, Mapping[str, Any]], *, seed: int, replicates: int
) -> dict[str, Any]:
    """AUROC with interval, sensitivity and specificity at the given thresholds, for labels with enough positives."""
    found, decided = areas(judged, seed=seed, replicates=replicates), decide(judged, calibration)
    labels = {}
    for code in found.enough:
        c = judged.labels.index(code)
        known, truth, said = judged.known[:, c], judged.targets[:, c] > 0, decided.decisions[:, c]
        labels[code] = {
            "positives": int(judged.positives[c]), "few_records": int(judged.positives[c]) < FEW_POSITIVES,
            "auroc": found.interval("auroc", code).entry(),
            "sensitivity": float(said[truth & known].mean()), "specificity": float((~said[~truth & known]).mean())}
    return {"recordings": len(judged), "labels": labels, "least_positives": MIN_POSITIVES,
            "macro_auroc": found.macro("auroc", found.enough).entry(),
            "left_out": [code for code in judged.labels if code not in labels], "seed": seed,
            "replicates": replicates}

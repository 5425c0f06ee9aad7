"""Proxy E: the frozen model with fold-9 calibration on another hospital's adults (LUDB)."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from peace_model.datasets.ludb import LudbRow, read_recording, read_table
from peace_model.ecg.signal.pipeline import Pipeline, PipelineSpec
from peace_model.evaluation.bootstrap import discrimination
from peace_model.evaluation.metrics import MIN_POSITIVES
from peace_model.labels import load_code_map, load_profile
from peace_model.networks.peace import Peace


def ludb_report(
    model: Peace, spec: PipelineSpec, folder: Path, *, profile: str, calibration: dict[str, Any], seed: int
) -> dict[str, Any]:
    """AUROC with interval, sensitivity and specificity at the adult thresholds, for labels with enough positives."""
    known = load_profile(profile)
    code_map = load_code_map("ludb", known)
    rows = read_table(folder)
    logits = np.concatenate([_logits(model, spec, row) for row in rows])
    labels_of = [code_map.labels_of(row.statements) for row in rows]
    targets = np.array([[int(code in labels) for code in known.codes] for labels in labels_of])
    kept = [c for c in range(len(known.codes)) if targets[:, c].sum() >= MIN_POSITIVES]
    names = np.array([row.name for row in rows])
    areas = discrimination(logits[:, kept], targets[:, kept], names, seed=seed)["auroc"]
    report = {}
    for area, column in zip(areas, kept, strict=False):
        code = known.codes[column]
        fit = calibration[code]
        probability = 1 / (1 + np.exp(-(fit["scale"] * logits[:, column].astype(float) + fit["offset"])))
        decided, truth = probability >= fit["threshold"], targets[:, column] > 0
        report[code] = {"positives": int(truth.sum()), "auroc": {"value": area.value, "low": area.low,
                                                                 "high": area.high},
                        "sensitivity": float(decided[truth].mean()), "specificity": float((~decided[~truth]).mean())}
    return {"recordings": len(rows), "labels": report,
            "left_out": [known.codes[c] for c in range(len(known.codes)) if c not in kept]}


@torch.inference_mode()
def _logits(model: Peace, spec: PipelineSpec, row: LudbRow) -> NDArray[np.float32]:
    """(1, C): the mean over the recording's windows."""
    prepared = Pipeline(spec).prepare(read_recording(row))
    logits, _ = model.eval()(torch.from_numpy(prepared.signal), torch.from_numpy(prepared.lead_mask),
                             torch.from_numpy(prepared.valid_samples))
    return logits.mean(dim=0, keepdim=True).numpy()

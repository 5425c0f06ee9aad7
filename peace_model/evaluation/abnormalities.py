"""What a network's head for abnormalities says of recordings, against what was measured of them: figures of a bundle.

Each abnormality is a criterion met by measurements, or by laboratory values, of the very recording or patient: what the
head says of it is an association with the ECG, and no ground of a diagnosis.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from peace_model.datasets.context import ContextTable
from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store
from peace_model.evaluation.bootstrap import REPLICATES, areas
from peace_model.evaluation.calibration import patient_halves
from peace_model.evaluation.figures import calibrate
from peace_model.evaluation.metrics import MIN_POSITIVES
from peace_model.evaluation.report import data_text, method_text, nan_to_null, part_text
from peace_model.evaluation.scored import Scored
from peace_model.evaluation.scoring import BATCH
from peace_model.inference.calibration import joined
from peace_model.networks.ecg_network import EcgNetwork


@torch.inference_mode()
def judge_abnormalities(
    model: EcgNetwork, store: Store, rows: NDArray[np.int64], table: ContextTable, *, batch: int = BATCH
) -> Scored:
    """Logits of the head on recordings whose windows are given. table: of the store's rows, in their order."""
    device = next(model.parameters()).device
    model.eval()
    parts = [np.zeros((0, len(table.abnormalities)), np.float32)]
    for start in range(0, len(rows), batch):
        chosen = rows[start: start + batch]
        encoded = model.encode(*(torch.from_numpy(given).to(device) for given in (
            store.windows(chosen), np.array(store.lead_mask[chosen]), np.array(store.valid_samples[chosen]))))
        parts.append(model.read_abnormalities(encoded).float().cpu().numpy())
    _, first, window_of = np.unique(store.recordings[rows], return_index=True, return_inverse=True)
    firsts = rows[first]
    return Scored(
        labels=tuple(item.code for item in table.abnormalities), logits=joined(np.concatenate(parts), window_of),
        targets=table.abnormal[firsts], known=table.known[firsts].astype(bool), patients=store.patients[firsts],
        rows=firsts)


def abnormality_report(
    model: EcgNetwork, store: Store, split: Split, table: ContextTable, *, seed: int, replicates: int = REPLICATES
) -> dict[str, Any]:
    """Calibration and figures on the choosing part, as bundle.json holds them under "abnormalities".

    An abnormality that fewer than MIN_POSITIVES recordings have, or have not, is left out: nothing would stand behind
    its number.
    """
    judged = judge_abnormalities(model, store, split.choose, table)
    enough = [code for code, positives, negatives in zip(judged.labels, judged.positives, judged.negatives, strict=True)
            if min(positives, negatives) >= MIN_POSITIVES]
    kept = judged.only(enough)
    calibration, _ = calibrate(kept, patient_halves(kept.patients, seed), method_text(store, split))
    found = areas(kept, seed=seed, replicates=replicates)
    told: Mapping[str, Any] = {item.code: item for item in table.abnormalities}
    return nan_to_null({
        "heads": [{"code": code, "name": told[code].name, "criterion": told[code].criterion,
                   "citation": told[code].citation} for code in enough],
        "data": f"{data_text(store)}, {part_text(store, split, 'choose')}",
        "outputs": list(judged.labels), "left_out": [code for code in judged.labels if code not in enough],
        "calibration": calibration,
        "metrics": {code: {"positives": int(kept.positives[c]), "known": int(kept.known[:, c].sum()),
                           "auroc": found.interval("auroc", code).entry(),
                           "auprc": found.interval("auprc", code).entry()} for c, code in enumerate(enough)},
        "seed": seed, "replicates": replicates,
        "interval": f"95 % percentile over {replicates} bootstraps of patients"})

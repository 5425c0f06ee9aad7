"""Running a network over a store's rows, in batches, without gradients."""

import numpy as np
import torch
from numpy.typing import NDArray

from peace_model.datasets.store import Store
from peace_model.networks.ecg_only import EcgOnly
from peace_model.networks.peace import Peace


@torch.inference_mode()
def score(model: Peace | EcgOnly, store: Store, rows: NDArray[np.int64], batch: int = 64) -> NDArray[np.float32]:
    """Logits (len(rows), C). Leaves the model in evaluation mode."""
    model.eval()
    parts = []
    for start in range(0, len(rows), batch):
        chosen = rows[start: start + batch]
        logits, _ = model(
            torch.from_numpy(np.array(store.signal[chosen])), torch.from_numpy(np.array(store.lead_mask[chosen])),
            torch.from_numpy(store.valid_samples[chosen]))
        parts.append(logits.numpy())
    return np.concatenate(parts) if parts else np.zeros((0, len(store.labels)), np.float32)

"""Recipe "ecg-only": the control without text, on the same store with the same settings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch import Tensor

from peace_model.datasets.store import Store
from peace_model.networks.ecg_only import EcgOnly, EcgOnlyConfig, fresh_ecg_only
from peace_model.training.checkpoint import load_checkpoint
from peace_model.training.loop import Batch, TrainConfig, train
from peace_model.training.losses import masked_bce


def label_loss(model: EcgOnly, batch: Batch) -> dict[str, Tensor]:
    logits, _ = model(batch.signal, batch.lead_mask, batch.valid_samples)
    return {"label": masked_bce(logits, batch.targets, weights=batch.weights)}


def train_ecg_only(
    store: Store, folder: Path, *, encoder: str, config: TrainConfig, stop_after: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Train from scratch, or go on where the folder's checkpoint stands."""
    model = fresh_ecg_only(EcgOnlyConfig(encoder, len(store.labels)), config.seed)
    return train(model, label_loss, store, config, folder, stop_after=stop_after, say=say)


def load_best_ecg_only(folder: Path) -> EcgOnly:
    """The best network of a control run. Raises CheckpointError when it has no finished epoch yet."""
    tensors, state = load_checkpoint(folder / "best")
    model = fresh_ecg_only(EcgOnlyConfig(**state["network"]), seed=0)
    model.load_state_dict(tensors)
    return model.eval()

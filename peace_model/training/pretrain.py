"""Recipe "pretrain": a PEACE network from scratch on a prepared store."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from peace_model.datasets.store import Store
from peace_model.networks.descriptor_bank import load_bank
from peace_model.networks.label_query_network import LqnConfig
from peace_model.networks.peace import Peace, PeaceConfig
from peace_model.networks.release import released
from peace_model.training.checkpoint import TENSORS, load_checkpoint
from peace_model.training.loop import Batch, TrainConfig, train
from peace_model.training.losses import lsbc, masked_bce

BUNDLED_NETWORK = PeaceConfig()
TINY_NETWORK = PeaceConfig(
    encoder="xresnet1d_tiny", lqn=LqnConfig(width=32, layers=2, heads=2, feed_forward=64), align_width=16)
NETWORKS = {"peace": BUNDLED_NETWORK, "tiny": TINY_NETWORK}


def build(network: PeaceConfig, labels: tuple[str, ...], seed: int) -> Peace:
    """A fresh network for the labels, with the committed embeddings as its text. Raises DescriptorError."""
    bank = load_bank(labels)
    torch.manual_seed(seed)
    return Peace(network, torch.from_numpy(bank.names.copy()), torch.from_numpy(bank.descriptors.copy()))


def pretrain(
    store: Store, folder: Path, *, network: PeaceConfig = BUNDLED_NETWORK, config: TrainConfig,
    stop_after: int | None = None, say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Train from scratch, or go on where the folder's checkpoint stands."""
    model = build(network, store.labels, config.seed)
    return train(model, peace_losses, store, config, folder, stop_after=stop_after, say=say)


def peace_losses(model: Peace, batch: Batch) -> dict[str, Tensor]:
    """The three losses of PEACE on one batch."""
    features, padding = model.encode(batch.signal, batch.lead_mask, batch.valid_samples)
    logits, _ = model.read_ecg(features, padding)
    # Recordings with the same labels have the same axis tokens: each combination is read once and counted as often.
    combinations, index, counts = batch.targets.unique(dim=0, return_inverse=True, return_counts=True)
    tokens = model.axis_tokens(combinations)
    share = (counts / counts.sum() * len(counts)).unsqueeze(1)
    read = functional.binary_cross_entropy_with_logits(
        model.read_knowledge(tokens), combinations, pos_weight=batch.weights, reduction="none")
    return {
        "label": masked_bce(logits, batch.targets, weights=batch.weights),
        "know": (read * share).mean(),
        "align": lsbc(model.align_ecg(features, padding), model.align_knowledge(tokens)[index], batch.targets,
                      model.temperature),
    }


def load_best(folder: Path) -> tuple[Peace, dict[str, Any], str]:
    """The best network of a run in its released form, what the run says of it, and the SHA-256 of its weights.

    Raises CheckpointError when the run has no finished epoch yet.
    """
    tensors, state = load_checkpoint(folder / "best")
    model = build(PeaceConfig.from_dict(state["network"]), tuple(state["labels"]), seed=0)
    model.load_state_dict(tensors)
    digest = hashlib.sha256((folder / "best" / TENSORS).read_bytes()).hexdigest()
    return released(model), state, digest

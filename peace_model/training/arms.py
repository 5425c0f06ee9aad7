"""How each arm of a grid is built, trained and adapted: PEACE with one thing changed, or a network without text."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store
from peace_model.evaluation.ablation.grid import ARMS, UNLABELLED_TARGET, Grid
from peace_model.networks.building import fresh_peace
from peace_model.networks.ecg_network import EcgNetwork
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only
from peace_model.networks.peace import Peace, PeaceConfig
from peace_model.networks.text_query import ask_beside_labels
from peace_model.training.adaptation import DomainEcgOnly, WithTarget
from peace_model.training.checkpoint import load_checkpoint
from peace_model.training.config import TrainConfig
from peace_model.training.fields import read_fields
from peace_model.training.frozen_encoder import AdaptConfig, FrozenNetwork
from peace_model.training.log import Moment
from peace_model.training.loop import train
from peace_model.training.objectives import KNOWLEDGE, Objective
from peace_model.training.run_state import BEST

WITHOUT_TEXT = ("ecg_only", *UNLABELLED_TARGET)
DOMAIN_WEIGHT = 1.0
ASK_BATCH = 128


class ArmWorkshop:
    """The workshop of a grid: its settings, read once. device: where networks are trained; they are adapted and asked
    on the processor. Raises RecipeError for settings that do not exist."""

    def __init__(
        self, grid: Grid, *, say: Callable[[str], None], watch: Callable[[Moment], None], device: str = "cpu"
    ) -> None:
        self.network = read_fields(PeaceConfig, grid.network, f"{grid.name}: network")
        self.training = read_fields(TrainConfig, grid.training, f"{grid.name}: training")
        self.adaptation = read_fields(AdaptConfig, grid.adaptation, f"{grid.name}: adaptation")
        self.say, self.watch, self.device = say, watch, device

    def trained(
        self, arm: str, store: Store, split: Split, folder: Path, *, seed: int,
        unlabelled: NDArray[np.int64] | None = None,
    ) -> EcgNetwork:
        """The arm's network with the weights that its run chose, in evaluation mode."""
        config = training_of(arm, self.training, seed)
        model = self.fresh(arm, tuple(store.labels), seed)
        losses: Any = Objective(config)
        if unlabelled is not None:
            per_epoch = max(1, len(split.train) // min(config.batch, len(split.train)))
            losses = WithTarget(arm, store, unlabelled, config.augment, steps=per_epoch * config.epochs, seed=seed)
        train(model, losses, store, split, config, folder,
              about={"arm": arm, "about": ARMS[arm], "network": model.config.to_dict()}, device=self.device,
              say=self.say, watch=self.watch)
        tensors, _ = load_checkpoint(folder / BEST)
        model.load_state_dict(tensors)
        return model.cpu().eval()

    def fresh(self, arm: str, labels: tuple[str, ...], seed: int) -> Any:
        """New weights from the seed."""
        if arm not in WITHOUT_TEXT:
            return fresh_peace(network_of(arm, self.network, seed), labels, seed)
        config = EcgOnlyConfig(self.network.encoder, len(labels))
        if arm not in UNLABELLED_TARGET:
            return fresh_ecg_only(config, seed)
        torch.manual_seed(seed)
        return DomainEcgOnly(config)

    def frozen(self, model: EcgNetwork, store: Store, rows: NDArray[np.int64]) -> FrozenNetwork:
        return FrozenNetwork(model, store, rows, self.adaptation)

    @torch.no_grad()
    def asked(
        self, model: Peace, store: Store, rows: NDArray[np.int64], queries: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits of the trained labels, and of each text embedding asked beside them, one at a time."""
        model.eval()
        texts = torch.from_numpy(queries)
        trained: list[torch.Tensor] = []
        asked: list[torch.Tensor] = []
        for k in range(0, len(rows), ASK_BATCH):
            part = rows[k: k + ASK_BATCH]
            encoded = model.encode(
                torch.from_numpy(store.windows(part)), torch.from_numpy(np.array(store.lead_mask[part])),
                torch.from_numpy(np.array(store.valid_samples[part])))
            ages = torch.from_numpy(np.array(store.age_days[part], np.float32))
            for found, logits in zip((trained, asked), ask_beside_labels(model, texts, encoded, ages), strict=True):
                found.append(logits)
        return torch.cat(trained).numpy(), torch.cat(asked).numpy()


def network_of(arm: str, network: PeaceConfig, seed: int) -> PeaceConfig:
    """The network of an arm with text."""
    changes: dict[str, dict[str, Any]] = {
        "random_queries": {"queries": "random"}, "shuffled": {"shuffle_seed": seed},
        "fused": {"descriptors": "fused"}, "age": {"age": True}}
    return dataclasses.replace(network, **changes.get(arm, {}))


def training_of(arm: str, training: TrainConfig, seed: int) -> TrainConfig:
    """The settings of an arm: the grid's, with the one thing changed that the arm is about."""
    weights, gate = dict(training.weights), training.gate
    if arm in WITHOUT_TEXT:
        weights = {name: weight for name, weight in weights.items() if name not in KNOWLEDGE}
    if arm in UNLABELLED_TARGET:
        weights["domain"] = DOMAIN_WEIGHT
    if arm == "no_lsbc":
        del weights["align"]
    if arm == "no_caf":
        gate = dataclasses.replace(gate, fixed=1.0)
    return dataclasses.replace(training, weights=weights, gate=gate, seed=seed)

"""How each arm of proxy T is trained: with or without a joint embedding before, with more or less of it frozen."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.context import Arm, ContextTable, of_store
from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store
from peace_model.evaluation.ablation.grid import (
    SHUFFLED,
    TEXT_SUPERVISED,
    TRANSFER_ARMS,
    Grid,
    joint_run,
    transfer_steps,
)
from peace_model.networks.ecg_network import EcgNetwork
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only
from peace_model.networks.encoders import build_encoder
from peace_model.training.checkpoint import load_checkpoint
from peace_model.training.config import TrainConfig
from peace_model.training.fields import RecipeError, read_fields
from peace_model.training.log import Moment
from peace_model.training.loop import train
from peace_model.training.objectives import Objective
from peace_model.training.run_state import BEST
from peace_model.training.transfer import Abnormalities, abnormality_stage, joint_stage, take_encoder

ABNORMALITIES = "_abnormalities"
FROZEN = "frozen"
HEAD = "head."
"""How the names of the linear head's parameters begin."""


class TransferWorkshop:
    """The workshop of a grid of proxy T. table: the clinical context of the recordings. Raises RecipeError."""

    def __init__(
        self, grid: Grid, table: ContextTable, *, say: Callable[[str], None], watch: Callable[[Moment], None],
        device: str = "cpu",
    ) -> None:
        where = f"{grid.name}: transfer"
        self.settings, self.table, self.where = grid.transfer, table, where
        self.training = read_fields(TrainConfig, {**grid.transfer["training"], "epochs": 1}, f"{where}.training")
        self.joint_training = read_fields(TrainConfig, grid.transfer["joint_training"], f"{where}.joint_training")
        if set(self.joint_training.weights) != {"joint"}:
            raise RecipeError(f"{where}.joint_training.weights: joint alone")
        self.say, self.watch, self.device = say, watch, device

    def trained(
        self, arm: str, store: Store, split: Split, folder: Path, *, seed: int,
        unlabelled: NDArray[np.int64] | None = None,
    ) -> EcgNetwork:
        """The arm's network of the last epoch. The joint embedding is learnt once for all arms and shares that begin
        with it, from the unlabelled rows."""
        assert unlabelled is not None
        config = self.training_of(arm, len(split.train), seed)
        model = fresh_ecg_only(EcgOnlyConfig(
            self.settings["encoder"], len(store.labels), dropout=self.settings["dropout"]), seed)
        about: dict[str, Any] = {"arm": arm, "about": TRANSFER_ARMS[arm], "network": model.config.to_dict()}
        if (name := joint_run(arm, seed)) is not None:
            joint = self._joint(arm, store, dataclasses.replace(split, train=unlabelled), folder.parent / name, seed)
            about["init"] = take_encoder(model, joint, store, self.say)
        abnormal: Abnormalities | None = None
        if arm.endswith(ABNORMALITIES):
            abnormal = abnormality_stage(model, self.table, store, split, config)
            about |= abnormal.about
        losses = Objective(config, abnormalities=None if abnormal is None else abnormal.loss)
        train(model, losses, store, split, config, folder, about=about, device=self.device, say=self.say,
              watch=self.watch)
        model.load_state_dict(load_checkpoint(folder / BEST)[0])
        return model.cpu().eval()

    def training_of(self, arm: str, recordings: int, seed: int) -> TrainConfig:
        """As many epochs as both limits allow, judged once at the end."""
        settings, training = self.settings, self.training
        epochs = transfer_steps(settings, recordings).epochs
        every = len(build_encoder(settings["encoder"]).depths())
        depth = {"unfrozen": 0, FROZEN: every}.get(arm, settings["frozen_depth"])
        weights = dict(training.weights)
        if arm.endswith(ABNORMALITIES):
            weights["abnormalities"] = settings["abnormalities_weight"]
        return dataclasses.replace(
            training, epochs=epochs, choose_epochs=epochs, seed=seed, weights=weights,
            rates={**training.rates, HEAD: settings["frozen_head_rate"]} if arm == FROZEN else training.rates,
            frozen_depth=None if joint_run(arm, seed) is None else depth)

    def _joint(self, arm: str, store: Store, split: Split, run: Path, seed: int) -> Path:
        """The run of the joint embedding that an arm begins with, taken to its end."""
        read: Arm = "text_supervised" if arm == TEXT_SUPERVISED else "clinical"
        table = self.table
        if arm == SHUFFLED:
            own = of_store(table, store)
            order = np.arange(len(own.ids))
            order[split.train] = np.random.default_rng(seed).permutation(split.train)
            table = dataclasses.replace(own.take(order), ids=store.ids)
        config = dataclasses.replace(self.joint_training, seed=seed)
        joint = joint_stage({**self.settings["joint"], "encoder": self.settings["encoder"]}, table, store, split, read,
                            seed=seed, where=self.where)
        train(joint.model, joint.losses, store, split, config, run, about=joint.about, chooser=joint.chooser,
              device=self.device, say=self.say, watch=self.watch)
        return run


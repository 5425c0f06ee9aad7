"""How each arm of proxy J is built and trained: one set of settings, a network an arm."""

import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.measured_columns import with_measured
from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store
from peace_model.datasets.store_files import replace_file
from peace_model.evaluation.ablation.grid import JOURNAL_ARMS, Grid
from peace_model.networks.ecg_network import EcgNetwork
from peace_model.networks.hybrid import HybridConfig
from peace_model.networks.peace import Peace
from peace_model.training.checkpoint import load_checkpoint
from peace_model.training.config import TrainConfig
from peace_model.training.fields import read_fields
from peace_model.training.log import Moment
from peace_model.training.loop import train
from peace_model.training.objectives import Objective
from peace_model.training.run_recipe import fresh_network, standardised
from peace_model.training.run_state import BEST
from peace_model.training.runs import Network

UNMEASURED = "hybrid_unmeasured"
WITHOUT_AGE = {"age_unknown": "age_aware"}
"""An arm that is told no age, and the one whose network it has."""
SPENT = "processor_time.json"


class JournalWorkshop:
    """The workshop of a grid of proxy J. measured: folder of a context. Raises RecipeError."""

    def __init__(
        self, grid: Grid, measured: Path, *, say: Callable[[str], None], watch: Callable[[Moment], None],
        device: str = "cpu",
    ) -> None:
        where = f"{grid.name}: journal"
        self.networks, self.knowledge, self.where = grid.journal["networks"], grid.journal["knowledge"], where
        self.training = read_fields(TrainConfig, grid.journal["training"], f"{where}.training")
        self.measured, self.say, self.watch, self.device = measured, say, watch, device

    def as_read(self, arm: str, store: Store, rows: NDArray[np.int64]) -> Store:
        """With the measurements of a hybrid; with what an arm is not told missing, every measurement or every age."""
        if arm in WITHOUT_AGE:
            return dataclasses.replace(store, age_days=np.full_like(store.age_days, np.nan))
        config = self.fresh(arm, store, seed=0).config
        if not isinstance(config, HybridConfig):
            return store
        if arm == UNMEASURED:
            return dataclasses.replace(store, measured=np.full((len(store), len(config.columns)), np.nan, np.float32))
        return with_measured(store, self.measured, [column.name for column in config.columns], rows)

    def trained(
        self, arm: str, store: Store, split: Split, folder: Path, *, seed: int,
        unlabelled: NDArray[np.int64] | None = None,
    ) -> EcgNetwork:
        """The arm's network of the last epoch, in evaluation mode. store: as `as_read` gives it."""
        model = self.fresh(arm, store, seed=seed)
        config = dataclasses.replace(self.training, seed=seed, choose_epochs=self.training.epochs)
        if isinstance(model, Peace):
            config = dataclasses.replace(config, weights={**config.weights, **self.knowledge})
        about = {"arm": arm, "about": JOURNAL_ARMS[arm], "network": model.config.to_dict(),
                 **standardised(model, store, split)}
        began, before = time.process_time(), self.cpu_s(folder)

        def watch(moment: Moment) -> None:
            # At the steps that a killed run goes on from, so that its pieces add up to one training.
            if moment.step % config.checkpoint_steps == 0 or moment.step % (moment.steps // moment.epochs) == 0:
                spent = before + time.process_time() - began
                replace_file(folder / SPENT, json.dumps({"cpu_s": round(spent, 3)}).encode())
            self.watch(moment)

        train(model, Objective(config), store, split, config, folder, about=about, device=self.device, say=self.say,
              watch=watch)
        model.load_state_dict(load_checkpoint(folder / BEST)[0])
        return model.cpu().eval()

    def cpu_s(self, folder: Path) -> float:
        """What the finished pieces of the training in this folder took."""
        path = folder / SPENT
        return float(json.loads(path.read_text(encoding="utf-8"))["cpu_s"]) if path.is_file() else 0.0

    def fresh(self, arm: str, store: Store, *, seed: int) -> Network:
        network = WITHOUT_AGE.get(arm, arm)
        return fresh_network(f"{self.where}.networks.{network}", self.networks[network], store, seed=seed)

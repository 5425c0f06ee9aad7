"""Adapting what stands behind a frozen encoder: its tokens are computed once, so that an adaptation takes seconds.

PEACE adapts its label query network, an ECG-only network its linear head; nothing else changes. Recordings are read
whole, without augmentation.
"""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from peace_model.datasets.store import Store
from peace_model.evaluation.scored import Scored, scored
from peace_model.labels.groups import WHOLE_PROFILE
from peace_model.networks.ecg_network import EcgNetwork, Encoded
from peace_model.networks.peace import Peace
from peace_model.training.choosing import choosing_figure
from peace_model.training.config import TrainConfig
from peace_model.training.losses import masked_bce
from peace_model.training.optimiser import build_optimiser, freeze_others

BATCH = 128


@dataclass(frozen=True)
class AdaptConfig:
    """steps of AdamW at a constant rate; every look_steps the choosing rows are scored, and the best network stands,
    which may be the one that came. patience: looks without a better one until it stops."""

    rate: float = 1e-3
    steps: int = 300
    batch: int = 32
    weight_decay: float = 0.02
    look_steps: int = 20
    patience: int = 5


class FrozenNetwork:
    """A trained network and the tokens that its encoder makes of some rows of a store."""

    def __init__(self, model: EcgNetwork, store: Store, rows: NDArray[np.int64], config: AdaptConfig) -> None:
        self.model, self.store, self.config = model.eval(), store, config
        self.place = {int(row): place for place, row in enumerate(rows)}
        with torch.no_grad():
            parts = [self._encode(rows[k: k + BATCH]) for k in range(0, len(rows), BATCH)]
        self.features = torch.cat([features for features, _ in parts])
        self.padding = torch.cat([padding for _, padding in parts])

    def adapted(
        self, support: NDArray[np.int64], choose: NDArray[np.int64], test: NDArray[np.int64], *, seed: int
    ) -> NDArray[np.float32]:
        """Logits (len(test), C) after learning from the support rows; of the network as it came without any."""
        if len(support) == 0:
            return self._logits(self.model, test)
        return self._logits(self._learn(support, choose, seed), test)

    def _learn(self, support: NDArray[np.int64], choose: NDArray[np.int64], seed: int) -> EcgNetwork:
        config = self.config
        model = copy.deepcopy(self.model)
        freeze_others(model, (adapted_part(model),))
        optimiser = build_optimiser(model, TrainConfig(epochs=1, rate=config.rate, weight_decay=config.weight_decay))
        for group in optimiser.param_groups:
            group["lr"] = group["base"]
        rng = np.random.default_rng(seed)
        torch.manual_seed(seed)
        best, figure, since = copy.deepcopy(model.state_dict()), self._figure(model, choose), 0
        weights = torch.ones(len(self.store.labels))
        for step in range(1, config.steps + 1):
            rows = rng.choice(support, min(config.batch, len(support)), replace=False)
            targets, known = (torch.from_numpy(np.array(values[rows], np.float32))
                              for values in (self.store.targets, self.store.known))
            model.train()
            loss = masked_bce(self._read(model, rows), targets, weights=weights, known=known)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            if step % config.look_steps == 0 or step == config.steps:
                now = self._figure(model, choose)
                since += 1
                # Where nothing can be told apart the last state stands, as in the training loop.
                if now is None or figure is None or now > figure:
                    best, figure, since = copy.deepcopy(model.state_dict()), now, 0
                if since >= config.patience:
                    break
        model.load_state_dict(best)
        return model

    def _encode(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        store = self.store
        encoded = self.model.encode(
            torch.from_numpy(store.windows(rows)), torch.from_numpy(np.array(store.lead_mask[rows])),
            torch.from_numpy(np.array(store.valid_samples[rows])))
        return encoded.features, encoded.padding

    def _read(self, model: EcgNetwork, rows: NDArray[np.int64]) -> Tensor:
        places = [self.place[int(row)] for row in rows]
        features, padding = self.features[places], self.padding[places]
        age_days = torch.from_numpy(np.array(self.store.age_days[rows], np.float32))
        return model.read_ecg(Encoded(features, padding, features, padding), age_days)[0]

    @torch.no_grad()
    def _logits(self, model: EcgNetwork, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        model.eval()
        parts = [self._read(model, rows[k: k + BATCH]).numpy() for k in range(0, len(rows), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.store.labels)), np.float32)

    def _figure(self, model: EcgNetwork, rows: NDArray[np.int64]) -> float | None:
        said: Scored = scored(self.store, rows, self._logits(model, rows))
        return choosing_figure(said, WHOLE_PROFILE, tuple(self.store.labels)).macro


def adapted_part(model: EcgNetwork) -> str:
    """The beginning of the names of the parameters that adaptation changes."""
    return "lqn." if isinstance(model, Peace) else "head."

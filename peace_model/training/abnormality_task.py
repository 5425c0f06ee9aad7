"""Measured abnormalities as targets of a head of their own: the loss on them, and the figure that chooses by them."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from peace_model.datasets.context import ContextTable
from peace_model.datasets.store import Store
from peace_model.evaluation.abnormalities import judge_abnormalities
from peace_model.evaluation.metrics import auroc, macro
from peace_model.networks.ecg_network import EcgNetwork, Encoded
from peace_model.training.batch import Batch
from peace_model.training.choosing import Figure
from peace_model.training.losses import masked_bce, positive_weights
from peace_model.training.parallel import gathered


class AbnormalityLoss:
    """Masked cross-entropy of the head. table: of the store's rows; cap: see `TrainConfig.positive_weight_cap`."""

    def __init__(self, table: ContextTable, rows: NDArray[np.int64], cap: float | None) -> None:
        self.targets, self.known = (torch.from_numpy(np.asarray(values, np.float32))
                                    for values in (table.abnormal, table.known))
        self.weights = positive_weights(self.targets[rows], self.known[rows], cap=cap)

    def __call__(self, model: EcgNetwork, encoded: Encoded, batch: Batch) -> Tensor:
        logits = gathered(model.read_abnormalities(encoded).float())
        targets, known, weights = (part.to(logits.device) for part in (
            self.targets[batch.rows], self.known[batch.rows], self.weights))
        return masked_bce(logits, targets, weights=weights, known=known)


class AbnormalityChooser:
    """The macro AUROC over the abnormalities with enough positives among the rows."""

    by = "abnormalities"

    def __init__(self, store: Store, rows: NDArray[np.int64], table: ContextTable, least: int) -> None:
        self.store, self.rows, self.table, self.least = store, rows, table, least
        self.names = tuple(item.code for item in table.abnormalities)

    def __call__(self, model: nn.Module) -> Figure:
        assert isinstance(model, EcgNetwork)
        said = judge_abnormalities(model, self.store, self.rows, self.table)
        areas = {code: auroc(said.logits[said.known[:, c], c], said.targets[said.known[:, c], c])
                 for c, code in enumerate(self.names)}
        figure = macro(np.array(list(areas.values())), np.where(said.negatives > 0, said.positives, 0), self.least)
        return Figure(None if np.isnan(figure) else figure,
                      {code: area for code, area in areas.items() if not np.isnan(area)})

"""The figure that chooses an epoch: macro AUROC on the choosing rows, by the same rules as the final figures."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from peace_model.datasets.store import Store
from peace_model.evaluation.figures import of_group
from peace_model.evaluation.metrics import MIN_POSITIVES, auroc, macro
from peace_model.evaluation.scored import Scored, scored
from peace_model.evaluation.scoring import score
from peace_model.labels.groups import WHOLE_PROFILE, groups_of
from peace_model.training.config import TrainConfig, TrainingError
from peace_model.training.parallel import processes, rank


@dataclass(frozen=True)
class Figure:
    """macro: None where no label has enough positives to choose by. areas: AUROC of every label that has one."""

    macro: float | None
    areas: dict[str, float]


class Chooser(Protocol):
    """What an epoch is judged by. by: in words; names: whose AUROC may be told, none where the last epoch stands."""

    @property
    def by(self) -> str: ...

    @property
    def names(self) -> tuple[str, ...]: ...

    def __call__(self, model: nn.Module) -> Figure: ...


class LabelChooser:
    """The macro AUROC over a group of labels, which the store's profile must have: TrainingError otherwise."""

    def __init__(self, store: Store, rows: NDArray[np.int64], config: TrainConfig) -> None:
        groups = {**groups_of(store.profile), WHOLE_PROFILE: tuple(store.labels)}
        if config.choose_by not in groups:
            raise TrainingError(f"choose_by: {config.choose_by}; the profile {store.profile} has the groups "
                                f"{', '.join(groups)}")
        self.store, self.rows, self.by, self.least = store, rows, config.choose_by, config.choose_least
        self.chosen_by, self.names = groups[config.choose_by], tuple(store.labels)

    def __call__(self, model: nn.Module) -> Figure:
        own = score(model, self.store, np.array_split(self.rows, processes())[rank()])
        return choosing_figure(scored(self.store, self.rows, gathered_rows(own)), self.by, self.chosen_by, self.least)


class NothingToChooseBy:
    """For a run without labels: the last epoch stands."""

    by, names = "no labels", ()

    def __call__(self, model: nn.Module) -> Figure:
        return Figure(None, {})


def gathered_rows(own: NDArray[np.float32]) -> NDArray[np.float32]:
    """What each process found for its part of some rows, put together in their order."""
    if processes() == 1:
        return own
    parts: list[NDArray[np.float32]] = [own] * processes()
    torch.distributed.all_gather_object(parts, own)
    return np.concatenate(parts)


def choosing_figure(said: Scored, group: str, labels: tuple[str, ...], least: int = MIN_POSITIVES) -> Figure:
    """Macro over those of `labels`, the labels of `group`, with at least `least` positives and any negative.

    The nine count on the recordings that have at least one of them.
    """
    kept = of_group(said, group, labels)
    areas = {code: auroc(kept.logits[kept.known[:, c], c], kept.targets[kept.known[:, c], c])
             for c, code in enumerate(labels)}
    figure = macro(np.array(list(areas.values())), np.where(kept.negatives > 0, kept.positives, 0), least)
    return Figure(None if np.isnan(figure) else figure,
                  {code: area for code, area in areas.items() if not np.isnan(area)})

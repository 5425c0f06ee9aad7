"""The figure that chooses an epoch: macro AUROC on the choosing rows, by the same rules as the final figures."""

from dataclasses import dataclass

import numpy as np

from peace_model.evaluation.figures import of_group
from peace_model.evaluation.metrics import MIN_POSITIVES, auroc, macro
from peace_model.evaluation.scored import Scored


@dataclass(frozen=True)
class Figure:
    """macro: None where no label has enough positives to choose by. areas: AUROC of every label that has one."""

    macro: float | None
    areas: dict[str, float]


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

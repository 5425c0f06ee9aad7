"""Several runs that differ in their seed only: mean and spread of their figures, and against as many controls."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from peace_model.evaluation.figures import of_group
from peace_model.evaluation.paired import NothingToCompare, paired_difference
from peace_model.evaluation.report import Evaluation
from peace_model.evaluation.scored import Scored


def seeds_summary(evaluations: Sequence[Evaluation], runs: Sequence[tuple[str, int]]) -> dict[str, Any]:
    """Macro figures of every group over the runs, standard deviation with n - 1.

    evaluations: one a run, all on the same recordings; runs: their names and training seeds, in the same order.
    """
    each = [found.metrics["choosing"]["groups"] for found in evaluations]
    groups = {name: {figure: _spread([of_run[name][figure]["value"] for of_run in each])
                     for figure in ("macro_auroc", "macro_auprc")} for name in each[0]}
    return {"runs": [{"run": name, "seed": seed} for name, seed in runs], "groups": groups}


def _spread(values: Sequence[float | None]) -> dict[str, Any]:
    found = [value for value in values if value is not None]
    mean = round(float(np.mean(found)), 5) if found else None
    return {"values": list(values), "mean": mean,
            "sd": round(float(np.std(found, ddof=1)), 5) if len(found) > 1 else None}


def against_control(
    ours: Sequence[Scored], theirs: Sequence[Scored], groups: Mapping[str, Sequence[str]], *, seed: int,
    replicates: int,
) -> dict[str, Any]:
    """Paired differences of each group over the same recordings, ours[k] against theirs[k]; groups without a label
    that has enough positives are left out."""
    found = {}
    for name, labels in groups.items():
        sides = [[of_group(judged, name, labels) for judged in side] for side in (ours, theirs)]
        try:
            found[name] = paired_difference(*sides, seed=seed, replicates=replicates).entry()
        except NothingToCompare:
            continue
    return found

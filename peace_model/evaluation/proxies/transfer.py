"""Proxy T: does clinical context in a joint embedding help to diagnose, with all labels and with few?

One subset of folds 1-8 is shared by all arms: a joint embedding sees its ECGs and context without labels, diagnoses are
learnt from a share of its patients, which the seed draws alike for every arm. Judged on fold 9, which chooses nothing.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.splits import draw_share, ptbxl_split
from peace_model.datasets.store import Store
from peace_model.evaluation.ablation.grid import Cell
from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.proxies.bench import Bench
from peace_model.evaluation.scoring import judge


def run(cell: Cell, bench: Bench) -> CellResult:
    store, settings = bench.store, bench.grid.transfer
    split = ptbxl_split(store)
    share = min(1.0, settings["recordings"] / len(split.train))
    subset = draw_share(store, split.train, share, settings["subset_seed"])
    labelled = draw_share(store, subset, cell.share, cell.seed)
    model = bench.workshop.trained(
        cell.arm, store, replace(split, train=labelled), bench.model_folder(cell), seed=cell.seed, unlabelled=subset)
    return CellResult(cell, judge(model, store, split.choose), {
        "all_recordings": len(split.train), "subset_recordings": len(subset), "labelled_recordings": len(labelled),
        "labels_taught": labels_taught(store, labelled)})


def labels_taught(store: Store, rows: NDArray[np.int64]) -> list[str]:
    """Labels that at least one of the rows is known to have."""
    shown = (np.asarray(store.targets[rows]) > 0) & (np.asarray(store.known[rows]) > 0)
    return [label for column, label in enumerate(store.labels) if shown[:, column].any()]

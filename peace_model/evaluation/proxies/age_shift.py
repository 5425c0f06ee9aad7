"""Proxy B: source 40 years and over, target 18-34 years; the encoder stays frozen, few target recordings are labelled.

The target's validation folds stop every adaptation, the same for all arms: with few shots that is more labels than the
shots themselves, as in the paper's protocol.
"""

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.splits import age_shift, draw_support
from peace_model.datasets.store import Store
from peace_model.evaluation.ablation.grid import ALL_SHOTS, UNLABELLED_TARGET, Cell
from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.ablation.workshop import FrozenEncoder
from peace_model.evaluation.proxies.bench import Bench
from peace_model.evaluation.scored import scored


def run(cell: Cell, bench: Bench) -> CellResult:
    store = bench.store
    source, target = age_shift(store)

    def frozen() -> FrozenEncoder:
        model = bench.workshop.trained(
            cell.arm, store, source, bench.model_folder(cell), seed=cell.seed,
            unlabelled=target.train if cell.arm in UNLABELLED_TARGET else None)
        return bench.adapting.frozen(model, store, np.concatenate([target.train, target.choose, target.test]))

    support = support_of(store, target.train, cell)
    logits = bench.kept(str(bench.model_folder(cell)), frozen).adapted(
        support, target.choose, target.test, seed=1000 * cell.seed + cell.draw)
    return CellResult(cell, scored(store, target.test, logits), {
        "source_recordings": len(source.train), "support_recordings": len(support),
        "support_positives": {label: int(count) for label, count in zip(
            store.labels, np.array(store.targets[support]).sum(axis=0), strict=True)}})


def support_of(store: Store, rows: NDArray[np.int64], cell: Cell) -> NDArray[np.int64]:
    """The labelled target recordings of a cell; every arm and seed gets the same ones for a draw."""
    if cell.shots == 0:
        return rows[:0]
    if cell.shots == ALL_SHOTS:
        return rows
    return draw_support(store, rows, per_label=cell.shots, seed=cell.draw)

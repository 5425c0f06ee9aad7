"""Proxy J: the networks of the pediatric ML journal, S4D, xresnet1d and PEACE on one subset of adults, side by side.

Every arm learns from the same recordings of folds 1-8 for as many epochs and is judged on fold 9, which chooses
nothing: the last epoch stands. It is judged once more without V2, V4 and V6, which young children's recordings lack.
"""

import time
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from peace_model.datasets.splits import draw_share, ptbxl_split
from peace_model.datasets.store import Store
from peace_model.evaluation.ablation.grid import Cell
from peace_model.evaluation.ablation.result import CellResult, packed, unpacked
from peace_model.evaluation.proxies.bench import Bench
from peace_model.evaluation.scored import Scored
from peace_model.evaluation.scoring import judge, score
from peace_model.evaluation.subgroups import PRECORDIAL_OFTEN_ABSENT, parts_of

PASSES = 31
"""Of one recording each, the median of which is told."""


def run(cell: Cell, bench: Bench) -> CellResult:
    settings = bench.grid.journal
    split = ptbxl_split(bench.store)
    share = min(1.0, settings["recordings"] / len(split.train))
    subset = draw_share(bench.store, split.train, share, settings["subset_seed"])
    store = bench.comparing.as_read(cell.arm, bench.store, np.union1d(subset, split.choose))
    folder = bench.model_folder(cell)
    model = bench.workshop.trained(cell.arm, store, replace(split, train=subset), folder, seed=cell.seed)
    judged = judge(model, store, split.choose)
    reduced = judge(model, store, split.choose, without=PRECORDIAL_OFTEN_ABSENT)
    return CellResult(cell, judged, {
        "training_recordings": len(subset), "training_cpu_s": round(bench.comparing.cpu_s(folder), 3),
        "parameters": sum(part.numel() for part in model.parameters()),
        "inference_ms": round(_inference_ms(model, store, split.choose), 2),
        "reduced_logits_float32": packed(reduced.logits, "<f4"), "age": _bands(bench.store, judged)})


def reduced_of(result: CellResult) -> Scored:
    """The same recordings judged without V2, V4 and V6."""
    shape = result.scored.logits.shape
    return replace(result.scored, logits=unpacked(result.facts["reduced_logits_float32"], "<f4", shape))


def bands_of(result: CellResult) -> dict[str, NDArray[np.bool_]]:
    """Which of the recordings are in each band of ages."""
    band = np.array(result.facts["age"]["band"])
    return {text: band == number for number, text in enumerate(result.facts["age"]["texts"])}


def _bands(store: Store, judged: Scored) -> dict[str, Any]:
    parts = [part for part in parts_of(store, judged) if part.kind == "age"]
    band = np.zeros(len(judged), np.int64)
    for number, part in enumerate(parts):
        band[part.members] = number
    return {"texts": [part.text for part in parts], "band": band.tolist()}


def _inference_ms(model: nn.Module, store: Store, rows: NDArray[np.int64]) -> float:
    """Processor time of one recording of 10 s, reading it from the store included."""
    taken = []
    for row in rows[:PASSES]:
        began = time.process_time()
        score(model, store, np.array([row]))
        taken.append(1000 * (time.process_time() - began))
    return median(taken)

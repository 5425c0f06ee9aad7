"""Proxy A: adults, trained on folds 1-8, judged on fold 9, which chooses nothing here: the last epoch stands."""

from peace_model.datasets.splits import ptbxl_split
from peace_model.evaluation.ablation.grid import Cell
from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.proxies.bench import Bench
from peace_model.evaluation.scoring import judge


def run(cell: Cell, bench: Bench) -> CellResult:
    split = ptbxl_split(bench.store)
    model = bench.workshop.trained(cell.arm, bench.store, split, bench.model_folder(cell), seed=cell.seed)
    return CellResult(cell, judge(model, bench.store, split.choose), {"training_recordings": len(split.train)})

"""Proxy C: a label that no training recording has is asked for by its text, against three other ways of asking.

nearest: the logit of the trained label whose name is closest. shuffled: the logits of the other trained labels, what
asking with a text that belongs to another label gives. random: queries made from random unit vectors.
"""

from dataclasses import replace

import numpy as np

from peace_model.datasets.splits import ptbxl_split, without_label
from peace_model.datasets.store import Store
from peace_model.evaluation.ablation.grid import Cell
from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.proxies.bench import Bench
from peace_model.evaluation.scored import Scored
from peace_model.networks.descriptor_bank import load_bank

OWN_TEXT, NEAREST, SHUFFLED, RANDOM = "text", "nearest", "shuffled", "random"
SUPERVISED = "supervised"
"""Not asked here: what the network of proxy A says, to which the label was taught."""
RANDOM_QUERIES = 20


def run(cell: Cell, bench: Bench) -> CellResult:
    whole = bench.store
    split = ptbxl_split(whole)
    rows = split.choose
    store = without_column(whole, cell.label)
    model = bench.workshop.trained(
        cell.arm, store, without_label(whole, split, cell.label), bench.model_folder(cell), seed=cell.seed)
    names = load_bank(tuple(whole.labels)).names
    held = whole.labels.index(cell.label)
    rng = np.random.default_rng(cell.seed)
    invented = rng.standard_normal((RANDOM_QUERIES, names.shape[1]))
    invented /= np.linalg.norm(invented, axis=1, keepdims=True)
    trained, asked = bench.adapting.asked(
        model, store, rows, np.concatenate([names[held:held + 1], invented]).astype(np.float32))
    others = np.delete(names, held, axis=0)
    nearest = int((others @ names[held] / np.linalg.norm(others, axis=1)).argmax())
    columns = [OWN_TEXT, *(f"{RANDOM}:{k}" for k in range(RANDOM_QUERIES)),
               *(f"{NEAREST if c == nearest else SHUFFLED}:{label}" for c, label in enumerate(store.labels))]
    logits = np.concatenate([asked, trained], axis=1)
    truth = np.array(whole.targets[rows, held])[:, None].repeat(len(columns), axis=1)
    known = np.array(whole.known[rows, held]).astype(bool)[:, None].repeat(len(columns), axis=1)
    return CellResult(cell, Scored(tuple(columns), logits, truth, known, whole.patients[rows], rows),
                      {"nearest": store.labels[nearest]})


def without_column(store: Store, label: str) -> Store:
    """The same recordings, asked about all labels but one."""
    kept = [c for c, code in enumerate(store.labels) if code != label]
    return replace(store, labels=tuple(store.labels[c] for c in kept), targets=np.array(store.targets)[:, kept],
                   known=np.array(store.known)[:, kept])


def queries_of(result: CellResult) -> dict[str, list[str]]:
    """The columns of each way of asking, the label's own text first."""
    ways: dict[str, list[str]] = {OWN_TEXT: [], NEAREST: [], SHUFFLED: [], RANDOM: []}
    for column in result.scored.labels:
        ways[column.partition(":")[0]].append(column)
    return ways

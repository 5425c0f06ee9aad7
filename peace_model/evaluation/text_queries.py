"""How well a network is asked in words: statements of PTB-XL that are no label of it, found by their names.

Four ways of asking are compared on the same recordings. text: the statement's own name. shuffled: the name of another
statement. nearest: the network's own label whose name is closest to the statement's. supervised: an auxiliary output
that was taught that statement; a network that has it saw the statement in training, though never as a text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from peace_model.datasets.store import Store
from peace_model.evaluation.bootstrap import Areas, Draws
from peace_model.evaluation.metrics import MIN_POSITIVES
from peace_model.evaluation.paired import paired_difference
from peace_model.evaluation.scored import Scored, scored
from peace_model.evaluation.scoring import BATCH, Tell
from peace_model.inference.calibration import joined
from peace_model.labels import load_profile
from peace_model.labels.code_map import load_code_map
from peace_model.networks.peace import Peace
from peace_model.networks.text_query import ask_beside_labels, similarity

SHUFFLES = 10
CHANCE = 0.5
NOT_OFFERED = (
    "The application does not offer a search in words: it would have to be clearly better than chance, than another "
    "statement's text and than sorting by the label with the closest name.")


@dataclass(frozen=True, eq=False)
class Asked:
    """What a network said of recordings: by each statement's text, by its own labels, by its auxiliary outputs.

    statements: K of them, each with enough positives. text (n, K), labels (n, C), supervised (n, K) or None, logits.
    nearest: for each statement the column of the label with the closest name. truth: of the statements, its logits
    those of the texts.
    """

    statements: tuple[str, ...]
    labels: NDArray[np.float32]
    supervised: NDArray[np.float32] | None
    nearest: NDArray[np.int64]
    truth: Scored


def unlabelled_statements(store: Store, rows: NDArray[np.int64], labels: Sequence[str], profile: str
                          ) -> tuple[str, ...]:
    """Statements of the store with enough positives in these rows, of which no label of the profile is made.

    store: opened with a profile whose labels are statements. labels: those of the network.
    """
    taught = load_code_map(store.dataset, load_profile(profile))
    used = {code for code in store.labels if taught.labels_of([code]) & set(labels)}
    first = rows[np.unique(store.recordings[rows], return_index=True)[1]]
    present = (np.asarray(store.targets[first]) > 0) & (np.asarray(store.known[first]) > 0)
    return tuple(code for code, count in zip(store.labels, present.sum(axis=0), strict=True)
                 if count >= MIN_POSITIVES and code not in used)


@torch.inference_mode()
def ask_statements(
    model: Peace, store: Store, rows: NDArray[np.int64], statements: Sequence[str], embeddings: torch.Tensor, *,
    auxiliary: Sequence[str], tell: Tell = lambda _done, _total: None,
) -> Asked:
    """Ask every statement's text (K, E) of every row. auxiliary: the statements of the network's auxiliary outputs."""
    model.eval()
    said: dict[str, list[torch.Tensor]] = {"labels": [], "text": [], "auxiliary": []}
    for start in range(0, len(rows), BATCH):
        part = rows[start: start + BATCH]
        encoded = model.encode(
            torch.from_numpy(store.windows(part)), torch.from_numpy(np.array(store.lead_mask[part])),
            torch.from_numpy(np.array(store.valid_samples[part])))
        ages = torch.from_numpy(np.array(store.age_days[part], np.float32))
        for name, answer in zip(("labels", "text"), ask_beside_labels(model, embeddings, encoded, ages), strict=True):
            said[name].append(answer)
        if model.statements is not None:
            said["auxiliary"].append(model.read_statements(encoded))
        tell(min(start + BATCH, len(rows)), len(rows))
    logits = {name: torch.cat(parts).numpy() for name, parts in said.items() if parts}
    columns = [store.labels.index(code) for code in statements]
    wide = np.zeros((len(rows), len(store.labels)), np.float32)
    wide[:, columns] = logits["text"]
    return Asked(
        tuple(statements), _a_recording(store, rows, logits["labels"]),
        None if model.statements is None else _a_recording(
            store, rows, logits["auxiliary"][:, [list(auxiliary).index(code) for code in statements]]),
        similarity(model, embeddings).argmax(axis=1), scored(store, rows, wide).only(statements))


def query_figures(asked: Asked, labels: Sequence[str], *, seed: int, replicates: int) -> dict[str, Any]:
    """Macro AUROC of each way of asking with its interval, how far the texts are above it, all on the same draws of
    patients, and the same of each statement."""
    mine = asked.truth
    rng = np.random.default_rng(seed)
    others = [_derangement(rng, len(asked.statements)) for _ in range(SHUFFLES)]
    ways: dict[str, list[NDArray[np.float32]]] = {
        "shuffled": [mine.logits[:, order] for order in others],
        "nearest": [asked.labels[:, asked.nearest]],
        **({} if asked.supervised is None else {"supervised": [asked.supervised]})}
    found = {}
    for way, logits in ways.items():
        theirs = [_with(mine, each) for each in logits]
        found[way] = paired_difference([mine] * len(theirs), theirs, seed=seed, replicates=replicates)
    first = next(iter(found.values()))
    areas = Areas(mine, Draws(mine.patients, seed=seed, replicates=replicates))
    entries = {way: pair.entry() for way, pair in found.items()}
    for entry in entries.values():
        entry.pop("pairs", None)
    return {
        "statements": {code: {
            "positives": int(mine.positives[column]), "label": labels[asked.nearest[column]],
            "text": round(first.labels[code][0] + first.labels[code][1].value, 5),
            **{way: entries[way]["labels"][code]["auroc"] for way in entries}}
            for column, code in enumerate(asked.statements)},
        "macro_auroc": areas.macro("auroc", areas.enough).entry(), "ways": entries, "recordings": len(mine),
        "shuffles": SHUFFLES, "seed": seed, "replicates": replicates}


def clearly_useful(figures: Mapping[str, Any]) -> bool:
    """Whether asking in words is worth offering: better than chance, than another statement's text and than the nearest
    label, each by more than the draws of patients explain."""
    return _above_chance(figures) > 0 and all(_apart(figures, way) > 0 for way in ("shuffled", "nearest"))


def verdict(figures: Mapping[str, Any]) -> str:
    """What the figures say of asking in words, and what follows for the application."""
    words = {1: "better than", 0: "not clearly different from", -1: "worse than"}
    low = sum(row["text"] < CHANCE for row in figures["statements"].values())
    own = figures["macro_auroc"]
    said = (f"A statement's own text finds it {words[_above_chance(figures)]} chance (macro AUROC {own['value']:.3f}, "
            f"95 % over patients {own['low']:.3f} to {own['high']:.3f}), {words[_apart(figures, 'shuffled')]} another "
            f"statement's text, and {words[_apart(figures, 'nearest')]} sorting by the label with the closest name; "
            f"{low} of {len(figures['statements'])} statements come out under chance.")
    return said + ("" if clearly_useful(figures) else " " + NOT_OFFERED)


def _above_chance(figures: Mapping[str, Any]) -> int:
    """1 where the whole interval of the text lies above chance, -1 where it lies below."""
    own = figures["macro_auroc"]
    return int(own["low"] > CHANCE) - int(own["high"] < CHANCE)


def _apart(figures: Mapping[str, Any], way: str) -> int:
    """1 where the whole interval of text minus this way lies above 0, -1 where it lies below."""
    found = figures["ways"][way]["difference"]
    return int(found["low"] > 0) - int(found["high"] < 0)


def _with(judged: Scored, logits: NDArray[np.float32]) -> Scored:
    return Scored(judged.labels, logits, judged.targets, judged.known, judged.patients, judged.rows)


def _a_recording(store: Store, rows: NDArray[np.int64], logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """From windows to recordings, in the order in which `scored` has them."""
    return joined(logits, np.unique(store.recordings[rows], return_inverse=True)[1])


def _derangement(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """A random order in which nothing stays at its place; count is at least 2."""
    while True:
        order = rng.permutation(count)
        if not (order == np.arange(count)).any():
            return order

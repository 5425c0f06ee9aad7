"""Proxy T in the table: every arm at every share of the labels, its distance from the signal alone, and arms in pairs.

A share's figures are of the labels that every run of it was taught: of another label nothing was learnt to be judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from peace_model.evaluation.ablation.claims import judged
from peace_model.evaluation.ablation.compare import Difference, View, difference, scored_labels, summary
from peace_model.evaluation.ablation.grid import (
    PAIR,
    TRANSFER,
    TRANSFER_ARMS,
    TRANSFER_PAIRS,
    TRANSFER_REFERENCE,
    Cell,
)
from peace_model.evaluation.ablation.joint_runs import joint_statements
from peace_model.evaluation.ablation.progress import progress
from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.scored import Scored

CANNOT_TRANSFER = (
    "Proxy T cannot be set against the paper's .795 and .768: it has no laboratory values, its context is measured "
    "from the very ECG beside age, sex and a few heights and weights, its network is smaller and its labels are "
    "statements on the ECG, not discharge diagnoses.")


def transfer_rows(
    cells: Sequence[Cell], results: Mapping[Cell, CellResult | None], joint: Sequence[Mapping[str, Any]], *, seed: int,
    replicates: int,
) -> tuple[list[tuple[dict[str, Any], Difference | None]], list[str]]:
    """A row for each share and arm with the arm minus the reference, one for each pair, and sentences made from these
    numbers and the joint embeddings' monitors (`joint_runs`)."""
    rows, pairs, statements = [], [], []
    for share in dict.fromkeys(cell.share for cell in cells):
        found = {arm: [result for cell in cells if (cell.arm, cell.share) == (arm, share)
                       and (result := results[cell]) is not None]
                 for arm in dict.fromkeys(cell.arm for cell in cells)}
        everyone = [result for ran in found.values() for result in ran]
        view = _of_taught(everyone)
        head = f"Proxy {TRANSFER}, {100 * share:g} % of the labels"
        for arm, ran in found.items():
            asked = sum((cell.arm, cell.share) == (arm, share) for cell in cells)
            row: dict[str, Any] = {"proxy": TRANSFER, "arm": arm, "about": TRANSFER_ARMS[arm], "share": share,
                                   **progress(len(ran), asked)}
            if ran:
                first = ran[0]
                spread = summary(ran, view)
                row |= {**asdict(spread), "not_taught": [
                    label for label in scored_labels(first.scored) if label not in spread.labels],
                    "labelled_recordings": sorted({one.facts["labelled_recordings"] for one in ran}),
                    **{name: first.facts[name] for name in ("subset_recordings", "all_recordings")}}
            apart = None
            if arm != TRANSFER_REFERENCE:
                apart = difference(ran, found.get(TRANSFER_REFERENCE, []), view, seed=seed, replicates=replicates)
                statements.append(judged(f"{head}: {arm} is better than {TRANSFER_REFERENCE}", apart))
            rows.append((row, apart))
        for arm, against in TRANSFER_PAIRS:
            if arm in found and against in found:
                apart = difference(found[arm], found[against], view, seed=seed, replicates=replicates)
                statements.append(judged(f"{head}: {arm} is better than {against}", apart))
                asked = sum((cell.arm, cell.share) == (arm, share) for cell in cells)
                pairs.append(({"proxy": TRANSFER, "kind": PAIR, "arm": arm, "against": against, "share": share,
                               **progress(0 if apart is None else apart.pairs, asked)}, apart))
    return [*rows, *pairs], [*joint_statements(joint), *statements, CANNOT_TRANSFER]


def _of_taught(results: Sequence[CellResult]) -> View:
    """The view of the labels that every one of these runs was taught: for each a known positive to learn from."""
    taught = [set(result.facts["labels_taught"]) for result in results]

    def view(scored: Scored) -> Scored:
        return scored.only([label for label in scored.labels if all(label in labels for labels in taught)])

    return view

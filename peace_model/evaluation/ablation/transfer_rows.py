"""Proxy T in the table: every arm at every share of the labels, and its distance from the signal alone."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from peace_model.evaluation.ablation.claims import judged
from peace_model.evaluation.ablation.compare import Difference, difference, everything, summary
from peace_model.evaluation.ablation.grid import TRANSFER, TRANSFER_ARMS, TRANSFER_REFERENCE, Cell
from peace_model.evaluation.ablation.result import CellResult

CANNOT_TRANSFER = (
    "Proxy T cannot be set against the paper's .795 and .768: it has no laboratory values, its context is measured "
    "from the very ECG beside age, sex and a few heights and weights, its network is smaller and its labels are "
    "statements on the ECG, not discharge diagnoses.")


def transfer_rows(
    cells: Sequence[Cell], results: dict[Cell, CellResult | None], *, seed: int, replicates: int
) -> tuple[list[tuple[dict[str, Any], Difference | None]], list[str]]:
    """A row for each share and arm with the arm minus the reference, and sentences made from these numbers."""
    rows, statements = [], []
    for share in dict.fromkeys(cell.share for cell in cells):
        found = {arm: [result for cell in cells if (cell.arm, cell.share) == (arm, share)
                       and (result := results[cell]) is not None]
                 for arm in dict.fromkeys(cell.arm for cell in cells)}
        for arm, ran in found.items():
            asked = sum((cell.arm, cell.share) == (arm, share) for cell in cells)
            row: dict[str, Any] = {
                "proxy": TRANSFER, "arm": arm, "about": TRANSFER_ARMS[arm], "share": share,
                "cells": f"{len(ran)} of {asked}",
                "state": "not run" if not ran else "run" if len(ran) == asked else "partly run"}
            if ran:
                row |= {**asdict(summary(ran, everything)), "labelled_recordings": ran[0].facts["labelled_recordings"]}
            apart = None
            if arm != TRANSFER_REFERENCE:
                apart = difference(ran, found.get(TRANSFER_REFERENCE, []), everything, seed=seed, replicates=replicates)
                statements.append(judged(
                    f"Proxy {TRANSFER}, {100 * share:g} % of the labels: {arm} is better than {TRANSFER_REFERENCE}",
                    apart))
            rows.append((row, apart))
    return rows, [*statements, CANNOT_TRANSFER]

"""Proxy J in the table: what every arm costs, how well it does on groups of labels, at each age, on nine leads."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.ablation.claims import judged
from peace_model.evaluation.ablation.compare import Difference, difference, everything, summary
from peace_model.evaluation.ablation.grid import (
    JOURNAL,
    JOURNAL_AGAINST,
    JOURNAL_ARMS,
    JOURNAL_REFERENCE,
    PAIR,
    Cell,
)
from peace_model.evaluation.ablation.progress import progress
from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.bootstrap import Areas, Draws, Interval
from peace_model.evaluation.figures import of_group
from peace_model.evaluation.paired import paired_difference
from peace_model.evaluation.proxies.journal import bands_of, reduced_of
from peace_model.evaluation.scored import Scored
from peace_model.evaluation.subgroups import with_enough_of_both
from peace_model.labels import groups_of
from peace_model.labels.groups import NINE, WHOLE_PROFILE

GROUPS = (NINE, "twelve", WHOLE_PROFILE)
CANNOT_JOURNAL = (
    "Proxy J cannot be set against the journal's .855 and .869: those are diseases of children in ZZU-pECG; these are "
    "statements on adults' ECGs at 100 Hz, learnt from a subset at a small budget. It tells how the networks compare "
    "here, and nothing of children, whose ages no recording of it has.",
    "One setting of rate, batch and augmentation is shared by all arms and was tuned for none of them. The age-aware "
    "networks and the hybrids also have heads of their own (hidden layers with dropout) where the others have a linear "
    "one: age_unknown and hybrid_unmeasured have them too, but beside other arms a head is part of what is compared.",
    "No label is weighed by how rare it is in this grid, though the recipes here and the journal weigh them.",
    "What the hybrid loses on nine leads is understated: it still reads measurements taken from all twelve, without "
    "those of V2, V4 and V6 themselves.")
LEAST = ("training_cpu_s", "inference_ms")
"""Costs of which the least over the seeds stands: what other work on the same computer disturbed least."""


def journal_rows(
    cells: Sequence[Cell], results: Mapping[Cell, CellResult | None], profile: str, *, seed: int, replicates: int
) -> tuple[list[tuple[dict[str, Any], Difference | None]], list[str]]:
    """A row for each arm with the arm minus what it is compared with, one more for each arm of JOURNAL_AGAINST minus
    the reference, and sentences made from these numbers."""
    found = {arm: [result for cell in cells if cell.arm == arm and (result := results[cell]) is not None]
             for arm in dict.fromkeys(cell.arm for cell in cells)}
    rows, pairs, statements = [], [], []
    for arm, ran in found.items():
        asked = sum(cell.arm == arm for cell in cells)
        row: dict[str, Any] = {
            "proxy": JOURNAL, "arm": arm, "about": JOURNAL_ARMS[arm], **progress(len(ran), asked)}
        if ran:
            row |= _figures(ran, profile, seed=seed, replicates=replicates)
        apart, against = None, JOURNAL_AGAINST.get(arm, JOURNAL_REFERENCE)
        if arm != JOURNAL_REFERENCE:
            row["against"] = against
            apart = difference(ran, found.get(against, []), everything, seed=seed, replicates=replicates)
            statements.append(judged(f"Proxy {JOURNAL}: {arm} is better than {against}", apart))
        rows.append((row, apart))
        if against != JOURNAL_REFERENCE:
            apart = difference(ran, found.get(JOURNAL_REFERENCE, []), everything, seed=seed, replicates=replicates)
            statements.append(judged(f"Proxy {JOURNAL}: {arm} is better than {JOURNAL_REFERENCE}", apart))
            pairs.append(({"proxy": JOURNAL, "kind": PAIR, "arm": arm, "against": JOURNAL_REFERENCE,
                           **progress(0 if apart is None else apart.pairs, asked)}, apart))
    return [*rows, *pairs], [*statements, *CANNOT_JOURNAL]


def _figures(ran: Sequence[CellResult], profile: str, *, seed: int, replicates: int) -> dict[str, Any]:
    """Mean over the seeds that were run, with intervals over patients of that mean."""
    judged = [result.scored for result in ran]
    groups = {name: labels for name, labels in groups_of(profile).items() if name in GROUPS}
    spread = summary(ran, everything)
    return {
        "seeds": spread.seeds, "mean": spread.mean, "sd": spread.sd, "recordings": spread.recordings,
        "training_recordings": ran[0].facts["training_recordings"],
        "parameters": ran[0].facts["parameters"],
        **{name: min(float(result.facts[name]) for result in ran) for name in LEAST},
        "groups": {name: _macro([of_group(one, name, labels) for one in judged], seed, replicates)
                   for name, labels in groups.items()},
        "bands": [{"text": text, **_macro([one.take(members) for one in judged], seed, replicates)}
                  for text, members in bands_of(ran[0]).items() if members.any()],
        "nine_leads": paired_difference([reduced_of(result) for result in ran], judged, seed=seed,
                                        replicates=replicates).difference.entry()}


def _macro(judged: Sequence[Scored], seed: int, replicates: int) -> dict[str, Any]:
    """Macro AUROC over the labels with enough of both classes; the interval is of the mean over the seeds."""
    first = judged[0]
    labels = with_enough_of_both(first)
    entry: dict[str, Any] = {"recordings": len(first), "labels": list(labels), "macro_auroc": None}
    if labels:
        draws = Draws(first.patients, seed=seed, replicates=replicates)
        areas = [Areas(one.only(labels), draws) for one in judged]
        samples: NDArray[np.float64] = np.mean([area.samples["auroc"].mean(axis=0) for area in areas], axis=0)
        entry["macro_auroc"] = Interval.of(
            float(np.mean([area.values["auroc"].mean() for area in areas])), samples).entry()
    return entry

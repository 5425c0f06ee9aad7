"""Proxy G: how networks respond to adult recordings edited by known amounts. Simulated; no word on children.

An edited recording is shorter or longer than it was, so it is compared with the unedited one cut to the same length:
the difference is the edit's own.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.simulated_cohort import Cohort, Shift, edited_cohort, find_editable, shift_towards
from peace_model.datasets.splits import ptbxl_split
from peace_model.evaluation.ablation.compare import scored_labels
from peace_model.evaluation.ablation.grid import Cell
from peace_model.evaluation.ablation.result import CellResult
from peace_model.evaluation.metrics import auroc
from peace_model.evaluation.proxies.bench import Bench
from peace_model.evaluation.scored import Scored, scored
from peace_model.evaluation.scoring import BATCH, Answer, judge, network_answer
from peace_model.labels import groups_of

EVERYTHING = "everything"
PARTS = {
    "rate and intervals": ("rr", "pr", "qt"), "QRS duration": ("qrs",), "axis": ("rotation_deg",),
    "right precordial forces": ("right_precordial",), "T in V1-V3": ("t_inversion",), "voltage": ("voltage",),
    EVERYTHING: ("rr", "pr", "qrs", "qt", "rotation_deg", "right_precordial", "t_inversion", "voltage"),
}
"""Edits that are made alone, and all together. The rate never changes without PR and QT, which would not fit in."""
FIGURES = ("macro_unedited", "macro_edited", "macro_edited_at_age", "norm_logit_change", "logit_change",
           "logit_change_by_age")


def run(cell: Cell, bench: Bench) -> CellResult:
    store, settings = bench.store, bench.grid.simulated
    split = ptbxl_split(store)
    model = bench.workshop.trained(cell.arm, store, split, bench.model_folder(cell), seed=cell.seed)
    answer = network_answer(model)
    rng = np.random.default_rng(int(settings["seed"]))
    rows = np.sort(rng.choice(split.choose, min(int(settings["recordings"]), len(split.choose)), replace=False))
    beats, reasons = find_editable(store, rows)
    nine = groups_of(bench.grid.profile)["nine"]
    edits = []
    for band in settings["bands"]:
        age_days, whole = shift_towards(band)
        for name, amounts in PARTS.items():
            shift = whole.part(*amounts)
            if not shift.changed:
                continue
            cohort = edited_cohort(store, beats, shift)
            edits.append({"band": band, "edit": name, "amount": amount(shift), "recordings": len(cohort.rows),
                          "left_out": len(rows) - len(cohort.rows)}
                         | response(answer, store_scored(bench, cohort), cohort, nine, age_days))
    facts: dict[str, Any] = {"edits": edits, "not_editable": reasons, "statement": statement(edits)}
    return CellResult(cell, judge(model, store, np.array(sorted(beats), np.int64)), facts)


def store_scored(bench: Bench, cohort: Cohort) -> Scored:
    """The truth of the edited recordings: labels that the edit touches are unknown."""
    empty = np.zeros((len(cohort.rows), len(bench.store.labels)), np.float32)
    return replace(scored(bench.store, cohort.rows, empty), known=cohort.known)


def response(
    answer: Answer, truth: Scored, cohort: Cohort, labels: tuple[str, ...], age_days: int
) -> dict[str, Any]:
    """Macro AUROC over the untouched labels before and after, and how far logits move by the edit and by the age."""
    if len(cohort.rows) == 0:
        return {"macro_labels": [], **dict.fromkeys(FIGURES)}
    own, band = cohort.age_days, np.full(len(cohort.rows), age_days, np.float32)
    unedited = _logits(answer, cohort, cohort.unedited, own)
    edited, at_age = (_logits(answer, cohort, cohort.edited, age) for age in (own, band))
    columns = [truth.labels.index(label) for label in labels]
    norm = truth.labels.index("NORM")
    figures = (
        *(_macro(truth, logits, labels) for logits in (unedited, edited, at_age)),
        float((edited - unedited)[:, norm].mean()), float(np.abs(edited - unedited)[:, columns].mean()),
        float(np.abs(at_age - edited)[:, columns].mean()))
    return {"macro_labels": list(scored_labels(truth.only(labels))), **dict(zip(FIGURES, figures, strict=True))}


def _macro(truth: Scored, logits: NDArray[np.float32], labels: tuple[str, ...]) -> float | None:
    judged = replace(truth, logits=logits).only(labels)
    areas = [auroc(judged.logits[judged.known[:, c], c], judged.targets[judged.known[:, c], c])
             for c in map(judged.labels.index, scored_labels(judged))]
    return float(np.mean(areas)) if areas else None


def _logits(
    answer: Answer, cohort: Cohort, signal: NDArray[np.float32], age_days: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.concatenate([
        answer(signal=signal[k: k + BATCH], lead_mask=np.ones((len(signal[k: k + BATCH]), 12), np.float32),
               valid_samples=cohort.valid_samples[k: k + BATCH], age_days=age_days[k: k + BATCH])
        for k in range(0, len(signal), BATCH)])


def amount(shift: Shift) -> str:
    """The amounts in words, such as "rr x 0.62, rotation_deg +40"."""
    words = []
    for name in shift.changed:
        value = getattr(shift, name)
        words.append(f"{name} \N{MULTIPLICATION SIGN} {value:.2f}" if name in ("rr", "pr", "qrs", "qt", "voltage")
                     else f"{name} {value:+.2f}")
    return ", ".join(words)


def statement(edits: list[dict[str, Any]]) -> str:
    """What the network did, in one sentence."""
    ran = [edit for edit in edits if edit["recordings"]]
    if not ran:
        return "no recording could be edited by these amounts."
    most = max(ran, key=lambda edit: abs(edit["norm_logit_change"]))
    by_age = max(edit["logit_change_by_age"] for edit in ran)
    used = (f"giving the age of the imitated band instead of the adult's moves logits by up to {by_age:.2f} on average"
            if by_age > 0 else "its logits do not depend on the age given, as they must not")
    return (f"the logit of NORM moves most, by {most['norm_logit_change']:+.2f} on average, with the edit "
            f"\"{most['edit']}\" of {most['band']} ({most['amount']}); {used}.")

"""From the results on disk to one table: every arm, its mean and spread, and its distance from PEACE."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from peace_model.evaluation.ablation.claims import (
    CANNOT,
    CANNOT_SHIPPED,
    CLAIMS,
    all_labelled,
    harmed,
    none_kept,
    sentence,
)
from peace_model.evaluation.ablation.compare import Difference, View, difference, everything, over_seeds, summary
from peace_model.evaluation.ablation.grid import (
    AGE_SHIFT,
    ALL_SHOTS,
    ARMS,
    HELD_OUT,
    JOURNAL,
    JOURNAL_REFERENCE,
    PLAIN,
    REFERENCE,
    SHARED_LABELS,
    SIMULATED,
    TRANSFER,
    TRANSFER_REFERENCE,
    UNLABELLED_TARGET,
    Cell,
    Grid,
    shots_text,
)
from peace_model.evaluation.ablation.joint_runs import joint_runs
from peace_model.evaluation.ablation.journal_rows import journal_rows
from peace_model.evaluation.ablation.result import CellResult, read_result
from peace_model.evaluation.ablation.transfer_rows import transfer_rows
from peace_model.evaluation.proxies.held_out_label import OWN_TEXT, SUPERVISED, queries_of
from peace_model.evaluation.proxies.simulated_shift import EVERYTHING
from peace_model.evaluation.scored import Scored
from peace_model.labels import groups_of

NOT_RUN = "not run"


def build_table(
    folder: Path, grid: Grid, *, seed: int, replicates: int, bundle: Path | None = None
) -> dict[str, Any]:
    """Everything in the table, as values for JSON. bundle: folder of the shipped one, for proxies E and F."""
    results = {cell: read_result(folder, grid, cell) for cell in grid.cells}
    joint = joint_runs(folder, results)
    nine = groups_of(grid.profile)["nine"]

    def shared(scored: Scored) -> Scored:
        return scored.with_any_of(nine).only(nine)

    rows: list[dict[str, Any]] = []
    responses: list[dict[str, Any]] = []
    statements: list[str] = []
    proxies = tuple(dict.fromkeys(cell.proxy for cell in grid.cells))
    for proxy in proxies:
        cells = [cell for cell in grid.cells if cell.proxy == proxy]
        if proxy in (SHARED_LABELS, AGE_SHIFT):
            _all_arms(cells, results, shared, rows, statements, seed=seed, replicates=replicates)
        elif proxy in (TRANSFER, JOURNAL):
            found, said = (
                transfer_rows(cells, results, joint, seed=seed, replicates=replicates) if proxy == TRANSFER else
                journal_rows(cells, results, grid.profile, seed=seed, replicates=replicates))
            rows += [row if apart is None else row | {"difference": _entry(
                apart, f"this minus {row.get('against', TRANSFER_REFERENCE)}")} for row, apart in found]
            statements += said
            continue
        elif proxy == HELD_OUT:
            _queries(cells, results, rows, statements, seed=seed, replicates=replicates)
        else:
            responses += _responses(cells, results, rows, statements)
        statements.append(CANNOT[proxy])
    if bundle is not None:
        statements += CANNOT_SHIPPED
    return {
        "grid": grid.name, "about": grid.about, "profile": grid.profile,
        "fingerprints": {proxy: grid.fingerprint(proxy) for proxy in proxies},
        "settings": _settings(grid), **_measure(grid, nine),
        "bootstrap": {"seed": seed, "replicates": replicates, "unit": "patient"},
        "rows": rows, "responses": responses, "statements": statements,
        **({"joint_runs": joint} if grid.transfer else {}),
        "comparisons": sum("difference" in row for row in rows),
        "not_run": [cell.name for cell, result in results.items() if result is None],
        "shipped": None if bundle is None else _shipped(bundle),
    }


def _settings(grid: Grid) -> dict[str, Any]:
    own = {name: settings for name, settings in (("transfer", grid.transfer), ("journal", grid.journal)) if settings}
    return own or {
        "network": grid.network, "training": grid.training, "adaptation": grid.adaptation, "simulated": grid.simulated}


def _measure(grid: Grid, nine: Sequence[str]) -> dict[str, str]:
    """What figures and differences are, in words."""
    if grid.transfer or grid.journal:
        against = TRANSFER_REFERENCE if grid.transfer else JOURNAL_REFERENCE
        taught = (" that every run of the share was taught, with a positive to learn from at least"
                  if grid.transfer else "")
        return {"figure": f"macro AUROC over the labels of {grid.profile} with at least 10 positives in fold 9{taught}"
                          ", on all its adults",
                "differences": f"the arm minus {against}, where no other is named"}
    return {"figure": f"macro AUROC over {', '.join(nine)} with at least 10 positives in the test set, on recordings "
                      "with at least one of them", "differences": "PEACE minus the arm"}


def _all_arms(
    cells: Sequence[Cell], results: dict[Cell, CellResult | None], view: View, rows: list[dict[str, Any]],
    statements: list[str], *, seed: int, replicates: int,
) -> None:
    """Proxy A in one part; proxy B shots by shots, then what only all of them together tell."""
    shifted, first = cells[0].proxy == AGE_SHIFT, len(rows)
    harm: dict[str, dict[str, Difference]] = {}
    for shots in dict.fromkeys(cell.shots for cell in cells):
        _arms([cell for cell in cells if cell.shots == shots], results, view, shots if shifted else None, rows,
              statements, harm, seed=seed, replicates=replicates)
    statements += [harmed(arm, found) for arm, found in harm.items()]
    means = {(row["arm"], row.get("shots")): row["mean"] for row in rows[first:] if "mean" in row}
    every = shots_text(ALL_SHOTS)
    statements += [all_labelled(arm, means[arm, every], means[arm, "0"]) for arm in (REFERENCE, PLAIN)
                   if {(arm, every), (arm, "0")} <= set(means)]


def _arms(
    cells: Sequence[Cell], results: dict[Cell, CellResult | None], view: View, shots: int | None,
    rows: list[dict[str, Any]], statements: list[str], harm: dict[str, dict[str, Difference]], *, seed: int,
    replicates: int,
) -> None:
    """Rows and sentences of a part of the grid. harm: arm -> shots -> an adaptation clearly below the plain network."""
    found = {arm: [result for cell in cells if cell.arm == arm and (result := results[cell]) is not None]
             for arm in dict.fromkeys(cell.arm for cell in cells)}
    proxy = cells[0].proxy
    for arm, ran in found.items():
        asked = sum(cell.arm == arm for cell in cells)
        row: dict[str, Any] = {"proxy": proxy, "arm": arm, "about": ARMS[arm], "cells": f"{len(ran)} of {asked}",
                               "state": NOT_RUN if not ran else "run" if len(ran) == asked else "partly run"}
        if shots is not None:
            row["shots"] = shots_text(shots)
        if ran:
            row |= asdict(summary(ran, view))
            if shots is not None:
                row |= {name: ran[0].facts[name] for name in ("support_recordings", "support_positives")}
                if shots:
                    row["adapted"] = sum(_adapted(result, results) for result in ran)
        apart = None
        if arm != REFERENCE:
            apart = difference(found.get(REFERENCE, []), ran, view, seed=seed, replicates=replicates)
            if apart is not None:
                row["difference"] = _entry(apart)
            if shots and not row.get("adapted") and not any(
                    _adapted(result, results) for result in found.get(REFERENCE, [])):
                statements.append(none_kept(arm, len(ran), shots=shots))
            else:
                statements += [sentence(claim, apart, shots=shots)
                               for claim in CLAIMS if (claim.proxy, claim.other) == (proxy, arm)]
        rows.append(row)
    if shots is not None:
        for arm in UNLABELLED_TARGET:
            apart = difference(found.get(arm, []), found.get(PLAIN, []), view, seed=seed, replicates=replicates)
            if apart is not None and apart.patients.high < 0:
                harm.setdefault(arm, {})[shots_text(shots)] = apart


def _adapted(result: CellResult, results: Mapping[Cell, CellResult | None]) -> bool:
    """Whether the target's choosing part preferred an adapted network to that of N = 0."""
    source = results.get(Cell(result.cell.proxy, result.cell.arm, result.cell.seed))
    return source is None or not np.array_equal(source.scored.logits, result.scored.logits)


def _queries(
    cells: Sequence[Cell], results: dict[Cell, CellResult | None], rows: list[dict[str, Any]],
    statements: list[str], *, seed: int, replicates: int,
) -> None:
    """Proxy C: one row a label and kind of query, then the mean over the labels, with the labels as the sample.

    supervised: the same label of the network of proxy A, to which it was taught; it is told where that cell was run.
    """
    gains: dict[tuple[str, str], list[float]] = {}
    for cell in cells:
        result = results[cell]
        if result is None:
            rows.append({"proxy": HELD_OUT, "arm": cell.arm, "label": cell.label, "state": NOT_RUN, "cells": "0 of 1"})
            continue
        ways = queries_of(result)
        asked_by = {kind: [_column(result, column, draw) for draw, column in enumerate(columns)]
                    for kind, columns in ways.items()}
        taught = results.get(Cell(SHARED_LABELS, cell.arm, cell.seed))
        if taught is not None:
            asked_by[SUPERVISED] = [_column(taught, cell.label)]
        for kind, asked in asked_by.items():
            each = summary(asked, everything)
            row = {"proxy": HELD_OUT, "arm": cell.arm, "label": cell.label, "state": "run", "cells": "1 of 1",
                   "query": kind, "queries": len(asked), "mean": each.mean, "sd": each.draws_sd,
                   "recordings": each.recordings, "positives": int(result.scored.positives[0])}
            if kind != OWN_TEXT:
                own = [_column(result, ways[OWN_TEXT][0], draw) for draw in range(len(asked))]
                apart = difference(own, asked, everything, seed=seed, replicates=replicates)
                assert apart is not None
                row["difference"] = _entry(apart)
                gains.setdefault((cell.arm, kind), []).append(apart.patients.value)
            rows.append(row)
    for claim in (claim for claim in CLAIMS if claim.proxy == HELD_OUT):
        values = gains.get((REFERENCE, claim.other), [])
        if not values:
            statements.append(sentence(claim, None))
            continue
        spread = over_seeds(values)
        better = sum(value > 0 for value in values)
        mean = sum(values) / len(values)
        interval = ("" if spread.low is None else
                    f", 95 % over labels {spread.low:+.3f} to {spread.high:+.3f} (t, p = {spread.p:.3f})")
        shown = ("supported" if spread.low is not None and spread.low > 0 else
                 "contradicted" if spread.high is not None and spread.high < 0 else "not shown")
        statements.append(f"Proxy {HELD_OUT}: {claim.text}: {shown} here. Better for {better} of {len(values)} labels, "
                          f"mean difference {mean:+.3f} AUROC{interval}; one training seed a label.")


def _column(result: CellResult, column: str, draw: int = 0) -> CellResult:
    """One way of asking, as a result of its own under the held-out label's name."""
    chosen = result.scored.only([column])
    label = result.cell.label or column
    cell = Cell(result.cell.proxy, result.cell.arm, result.cell.seed, draw=draw, label=label)
    renamed = Scored((label,), chosen.logits, chosen.targets, chosen.known, chosen.patients, chosen.rows)
    return CellResult(cell, renamed, {})


def _responses(
    cells: Sequence[Cell], results: dict[Cell, CellResult | None], rows: list[dict[str, Any]], statements: list[str]
) -> list[dict[str, Any]]:
    """Proxy G: one row an arm and seed, and every edit's response beside them."""
    responses: list[dict[str, Any]] = []
    for cell in cells:
        result = results[cell]
        rows.append({"proxy": SIMULATED, "arm": cell.arm, "seed": cell.seed,
                     "state": NOT_RUN if result is None else "run", "cells": f"{int(result is not None)} of 1"})
        if result is not None:
            responses += [{"arm": cell.arm, "seed": cell.seed, **edit} for edit in result.facts["edits"]]
            statements.append(f"Proxy {SIMULATED} (simulated), {cell.arm}, seed {cell.seed}: "
                              f"{result.facts['statement']}")
    statements += [_edited_macro(response) for response in responses
                   if response["edit"] == EVERYTHING and response["macro_edited"] is not None]
    return responses


def _edited_macro(response: dict[str, Any]) -> str:
    labels = response["macro_labels"]
    area = f"AUROC of {labels[0]}" if len(labels) == 1 else f"macro AUROC over {', '.join(labels)}"
    return (f"Proxy {SIMULATED} (simulated), {response['arm']}, seed {response['seed']}: with everything edited as at "
            f"{response['band']} ({response['recordings']} recordings, {response['left_out']} could not be), {area}, "
            f"as stated before the edit, goes from {response['macro_unedited']:.3f} to {response['macro_edited']:.3f}, "
            f"and to {response['macro_edited_at_age']:.3f} when told that age. By an adult's criteria such an ECG is "
            "not normal, so a fall is no error by itself.")


def _entry(found: Difference, of: str = f"{REFERENCE} minus this") -> dict[str, Any]:
    return {"of": of, **found.patients.entry(), "seeds_low": _rounded(found.seeds.low),
            "seeds_high": _rounded(found.seeds.high), "seeds_p": _rounded(found.seeds.p),
            "per_seed": [_rounded(value) for value in found.seeds.values], "pairs": found.pairs}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)


def _shipped(folder: Path) -> dict[str, Any]:
    """What the bundle says of itself on LUDB (E) and on recordings under 18 (F); None where it does not."""
    content = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    metrics = content["metrics"]
    return {"name": content["name"], "version": content["version"],
            "E": metrics.get("proxy_e_ludb"), "F": metrics.get("proxy_f_under_18")}

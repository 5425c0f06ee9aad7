"""Grids, results on disk, and what two arms' scores say of each other: known answers on made-up scores."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluation_store import evaluation_store

from peace_model.datasets.digests import store_sha256
from peace_model.evaluation.ablation.claims import CLAIMS, sentence, verdict
from peace_model.evaluation.ablation.compare import (
    Difference,
    OverSeeds,
    difference,
    macro_auroc,
    over_seeds,
    summary,
)
from peace_model.evaluation.ablation.grid import ALL_SHOTS, ARMS, Cell, Grid, GridError, load_grid
from peace_model.evaluation.ablation.result import CellResult, ResultError, read_result, write_result
from peace_model.evaluation.ablation.table import build_table
from peace_model.evaluation.bootstrap import Interval
from peace_model.evaluation.paired import NothingToCompare
from peace_model.evaluation.scored import Scored
from peace_model.labels import groups_of
from peace_model.resources import resource

NINE_LABELS = groups_of("peace12_full")["nine"]
GRID = Grid("made up", "for tests", "peace12_full", {}, {}, {}, {}, (Cell("A", "peace", 1),))


def whole(scored: Scored) -> Scored:
    return scored


def made_up(arm: str, seed: int, *, shift: float, draw: int = 0, count: int = 200) -> CellResult:
    """Two labels on the same patients for every arm and seed; positives score `shift` higher."""
    truth = np.random.default_rng(0)
    targets = (truth.random((count, 2)) < 0.3).astype(np.uint8)
    noise = np.random.default_rng([seed, draw]).normal(size=(count, 2))
    return CellResult(Cell("A", arm, seed, draw=draw), Scored(
        ("NORM", "LVH"), (noise + shift * targets).astype(np.float32), targets, np.ones((count, 2), bool),
        (np.arange(count) // 2).astype(str), np.arange(count)), {"recordings": count})


def test_a_result_comes_back_as_it_was_written_and_names_no_patient(tmp_path: Path) -> None:
    result = made_up("peace", 1, shift=1.0)
    named = replace(result, scored=replace(
        result.scored, patients=np.array([f"patient-{key}" for key in result.scored.patients])))
    write_result(tmp_path, GRID, named, data_sha256="")
    back = read_result(tmp_path, GRID, result.cell)
    assert back is not None
    assert (back.cell, back.facts, back.scored.labels) == (result.cell, result.facts, result.scored.labels)
    for name in ("logits", "targets", "known", "rows"):
        np.testing.assert_array_equal(getattr(back.scored, name), getattr(result.scored, name))
    same = back.scored.patients[:, None] == back.scored.patients[None]
    np.testing.assert_array_equal(same, result.scored.patients[:, None] == result.scored.patients[None])
    assert "patient-" not in (tmp_path / "cells" / "A-peace-seed1.json").read_text(encoding="utf-8")


def test_a_cell_not_run_is_none_and_a_result_of_other_settings_is_refused(tmp_path: Path) -> None:
    assert read_result(tmp_path, GRID, Cell("A", "peace", 1)) is None
    write_result(tmp_path, GRID, made_up("peace", 1, shift=1.0), data_sha256="")
    with pytest.raises(ResultError, match="other settings"):
        read_result(tmp_path, replace(GRID, training={"epochs": 9}), Cell("A", "peace", 1))
    (tmp_path / "cells" / "A-peace-seed1.json").write_text("{", encoding="utf-8")
    with pytest.raises(ResultError, match="damaged"):
        read_result(tmp_path, GRID, Cell("A", "peace", 1))


def test_a_cell_that_is_gone_on_from_must_be_of_the_same_data_and_is_read_without_them(tmp_path: Path) -> None:
    store = evaluation_store(30, children=0)
    other = replace(store, known=np.where(np.arange(30)[:, None] == 3, 0, store.known))
    digest, cell = store_sha256(store), Cell("A", "peace", 1)
    assert len({digest, store_sha256(other), store_sha256(store, "a context"), store_sha256(store, "another")}) == 4
    write_result(tmp_path, GRID, made_up("peace", 1, shift=1.0), data_sha256=digest)
    assert read_result(tmp_path, GRID, cell, data_sha256=digest) is not None
    assert read_result(tmp_path, GRID, cell) is not None
    path = tmp_path / "cells" / "A-peace-seed1.json"
    with pytest.raises(ResultError, match=r"A-peace-seed1\.json: run on other data than this store"):
        read_result(tmp_path, GRID, cell, data_sha256=store_sha256(other))
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["data_sha256"]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ResultError, match="before cells noted theirs"):
        read_result(tmp_path, GRID, cell, data_sha256=digest)


def test_a_better_arm_is_found_over_patients_and_over_seeds() -> None:
    ours = [made_up("peace", seed, shift=2.0) for seed in (1, 2, 3)]
    theirs = [made_up("ecg_only", seed, shift=0.5) for seed in (1, 2, 3)]
    found = difference(ours, theirs, whole, seed=5, replicates=200)
    assert found is not None
    expected = np.mean([macro_auroc(a.scored) - macro_auroc(b.scored) for a, b in zip(ours, theirs, strict=True)])
    assert found.patients.value == pytest.approx(expected)
    assert found.patients.low > 0.1
    assert found.seeds.low is not None
    assert found.seeds.low > 0
    assert verdict(found) == "supported"
    turned = difference(theirs, ours, whole, seed=5, replicates=200)
    assert turned is not None
    assert verdict(turned) == "contradicted"


def test_equal_arms_are_not_told_apart() -> None:
    ours = [made_up("peace", seed, shift=1.0) for seed in (1, 2, 3)]
    theirs = [made_up("shuffled", seed + 10, shift=1.0) for seed in (1, 2, 3)]
    theirs = [replace(result, cell=replace(result.cell, seed=result.cell.seed - 10)) for result in theirs]
    found = difference(ours, theirs, whole, seed=5, replicates=200)
    assert found is not None
    assert verdict(found) == "not shown"


def test_only_shared_seeds_and_draws_are_compared_and_draws_are_averaged_within_a_seed() -> None:
    ours = [made_up("peace", 1, shift=2.0, draw=draw) for draw in (0, 1)] + [made_up("peace", 2, shift=2.0)]
    theirs = [made_up("ecg_only", 1, shift=1.0, draw=draw) for draw in (0, 1)]
    found = difference(ours, theirs, whole, seed=5, replicates=20)
    assert found is not None
    assert (found.pairs, len(found.seeds.values), found.seeds.p) == (2, 1, None)
    assert difference(ours[2:], theirs, whole, seed=5, replicates=20) is None
    both = summary(ours, whole)
    first = [macro_auroc(result.scored) for result in ours[:2]]
    assert both.mean == pytest.approx(np.mean([np.mean(first), macro_auroc(ours[2].scored)]))
    assert both.draws_sd == pytest.approx(np.std(first, ddof=1))


def test_arms_judged_on_other_recordings_are_refused_and_so_are_labels_without_positives() -> None:
    ours, theirs = made_up("peace", 1, shift=1.0), made_up("ecg_only", 1, shift=1.0, count=190)
    with pytest.raises(ValueError, match="same recordings"):
        difference([ours], [theirs], whole, seed=1, replicates=10)
    with pytest.raises(NothingToCompare):
        macro_auroc(replace(ours.scored, targets=np.zeros_like(ours.scored.targets)))


def test_students_t_over_seeds_against_a_table() -> None:
    found = over_seeds([0.01, 0.02, 0.03])
    assert found.low == pytest.approx(0.02 - 4.302653 * 0.01 / np.sqrt(3), abs=1e-7)
    assert found.high == pytest.approx(0.02 + 4.302653 * 0.01 / np.sqrt(3), abs=1e-7)
    assert found.p == pytest.approx(0.0741799, abs=1e-6)
    assert over_seeds([0.01]).p is None


@pytest.mark.parametrize(("patients", "seeds", "expected"), [
    ((0.01, 0.03), (0.005, 0.035), "supported"), ((0.01, 0.03), (-0.01, 0.05), "supported over patients only"),
    ((0.01, 0.03), None, "supported over patients only"), ((-0.01, 0.05), (0.01, 0.03), "not shown"),
    ((-0.03, -0.01), (-0.035, -0.005), "contradicted"), ((-0.03, -0.01), None, "contradicted over patients only")])
def test_the_verdict_needs_both_intervals(
    patients: tuple[float, float], seeds: tuple[float, float] | None, expected: str
) -> None:
    low, high = (None, None) if seeds is None else seeds
    found = Difference(Interval(0.02, *patients), OverSeeds((0.02,), low, high, None if seeds is None else 0.04), 1)
    assert verdict(found) == expected
    text = sentence(CLAIMS[0], found)
    assert expected in text
    assert f"{patients[0]:+.4f} to {patients[1]:+.4f}" in text


def test_a_claim_for_the_other_arm_is_judged_the_other_way_round() -> None:
    found = Difference(Interval(-0.02, -0.03, -0.01), OverSeeds((-0.01, -0.03), -0.04, -0.001, 0.04), 2)
    age = next(claim for claim in CLAIMS if (claim.proxy, claim.other) == ("A", "age"))
    text = sentence(age, found)
    assert ": supported here. age minus peace: +0.0200 macro AUROC, 95 % over patients +0.0100 to +0.0300" in text
    assert "over 2 seeds +0.0010 to +0.0400" in text


def test_a_claim_without_cells_says_so() -> None:
    assert sentence(CLAIMS[0], None).endswith("not tested, cells of at least one of the two were not run.")


def test_the_shipped_grid_holds_the_controls_that_are_required() -> None:
    cells = load_grid(resource("ablation", "controls.json")).cells
    assert {cell.arm for cell in cells if cell.proxy == "A"} >= set(ARMS) - {"dann", "mmd"}
    assert {cell.seed for cell in cells if cell.proxy in "AB"} == {1, 2, 3}
    few = [cell for cell in cells if cell.proxy == "B"]
    assert {cell.shots for cell in few} >= {0, 10, 50, ALL_SHOTS}
    assert {cell.draw for cell in few if cell.shots == 10} == set(range(5))
    assert {cell.label for cell in cells if cell.proxy == "C"} == {"IRBBB", "CRBBB", "LAFB", "LAE", "LVH", "RVH"}
    assert len({cell.name for cell in cells}) == len(cells)


@pytest.mark.parametrize(("shift", "told"), [(0.2, True), (3.0, False)])
def test_an_adaptation_that_did_harm_is_told_beside_peaces_lead_over_it(
    tmp_path: Path, shift: float, told: bool
) -> None:
    shifts = {"peace": 1.5, "ecg_only": 1.5, "dann": shift, "mmd": 2.0}
    cells = {arm: Cell("B", arm, 1) for arm in shifts}
    grid = replace(GRID, cells=tuple(cells.values()))
    for arm, cell in cells.items():
        two = made_up(arm, 1, shift=shifts[arm]).scored
        nine = replace(two, labels=NINE_LABELS, **{
            name: getattr(two, name)[:, [0, 1, 0, 1, 0, 1, 0, 1, 0]] for name in ("logits", "targets", "known")})
        write_result(tmp_path, grid, CellResult(cell, nine, {"support_recordings": 0, "support_positives": {}}),
                     data_sha256="")
    statements = build_table(tmp_path, grid, seed=1, replicates=20)["statements"]
    harm = [text for text in statements if "did harm here" in text]
    assert [text.split(",")[0] for text in harm] == (["Proxy B: dann is below ecg_only"] if told else [])
    assert all("(N = 0: -0." in text for text in harm)


@pytest.mark.parametrize("kept", [False, True])
def test_few_shots_of_which_no_adaptation_was_kept_claim_nothing(tmp_path: Path, kept: bool) -> None:
    cells = [Cell("B", arm, 1, shots=shots) for arm in ("peace", "ecg_only") for shots in (0, 10, ALL_SHOTS)]
    grid = replace(GRID, cells=tuple(cells))
    for cell in cells:
        moved = 0.5 if cell.shots == ALL_SHOTS or (kept and cell.shots and cell.arm == "peace") else 0.0
        two = made_up(cell.arm, 1, shift=1.5 - moved).scored
        nine = replace(two, labels=NINE_LABELS, **{
            name: getattr(two, name)[:, [0, 1, 0, 1, 0, 1, 0, 1, 0]] for name in ("logits", "targets", "known")})
        write_result(tmp_path, grid, CellResult(cell, nine, {"support_recordings": 0, "support_positives": {}}),
                     data_sha256="")
    table = build_table(tmp_path, grid, seed=1, replicates=20)
    adapted = {(row["arm"], row["shots"]): row.get("adapted") for row in table["rows"]}
    assert adapted["peace", "0"] is None
    assert adapted["peace", "10"] == int(kept)
    assert adapted["ecg_only", "all"] == 1
    told = [text for text in table["statements"] if "(N = 10)" in text]
    assert ("no adaptation of peace or of ecg_only was kept in 1 cells" in told[0]) is not kept
    assert any("peace adapted with every labelled target recording" in text for text in table["statements"])


def _written(folder: Path, **changes: Any) -> Path:
    content = json.loads(resource("ablation", "controls.json").read_text(encoding="utf-8")) | changes
    path = folder / "grid.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(("changes", "said"), [
    ({"extra": 1}, "extra"), ({"simulated": {"bands": []}}, "expected bands, recordings, seed"),
    ({"proxies": {"D": {"arms": ["peace"], "seeds": [1]}}}, "proxy D is not one of"),
    ({"proxies": {"A": {"arms": ["peas"], "seeds": [1]}}}, "arm peas"),
    ({"proxies": {"A": {"arms": ["dann"], "seeds": [1]}}}, "need a target population"),
    ({"proxies": {"C": {"arms": ["ecg_only"], "seeds": [1], "labels": ["LVH"]}}}, "cannot be asked"),
    ({"proxies": {"A": {"arms": ["peace"], "seeds": [1], "shots": [1]}}}, "unknown: shots"),
    ({"proxies": {"B": {"arms": ["peace"], "seeds": [1]}}}, "shots")])
def test_a_grid_that_cannot_be_run_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(GridError, match=said):
        load_grid(_written(tmp_path, **changes))


def test_settings_of_one_proxy_do_not_spoil_the_results_of_another(tmp_path: Path) -> None:
    write_result(tmp_path, GRID, made_up("peace", 1, shift=1.0), data_sha256="")
    assert read_result(tmp_path, replace(GRID, adaptation={"steps": 1}), Cell("A", "peace", 1)) is not None
    assert GRID.fingerprint("B") != replace(GRID, adaptation={"steps": 1}).fingerprint("B")
    assert GRID.fingerprint("G") != replace(GRID, simulated={"seed": 2}).fingerprint("G")

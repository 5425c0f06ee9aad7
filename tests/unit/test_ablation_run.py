"""A miniature grid from its file to its table, stopped and resumed; simulated adults, so no figure says anything."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)

from controls_store import PROFILE, small_store  # noqa: E402

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets.simulated_cohort import edited_cohort, find_editable  # noqa: E402
from peace_model.datasets.simulated_edit import Shift  # noqa: E402
from peace_model.datasets.store import Store  # noqa: E402
from peace_model.evaluation.ablation.compare import macro_auroc  # noqa: E402
from peace_model.evaluation.ablation.grid import load_grid  # noqa: E402
from peace_model.evaluation.ablation.markdown import page  # noqa: E402
from peace_model.evaluation.ablation.result import CellResult, read_result, write_result  # noqa: E402
from peace_model.evaluation.ablation.run import WORK, TimeSpent  # noqa: E402
from peace_model.evaluation.ablation.table import build_table  # noqa: E402
from peace_model.evaluation.proxies.bench import Bench  # noqa: E402
from peace_model.evaluation.proxies.simulated_shift import statement  # noqa: E402
from peace_model.evaluation.scored import Scored  # noqa: E402
from peace_model.training.arms import ArmWorkshop  # noqa: E402
from peace_model.training.log import Moment  # noqa: E402

MINIATURE: dict[str, Any] = {
    "name": "miniature", "about": "For tests.", "profile": PROFILE,
    "network": {"encoder": "xresnet1d_tiny", "align_width": 16,
                "lqn": {"width": 32, "layers": 1, "heads": 2, "feed_forward": 32, "dropout": 0.0}},
    "training": {"epochs": 2, "batch": 16, "rate": 2e-3, "weights": {"label": 1.0, "know": 0.5, "align": 0.5},
                 "choose_epochs": 2, "checkpoint_steps": 3},
    "adaptation": {"steps": 4, "look_steps": 2, "batch": 8},
    "simulated": {"bands": ["5-7y"], "recordings": 12, "seed": 1},
    "proxies": {
        "A": {"arms": ["peace", "ecg_only", "random_queries", "shuffled", "no_lsbc", "no_caf", "fused", "age"],
              "seeds": [1]},
        "B": {"arms": ["peace", "dann"], "seeds": [1], "shots": [0, 2, "all"], "draws": 2},
        "C": {"arms": ["peace"], "seeds": [1], "labels": ["CRBBB"]},
        "G": {"arms": ["peace", "age"], "seeds": [1]},
    },
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return small_store(tmp_path_factory.mktemp("controls"))


@pytest.fixture(scope="module")
def grid_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("grid") / "miniature.json"
    path.write_text(json.dumps(MINIATURE), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def out(store: Store, grid_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The grid run to its end, in two pieces: the first has no time and stops before its first cell is done."""
    folder = tmp_path_factory.mktemp("controls") / "out"
    command = ["ablate", "--grid", str(grid_file), "--store", str(store.folder), "--out", str(folder),
               "--replicates", "20"]
    assert main([*command, "--budget-minutes", "0.0005"]) == 0
    assert main([*command, "--resume"]) == 0
    return folder


def test_every_cell_has_one_result_and_the_table_all_of_them(out: Path, grid_file: Path) -> None:
    grid = load_grid(grid_file)
    assert {path.stem for path in (out / "cells").iterdir()} == {cell.name for cell in grid.cells}
    table = json.loads((out / "table.json").read_text(encoding="utf-8"))
    assert table["not_run"] == []
    assert {row["arm"] for row in table["rows"] if row["proxy"] == "A"} == set(MINIATURE["proxies"]["A"]["arms"])
    assert all("difference" in row for row in table["rows"] if row["proxy"] in "AB" and row["arm"] != "peace")
    said = (out / "table.md").read_text(encoding="utf-8")
    assert "Simulated: adults' recordings edited by known amounts, no children" in said
    assert "cannot say anything of children" in said


def test_fewer_shots_learn_from_fewer_recordings_and_every_arm_from_the_same(out: Path, grid_file: Path) -> None:
    grid = load_grid(grid_file)
    facts = {cell: read_result(out, grid, cell).facts for cell in grid.cells if cell.proxy == "B"}  # type: ignore
    for cell, fact in facts.items():
        peace = next(other for other in facts if (other.arm, other.shots, other.draw) == ("peace", cell.shots,
                                                                                          cell.draw))
        assert fact["support_positives"] == facts[peace]["support_positives"]
        if cell.shots == 0:
            assert fact["support_recordings"] == 0
        if cell.shots == 2:
            assert (fact["support_positives"]["CRBBB"], fact["support_positives"]["LAE"]) == (2, 0)


def test_the_held_out_label_is_asked_in_four_ways_and_no_training_recording_had_it(
    out: Path, grid_file: Path, store: Store
) -> None:
    grid = load_grid(grid_file)
    cell = next(cell for cell in grid.cells if cell.proxy == "C")
    found = read_result(out, grid, cell)
    assert found is not None
    kinds = {column.partition(":")[0] for column in found.scored.labels}
    assert kinds == {"text", "random", "nearest", "shuffled"}
    assert found.facts["nearest"] == "IRBBB"
    assert found.scored.positives.tolist() == [int(store.targets[found.scored.rows][:, store.labels.index(
        "CRBBB")].sum())] * len(found.scored.labels)
    state = json.loads((out / "models" / "C-peace-seed1-CRBBB" / "best" / "state.json").read_text(encoding="utf-8"))
    assert "CRBBB" not in state["labels"]
    rows = {row["query"]: row for row in json.loads((out / "table.json").read_text(encoding="utf-8"))["rows"]
            if row["proxy"] == "C"}
    for kind in kinds:
        row = rows[kind]
        columns = [column for column in found.scored.labels if column.partition(":")[0] == kind]
        areas = [macro_auroc(found.scored.only([column])) for column in columns]
        assert row["mean"] == pytest.approx(np.mean(areas))
        if kind != "text":
            assert row["difference"]["value"] == pytest.approx(rows["text"]["mean"] - row["mean"], abs=1e-5)


def test_only_the_network_with_age_answers_to_age(out: Path, grid_file: Path) -> None:
    grid = load_grid(grid_file)
    moved = {}
    for cell in (cell for cell in grid.cells if cell.proxy == "G"):
        found = read_result(out, grid, cell)
        assert found is not None
        edits = [edit for edit in found.facts["edits"] if edit["recordings"]]
        assert {edit["band"] for edit in edits} == {"5-7y"}
        assert all(edit["logit_change"] > 0 for edit in edits)
        moved[cell.arm] = max(edit["logit_change_by_age"] for edit in edits)
    assert moved["peace"] == 0
    assert moved["age"] > 0


def test_an_edited_recording_leaves_open_what_the_edit_touches(store: Store) -> None:
    beats, reasons = find_editable(store, np.arange(0, len(store), 20))
    cohort = edited_cohort(store, beats, Shift(voltage=2.0))
    assert len(cohort.rows) + sum(reasons.values()) == len(range(0, len(store), 20))
    touched = [label for label, known in zip(store.labels, cohort.known.T, strict=True) if not known.any()]
    assert set(touched) == {"LVH", "RVH", "LVOLT"}
    np.testing.assert_allclose(cohort.unedited, store.windows(cohort.rows), atol=1e-4)
    mean, std = (np.array(values)[:, None] for values in (store.spec.mean_mv, store.spec.std_mv))
    np.testing.assert_allclose(cohort.edited * std + mean, 2 * (cohort.unedited * std + mean), atol=1e-4)


def test_responses_to_a_simulated_shift_are_told_in_numbers(tmp_path: Path, grid_file: Path) -> None:
    grid = load_grid(grid_file)
    cell = next(cell for cell in grid.cells if (cell.proxy, cell.arm) == ("G", "age"))
    edit = {"band": "5-7y", "edit": "everything", "amount": "rr 0.8", "recordings": 500, "left_out": 100,
            "macro_labels": ["NORM", "LAE"], "macro_unedited": 0.9, "macro_edited": 0.7, "macro_edited_at_age": 0.75,
            "norm_logit_change": -1.0, "logit_change": 0.5, "logit_change_by_age": 0.2}
    nothing = Scored(("NORM",), np.zeros((0, 1), np.float32), np.zeros((0, 1), np.uint8), np.zeros((0, 1), bool),
                     np.array([], str), np.array([], np.int64))
    write_result(tmp_path, grid, CellResult(cell, nothing, {"edits": [edit], "statement": statement([edit])}),
                 data_sha256="")
    table = build_table(tmp_path, grid, seed=1, replicates=10)
    told = [text for text in table["statements"] if "Proxy G (simulated)" in text]
    assert any("by -1.00 on average" in text and "by up to 0.20" in text for text in told)
    assert any("over NORM, LAE, as stated before the edit, goes from 0.900 to 0.700, and to 0.750" in text
               for text in told)
    assert "| 5-7y | everything | rr 0.8 | age | 1 | 500 (100) | NORM, LAE | 0.9000 | 0.7000 | 0.7500 |" in page(table)


def test_a_cell_stopped_in_the_middle_ends_with_the_scores_of_one_that_was_not(
    out: Path, store: Store, grid_file: Path, tmp_path: Path
) -> None:
    grid = load_grid(grid_file)
    cell = next(cell for cell in grid.cells if (cell.proxy, cell.arm) == ("A", "shuffled"))
    seen: list[object] = []

    def stop(moment: Moment) -> None:
        seen.append(moment.step)
        if moment.step == 5:
            raise TimeSpent("the time given is used up")

    with pytest.raises(TimeSpent):
        WORK["A"](cell, Bench(grid, store, ArmWorkshop(grid, say=seen.append, watch=stop), tmp_path))
    going_on: list[int] = []
    workshop = ArmWorkshop(grid, say=lambda line: None, watch=lambda moment: going_on.append(moment.step))
    again = WORK["A"](cell, Bench(grid, store, workshop, tmp_path))
    assert going_on[0] == 4, "the checkpoint of step 3 was not used"
    whole = read_result(out, grid, cell)
    assert whole is not None
    np.testing.assert_array_equal(again.scored.logits, whole.scored.logits)


def test_results_are_not_overwritten_without_asking_and_cells_not_run_are_named(
    out: Path, store: Store, grid_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["ablate", "--grid", str(grid_file), "--store", str(store.folder)]
    assert main([*command, "--out", str(out)]) == 1
    assert "--resume" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong:
        main([*command, "--out", str(tmp_path / "new"), "--only", "E"])
    assert wrong.value.code == 2
    assert main([*command, "--out", str(tmp_path / "empty"), "--table-only"]) == 0
    table = json.loads((tmp_path / "empty" / "table.json").read_text(encoding="utf-8"))
    assert len(table["not_run"]) == len(load_grid(grid_file).cells)
    assert {row["state"] for row in table["rows"]} == {"not run"}
    said = (tmp_path / "empty" / "table.md").read_text(encoding="utf-8")
    assert "| peace | not run |" in said
    assert "not tested, cells of at least one of the two were not run" in said


def test_the_shipped_bundle_stands_in_the_table(grid_file: Path, store: Store, tmp_path: Path) -> None:
    bundle = {"name": "tiny", "version": "0", "metrics": {
        "proxy_e_ludb": {"labels": {"LVH": {"positives": 64, "auroc": {"value": 0.7, "low": 0.6, "high": 0.8}}}},
        "proxy_f_under_18": None}}
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "bundle.json").write_text(json.dumps(bundle), encoding="utf-8")
    assert main(["ablate", "--grid", str(grid_file), "--store", str(store.folder), "--out", str(tmp_path / "out"),
                 "--table-only", "--bundle", str(tmp_path / "bundle")]) == 0
    said = (tmp_path / "out" / "table.md").read_text(encoding="utf-8")
    assert "| LVH | 64 | 0.7000 | 0.6000 to 0.8000 |" in said
    assert "F (under 18): not run." in said
    assert "Proxy F (under 18) is mostly healthy teenagers" in said

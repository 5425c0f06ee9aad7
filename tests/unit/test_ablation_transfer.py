"""A miniature grid of the transfer of clinical knowledge, from its file to its table; no figure says anything."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)

from layouts.ptbxl import Row, beats_uv, write_ptbxl  # noqa: E402

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets import ptbxl  # noqa: E402
from peace_model.datasets.context import Abnormality, ContextTable, Feature, read_context  # noqa: E402
from peace_model.datasets.prepare import prepare  # noqa: E402
from peace_model.datasets.store import Store, open_store  # noqa: E402
from peace_model.evaluation.ablation.grid import TRANSFER_ARMS, GridError, load_grid  # noqa: E402
from peace_model.evaluation.ablation.result import read_result  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.resources import resource  # noqa: E402
from peace_model.training.checkpoint import load_checkpoint  # noqa: E402
from peace_model.training.optimiser import build_optimiser, freeze_depth  # noqa: E402
from peace_model.training.transfer_arms import TransferWorkshop  # noqa: E402

PROFILE = "peace12"
MINIATURE: dict[str, Any] = {
    "name": "miniature", "about": "For tests.", "profile": PROFILE,
    "transfer": {
        "encoder": "s4d_tiny", "recordings": 60, "subset_seed": 1, "frozen_depth": 2, "frozen_head_rate": 0.05,
        "abnormalities_weight": 0.5, "epochs_at_most": 2, "steps_at_most": 2, "dropout": 0.0,
        "joint": {"hidden": [8], "projector": [8, 8]},
        "joint_training": {"epochs": 1, "batch": 16, "weights": {"joint": 1.0}},
        "training": {"batch": 16, "rate": 2e-3, "checkpoint_steps": 2}},
    "proxies": {"T": {"arms": list(TRANSFER_ARMS), "seeds": [1], "shares": [0.5, 1]}}}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Forty recordings to learn from and twenty-four to be judged on, every second one with wide beats."""
    rng, folder = np.random.default_rng(1), tmp_path_factory.mktemp("store")
    rows = [Row(number, 1 if number < 40 else 9, codes=("CRBBB",) if number % 2 else ("NORM",)) for number in range(64)]
    signals = np.stack([beats_uv(rng, wide=bool(number % 2)) for number in range(64)])
    prepare(ptbxl.source(write_ptbxl(folder / "data", rows, signals), fs_hz=100), folder / "s", profile=PROFILE)
    return open_store(folder / "s", PROFILE)


@pytest.fixture(scope="module")
def context(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(1)
    folder = tmp_path_factory.mktemp("context")
    abnormal = rng.integers(0, 2, (len(store), 1)).astype(np.uint8)
    ContextTable(
        "ptbxl", store.ids, (Feature("one"), Feature("report_two", "text")),
        rng.normal(size=(len(store), 2)).astype(np.float32), (Abnormality("wide", "Wide", "over", "a source"),),
        abnormal, np.ones_like(abnormal)).write(folder)
    return folder


@pytest.fixture(scope="module")
def out(store: Store, context: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The grid run to its end, in two pieces."""
    folder, grid = tmp_path_factory.mktemp("out") / "out", tmp_path_factory.mktemp("grid") / "miniature.json"
    grid.write_text(json.dumps(MINIATURE), encoding="utf-8")
    command = ["ablate", "--grid", str(grid), "--store", str(store.folder), "--context", str(context), "--out",
               str(folder), "--replicates", "20"]
    assert main([*command, "--budget-minutes", "0.0005"]) == 0
    (folder / "grid.json").write_text(json.dumps(MINIATURE), encoding="utf-8")
    unfinished = json.loads((folder / "table.json").read_text(encoding="utf-8"))
    assert len(unfinished["not_run"]) == 2 * len(TRANSFER_ARMS)
    assert "not tested, cells of at least one of the two were not run" in unfinished["statements"][0]
    assert main([*command, "--resume"]) == 0
    return folder


def test_every_arm_stands_in_the_table_beside_the_signal_alone(out: Path) -> None:
    table = json.loads((out / "table.json").read_text(encoding="utf-8"))
    assert table["not_run"] == []
    assert len(table["rows"]) == 2 * len(TRANSFER_ARMS)
    for row in table["rows"]:
        assert ("difference" in row) == (row["arm"] != "signal_only")
    by = {(row["arm"], row["share"]): row for row in table["rows"]}
    apart = by["transfer", 1.0]["difference"]
    assert apart["of"] == "this minus signal_only"
    assert apart["value"] == pytest.approx(by["transfer", 1.0]["mean"] - by["signal_only", 1.0]["mean"], abs=1e-4)
    said = (out / "table.md").read_text(encoding="utf-8")
    assert "Differences are the arm minus signal_only" in said
    assert "Proxy T cannot be set against the paper's" in said


def test_all_arms_learn_from_the_same_share_of_one_subset(out: Path) -> None:
    grid = load_grid(out / "grid.json")
    facts = {share: {json.dumps(found.facts) for cell in grid.cells if cell.share == share
                     and (found := read_result(out, grid, cell)) is not None} for share in (0.5, 1.0)}
    assert [len(told) for told in facts.values()] == [1, 1]
    half, whole = (json.loads(told.pop()) for told in facts.values())
    assert half["subset_recordings"] == whole["subset_recordings"] == whole["labelled_recordings"]
    assert half["labelled_recordings"] == -(-whole["labelled_recordings"] // 2)


def test_arms_differ_in_what_they_are_about(out: Path) -> None:
    def state(folder: str) -> dict[str, Any]:
        return load_checkpoint(out / "models" / folder / "best")[1]

    assert "init" not in state("T-signal_only-seed1-share1")
    assert state("T-transfer-seed1-share1")["init"]["run"] == "T-joint-clinical-seed1"
    assert state("T-unfrozen-seed1-share1")["training"]["frozen_depth"] == 0
    assert state("T-frozen-seed1-share1")["training"]["frozen_depth"] == 4
    assert state("T-frozen-seed1-share1")["training"]["rates"] == {"head.": 0.05}
    assert not state("T-transfer-seed1-share1")["training"]["rates"]
    assert state("T-joint-text_supervised-seed1")["context"]["columns"] == ["one", "report_two"]
    assert state("T-joint-shuffled_context-seed1")["context"]["sha256"] != state(
        "T-joint-clinical-seed1")["context"]["sha256"]
    frozen, joint = (load_checkpoint(out / "models" / name / "best")[0]
                     for name in ("T-frozen-seed1-share1", "T-joint-clinical-seed1"))
    assert all(torch.equal(value, joint[name]) for name, value in frozen.items() if name.startswith("encoder."))


def test_our_grid_can_be_read_and_run(context: Path) -> None:
    grid = load_grid(resource("ablation", "transfer.json"))
    assert {cell.arm for cell in grid.cells} == set(TRANSFER_ARMS)
    assert len(grid.cells) == len(TRANSFER_ARMS) * 3 * 3
    workshop = TransferWorkshop(grid, read_context(context), say=print, watch=print)
    few, all_ = (workshop.training_of("transfer", count, seed=1) for count in (60, 6000))
    assert (few.epochs, few.frozen_depth) == (grid.transfer["epochs_at_most"], 3)
    assert all_.epochs * (6000 // all_.batch) == pytest.approx(grid.transfer["steps_at_most"],
                                                               abs=6000 // all_.batch)


def test_of_a_frozen_encoder_everything_that_learns_does_so_at_the_heads_own_rate(context: Path) -> None:
    grid = load_grid(resource("ablation", "transfer.json"))
    workshop = TransferWorkshop(grid, read_context(context), say=print, watch=print)
    for arm, rate in (("frozen", grid.transfer["frozen_head_rate"]), ("transfer", grid.transfer["training"]["rate"])):
        config = workshop.training_of(arm, 60, seed=1)
        model = fresh_ecg_only(EcgOnlyConfig(grid.transfer["encoder"], 3), seed=1)
        assert config.frozen_depth is not None
        freeze_depth(model, config.frozen_depth)
        assert {group["base"] for group in build_optimiser(model, config).param_groups} == {rate}


@pytest.mark.parametrize(("change", "said"), [
    ({"proxies": {"A": {"arms": ["peace"], "seeds": [1]}}}, "proxy T and the settings transfer go together"),
    ({"proxies": {"T": {"arms": ["peace"], "seeds": [1], "shares": [1]}}}, "arm peace is not one of signal_only,"),
    ({"proxies": {"T": {"arms": ["frozen"], "seeds": [1], "shares": [0]}}}, "shares lie above 0"),
    ({"transfer": {}}, "transfer: expected abnormalities_weight,")])
def test_what_a_grid_may_not_say_is_named(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text(json.dumps(MINIATURE | change), encoding="utf-8")
    with pytest.raises(GridError, match=said):
        load_grid(tmp_path / "g.json")


def test_a_context_goes_with_this_grid_alone(store: Store, out: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ablate", "--grid", str(out / "grid.json"), "--store", str(store.folder), "--out", str(tmp_path / "o")])
    assert ended.value.code == 2

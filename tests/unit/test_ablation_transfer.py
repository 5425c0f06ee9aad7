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
from peace_model.evaluation.ablation.grid import TRANSFER_ARMS, Cell, GridError, load_grid  # noqa: E402
from peace_model.evaluation.ablation.joint_runs import joint_runs, joint_statements  # noqa: E402
from peace_model.evaluation.ablation.result import CellResult, read_result  # noqa: E402
from peace_model.evaluation.ablation.transfer_page import budget  # noqa: E402
from peace_model.evaluation.ablation.transfer_rows import transfer_rows  # noqa: E402
from peace_model.evaluation.metrics import auroc  # noqa: E402
from peace_model.evaluation.proxies.transfer import labels_taught  # noqa: E402
from peace_model.evaluation.scored import Scored  # noqa: E402
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
    own = [row for row in table["rows"] if "kind" not in row]
    assert len(own) == 2 * len(TRANSFER_ARMS)
    for row in own:
        assert ("difference" in row) == (row["arm"] != "signal_only")
    by = {(row["arm"], row["share"]): row for row in own}
    apart = by["transfer", 1.0]["difference"]
    assert apart["of"] == "this minus signal_only"
    assert apart["value"] == pytest.approx(by["transfer", 1.0]["mean"] - by["signal_only", 1.0]["mean"], abs=1e-4)
    said = (out / "table.md").read_text(encoding="utf-8")
    assert "Differences are the arm minus signal_only" in said
    assert "with at least 10 positives in fold 9 that every run of the share was taught" in said
    assert "Proxy T cannot be set against the paper's" in said


def test_arms_are_compared_in_pairs_too_and_each_is_counted(out: Path) -> None:
    table = json.loads((out / "table.json").read_text(encoding="utf-8"))
    own = {(row["arm"], row["share"]): row for row in table["rows"] if "kind" not in row}
    pairs = {(row["arm"], row["against"], row["share"]): row for row in table["rows"] if row.get("kind") == "pair"}
    assert {(arm, against) for arm, against, _ in pairs} == {
        ("transfer", "shuffled_context"), ("unfrozen", "transfer"), ("frozen", "transfer"),
        ("transfer_abnormalities", "transfer"), ("text_supervised", "transfer")}
    for (arm, against, share), row in pairs.items():
        assert row["difference"]["of"] == f"this minus {against}"
        assert row["difference"]["value"] == pytest.approx(own[arm, share]["mean"] - own[against, share]["mean"],
                                                           abs=1e-4)
    assert table["comparisons"] == 2 * (len(TRANSFER_ARMS) - 1 + len(pairs) // 2)
    said = (out / "table.md").read_text(encoding="utf-8")
    assert "| 50 % | transfer | shuffled_context | 1 of 1 |" in said
    assert "Proxy T, 50 % of the labels: transfer is better than shuffled_context: " in said


def test_every_joint_embedding_is_told_of_with_the_arms_that_begin_with_it(out: Path) -> None:
    table = json.loads((out / "table.json").read_text(encoding="utf-8"))
    runs = {run["run"]: run for run in table["joint_runs"]}
    assert runs["T-joint-clinical-seed1"]["arms"] == ["transfer", "unfrozen", "frozen", "transfer_abnormalities"]
    assert runs["T-joint-shuffled_context-seed1"]["arms"] == ["shuffled_context"]
    for name, run in runs.items():
        state = load_checkpoint(out / "models" / name / "checkpoint")[1]
        ended = state["run"]["epochs"][-1]["losses"]
        assert run["monitors"] == pytest.approx({name: ended[name] for name in run["monitors"]})
        assert f"{name}, the beginning of {', '.join(run['arms'])} of seed 1: " in " ".join(table["statements"])
    assert "| T-joint-clinical-seed1 | transfer, unfrozen, frozen, transfer_abnormalities |" in (
        out / "table.md").read_text(encoding="utf-8")


def test_a_collapsed_joint_embedding_is_named_and_so_is_one_whose_log_is_gone(tmp_path: Path) -> None:
    cells = [Cell("T", arm, seed) for seed in (1, 2) for arm in ("signal_only", "transfer", "shuffled_context")]
    results = {cell: None if (cell.arm, cell.seed) == ("shuffled_context", 2) else ran(cell, (0,)) for cell in cells}
    for name, rank in (("T-joint-clinical-seed1", 12.7), ("T-joint-shuffled_context-seed1", 1.0005)):
        (tmp_path / "models" / name).mkdir(parents=True)
        (tmp_path / "models" / name / "log.csv").write_text(
            f"epoch,step,effective_rank,embedding_std,joint,mean_diagonal\n4,9,5,5,5,5\n9,19,{rank},0.28,80,0.79\n")
    runs = joint_runs(tmp_path, results)
    assert [run["run"] for run in runs] == [
        "T-joint-clinical-seed1", "T-joint-shuffled_context-seed1", "T-joint-clinical-seed2"]
    sound, collapsed, gone = joint_statements(runs)
    assert sound.startswith("Proxy T: T-joint-clinical-seed1, the beginning of transfer of seed 1: no sign of a col")
    assert "T-joint-shuffled_context-seed1, the beginning of shuffled_context of seed 1: " in collapsed
    assert "the joint embedding has collapsed: effective_rank 1 (at least 2)" in collapsed
    assert "log is gone" in gone
    _, said = transfer_rows(cells, results, runs, seed=1, replicates=10)
    assert said[:3] == [sound, collapsed, gone]


def ran(cell: Cell, taught: tuple[int, ...]) -> CellResult:
    """A result of three labels, with fewer than ten positives of the last."""
    rng = np.random.default_rng(cell.seed + 10 * len(cell.arm))
    truth = np.array([[row % 2, row % 3 == 0, row < 5] for row in range(60)], np.uint8)
    logits = (truth * [0.5, 2.0, 1.0] + rng.standard_normal((60, 3))).astype(np.float32)
    return CellResult(cell, Scored(("A", "B", "C"), logits, truth, np.ones((60, 3), bool), np.arange(60).astype(str),
                                   np.arange(60)), {
        "all_recordings": 1000, "subset_recordings": 600, "labelled_recordings": 5 + cell.seed,
        "labels_taught": ["ABC"[label] for label in taught]})


def test_a_share_is_judged_by_the_labels_that_every_run_of_it_was_taught() -> None:
    cells = [Cell("T", arm, seed, share=share) for share in (0.01, 1.0) for seed in (1, 2)
             for arm in ("signal_only", "transfer")]
    results = {cell: ran(cell, (0, 2) if (cell.seed, cell.share) == (2, 0.01) else (0, 1, 2)) for cell in cells}
    rows, _ = transfer_rows(cells, results, [], seed=1, replicates=10)
    by = {(row["arm"], row["share"]): (row, apart) for row, apart in rows}
    few, few_apart = by["transfer", 0.01]
    assert (few["labels"], few["not_taught"]) == (("A",), ["B"])
    assert (by["transfer", 1.0][0]["labels"], by["transfer", 1.0][0]["not_taught"]) == (("A", "B"), [])
    area = {cell.arm + str(cell.seed): auroc(result.scored.logits[:, 0], result.scored.targets[:, 0])
            for cell, result in results.items()}
    assert few["mean"] == pytest.approx((area["transfer1"] + area["transfer2"]) / 2)
    assert few_apart is not None
    assert few_apart.patients.value == pytest.approx(few["mean"] - by["signal_only", 0.01][0]["mean"])
    said = " ".join(budget([row for row, _ in rows], MINIATURE["transfer"] | {"steps_at_most": 7, "epochs_at_most": 9}))
    assert "600 of the 1,000 recordings" in said
    assert "drawn anew with each seed" in said
    assert ("1 % is 6 or 7 labelled recordings, learnt from for 7 steps in batches of 6 or 7. Its figure is of 1 "
            "labels; B have enough in fold 9") in said
    assert "transfer begin with a joint embedding, learnt in 1 epochs of the whole subset in batches of 16" in said


def test_the_page_says_what_every_arm_was_given(out: Path) -> None:
    said = (out / "table.md").read_text(encoding="utf-8")
    assert "50 % is 20 labelled recordings, learnt from for 2 steps in batches of 16." in said
    assert "shuffled_context has that training too" in said
    assert "Training reads crops of 7.5 s" in said


def test_labels_of_which_nothing_was_shown_are_not_taught(store: Store) -> None:
    wide = np.flatnonzero(np.asarray(store.targets)[:, store.labels.index("CRBBB")])
    assert labels_taught(store, wide) == ["CRBBB"]
    assert set(labels_taught(store, np.arange(len(store)))) == {"NORM", "CRBBB"}


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
    ({"transfer": {}}, "transfer: expected abnormalities_weight,"),
    ({"transfer": MINIATURE["transfer"] | {"training": {}}}, r"transfer\.training: name batch"),
    ({"transfer": MINIATURE["transfer"] | {"joint_training": {"batch": 4}}}, r"transfer\.joint_training: name epochs")])
def test_what_a_grid_may_not_say_is_named(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text(json.dumps(MINIATURE | change), encoding="utf-8")
    with pytest.raises(GridError, match=said):
        load_grid(tmp_path / "g.json")


def test_a_context_goes_with_this_grid_alone(store: Store, out: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ablate", "--grid", str(out / "grid.json"), "--store", str(store.folder), "--out", str(tmp_path / "o")])
    assert ended.value.code == 2

"""A miniature comparison of the journal's networks, from its file to its card; no figure of it says anything."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)

from layouts.ptbxl import Row, beats_uv, write_ptbxl  # noqa: E402

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets import ptbxl  # noqa: E402
from peace_model.datasets.prepare import prepare  # noqa: E402
from peace_model.datasets.splits import ptbxl_split  # noqa: E402
from peace_model.datasets.store import Store, open_store  # noqa: E402
from peace_model.ecg.measurement.measuring import rule_codes  # noqa: E402
from peace_model.evaluation.ablation.grid import JOURNAL_ARMS, GridError, load_grid  # noqa: E402
from peace_model.evaluation.ablation.journal_rows import journal_rows  # noqa: E402
from peace_model.evaluation.ablation.result import CellResult, read_result  # noqa: E402
from peace_model.evaluation.proxies.journal import bands_of, reduced_of  # noqa: E402
from peace_model.resources import resource  # noqa: E402
from peace_model.training.checkpoint import load_checkpoint  # noqa: E402
from peace_model.training.journal_arms import JournalWorkshop  # noqa: E402
from peace_model.training.log import Moment  # noqa: E402

PROFILE = "peace12"
OURS: dict[str, Any] = json.loads(resource("ablation", "journal.json").read_text(encoding="utf-8"))
TINY = {**OURS["journal"]["networks"]["peace"], "encoder": "xresnet1d_tiny", "align_width": 16,
        "lqn": {"width": 32, "layers": 1, "heads": 2, "feed_forward": 32, "dropout": 0.0}}
MINIATURE: dict[str, Any] = {
    "name": "miniature", "about": "For tests.", "profile": PROFILE,
    "journal": {
        **OURS["journal"], "recordings": 24,
        "networks": {arm: TINY if arm == "peace" else {**network, "encoder": "xresnet1d_tiny"}
                     for arm, network in OURS["journal"]["networks"].items()},
        "training": {"epochs": 1, "batch": 12, "rate": 2e-3}},
    "proxies": {"J": {"arms": ["resnet1d", "hybrid", "hybrid_unmeasured", "peace"], "seeds": [1]}}}
ARMS = MINIATURE["proxies"]["J"]["arms"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Thirty-two recordings to learn from and twenty-four to be judged on, every second one with wide beats."""
    rng, folder = np.random.default_rng(1), tmp_path_factory.mktemp("store")
    rows = [Row(number, 1 if number < 32 else 9, age=30 + number // 2, codes=("CRBBB",) if number % 2 else ("NORM",))
            for number in range(56)]
    signals = np.stack([beats_uv(rng, wide=bool(number % 2)) for number in range(56)])
    prepare(ptbxl.source(write_ptbxl(folder / "data", rows, signals), fs_hz=100), folder / "s", profile=PROFILE)
    return open_store(folder / "s", PROFILE)


@pytest.fixture(scope="module")
def measured(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What peace-model context leaves behind, with a QRS that tells the labels apart, and one recording unreadable."""
    folder = tmp_path_factory.mktemp("context")
    entries: list[dict[str, Any]] = [
        {"id": name, "values": {"qrs_ms": 90.0 + 40 * (int(name) % 2 == 0)}, "rules": dict.fromkeys(rule_codes())}
        for name in store.ids[:-1]]
    entries.append({"id": store.ids[-1], "dropped": "samples: fewer than the header says"})
    lines = [{"ids_sha256": "", "quantities": []}, *entries]
    (folder / "measured.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def out(store: Store, measured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The grid run to its end, in two pieces."""
    folder, grid = tmp_path_factory.mktemp("out") / "out", tmp_path_factory.mktemp("grid") / "miniature.json"
    grid.write_text(json.dumps(MINIATURE), encoding="utf-8")
    command = ["ablate", "--grid", str(grid), "--store", str(store.folder), "--context", str(measured), "--out",
               str(folder), "--replicates", "20", "--card", str(folder / "card")]
    assert main([*command, "--budget-minutes", "0.0001"]) == 0
    (folder / "grid.json").write_text(json.dumps(MINIATURE), encoding="utf-8")
    assert (folder / "card" / "card.md").read_text(encoding="utf-8").count("| not run |") == len(ARMS)
    assert main([*command, "--resume"]) == 0
    return folder


def test_every_arm_stands_on_the_card_with_its_costs_and_figures(out: Path) -> None:
    table = json.loads((out / "card" / "card.json").read_text(encoding="utf-8"))
    assert table["not_run"] == []
    assert table["command"].startswith("peace-model ablate --grid resources/ablation/miniature.json --store STORE")
    assert " --out OUT --card CARD --resume " in table["command"]
    by = {row["arm"]: row for row in table["rows"] if "kind" not in row}
    assert set(by) == set(ARMS)
    for arm, row in by.items():
        assert row["parameters"] > 1000
        assert row["training_cpu_s"] > 0
        assert row["inference_ms"] > 0
        area = row["groups"]["profile"]["macro_auroc"]
        assert area["low"] <= area["value"] <= area["high"]
        assert ("difference" in row) == (arm != "resnet1d")
    assert by["hybrid"]["difference"]["of"] == "this minus hybrid_unmeasured"
    assert by["peace"]["difference"]["of"] == "this minus resnet1d"
    said = (out / "card" / "card.md").read_text(encoding="utf-8")
    assert "nine leads minus twelve" in said
    assert "leaves out measuring the recording" in said
    assert f"Made with `{table['command']}`." in said
    assert "/" not in table["command"].replace("resources/ablation/miniature.json", "")


def test_an_arm_with_a_twin_is_compared_with_the_plain_network_too(out: Path) -> None:
    table = json.loads((out / "card" / "card.json").read_text(encoding="utf-8"))
    by = {row["arm"]: row for row in table["rows"] if "kind" not in row}
    further, = (row for row in table["rows"] if row.get("kind") == "pair")
    assert (further["arm"], further["difference"]["of"]) == ("hybrid", "this minus resnet1d")
    assert further["difference"]["value"] == pytest.approx(by["hybrid"]["mean"] - by["resnet1d"]["mean"], abs=1e-4)
    assert table["comparisons"] == len(ARMS) - 1 + 1
    said = " ".join(table["statements"])
    assert "hybrid is better than hybrid_unmeasured: " in said
    assert "hybrid is better than resnet1d: " in said
    page = (out / "card" / "card.md").read_text(encoding="utf-8")
    assert f"| resnet1d | {further['difference']['value']:+.4f} (" in page


def test_of_several_seeds_the_cost_is_the_least_and_the_figure_the_mean(out: Path) -> None:
    grid = load_grid(out / "grid.json")
    first = read_result(out, grid, grid.cells[0])
    assert first is not None
    again = CellResult(replace(first.cell, seed=2), first.scored, first.facts | {
        name: first.facts[name] * 3 for name in ("training_cpu_s", "inference_ms")})
    results = {again.cell: again, first.cell: first}
    (row, _), = journal_rows(list(results), results, PROFILE, seed=1, replicates=10)[0]
    assert row["cells"] == "2 of 2"
    assert {name: row[name] for name in ("training_cpu_s", "inference_ms", "parameters")} == {
        name: first.facts[name] for name in ("training_cpu_s", "inference_ms", "parameters")}


def test_a_training_killed_after_an_epoch_keeps_the_time_of_it(
    store: Store, measured: Path, tmp_path: Path
) -> None:
    class Killed(Exception): ...

    def watch(moment: Moment) -> None:
        if moment.step == 3:
            raise Killed

    (tmp_path / "g.json").write_text(json.dumps(MINIATURE | {"journal": MINIATURE["journal"] | {
        "training": {"epochs": 2, "batch": 12}}}), encoding="utf-8")
    workshop = JournalWorkshop(load_grid(tmp_path / "g.json"), measured, say=print, watch=watch)
    split = replace(ptbxl_split(store), train=np.arange(24))
    with pytest.raises(Killed):
        workshop.trained("resnet1d", store, split, tmp_path / "run", seed=1)
    assert load_checkpoint(tmp_path / "run" / "checkpoint")[1]["run"]["step"] == 2
    assert workshop.cpu_s(tmp_path / "run") > 0


def test_all_arms_learn_from_the_same_recordings_for_as_long(out: Path) -> None:
    grid = load_grid(out / "grid.json")
    results = [found for cell in grid.cells if (found := read_result(out, grid, cell)) is not None]
    assert {found.facts["training_recordings"] for found in results} == {24}
    states = [load_checkpoint(out / "models" / f"J-{arm}-seed1" / "best")[1] for arm in ARMS]
    assert len({state["step"] for state in states}) == 1
    settings = [{name: value for name, value in state["training"].items() if name != "weights"} for state in states]
    assert all(one == settings[0] for one in settings)


def test_a_hybrid_learns_from_its_measurements_and_its_twin_from_none(out: Path) -> None:
    told, untold = (load_checkpoint(out / "models" / f"J-{arm}-seed1" / "best") for arm in (
        "hybrid", "hybrid_unmeasured"))
    names = [column["name"] for column in told[1]["network"]["columns"]]
    assert told[0]["mean"][names.index("qrs_ms")] == pytest.approx(110, abs=12)
    assert not untold[0]["mean"].any()
    assert told[1]["measured"] != untold[1]["measured"]


def test_ages_and_lost_leads_are_judged_on_the_same_recordings(out: Path, store: Store) -> None:
    grid = load_grid(out / "grid.json")
    found = read_result(out, grid, grid.cells[0])
    assert found is not None
    bands = bands_of(found)
    assert sum(int(members.sum()) for members in bands.values()) == len(found.scored) == 24
    ages = store.age_days[found.scored.rows] / 365.25
    assert (ages[bands["40\N{EN DASH}59 years"]] >= 40).all()
    reduced = reduced_of(found)
    assert reduced.logits.shape == found.scored.logits.shape
    assert not np.array_equal(reduced.logits, found.scored.logits)


def test_our_grid_can_be_read_and_each_of_its_networks_built(store: Store, measured: Path) -> None:
    grid = load_grid(resource("ablation", "journal.json"))
    assert {cell.arm for cell in grid.cells} == set(JOURNAL_ARMS)
    workshop = JournalWorkshop(grid, measured, say=print, watch=print)
    for arm in JOURNAL_ARMS:
        assert workshop.fresh(arm, store, seed=1).config.encoder == grid.journal["networks"][
            "age_aware" if arm == "age_unknown" else arm]["encoder"]
    rows = np.arange(4)
    assert np.isnan(workshop.as_read("age_unknown", store, rows).age_days).all()
    assert not np.isnan(workshop.as_read("age_aware", store, rows).age_days).any()


def test_recordings_that_nobody_has_measured_are_not_missing_measurements(
    out: Path, store: Store, measured: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (measured / "measured.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "measured.jsonl").write_text("\n".join(lines[:30]) + "\n", encoding="utf-8")
    only = {**MINIATURE, "proxies": {"J": {"arms": ["hybrid"], "seeds": [1]}}}
    (tmp_path / "g.json").write_text(json.dumps(only), encoding="utf-8")
    assert main(["ablate", "--grid", str(tmp_path / "g.json"), "--store", str(store.folder), "--context",
                 str(tmp_path), "--out", str(tmp_path / "o")]) == 1
    assert "of the recordings that are read are not measured yet" in capsys.readouterr().err


@pytest.mark.parametrize(("change", "said"), [
    ({"proxies": {"A": {"arms": ["peace"], "seeds": [1]}}}, "proxy J and the settings journal go together"),
    ({"proxies": {"J": {"arms": ["ecg_only"], "seeds": [1]}}}, "arm ecg_only is not one of resnet1d,"),
    ({"journal": {}}, "journal: expected knowledge, networks, recordings, subset_seed, training")])
def test_what_a_grid_may_not_say_is_named(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text(json.dumps(MINIATURE | change), encoding="utf-8")
    with pytest.raises(GridError, match=said):
        load_grid(tmp_path / "g.json")

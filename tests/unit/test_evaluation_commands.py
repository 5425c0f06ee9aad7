"""peace-model evaluate and card on a small generated data set: runs, a bundle's graph, and what they refuse."""

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from layouts.ptbxl import Row, beats_uv, write_ptbxl
from tiny_bundle import description, graph_bytes, write_bundle

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
pytest.importorskip("onnx", reason="needs the extra 'train'")

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets import ptbxl  # noqa: E402
from peace_model.datasets.prepare import prepare  # noqa: E402
from peace_model.datasets.splits import own_split  # noqa: E402
from peace_model.datasets.store import Store, open_store  # noqa: E402
from peace_model.inference.bundle import load_bundle, seen_key  # noqa: E402
from peace_model.inference.predictor import Predictor  # noqa: E402
from peace_model.labels import load_profile  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.training.checkpoint import save_checkpoint  # noqa: E402

PROFILE = load_profile("peace12_full")
COUNT, CHILDREN = 96, 12


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(1)
    rows, signals = [], []
    for number in range(COUNT):
        wide = number % 3 == 0
        child = number >= COUNT - CHILDREN
        rows.append(Row(number, 9 if number % 4 else 1, 12 if child else 30 + number % 50, number % 2,
                        ("CRBBB",) if wide else ("NORM",)))
        signals.append(beats_uv(rng, wide=wide))
    return write_ptbxl(tmp_path_factory.mktemp("data") / "ptbxl", rows, np.stack(signals))


@pytest.fixture(scope="module")
def store(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("store")
    prepare(ptbxl.source(source, fs_hz=100), folder, profile=PROFILE.name)
    return open_store(folder, PROFILE.name)


def write_run(folder: Path, store: Store, *, seed: int) -> Path:
    """A run as training leaves it, of a network that has learnt nothing."""
    config = EcgOnlyConfig("xresnet1d_tiny", len(store.labels))
    save_checkpoint(folder / "best", fresh_ecg_only(config, seed).state_dict(), {
        "kind": "ecg_only", "network": config.to_dict(), "labels": list(store.labels), "profile": store.profile,
        "pipeline": store.spec.to_dict(), "training": {"seed": seed}, "recipe": {"name": "train", "version": "1"},
        "data": {"dataset": "ptbxl", "profile": store.profile, "split": "own", "kept": "all"},
        "epoch": 0})
    return folder


@pytest.fixture(scope="module")
def bundle(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    codes = PROFILE.codes
    fields = description()
    fields |= {
        "labels": [{"code": label.code, "name": label.name} for label in PROFILE.labels],
        "pipeline": store.spec.to_dict(),
        "calibration": {code: {"scale": 1.0, "offset": 0.0, "threshold": 0.4, "method": "by hand"} for code in codes},
        "training": {"data": "generated", "records": 24, "patients": 24, "min_age_days": 10957,
                     "profile": PROFILE.name, "positives": {code: {"18y+": 3} for code in codes}},
        "metrics": {"configurations": [{"name": "only", "command": "peace-model train", "figure": 0.5, "seed": 1,
                                        "remark": "the first"}]},
        "network": {"encoder": "none", "lqn": {"layers": 2, "width": 32}, "parameters": 1, "age_conditioned": True},
        "text": {"encoder": "none"},
        "run": {"epoch": 2, "recipe": {"name": "pretrain", "version": "1", "method": "pretrain"}, "training": {
            "epochs": 3, "batch": 4, "rate": 0.001, "seed": 1, "average": 0.9, "augment": {"crop_s": 7.5}}},
    }
    return write_bundle(tmp_path_factory.mktemp("bundle"), fields=fields, graph=graph_bytes(len(codes)))


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_runs_of_several_seeds_against_as_many_controls(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [str(write_run(tmp_path / f"run{seed}", store, seed=seed)) for seed in (1, 2)]
    controls = [str(write_run(tmp_path / f"control{seed}", store, seed=seed)) for seed in (1, 4)]
    tried = [{"name": "a", "command": "peace-model train", "figure": None, "seed": 3, "remark": "diverged"}]
    (tmp_path / "run1" / "configurations.json").write_text(json.dumps(tried), encoding="utf-8")
    table = {"grid": "tiny", "about": "a", "figure": "f", "bootstrap": {}, "statements": [], "comparisons": 0,
             "not_run": ["A-x"],
             "rows": [{"proxy": "A", "arm": "peace", "cells": "0 of 1", "state": "not run"}], "settings": {}}
    (tmp_path / "table.json").write_text(json.dumps(table), encoding="utf-8")
    assert main(["evaluate", "--store", str(store.folder), "--run", *runs, "--control", *controls, "--replicates", "20",
                 "--controls-table", str(tmp_path / "table.json")]) == 0
    said = capsys.readouterr().out
    assert "nine: " in said
    assert "every label that occurs, 2: " in said
    assert "no N-shot curve: the table holds no figures" in said
    first, second = (read(tmp_path / name / "evaluation.json") for name in ("run1", "run2"))
    assert first["weights_sha256"] != second["weights_sha256"]
    metrics = first["metrics"]
    assert metrics["configurations"] == tried
    assert metrics["seeds"]["runs"] == [{"run": "run1", "seed": 1}, {"run": "run2", "seed": 2}]
    assert len(metrics["seeds"]["groups"]["nine"]["macro_auroc"]["values"]) == 2
    assert metrics["against_control"]["groups"]["nine"]["pairs"][0] == 0  # the first control has the same weights
    assert "xresnet1d_tiny" in metrics["against_control"]["text"]
    assert set(metrics["controls"]) == {
        "grid", "about", "figure", "bootstrap", "rows", "statements", "comparisons", "not_run"}
    assert "seeds" not in second["metrics"]
    assert set(first["calibration"]) == set(PROFILE.codes)
    assert metrics["proxy_f_under_18"]["recordings"] == CHILDREN
    for name in ("roc.svg", "reliability.svg"):
        assert (tmp_path / "run1" / "plots" / name).is_file()

    distilled = write_run(tmp_path / "distilled", store, seed=3)
    alone = ["evaluate", "--store", str(store.folder), "--run", str(distilled), "--replicates", "20", "--teachers"]
    assert main([*alone, str(tmp_path / "run1" / "evaluation.json")]) == 0
    teachers = read(distilled / "evaluation.json")["metrics"]["teachers"]
    assert teachers == {name: metrics[name] for name in ("seeds", "against_control")}
    assert main([*alone, str(tmp_path / "run2" / "evaluation.json")]) == 1
    assert "measure the teachers together" in capsys.readouterr().err


def test_a_bundle_is_measured_by_the_graph_it_ships(
    bundle: Path, store: Store, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (bundle / "bundle.json").read_bytes()
    arguments = ["evaluate", "--store", str(store.folder), "--bundle", str(bundle), "--replicates", "20"]
    assert main([*arguments, "--out", str(tmp_path / "found.json")]) == 0
    assert (bundle / "bundle.json").read_bytes() == before
    found = read(tmp_path / "found.json")["metrics"]
    assert found["graph_sha256"] == load_bundle(bundle).sha256

    predictor = Predictor(load_bundle(bundle), "cpu", threads=1)
    split = own_split(store)
    table = {row.ecg_id: row for row in ptbxl.read_table(source)}
    column = PROFILE.codes.index("NORM")
    normal = [row for row in split.test if store.targets[row, column]]
    called = sum(predictor.predict(ptbxl.read_recording(table[int(store.ids[row])])).predictions[column].positive
                 for row in normal)
    assert found["proxy_f_under_18"]["normal_called_normal"] == pytest.approx(
        {**found["proxy_f_under_18"]["normal_called_normal"], "found": called, "of": len(normal)})

    copied = Path(shutil.copytree(bundle, tmp_path / "bundle"))
    arguments[4] = str(copied)
    assert main([*arguments, "--record"]) == 0
    written = read(copied / "bundle.json")
    assert written["metrics"]["choosing"] == found["choosing"]
    assert written["metrics"]["configurations"][0]["name"] == "only"
    assert written["calibration"] == json.loads(before)["calibration"]
    assert load_bundle(copied).version == "0.0.1"
    card = (copied / "card.md").read_text(encoding="utf-8")
    assert "| NORM |" in card
    assert "written to" in capsys.readouterr().out


def test_a_fold_that_was_kept_back_is_measured_with_everything_fixed(
    bundle: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = Path(shutil.copytree(bundle, tmp_path / "bundle"))
    arguments = ["evaluate", "--store", str(store.folder), "--bundle", str(copied), "--replicates", "10", "--fold"]

    def learnt_from(dataset: str) -> None:
        fields = read(copied / "bundle.json")
        fields["run"]["data"] = {"dataset": dataset, "profile": PROFILE.name, "split": "own", "kept": "all"}
        (copied / "bundle.json").write_text(json.dumps(fields), encoding="utf-8")

    learnt_from("ptbxl")
    for fold in ("1", "9"):
        assert main([*arguments, fold, "--out", str(tmp_path / "one.json")]) == 1
        assert "so it is not held out" in capsys.readouterr().err
    assert not (tmp_path / "one.json").exists()
    learnt_from("zzu_pecg")
    assert main([*arguments, "1", "--out", str(tmp_path / "one.json")]) == 0
    metrics = read(tmp_path / "one.json")["metrics"]
    assert "choosing" not in metrics
    assert metrics["held_out"]["recordings"] == COUNT // 4
    assert metrics["held_out"]["data"] == "PTB-XL 1.0.3 at 100 Hz, every recording of fold 1"
    assert main([*arguments, "10"]) == 1
    assert "no recording of fold 10" in capsys.readouterr().err


def test_of_own_recordings_a_bundle_is_measured_on_those_it_has_not_seen(
    bundle: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = dataclasses.replace(store, dataset="wfdb_folder", folds=np.full(len(store), -1))
    monkeypatch.setattr("peace_model.evaluation.shipped.open_store", lambda folder, profile: own)
    split, copied = own_split(own), Path(shutil.copytree(bundle, tmp_path / "bundle"))
    arguments = ["evaluate", "--store", "store", "--bundle", str(copied), "--replicates", "5", "--out",
                 str(tmp_path / "found.json")]

    def measured_having_seen(rows: np.ndarray) -> dict[str, Any]:
        fields = read(copied / "bundle.json")
        fields["run"]["data"] = {"dataset": own.dataset, "profile": PROFILE.name}
        fields["training"]["seen"] = [seen_key(str(name)) for name in own.ids[rows]]
        (copied / "bundle.json").write_text(json.dumps(fields), encoding="utf-8")
        assert main(arguments) == 0
        metrics: dict[str, Any] = read(tmp_path / "found.json")["metrics"]
        return metrics

    some = measured_having_seen(np.concatenate([split.choose[:3], split.test[:1]]))
    assert "left out: 4 recordings of patients whom tiny has seen" in capsys.readouterr().out
    assert some["choosing"]["recordings"] == len(split.choose) - 3
    assert some["test"]["recordings"] == len(split.test) - 1
    rest = measured_having_seen(np.concatenate([split.train, split.choose]))
    assert f"left out: {len(split.choose)} recordings" in capsys.readouterr().out
    assert "choosing" not in rest
    assert rest["held_out"]["recordings"] == len(split.test)
    with pytest.raises(SystemExit):
        main([*arguments, "--record"])


def test_a_split_without_anything_to_choose_by_is_refused(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run", store, seed=1)
    assert main(["evaluate", "--store", str(store.folder), "--run", str(run), "--split", "age_shift_target"]) == 1
    assert "no recording to choose by in the split PTB-XL 18 to 34 years" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [
    ["--run", "r", "--bundle", "b"], ["--run", "r", "--record"], ["--run", "r", "--fold", "9"], [],
    ["--run", "r", "s", "--control", "c"], ["--bundle", "b", "--control", "c"],
    ["--bundle", "b", "--fold", "9", "--record"],
])
def test_arguments_that_do_not_go_together_are_wrong_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", "--store", "s", *arguments])
    assert ended.value.code == 2


@pytest.mark.parametrize(("content", "reason"), [
    ('{"name": "a"}', "expected a list"), ('[{"name": "a"}]', "command, figure, name, remark, seed")])
def test_a_list_of_configurations_must_be_whole(
    content: str, reason: str, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run", store, seed=1)
    (run / "configurations.json").write_text(content, encoding="utf-8")
    assert main(["evaluate", "--store", str(store.folder), "--run", str(run), "--replicates", "5"]) == 1
    assert reason in capsys.readouterr().err


def test_card_is_written_from_the_bundle_alone(
    bundle: Path, store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = Path(shutil.copytree(bundle, tmp_path / "bundle"))
    assert main(["evaluate", "--store", str(store.folder), "--bundle", str(copied), "--replicates", "5",
                 "--record"]) == 0
    written = (copied / "card.md").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["card", "--bundle", str(copied), "--stdout"]) == 0
    assert capsys.readouterr().out == written
    (copied / "card.md").unlink()
    assert main(["card", "--bundle", str(copied)]) == 0
    assert (copied / "card.md").read_text(encoding="utf-8") == written


@pytest.mark.parametrize("same", [True, False])
def test_figures_on_ludb_are_kept_while_the_graph_is_the_same(
    bundle: Path, store: Store, tmp_path: Path, same: bool
) -> None:
    copied = Path(shutil.copytree(bundle, tmp_path / "bundle"))
    fields = read(copied / "bundle.json")
    fields["metrics"] |= {"graph_sha256": load_bundle(copied).sha256 if same else "another",
                          "proxy_e_ludb": {"recordings": 1, "left_out": [], "labels": {}}}
    (copied / "bundle.json").write_text(json.dumps(fields), encoding="utf-8")
    assert main(["evaluate", "--store", str(store.folder), "--bundle", str(copied), "--replicates", "5",
                 "--record"]) == 0
    assert ("proxy_e_ludb" in read(copied / "bundle.json")["metrics"]) is same

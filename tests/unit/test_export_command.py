"""peace-model export on a generated data set: from a run that training left to a bundle that the application loads."""

from pathlib import Path

import numpy as np
import pytest
from layouts.ptbxl import Row, beats_uv, write_ptbxl

pytest.importorskip("torch", reason="needs the extra 'train'")
pytest.importorskip("onnx", reason="needs the extra 'train'")

from export_store import SMALL

from peace_model.__main__ import main
from peace_model.datasets import ptbxl
from peace_model.datasets.prepare import prepare
from peace_model.datasets.store import Store, open_store
from peace_model.inference.bundle import load_bundle
from peace_model.inference.predictor import Predictor
from peace_model.networks.building import fresh_peace
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only
from peace_model.training.checkpoint import save_checkpoint

COUNT = 72


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    rng = np.random.default_rng(2)
    wide = [number % 3 == 0 for number in range(COUNT)]
    rows = [Row(number, 9 if number % 2 == 0 else 1, 40, number % 2, ("CRBBB",) if wide[number] else ("NORM",))
            for number in range(COUNT)]
    source = write_ptbxl(tmp_path_factory.mktemp("data") / "ptbxl", rows,
                         np.stack([beats_uv(rng, wide=one) for one in wide]))
    folder = tmp_path_factory.mktemp("store")
    prepare(ptbxl.source(source, fs_hz=100), folder, profile="peace24")
    return open_store(folder, "peace24")


def write_run(folder: Path, store: Store, *, peace: bool) -> Path:
    """A run as training leaves it, of a network that has learnt nothing."""
    config = SMALL if peace else EcgOnlyConfig("resnet1d_small_pyramid", len(store.labels))
    model = fresh_peace(SMALL, store.labels, seed=1) if peace else fresh_ecg_only(config, 1)
    save_checkpoint(folder / "best", model.state_dict(), {
        "kind": "peace" if peace else "ecg_only", "network": config.to_dict(), "labels": list(store.labels),
        "profile": store.profile, "pipeline": store.spec.to_dict(), "step": 1, "epoch": 0, "macro_auroc": None,
        "training": {"epochs": 1, "batch": 8, "rate": 1e-3, "seed": 1, "average": 0.9, "augment": {"crop_s": 7.5}},
        "recipe": {"name": "pretrain", "version": "1", "method": "pretrain"},
        "data": {"dataset": "ptbxl", "profile": store.profile, "split": "own", "kept": "all"}})
    return folder


def test_a_measured_run_becomes_a_bundle_that_predicts(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = write_run(tmp_path / "run", store, peace=True), tmp_path / "bundle"
    export = ["export", "--store", str(store.folder), "--run", str(run), "--out", str(out), "--version", "3.2.1",
              "--map-tests", "1", "--occlusion-tests", "0"]
    assert main(export) == 1
    assert "run peace-model evaluate first" in capsys.readouterr().err
    assert not out.exists()

    assert main(["evaluate", "--store", str(store.folder), "--run", str(run), "--replicates", "10"]) == 0
    assert main(export) == 0
    assert "3.2.1" in capsys.readouterr().out
    bundle = load_bundle(out)
    assert bundle.version == "3.2.1"
    signal = store.windows(np.arange(2))
    logits = Predictor(bundle, "cpu", threads=1).logits(
        signal=signal, lead_mask=np.array(store.lead_mask[:2]), valid_samples=np.array(store.valid_samples[:2]),
        age_days=np.array(store.age_days[:2], np.float32))
    assert logits.shape == (2, 24)
    assert (out / "card.md").is_file()


def test_a_run_of_the_control_without_text_is_refused(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run", store, peace=False)
    assert main(["export", "--store", str(store.folder), "--run", str(run), "--out", str(tmp_path / "bundle"),
                 "--version", "1"]) == 1
    assert "only a PEACE network" in capsys.readouterr().err

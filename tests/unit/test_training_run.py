"""One small training on a real path: files, store, network, checkpoint, evaluation, bundle, and its way back in.

The data set is generated (two kinds of spikes); no figure of it says anything of ECGs.
"""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from layouts.ptbxl import two_kinds  # noqa: E402

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets import ptbxl  # noqa: E402
from peace_model.datasets.augment import AugmentConfig  # noqa: E402
from peace_model.datasets.prepare import prepare  # noqa: E402
from peace_model.datasets.ptbxl import read_recording, read_table  # noqa: E402
from peace_model.datasets.splits import own_split  # noqa: E402
from peace_model.datasets.store import Store, open_store  # noqa: E402
from peace_model.evaluation.model_card import card_text  # noqa: E402
from peace_model.inference.bundle import load_bundle  # noqa: E402
from peace_model.inference.predictor import Predictor  # noqa: E402
from peace_model.training.checkpoint import CheckpointError, load_checkpoint, save_checkpoint  # noqa: E402
from peace_model.training.ecg_only import load_best_ecg_only, train_ecg_only  # noqa: E402
from peace_model.training.loop import TrainConfig  # noqa: E402
from peace_model.training.pretrain import TINY_NETWORK, load_best, pretrain  # noqa: E402

CONFIG = TrainConfig(epochs=4, batch=16, encoder_rate=1e-2, rate=5e-3, checkpoint_steps=3,
                     augment=AugmentConfig(crop_samples=400))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_kinds(tmp_path_factory.mktemp("ptbxl"), count=108)


@pytest.fixture(scope="module")
def store(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("store")
    prepare(ptbxl.source(source, fs_hz=100), folder)
    return open_store(folder, "peace12_full")


@pytest.fixture(scope="module")
def run(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    pretrain(store, folder, network=TINY_NETWORK, config=CONFIG)
    return folder


def test_the_loss_falls_and_the_log_tells(run: Path) -> None:
    entries = [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    losses = [entry["label"] for entry in entries if "label" in entry]
    assert losses[-1] < 0.7 * losses[0]
    assert [entry["epoch"] for entry in entries if "macro_auroc" in entry] == [0, 1, 2, 3]


def test_a_run_that_was_stopped_ends_with_the_bits_of_one_that_was_not(
    run: Path, store: Store, tmp_path: Path
) -> None:
    said: list[str] = []
    pretrain(store, tmp_path, network=TINY_NETWORK, config=CONFIG, stop_after=8)
    pretrain(store, tmp_path, network=TINY_NETWORK, config=CONFIG, say=said.append)
    assert said[0].startswith("resumed at step 8 of")
    (ours, ours_state), (theirs, theirs_state) = load_checkpoint(run / "checkpoint"), load_checkpoint(
        tmp_path / "checkpoint")
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert ours_state == theirs_state


def test_a_run_refuses_to_go_on_with_other_settings(run: Path, store: Store) -> None:
    with pytest.raises(ValueError, match="other settings"):
        pretrain(store, run, network=TINY_NETWORK, config=TrainConfig(epochs=9, batch=16))


def test_nothing_of_a_run_is_pickled(run: Path) -> None:
    kinds = {path.suffix for path in run.rglob("*") if path.is_file()}
    assert kinds <= {".safetensors", ".json", ".jsonl"}


def test_a_checkpoint_cut_between_its_renames_is_still_there(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "c", {"w": torch.ones(2)}, {"step": 1})
    (tmp_path / "c").rename(tmp_path / "c.old")
    assert load_checkpoint(tmp_path / "c")[1]["step"] == 1
    with pytest.raises(CheckpointError, match="no checkpoint"):
        load_checkpoint(tmp_path / "d")


def test_the_control_trains_in_the_same_loop(store: Store, tmp_path: Path) -> None:
    state = train_ecg_only(store, tmp_path, encoder="xresnet1d_tiny", config=CONFIG, stop_after=6)
    assert state["step"] == 6
    control = load_best_ecg_only(tmp_path)
    logits, _ = control(torch.zeros(1, 12, 1000), torch.ones(1, 12), torch.tensor([1000]))
    assert logits.shape == (1, 12)


def test_from_run_to_bundle_by_the_command_line(run: Path, store: Store, source: Path, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--store", str(store.folder), "--run", str(run)]
    out = tmp_path / "bundle"
    assert main(["export", *arguments, "--out", str(out), "--version", "0.0.0"]) == 1
    assert "run peace-model evaluate first" in capsys.readouterr().err
    control = tmp_path / "control"
    train_ecg_only(store, control, encoder="xresnet1d_tiny", config=CONFIG, stop_after=6)
    assert main(["evaluate", *arguments, "--replicates", "20", "--control", str(control)]) == 1
    assert "nothing to compare by" in capsys.readouterr().err
    assert main(["evaluate", *arguments, "--replicates", "20"]) == 0
    assert main(["export", *arguments, "--out", str(out), "--version", "0.0.0", "--name", "tiny"]) == 0

    bundle = load_bundle(out)
    assert bundle.labels[3].code == "CRBBB"
    assert bundle.training.records == len(own_split(store).train)
    assert sum(bundle.training.positives["CRBBB"].values()) == 24
    assert bundle.training.min_age_days >= 6574
    written = json.loads((out / "bundle.json").read_text(encoding="utf-8"))
    assert written["parity"]["logits"] < 1e-3
    assert (out / "card.md").read_text(encoding="utf-8") == card_text(written)
    assert "Trained on adults only" in card_text(written)

    row = read_table(source)[own_split(store).choose[0]]
    said = Predictor(bundle, "cpu", threads=1).predict(read_recording(row))
    model, _, _ = load_best(run)
    index = int(own_split(store).choose[0])
    with torch.inference_mode():
        logits, _ = model(torch.tensor(store.windows(np.array([index]))), torch.tensor(store.lead_mask[[index]]),
                          torch.tensor(store.valid_samples[[index]]))
    for item, logit in zip(said.predictions, logits[0].tolist(), strict=True):
        fit = bundle.calibration[item.label]
        assert item.probability == pytest.approx(1 / (1 + np.exp(-(fit.scale * logit + fit.offset))), abs=1e-4)


def test_commands_answer_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--store", str(tmp_path), "--out", str(tmp_path / "run")]) == 1
    assert main(["prepare", "--data", str(tmp_path), "--out", str(tmp_path / "store")]) == 1
    assert main(["card", "--bundle", str(tmp_path / "none")]) == 1
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 3
    assert "make one with peace-model prepare" in errors[0]


def test_a_store_can_be_reopened(store: Store) -> None:
    assert open_store(store.folder).labels == store.labels

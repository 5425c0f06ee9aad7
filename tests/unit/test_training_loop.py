"""The loop: what it learns, writes, keeps and refuses; killed and resumed; alone and in two processes."""

import csv
import dataclasses
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from training_store import MemoryStore, Rows, thirds, two_kinds  # noqa: E402
from training_worker import CONFIG, STEPS, run_and_tell, small_run  # noqa: E402

from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.training.checkpoint import (  # noqa: E402
    CheckpointError,
    load_checkpoint,
    save_checkpoint,
)
from peace_model.training.config import TrainConfig, TrainingError  # noqa: E402
from peace_model.training.log import Moment  # noqa: E402
from peace_model.training.loop import train  # noqa: E402
from peace_model.training.objectives import Objective  # noqa: E402
from peace_model.training.run_state import RunState  # noqa: E402

WORKER = Path(__file__).with_name("training_worker.py")
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(["", str(Path(__file__).parents[2])]).lstrip(os.pathsep),
               "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Moment]]:
    """A run from its beginning to its end."""
    folder, moments = tmp_path_factory.mktemp("whole"), []
    small_run(folder, watch=moments.append)
    return folder, moments


def same_end(one: Path, other: Path) -> bool:
    (ours, ours_state), (theirs, theirs_state) = load_checkpoint(one / "checkpoint"), load_checkpoint(
        other / "checkpoint")
    return (ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)
            and ours_state == theirs_state)


def entries(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_losses_fall_and_every_step_is_shown(whole: tuple[Path, list[Moment]]) -> None:
    _, moments = whole
    assert [moment.step for moment in moments] == list(range(1, STEPS + 1))
    first, last = moments[0], moments[-1]
    assert last.losses["label"] < 0.5 * first.losses["label"]
    assert last.losses["statements"] < 0.5 * first.losses["statements"]
    assert last.losses["align"] < first.losses["align"]
    assert (first.steps, first.epochs, last.epoch, last.remaining_s) == (STEPS, 4, 3, 0)
    assert first.best is None
    assert last.best is not None
    assert first.samples_per_s > 0


def test_both_logs_tell_of_every_epoch(whole: tuple[Path, list[Moment]]) -> None:
    folder, _ = whole
    epochs = [entry for entry in entries(folder) if "macro_auroc" in entry]
    with (folder / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["epoch"]) for row in rows] == [entry["epoch"] for entry in epochs] == [0, 1, 2, 3]
    assert [float(row["macro_auroc"]) for row in rows] == [entry["macro_auroc"] for entry in epochs]
    assert rows[0]["LAFB"] == ""
    assert float(rows[-1]["NORM"]) > 0.9


def test_a_killed_run_ends_with_the_bits_of_one_that_was_not(whole: tuple[Path, list[Moment]], tmp_path: Path) -> None:
    command = [sys.executable, str(WORKER), str(tmp_path), "8"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if int(line) == 8:  # between two checkpoints, before the epoch is judged
                running.kill()
                break
    assert running.returncode != 0
    with (tmp_path / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"step": 8, "ep')  # a line that the end of the process cut off
    taken: list[int] = []
    small_run(tmp_path, watch=lambda moment: taken.append(moment.step))
    assert taken == list(range(7, STEPS + 1))
    assert same_end(whole[0], tmp_path)
    assert [entry["step"] for entry in entries(tmp_path)] == [entry["step"] for entry in entries(whole[0])]
    assert (tmp_path / "log.csv").read_text(encoding="utf-8") == (whole[0] / "log.csv").read_text(encoding="utf-8")


def test_a_run_that_died_before_its_first_checkpoint_logs_no_step_twice(tmp_path: Path) -> None:
    def strike(moment: Moment) -> None:
        if moment.step == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        small_run(tmp_path, watch=strike)
    assert [entry["step"] for entry in entries(tmp_path)] == [1]
    small_run(tmp_path, stop_after=1)
    assert [entry["step"] for entry in entries(tmp_path)] == [1]


def test_two_processes_take_the_steps_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not torch.distributed.is_gloo_available():
        pytest.skip("this build of torch has no gloo")
    alone, both = tmp_path / "alone", tmp_path / "both"
    small_run(alone, dropout=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # What torchrun sets for each process it starts; this one is the first of the two, which spares an import of torch.
    together = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2"}
    with subprocess.Popen([sys.executable, str(WORKER), str(both)], stdout=subprocess.DEVNULL,
                          env={**ENVIRONMENT, **together, "RANK": "1"}) as second:
        for name, value in {**together, "RANK": "0"}.items():
            monkeypatch.setenv(name, value)
        run_and_tell(both)
    assert second.returncode == 0
    (ours, ours_state), (theirs, theirs_state) = load_checkpoint(alone / "checkpoint"), load_checkpoint(
        both / "checkpoint")
    weights = [name for name in ours if name.startswith(("model.", "average.")) and ours[name].is_floating_point()]
    assert len(weights) > 100
    assert max(float((ours[name] - theirs[name]).abs().max()) for name in weights) < 2e-3  # 0.4 of one step's rate
    for one, two in zip(ours_state["run"]["epochs"], theirs_state["run"]["epochs"], strict=True):
        assert two["losses"] == pytest.approx(one["losses"], rel=1e-3)
        assert two["macro_auroc"] == pytest.approx(one["macro_auroc"], abs=0.02)
    gates = [json.loads((both / f"gate{rank}.json").read_text(encoding="utf-8")) for rank in (0, 1)]
    assert gates[0] == gates[1]
    assert gates[0]["smoothed"] == pytest.approx(ours_state["gate"]["smoothed"], rel=1e-4)


def test_a_run_refuses_to_go_on_with_other_settings(whole: tuple[Path, list[Moment]]) -> None:
    with pytest.raises(CheckpointError, match=r"other settings \(training\)"):
        small_run(whole[0], config=dataclasses.replace(CONFIG, rate=1e-3))


@pytest.mark.parametrize("changed", ["targets", "known", "ids", "rows to choose by"])
def test_a_run_refuses_to_go_on_with_other_data(changed: str, tmp_path: Path) -> None:
    def begun(store: MemoryStore, split: Rows) -> RunState:
        model = fresh_ecg_only(EcgOnlyConfig("xresnet1d_tiny", len(store.labels)), seed=1)
        config = TrainConfig(epochs=1, batch=32, rate=0.0, weights={"label": 1.0}, choose_least=1)
        return train(model, Objective(config), store, split, config, tmp_path, about={}, stop_after=1)  # type: ignore

    store = two_kinds(samples=100)
    split = thirds(store)
    assert begun(store, split).step == begun(store, split).step == 1
    if changed == "rows to choose by":
        split = dataclasses.replace(split, choose=split.choose[1:])
    else:
        values = getattr(store, changed).copy()
        values[0] = "another" if changed == "ids" else 1 - values[0]
        store = dataclasses.replace(store, **{changed: values})
    with pytest.raises(CheckpointError, match="begun with other data: recordings, labels or the split"):
        begun(store, split)


def test_a_run_from_before_data_were_noted_goes_on_and_says_so(tmp_path: Path) -> None:
    small_run(tmp_path, stop_after=1)
    tensors, state = load_checkpoint(tmp_path / "checkpoint")
    del state["facts"]["data_sha256"], state["format"]
    save_checkpoint(tmp_path / "checkpoint", tensors, state)
    said: list[str] = []
    small_run(tmp_path, stop_after=2, say=said.append)
    assert any("whether they are the same was not compared" in line for line in said)
    said.clear()
    small_run(tmp_path, stop_after=2, say=said.append)
    assert said == [f"resumed at step 2 of {STEPS}"]


def test_a_run_that_ended_is_left_as_it_is(whole: tuple[Path, list[Moment]]) -> None:
    said: list[str] = []
    assert small_run(whole[0], say=said.append).step == STEPS
    assert said == [f"resumed at step {STEPS} of {STEPS}"]


def test_the_epoch_that_stands_is_the_best_one_and_its_weights_are_averages(whole: tuple[Path, list[Moment]]) -> None:
    tensors, state = load_checkpoint(whole[0] / "best")
    epochs = load_checkpoint(whole[0] / "checkpoint")[1]["run"]["epochs"]
    best = max(epochs, key=lambda entry: entry["macro_auroc"])
    assert (state["epoch"], state["macro_auroc"]) == (best["epoch"], best["macro_auroc"])
    assert (state["kind"], state["profile"], state["labels"][3]) == ("peace", "peace12", "CRBBB")
    if best is epochs[-1]:
        average = load_checkpoint(whole[0] / "checkpoint")[0]
        assert all(torch.equal(value, average[f"average.{name}"]) for name, value in tensors.items())


def test_nothing_of_a_run_is_pickled(whole: tuple[Path, list[Moment]]) -> None:
    kinds = {path.suffix for path in whole[0].rglob("*") if path.is_file()}
    assert kinds == {".safetensors", ".json", ".jsonl", ".csv"}


def test_a_checkpoint_cut_between_its_renames_is_still_there(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "c", {"w": torch.ones(2)}, {"step": 1})
    (tmp_path / "c").rename(tmp_path / "c.old")
    (tmp_path / "c.new").mkdir()
    assert load_checkpoint(tmp_path / "c")[1]["step"] == 1
    save_checkpoint(tmp_path / "c", {"w": torch.ones(2)}, {"step": 2})
    assert load_checkpoint(tmp_path / "c")[1]["step"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["c"]
    with pytest.raises(CheckpointError, match="no checkpoint"):
        load_checkpoint(tmp_path / "d")


def control(**changes: object) -> TrainConfig:
    return dataclasses.replace(TrainConfig(epochs=30, batch=16, rate=5e-3, choose_least=1, augment=CONFIG.augment),
                               **changes)


def train_control(folder: Path, config: TrainConfig, **more: object) -> object:
    store = two_kinds()
    model = fresh_ecg_only(EcgOnlyConfig("xresnet1d_tiny", len(store.labels)), seed=1)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    run = train(model, Objective(config), store, thirds(store), config, folder, about={"kind": "ecg_only"}, **more)
    return run, before


def test_a_run_stops_early_and_stays_stopped(tmp_path: Path) -> None:
    said: list[str] = []
    run, _ = train_control(tmp_path, control(patience=2), say=said.append)
    assert run.stopped
    assert run.step < 30 * 4
    assert len(run.epochs) == run.best_step // 4 + 2
    assert said[-1].startswith("stopped early")
    again, _ = train_control(tmp_path, control(patience=2))
    assert again.step == run.step


def test_only_what_is_named_is_trained_and_the_rest_keeps_its_statistics(tmp_path: Path) -> None:
    run, before = train_control(tmp_path, control(epochs=1, trained=("head.",)))
    after = run.model.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"head.weight", "head.bias"}
    with pytest.raises(TrainingError, match="no parameter's name starts with 'tail.'"):
        train_control(tmp_path / "b", control(trained=("tail.",)))


def test_the_longest_beginning_of_a_name_gives_the_rate(tmp_path: Path) -> None:
    config = control(epochs=1, rates={"encoder.": 1e-5, "encoder.layers.0.": 0.0})
    run, before = train_control(tmp_path, config)
    rates = {group["base"] for group in run.optimiser.param_groups}
    assert rates == {5e-3, 1e-5, 0.0}
    after = run.model.state_dict()
    assert torch.equal(before["encoder.layers.0.0.weight"], after["encoder.layers.0.0.weight"])
    assert not torch.equal(before["encoder.layers.1.0.weight"], after["encoder.layers.1.0.weight"])


def test_fine_tuning_measures_the_gate_against_the_label_prior(tmp_path: Path) -> None:
    gate = dataclasses.replace(CONFIG.gate, reference="prior")
    run = small_run(tmp_path, config=dataclasses.replace(CONFIG, gate=gate), stop_after=1)
    # Two labels of twelve occur, in three quarters and in one quarter of the recordings.
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert run.gate.prior == pytest.approx(2 * entropy / 12, rel=0.05)


def test_bfloat16_trains_and_says_where_it_is_slower(tmp_path: Path) -> None:
    said: list[str] = []
    run, _ = train_control(tmp_path, control(epochs=2, precision="bfloat16"), say=said.append)
    assert run.epochs[-1]["losses"]["label"] < run.epochs[0]["losses"]["label"]
    able = torch.cpu.get_capabilities()
    if not able.get("avx512_bf16") and not able.get("amx_bf16") and not able.get("bf16"):
        assert "slower than float32 here" in said[0]
    assert {value.dtype for value in run.model.parameters()} == {torch.float32}


@pytest.mark.parametrize(("config", "message"), [
    (control(rate=1e30), "lower the rate"), (control(choose_by="ten"), "has the groups"),
    (control(batch=1), "too few"),
])
def test_what_cannot_be_trained_is_said(config: TrainConfig, message: str, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=message):
        train_control(tmp_path, config)

"""The three stages of transferring clinical knowledge on a small generated store: what is learnt, kept, frozen, told.

Two kinds of spikes stand for ECGs, a column that knows which one for clinical context: no figure says anything of ECGs.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from layouts.ptbxl import two_kinds  # noqa: E402

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets.context import Abnormality, ContextTable, Feature  # noqa: E402
from peace_model.datasets.splits import draw_share, own_split  # noqa: E402
from peace_model.datasets.store import Store, open_store  # noqa: E402
from peace_model.evaluation.collapse import collapse_text, monitors_of  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.networks.encoders import build_encoder  # noqa: E402
from peace_model.training.barlow_twins import (  # noqa: E402
    barlow_twins,
    cross_correlation,
    monitors,
)
from peace_model.training.checkpoint import load_checkpoint  # noqa: E402
from peace_model.training.runs import load_run  # noqa: E402
from peace_model.training.transfer import take_encoder  # noqa: E402

SHORT = ["training.epochs=2", "training.batch=24", "training.choose_least=1", "network.encoder=s4d_tiny",
         "network.projector=[32,16]", "network.hidden=[16]", "training.checkpoint_steps=2"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    source = two_kinds(tmp_path_factory.mktemp("data") / "ptbxl", count=90)
    folder = tmp_path_factory.mktemp("store")
    assert main(["prepare", "--dataset", "ptbxl", "--data", str(source), "--out", str(folder)]) == 0
    return open_store(folder)


@pytest.fixture(scope="module")
def context(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Columns of kind and of nothing, a third of them missing; the width of the QRS as an abnormality."""
    rng = np.random.default_rng(3)
    wide = store.targets[:, store.labels.index("CRBBB")]
    values = np.stack([wide + rng.normal(0, 0.1, len(store)), rng.normal(size=len(store)), wide, wide], axis=1)
    values[rng.random(values.shape) < 0.3] = np.nan
    known = (rng.random((len(store), 2)) < 0.9).astype(np.uint8)
    abnormal = np.stack([wide, 1 - wide], axis=1).astype(np.uint8) * known
    folder = tmp_path_factory.mktemp("context")
    ContextTable(
        "ptbxl", store.ids, (Feature("qrs_ms"), Feature("noise"), Feature("width"), Feature("report_block", "text")),
        values.astype(np.float32),
        (Abnormality("qrs_wide", "Wide QRS", "over 110 ms", "a source"), Abnormality("narrow", "Narrow QRS", "", "")),
        abnormal, known).write(folder)
    return folder


def trained(recipe: str, store: Store, out: Path, *more: str, sets: list[str]) -> int:
    changes = [word for change in sets for word in ("--set", change)]
    return main(["train", "--recipe", recipe, "--store", str(store.folder), "--out", str(out), *changes, *more])


@pytest.fixture(scope="module")
def joint(store: Store, context: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "joint"
    assert trained("transfer_pretrain", store, folder, "--context", str(context), sets=SHORT) == 0
    return folder


@pytest.fixture(scope="module")
def diagnoses(store: Store, joint: Path) -> Path:
    folder = joint.with_name("diagnoses")
    assert trained("transfer_diagnose", store, folder, "--init", str(joint), sets=DIAGNOSE) == 0
    return folder


DIAGNOSE = [*SHORT[:4], "training.frozen_depth=2"]


def entries(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_stage_one_tells_of_collapse_in_its_log_and_reads_no_text(joint: Path) -> None:
    assert {"joint", "embedding_std", "effective_rank", "mean_diagonal"} <= set(entries(joint)[0])
    state = load_checkpoint(joint / "best")[1]
    assert (state["kind"], state["context"]["columns"]) == ("joint", ["qrs_ms", "noise", "width"])
    assert state["network"]["features"] == 3
    assert load_checkpoint(joint / "checkpoint")[1]["run"]["best_step"] == load_checkpoint(
        joint / "checkpoint")[1]["run"]["step"]


def test_an_encoder_from_a_collapsed_embedding_is_taken_with_a_warning(
    store: Store, joint: Path, tmp_path: Path
) -> None:
    kept = monitors_of(joint)
    assert kept == pytest.approx({name: load_checkpoint(joint / "checkpoint")[1]["run"]["epochs"][-1]["losses"][name]
                                  for name in ("embedding_std", "effective_rank", "mean_diagonal")})
    shutil.copytree(joint, tmp_path / "fallen")
    for rank, warned in ((1.0005, True), (12.0, False)):
        (tmp_path / "fallen" / "log.csv").write_text(
            f"epoch,step,effective_rank,embedding_std,mean_diagonal\n1,4,{rank},0.28,0.19\n")
        model = fresh_ecg_only(EcgOnlyConfig("s4d_tiny", 3), seed=1)
        said: list[str] = []
        take_encoder(model, tmp_path / "fallen", store, said.append)
        assert any("fallen: the joint embedding has collapsed: effective_rank 1" in line for line in said) == warned
    assert monitors_of(tmp_path) is None


def test_the_text_stands_in_an_arm_of_its_own(store: Store, context: Path, tmp_path: Path) -> None:
    sets = [*SHORT, "context=text_supervised", "training.epochs=1"]
    assert trained("transfer_pretrain", store, tmp_path / "r", "--context", str(context), sets=sets) == 0
    assert "report_block" in load_checkpoint(tmp_path / "r" / "best")[1]["context"]["columns"]


def test_stage_one_stopped_and_resumed_ends_with_the_bits_of_one_that_was_not(
    joint: Path, store: Store, context: Path, tmp_path: Path
) -> None:
    for more in (["--stop-after", "3"], []):
        assert trained("transfer_pretrain", store, tmp_path / "r", "--context", str(context), *more, sets=SHORT) == 0
    ours, theirs = load_checkpoint(joint / "checkpoint"), load_checkpoint(tmp_path / "r" / "checkpoint")
    assert all(torch.equal(ours[0][name], theirs[0][name]) for name in ours[0])
    assert ours[1] == theirs[1]


def test_a_run_does_not_go_on_with_another_context(
    joint: Path, store: Store, context: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads((context / "context.json").read_text(encoding="utf-8"))
    told["notes"] = ["measured again"]
    (tmp_path / "context.json").write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "context.npz").write_bytes((context / "context.npz").read_bytes())
    assert trained("transfer_pretrain", store, joint, "--context", str(tmp_path), sets=SHORT) == 1
    assert "begun with other settings (context)" in capsys.readouterr().err


def test_early_layers_stay_as_they_were_to_the_bit_and_the_others_learn(joint: Path, diagnoses: Path) -> None:
    before, after = load_checkpoint(joint / "checkpoint")[0], load_checkpoint(diagnoses / "checkpoint")[0]
    best = load_checkpoint(joint / "best")[0]
    own = {name.removeprefix("model."): value for name, value in after.items() if name.startswith("model.encoder.")}
    changed = {name for name, value in own.items() if not torch.equal(value, best[name])}
    assert changed
    assert not any(name.startswith(("encoder.stem.", "encoder.layers.0.")) for name in changed)
    assert any(name.startswith("encoder.layers.1.") for name in changed)
    assert "model.project_ecg.0.weight" in before
    assert load_checkpoint(diagnoses / "best")[1]["init"]["run"] == "joint"


def test_freezing_keeps_running_statistics_too(store: Store, tmp_path: Path) -> None:
    sets = ["training.epochs=1", "training.batch=24", "network.encoder=resnet1d_small", "training.frozen_depth=2"]
    assert trained("train", store, tmp_path / "r", sets=sets) == 0
    after = load_checkpoint(tmp_path / "r" / "checkpoint")[0]
    moved = {name for name, value in after.items() if name.endswith("num_batches_tracked") and value.any()}
    encoder = build_encoder("resnet1d_small")
    frozen = {f"encoder.{name}" for name, _ in encoder.named_buffers() if name.startswith(("layers.0.", "layers.3."))}
    assert moved
    assert not {name.removeprefix("model.") for name in moved} & frozen


def test_the_third_stage_learns_its_head_alone(
    store: Store, diagnoses: Path, context: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, sets = tmp_path / "explained", ["training.epochs=12", "training.batch=24", "training.choose_least=1"]
    assert trained("transfer_explain", store, out, "--init", str(diagnoses), "--context", str(context), sets=sets) == 0
    told = load_checkpoint(out / "checkpoint")[1]["run"]["epochs"]
    assert told[-1]["losses"]["abnormalities"] < told[0]["losses"]["abnormalities"]
    assert "(abnormalities)" in capsys.readouterr().err
    before, (model, state, _) = load_run(diagnoses)[0].state_dict(), load_run(out)
    assert state["abnormality_codes"] == ["qrs_wide", "narrow"]
    assert all(torch.equal(value, model.state_dict()[name]) for name, value in before.items())
    assert model.abnormalities is not None


def test_both_heads_can_be_learnt_together(joint: Path, store: Store, context: Path, tmp_path: Path) -> None:
    sets = [*DIAGNOSE, 'training.weights={"label": 1, "abnormalities": 0.5}']
    assert trained("transfer_diagnose", store, tmp_path / "r", "--init", str(joint), "--context", str(context),
                   sets=sets) == 0
    epochs = load_checkpoint(tmp_path / "r" / "checkpoint")[1]["run"]["epochs"]
    assert set(epochs[0]["losses"]) == {"label", "abnormalities"}
    assert "CRBBB" in epochs[0]["auroc"]


@pytest.mark.parametrize(("recipe", "more", "said"), [
    ("transfer_pretrain", [], "it learns from a clinical context; give it with --context"),
    ("transfer_diagnose", ["--init", "JOINT", "--context", "CONTEXT"], "no loss of it reads a context"),
    ("transfer_diagnose", ["--init", "JOINT", "--set", "network.encoder=s4d_128"], "its encoder is s4d_tiny,"),
    ("transfer_diagnose", [], "begins with a run; give it with --init"),
    ("transfer_explain", ["--init", "JOINT", "--context", "CONTEXT"], "a joint embedding knows no labels yet"),
    ("transfer_pretrain", ["--context", "CONTEXT", "--set", "network.features=3"], "network.features: the context"),
    ("transfer_diagnose", ["--init", "JOINT", "--set", "training.frozen_depth=9", "--set", "network.encoder=s4d_tiny"],
     "frozen_depth: 9; this encoder has 4 parts"),
    ("transfer_diagnose", ["--init", "JOINT", "--set", "data.share=2"], "share lies above 0"),
])
def test_what_does_not_go_together_is_said_in_one_line(
    recipe: str, more: list[str], said: str, joint: Path, store: Store, context: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = [{"JOINT": str(joint), "CONTEXT": str(context)}.get(word, word) for word in more]
    assert trained(recipe, store, tmp_path / "out", *words, sets=[]) == 1
    assert said in capsys.readouterr().err.strip().splitlines()[-1]


def test_a_smaller_share_of_the_patients_lies_within_a_larger_one(store: Store) -> None:
    rows = own_split(store).train
    shares = [draw_share(store, rows, share, seed=1) for share in (0.1, 0.5, 1.0)]
    assert [len(part) for part in shares] == [int(np.ceil(share * len(rows))) for share in (0.1, 0.5, 1.0)]
    assert set(shares[0]) < set(shares[1]) < set(shares[2]) == set(rows)
    assert set(draw_share(store, rows, 0.1, seed=2)) != set(shares[0])


def test_the_loss_is_that_of_the_paper() -> None:
    correlation = torch.tensor([[0.5, 0.1], [0.2, 1.0]])
    assert float(barlow_twins(correlation, 0.5)) == pytest.approx(0.25 + 0.5 * (0.01 + 0.04))
    same = torch.randn(400, 3, generator=torch.Generator().manual_seed(1))
    assert cross_correlation(same, same).diagonal() == pytest.approx(1.0, abs=1e-3)
    assert cross_correlation(5 * same + 2, same) == pytest.approx(cross_correlation(same, same), abs=1e-3)


@pytest.mark.parametrize(("embedding", "sign"), [
    ("constant", "embedding_std"), ("one direction", "effective_rank"), ("strangers", "mean_diagonal"), ("sound", "")])
def test_a_collapse_is_seen_by_the_monitor_that_watches_for_it(embedding: str, sign: str) -> None:
    generator = torch.Generator().manual_seed(2)
    sound, other = torch.randn(2, 200, 24, generator=generator)
    told = sound + 0.1 * other
    mean, projected = {
        "constant": (torch.ones(200, 24) + 1e-3 * sound, sound),
        "one direction": (sound, sound[:, :1] * torch.arange(1, 25)),
        "strangers": (sound, torch.randn(200, 24, generator=generator)), "sound": (sound, sound)}[embedding]
    told = projected + 0.1 * other if embedding == "one direction" else told
    figures = {name: float(value) for name, value in monitors(mean, cross_correlation(projected, told)).items()}
    assert collapse_text(figures).startswith(f"the joint embedding has collapsed: {sign}" if sign else "")
    assert bool(collapse_text(figures)) == bool(sign)

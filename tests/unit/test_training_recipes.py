"""Recipes as files and the command that runs them: what is refused, and each method on a small prepared data set.

The data set is generated (two kinds of spikes); no figure of it says anything of ECGs.
"""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from layouts.ptbxl import two_kinds  # noqa: E402

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets.store import open_store  # noqa: E402
from peace_model.networks.encoders import ENCODERS  # noqa: E402
from peace_model.training.checkpoint import load_checkpoint  # noqa: E402
from peace_model.training.fields import RecipeError  # noqa: E402
from peace_model.training.recipe import DataConfig, PaperRecipe, read_recipe, recipe_names  # noqa: E402
from peace_model.training.run_recipe import split_of, split_of_run  # noqa: E402
from peace_model.training.runs import load_run  # noqa: E402

TINY = ['network={"kind": "peace", "encoder": "xresnet1d_tiny", "lqn": {"width": 32, "layers": 1, "heads": 2, '
        '"feed_forward": 32}, "align_width": 16}']
TINY_CONTROL = ["network.encoder=xresnet1d_tiny"]
SHORT = ["training.epochs=2", "training.batch=16", "training.choose_least=1", "training.rate=0.005"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = two_kinds(tmp_path_factory.mktemp("data") / "ptbxl", count=90)
    folder = tmp_path_factory.mktemp("store")
    assert main(["prepare", "--dataset", "ptbxl", "--data", str(source), "--out", str(folder)]) == 0
    return folder


def trained(recipe: str, store: Path, out: Path, *more: str, sets: list[str] | None = None) -> int:
    changes = [word for change in SHORT + (sets or []) for word in ("--set", change)]
    return main(["train", "--recipe", recipe, "--store", str(store), "--out", str(out), *changes, *more])


@pytest.fixture(scope="module")
def run(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "pretrained"
    assert trained("pretrain", store, folder, sets=TINY) == 0
    return folder


@pytest.mark.parametrize("name", recipe_names())
def test_our_recipes_can_be_read_and_carry_the_name_of_their_file(name: str) -> None:
    recipe = read_recipe(name)
    assert recipe.name == name
    assert len(recipe.about) > 40
    if not isinstance(recipe, PaperRecipe) and recipe.network is not None:
        assert recipe.network["encoder"] in ENCODERS


@pytest.mark.parametrize(("change", "said"), [
    ("training.epoch=3", "pretrain.json: training.epoch: unknown; known are align,"),
    ("training.epochs=many", "pretrain.json: training.epochs: 'many'; expected a whole number"),
    ("training.epochs=0", "pretrain.json: training: epochs must be at least 1"),
    ("training.weights.lable=1", "pretrain.json: training: weights: "),
    ("training.gate.fixd=1", "pretrain.json: training.gate.fixd: unknown"),
    ("training.align.mode=all", "pretrain.json: training.align.mode: 'all'; expected one of shared, per_label,"),
    ("training.betas=[0.9]", "pretrain.json: training.betas: expected 2 values"),
    ("data.split=random", "pretrain.json: data.split: 'random'; expected one of own,"),
    ("data.per_label=5", "pretrain.json: data.per_label and the method few_shot go together"),
    ("method=guess", "pretrain.json: method: 'guess'; expected one of pretrain,"),
    ("network=null", "pretrain.json: method pretrain: the network is missing"),
    ("training", "pretrain.json: --set training: write it as"),
    ("name.first=1", "pretrain.json: --set name.first=1: name has no fields"),
])
def test_what_a_recipe_may_not_say_is_named_with_file_and_field(change: str, said: str) -> None:
    with pytest.raises(RecipeError) as refused:
        read_recipe("pretrain", [change])
    assert str(refused.value).startswith(said)


def test_a_change_reaches_its_place() -> None:
    recipe = read_recipe("few_shot", ["data.support_seed=3", "training.rates.encoder=0", "training.patience=2"])
    assert (recipe.data.support_seed, recipe.training.patience) == (3, 2)
    assert read_recipe("pretrain", ["about=told"]).about == "told"


def test_a_recipe_that_is_no_file_of_ours_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"method": "train", "surprise": 1}', encoding="utf-8")
    with pytest.raises(RecipeError, match=r"^mine\.json: surprise: unknown"):
        read_recipe(str(path))
    path.write_text("{", encoding="utf-8")
    with pytest.raises(RecipeError, match=r"^mine\.json: not JSON"):
        read_recipe(str(path))
    with pytest.raises(RecipeError, match="no recipe named mine; there are benchmark71, "):
        read_recipe("mine")


def test_pretraining_leaves_a_run_that_tells_what_it_is(run: Path, store: Path) -> None:
    model, state, _ = load_run(run)
    opened = open_store(store)
    assert state["recipe"] == {"name": "pretrain", "version": "2", "method": "pretrain", "changes": SHORT + TINY}
    assert (state["kind"], state["profile"]) == ("peace", "peace24")
    assert state["labels"] == list(opened.labels)
    assert state["statement_codes"] == list(opened.statement_codes)
    assert set(load_checkpoint(run / "checkpoint")[1]["run"]["epochs"][0]["losses"]) == {
        "label", "statements", "know", "align"}
    logits, _ = model(torch.zeros(1, 12, 1000), torch.ones(1, 12), torch.tensor([1000]), torch.tensor([torch.nan]))
    assert logits.shape == (1, 24)


def test_the_same_settings_in_other_words_go_on_with_a_run(
    run: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained("pretrain", store, run, sets=[*TINY, "training.batch=16"]) == 0
    assert "resumed at step" in capsys.readouterr().err
    assert trained("pretrain", store, run, sets=[*TINY, "training.batch=8"]) == 1
    assert "begun with other settings (training)" in capsys.readouterr().err


def test_the_direct_baseline_and_the_benchmark_train_without_text(store: Path, tmp_path: Path) -> None:
    assert trained("train", store, tmp_path / "plain", sets=TINY_CONTROL) == 0
    assert trained("benchmark71", store, tmp_path / "71", sets=TINY_CONTROL) == 0
    plain, everything = load_run(tmp_path / "plain")[1], load_run(tmp_path / "71")[1]
    assert (plain["kind"], len(plain["labels"]), everything["profile"]) == ("ecg_only", 24, "ptbxl71")
    assert len(everything["labels"]) == 71


def test_few_shot_begins_with_a_run_and_changes_what_it_says(run: Path, store: Path, tmp_path: Path) -> None:
    out = tmp_path / "few"
    sets = ["data.per_label=3", 'training.trained=["lqn"]', "training.weights={\"label\": 1, \"know\": 0.5}"]
    assert trained("few_shot", store, out, "--init", str(run), sets=sets) == 0
    before, after = load_checkpoint(run / "best")[0], load_checkpoint(out / "checkpoint")[0]
    changed = {name.partition(".")[0] for name in before if not torch.equal(before[name], after[f"model.{name}"])}
    assert changed == {"lqn"}
    state = load_checkpoint(out / "best")[1]
    assert state["init"]["run"] == run.name
    assert state["data"]["per_label"] == 3
    opened = open_store(store)
    assert opened.targets[split_of_run(state, opened).train].sum(axis=0).max() == 3
    with pytest.raises(RecipeError, match="the run learnt from ptbxl, this store holds ludb"):
        split_of_run(state, dataclasses.replace(opened, dataset="ludb"))
    assert load_checkpoint(out / "checkpoint")[1]["gate"]["prior"] > 0


def test_a_start_that_learnt_from_those_to_choose_by_or_to_test_on_is_refused(
    run: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = ["data.split=age_shift_target", "data.per_label=3"]
    assert trained("few_shot", store, tmp_path / "few", "--init", str(run), sets=sets) == 1
    assert f"{run.name}, or a run before it, had learnt from patients by whom this run would be" in capsys.readouterr(
    ).err
    older = tmp_path / "older"
    assert trained("finetune", store, older, "--init", str(run), sets=["training.rate=0"]) == 0
    assert trained("few_shot", store, tmp_path / "later", "--init", str(older), sets=sets) == 1
    source = tmp_path / "source"
    assert trained("pretrain", store, source, sets=[*TINY, "data.split=age_shift_source"]) == 0
    assert trained("few_shot", store, tmp_path / "apart", "--init", str(source), sets=sets) == 0


def test_few_shot_support_is_small_and_never_tested_on(store: Path) -> None:
    opened = open_store(store)
    for seed in range(5):
        split = split_of(DataConfig("peace24", per_label=4, support_seed=seed), opened)
        assert opened.targets[split.train].sum(axis=0).max() == 4
        assert not set(opened.patients[split.train]) & set(opened.patients[np.union1d(split.test, split.choose)])
    with pytest.raises(RecipeError, match="the recipe's profile is peace12"):
        split_of(DataConfig("peace12"), opened)


def test_fine_tuning_for_other_labels_keeps_the_network_and_takes_their_texts(
    run: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "tuned"
    assert trained("finetune", store, out, "--init", str(run), sets=["data.profile=peace12", "training.rate=0"]) == 0
    assert "beginning afresh: names, descriptors\n" in capsys.readouterr().err
    model, state, _ = load_run(out)
    assert (len(state["labels"]), model.names.shape[0]) == (12, 12)
    before = load_checkpoint(run / "best")[0]
    assert torch.equal(before["lqn.head.out.weight"], model.state_dict()["lqn.head.out.weight"])


def test_a_student_follows_the_mean_of_its_teachers(run: Path, store: Path, tmp_path: Path) -> None:
    second, out = tmp_path / "second", tmp_path / "student"
    assert trained("pretrain", store, second, sets=[*TINY, "training.seed=2"]) == 0
    assert trained("distill", store, out, "--teachers", f"{run},{second}", sets=TINY) == 0
    losses = [entry["losses"] for entry in load_checkpoint(out / "checkpoint")[1]["run"]["epochs"]]
    assert losses[1]["distill"] < losses[0]["distill"]
    teachers = load_checkpoint(out / "best")[1]["teachers"]
    assert [one["made"]["training"]["seed"] for one in teachers] == [1, 2]
    assert losses[1]["distill_statements"] < losses[0]["distill_statements"]
    teachers = load_checkpoint(out / "best")[1]["teachers"]
    assert [teacher["run"] for teacher in teachers] == ["pretrained", "second"]


@pytest.mark.parametrize(("recipe", "more", "said"), [
    ("few_shot", [], "begins with a run; give it with --init"),
    ("distill", [], "follows other runs; give them with --teachers"),
    ("pretrain", ["--init", "RUN"], "begins with fresh weights; leave out --init"),
    ("pretrain", ["--teachers", "RUN"], "has no teachers; leave out --teachers"),
    ("finetune", ["--init", "RUN", "--text-encoder", "bert"], "brings its own text encoder"),
    ("finetune", ["--init", "nowhere"], "no checkpoint here"),
    ("train", ["--text-encoder", "bert"], "this kind has no text"),
    ("train", ["--set", "network.labels=3"], "network.labels: the store or the text encoder says it"),
    ("train", ["--set", "network.encoder=none"], "network: no encoder named none"),
    ("train", ["--set", "network.kind=tree"], "network.kind: 'tree'; expected one of peace, ecg_only"),
    ("train", ["--set", "training.augment.hum_sd=1"], "does not exist at 100 samples a second"),
    ("train", ["--set", "training.weights.know=1"], "this network has no text"),
])
def test_what_does_not_go_together_is_said_in_one_line(
    recipe: str, more: list[str], said: str, run: Path, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [str(run) if word == "RUN" else word for word in more]
    assert trained(recipe, store, tmp_path / "out", *words) == 1
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith("peace-model train: ")
    assert said in error


@pytest.mark.parametrize("arguments", [
    ["--recipe", "pretrain"], ["--recipe", "paper"],
    ["--recipe", "paper", "--mimic", "m", "--zzu", "z", "--store", "s"],
    ["--recipe", "train", "--store", "s", "--mimic", "m"],
])
def test_wrong_usage_ends_with_2(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["train", "--out", str(tmp_path), *arguments])
    assert ended.value.code == 2


def test_settings_of_a_run_are_json_that_a_recipe_can_hold(run: Path) -> None:
    state = json.loads((run / "best" / "state.json").read_text(encoding="utf-8"))
    again = read_recipe("pretrain", [f"training={json.dumps(state['training'])}"])
    assert json.loads(json.dumps(again.training.to_dict())) == state["training"]

"""The journal's recipes on a small data set in the layout of ZZU-pECG; no figure of it says anything of hearts."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)

from layouts.zzu import Child, write_zzu  # noqa: E402

from peace_model.__main__ import main  # noqa: E402
from peace_model.networks.hybrid import COLUMNS  # noqa: E402
from peace_model.training.recipe import Recipe, read_recipe  # noqa: E402
from peace_model.training.runs import load_run  # noqa: E402

SHORT = ["training.epochs=1", "training.batch=8", "training.choose_least=1", "network.encoder=xresnet1d_tiny"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty children of one recording each; every third has a heart disease, every sixth nine leads."""
    said = {0: ("(FO) Q21.1",), 3: ("(F) I40.0",), 6: ("I50.9",)}
    children = [Child(f"P{number:05d}_E01", 5 + 150 * number, "Female" if number % 2 else "Male",
                      ("I106",) if number % 3 == 0 else ("A1",), 9 if number % 6 == 5 else 12, 2500,
                      said.get(number % 9, ("J18.9",))) for number in range(20)]
    return write_zzu(tmp_path_factory.mktemp("zzu") / "d", children)


@pytest.fixture(scope="module")
def store(data: Path) -> Path:
    folder = data.parent / "store"
    assert main(["prepare", "--dataset", "zzu_pecg", "--data", str(data), "--out", str(folder), "--profile",
                 "disease5"]) == 0
    return folder


@pytest.fixture(scope="module")
def context(data: Path) -> Path:
    folder = data.parent / "context"
    assert main(["context", "--dataset", "zzu_pecg", "--data", str(data), "--out", str(folder)]) == 0
    return folder


def trained(recipe: str, store: Path, out: Path, *more: str) -> int:
    return main(["train", "--recipe", recipe, "--store", str(store), "--out", str(out), *more,
                 *(word for change in SHORT for word in ("--set", change))])


def test_a_hybrid_is_trained_on_diseases_and_evaluated_with_its_measurements(
    store: Path, context: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert trained("journal_hybrid", store, run) == 1
    assert "a hybrid reads its own columns of measurements beside the signal; give them with --context" in (
        capsys.readouterr().err)
    assert trained("journal_hybrid", store, run, "--context", str(context)) == 0
    model, state, _ = load_run(run)
    assert state["labels"] == ["CHD", "MYOC", "KAWA", "CMYO", "ABN"]
    names = [column["name"] for column in state["network"]["columns"]]
    assert 40 < float(model.state_dict()["mean"][names.index("heart_rate_bpm")]) < 250
    evaluate = ["evaluate", "--run", str(run), "--store", str(store), "--replicates", "20"]
    with pytest.raises(SystemExit):
        main(evaluate)
    assert "this run's hybrid reads measurements; name their folder with --context" in capsys.readouterr().err
    assert main([*evaluate, "--context", str(context)]) == 0
    kinds = {part["kind"] for part in json.loads((run / "evaluation.json").read_text(encoding="utf-8"))[
        "metrics"]["choosing"]["subgroups"]}
    assert kinds >= {"age", "leads"}
    assert "  12 leads: " in capsys.readouterr().out


def test_the_age_aware_network_is_trained_without_a_context(store: Path, tmp_path: Path) -> None:
    assert trained("journal_age", store, tmp_path / "run") == 0
    model, state, _ = load_run(tmp_path / "run")
    assert state["kind"] == "age_aware"
    at = [torch.tensor([age]) for age in (10.0, 4000.0)]
    ecg = (torch.zeros(1, 12, 1000), torch.ones(1, 12), torch.tensor([1000]))
    assert not torch.equal(model(*ecg, at[0])[0], model(*ecg, at[1])[0])


@pytest.mark.parametrize("name", ["journal_resnet", "journal_age", "journal_hybrid"])
def test_the_journals_recipes_weigh_rare_diseases_and_are_chosen_by_the_four(name: str) -> None:
    recipe = read_recipe(name)
    assert isinstance(recipe, Recipe)
    assert (recipe.data.profile, recipe.training.choose_by) == ("disease5", "four_diseases")
    assert recipe.training.positive_weight_cap == 100
    assert recipe.training.augment.drop_precordial == 0.15
    assert recipe.reads_measurements == (name == "journal_hybrid")


def test_what_was_measured_of_children_says_what_could_be_judged(
    data: Path, context: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["context", "--dataset", "zzu_pecg", "--data", str(data), "--out", str(context)]) == 0
    said = capsys.readouterr().out
    assert "20 recordings\n" in said
    assert "rate_high, heart rate above the limit for age and sex: " in said
    assert "not measured yet" not in said
    entries = [json.loads(line) for line in (context / "measured.jsonl").read_text(encoding="utf-8").splitlines()[1:]]
    judged = {column.name.removeprefix("rule_") for column in COLUMNS if column.name.startswith("rule_")}
    assert all(judged <= set(entry["rules"]) for entry in entries)

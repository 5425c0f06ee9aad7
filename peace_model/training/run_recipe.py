"""From a recipe and a store to a run."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from peace_model.datasets.splits import Split, age_shift, draw_support, grouped_split, ptbxl_split
from peace_model.datasets.store import Store
from peace_model.training.fields import RecipeError, read_fields
from peace_model.training.log import Moment
from peace_model.training.loop import train
from peace_model.training.objectives import Objective
from peace_model.training.recipe import FROM_RUN, DataConfig, Recipe
from peace_model.training.run_state import RunState
from peace_model.training.runs import KINDS, Network, begun_with, build, load_run, network_facts


def run_recipe(
    recipe: Recipe, store: Store, folder: Path, *, init: Path | None = None, teachers: Sequence[Path] = (),
    device: str = "cpu", stop_after: int | None = None, say: Callable[[str], None] = lambda line: None,
    watch: Callable[[Moment], None] = lambda moment: None,
) -> RunState:
    """Train as the recipe says, or go on where the folder's checkpoint stands.

    init: the run to begin with; teachers: the runs to distil. Raises RecipeError, TrainingError, CheckpointError.
    """
    if (init is not None) != (recipe.method in FROM_RUN):
        raise RecipeError(f"{recipe.name}: the method {recipe.method} begins with " + (
            "a run; give it with --init" if init is None else "fresh weights; leave out --init"))
    if bool(teachers) != (recipe.method == "distill"):
        raise RecipeError(f"{recipe.name}: the method {recipe.method} " + (
            "has no teachers; leave out --teachers" if teachers else "follows other runs; give them with --teachers"))
    split = split_of(recipe.data, store)
    said: dict[str, Any] = {"recipe": {"name": recipe.name, "version": recipe.version, "method": recipe.method},
                            "data": {"store": store.dataset, **dataclasses.asdict(recipe.data)}}
    if init is None:
        model = fresh_network(recipe, store)
    else:
        model, said["init"] = begun_with(init, store, seed=recipe.training.seed, say=say)
    guides = []
    for run in teachers:
        teacher, state, digest = load_run(run)
        if state["labels"] != list(store.labels) or (
                "distill_statements" in recipe.training.weights
                and state["statement_codes"] != list(store.statement_codes)):
            raise RecipeError(f"{run.name}: this teacher was taught other labels or statements than the store has")
        said.setdefault("teachers", []).append({"run": run.name, "weights_sha256": digest})
        guides.append(teacher.to(device))
    said["statement_codes"] = list(store.statement_codes) if model.statements is not None else []
    return train(model, Objective(recipe.training, guides), store, split, recipe.training, folder,
                 about={**said, **network_facts(model)}, device=device, stop_after=stop_after, say=say, watch=watch)


def split_of(data: DataConfig, store: Store) -> Split:
    """The rows a recipe learns from, chooses by and tests on. Raises RecipeError when they overlap."""
    makers: dict[str, Callable[[], Split]] = {
        "ptbxl": lambda: ptbxl_split(store), "grouped": lambda: grouped_split(store, data.split_seed),
        "age_shift_source": lambda: age_shift(store)[0], "age_shift_target": lambda: age_shift(store)[1]}
    split = makers[data.split]()
    if data.per_label is not None:
        rows = draw_support(store, split.train, data.per_label, data.support_seed)
        split = dataclasses.replace(split, train=rows)
    held = np.union1d(split.choose, split.test)
    if np.isin(store.patients[split.train], store.patients[held]).any():
        raise RecipeError(f"split {data.split}: a patient is in the training part and in another one")
    return split


def fresh_network(recipe: Recipe, store: Store) -> Network:
    """New weights from the recipe's seed, for the store's labels, with a statements head where they are learnt."""
    fields = dict(recipe.network or {})
    kind = fields.pop("kind", None)
    where = f"{recipe.name}: network"
    if kind not in KINDS:
        raise RecipeError(f"{where}.kind: {kind!r}; expected one of {', '.join(KINDS)}")
    for name in ("labels", "statements"):
        if name in fields:
            raise RecipeError(f"{where}.{name}: the store says how many there are; leave it out")
    statements = any(name in recipe.training.weights for name in ("statements", "distill_statements"))
    fields["statements"] = len(store.statement_codes) if statements else 0
    if kind == "ecg_only":
        fields["labels"] = len(store.labels)
    try:
        return build(read_fields(KINDS[kind], fields, where), tuple(store.labels), recipe.training.seed)
    except ValueError as error:
        raise RecipeError(f"{where}: {error}") from error

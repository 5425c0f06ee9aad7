"""Recipes: versioned files that say what a run is made of. `resources/recipes` holds those that are ours."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from peace_model.datasets.context import Arm
from peace_model.resources import resource
from peace_model.training.config import TrainConfig
from peace_model.training.fields import RecipeError, read_fields

FROM_RUN = ("few_shot", "finetune", "explain")
"""Methods that begin with the network of another run, given with --init."""
FROM_ENCODER = ("diagnose",)
"""Methods that begin with the encoder of another run, given with --init, in a network of their own."""


@dataclass(frozen=True)
class DataConfig:
    """profile: of the labels. split: which rows learn, choose and test: the data set's own, or a side of proxy B
    (`datasets.splits`). kept: all of them, or as in the paper those with 12 leads and at least one of the labels.
    per_label: for few_shot, so many recordings of each label, or all there are, drawn with support_seed. share: only
    this share of the recordings to learn from, patient by patient, drawn with support_seed."""

    profile: str
    split: Literal["own", "age_shift_source", "age_shift_target"] = "own"
    kept: Literal["all", "labelled_12_lead"] = "all"
    per_label: int | None = None
    support_seed: int = 0
    share: float | None = None

    def __post_init__(self) -> None:
        if self.share is not None and not 0 < self.share <= 1:
            raise ValueError("share lies above 0 and is 1 at the most")


@dataclass(frozen=True)
class Recipe:
    """One training. about: what it is for. network: "kind" (peace, ecg_only, age_aware, hybrid, or joint for the
    method of that name) and the fields of `PeaceConfig`, ... or `JointConfig`; labels, statements and columns of the
    context are given. A run that begins with another takes its network. context: which columns a joint embedding
    reads."""

    name: str
    version: str
    method: Literal["pretrain", "train", "few_shot", "finetune", "distill", "joint", "diagnose", "explain"]
    about: str
    data: DataConfig
    training: TrainConfig
    network: Mapping[str, Any] | None = None
    context: Arm | None = None

    def __post_init__(self) -> None:
        if (self.network is None) != (self.method in FROM_RUN):
            raise ValueError(f"method {self.method}: the network " + (
                "comes from the run it begins with; leave it out" if self.network else "is missing"))
        if (self.data.per_label is None) != (self.method != "few_shot"):
            raise ValueError("data.per_label and the method few_shot go together")
        if self.method == "explain" and "abnormalities" not in self.training.weights:
            raise ValueError("method explain: weights.abnormalities is missing")
        for told, what in ((self.context is not None, "context"), ("joint" in self.training.weights, "weights.joint")):
            if told != (self.method == "joint"):
                raise ValueError(f"{what} and the method joint go together")

    @property
    def reads_measurements(self) -> bool:
        """Whether its network reads what a context's folder holds of measurements, as columns of the store."""
        return self.network is not None and self.network.get("kind") == "hybrid"

    @property
    def needs_context(self) -> bool:
        """Whether it learns from a clinical context beside the store."""
        return self.method == "joint" or "abnormalities" in self.training.weights


@dataclass(frozen=True)
class PaperRecipe:
    """The paper's whole run: both data sets prepared, the first learnt from, then zero-shot, few-shot and full training
    on the second, each evaluated on its test part. few_shot is repeated with `draws` supports of per_label each;
    intervals are over `replicates` bootstraps of patients."""

    name: str
    version: str
    method: Literal["paper"]
    about: str
    profile: str
    fs_hz: float
    network: Mapping[str, Any]
    pretrain: TrainConfig
    per_label: int
    draws: int
    few_shot: TrainConfig
    full: TrainConfig
    replicates: int = 1000
    seed: int = 42


def recipe_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in resource("recipes").glob("*.json")))


def read_recipe(name: str, changes: Sequence[str] = ()) -> Recipe | PaperRecipe:
    """One of our recipes by name, or any by its path, with changes such as "training.epochs=3" applied.

    Raises RecipeError naming file and field.
    """
    path = Path(name)
    if path.suffix != ".json":
        if name not in recipe_names():
            raise RecipeError(f"no recipe named {name}; there are {', '.join(recipe_names())}, or name a .json file")
        path = resource("recipes", f"{name}.json")
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path.name}: not JSON ({error})") from error
    if not isinstance(fields, dict):
        raise RecipeError(f"{path.name}: expected an object")
    for change in changes:
        _change(fields, change, path.name)
    if fields.get("method") == "paper":
        return read_fields(PaperRecipe, fields, f"{path.name}:")
    return read_fields(Recipe, fields, f"{path.name}:")


def _change(fields: dict[str, Any], change: str, where: str) -> None:
    """Put one "a.b=value" in its place; what is not JSON is text."""
    place, equals, text = change.partition("=")
    *parents, last = place.split(".")
    if not equals or not last:
        raise RecipeError(f"{where}: --set {change}: write it as training.epochs=3")
    at = fields
    for parent in parents:
        at = at.setdefault(parent, {})
        if not isinstance(at, dict):
            raise RecipeError(f"{where}: --set {change}: {parent} has no fields")
    try:
        at[last] = json.loads(text)
    except json.JSONDecodeError:
        at[last] = text

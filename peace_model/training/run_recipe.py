"""From a recipe and a store to a run."""

import dataclasses
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from peace_model.datasets import wfdb_folder
from peace_model.datasets.context import ContextTable
from peace_model.datasets.lineage import ancestors
from peace_model.datasets.seen import keys_of, seen_to_training, unseen
from peace_model.datasets.splits import Split, age_shift, draw_share, draw_support, own_split
from peace_model.datasets.store import Store
from peace_model.networks.building import live_peace
from peace_model.networks.hybrid import Hybrid
from peace_model.networks.live_text import FrozenTextLayers
from peace_model.networks.peace import PeaceConfig
from peace_model.training.config import TrainConfig
from peace_model.training.fields import RecipeError, read_fields
from peace_model.training.log import Moment
from peace_model.training.loop import train
from peace_model.training.objectives import Objective
from peace_model.training.recipe import FROM_ENCODER, FROM_RUN, DataConfig, Recipe
from peace_model.training.run_state import RunState
from peace_model.training.runs import KINDS, Network, begun_with, best_of, build, came_from, load_run, network_facts
from peace_model.training.transfer import abnormality_stage, joint_stage, take_encoder, tell_of_collapse

GIVEN = ("labels", "statements", "text_width", "live_text")
"""Fields of a network that come from the store or from the text encoder, never from a recipe."""


def run_recipe(
    recipe: Recipe, store: Store, folder: Path, *, init: Path | None = None, teachers: Sequence[Path] = (),
    context: ContextTable | None = None, text_encoder: Path | None = None, changes: Sequence[str] = (),
    device: str = "cpu", stop_after: int | None = None, say: Callable[[str], None] = lambda line: None,
    watch: Callable[[Moment], None] = lambda moment: None,
) -> RunState:
    """Train as the recipe says, or go on where the folder's checkpoint stands.

    init: the run to begin with, whose standardisation the store must have (`runs.as_read_by`). teachers: runs to
    distil. context: clinical context of the store's recordings. text_encoder: folder of a BERT-like encoder that learns
    too; without it the shipped embeddings stay.
    changes: what was changed in the recipe's file, kept so that a card can tell how the run was made.
    Raises RecipeError, TrainingError, CheckpointError, ContextError.
    """
    _refuse_what_does_not_go(recipe, init, teachers, context, text_encoder)
    before = seen_before([*teachers, *([] if init is None else [init])])
    split = split_of(recipe.data, store, seen=before)
    if moved := unseen(store, split_of(recipe.data, store), before)[1]:
        say(f"{moved} recordings of patients whom the runs it follows have seen: learnt from, neither chosen by nor "
            "tested on")
    for begun in (*teachers, *([] if init is None else [init])):
        _refuse_what_was_learnt(begun, store, split, say)
    if recipe.data.per_label is not None:
        say(support_text(store, split, recipe.data.per_label))
    about: dict[str, Any] = {"recipe": {"name": recipe.name, "version": recipe.version, "method": recipe.method,
                                        "changes": list(changes)},
                             "data": {"dataset": store.dataset, **dataclasses.asdict(recipe.data)}}
    if context is not None and recipe.context is not None:
        joint = joint_stage(recipe.network or {}, context, store, split, recipe.context, seed=recipe.training.seed,
                            where=recipe.name)
        run = train(joint.model, joint.losses, store, split, recipe.training, folder, about={**about, **joint.about},
                    chooser=joint.chooser, device=device, stop_after=stop_after, say=say, watch=watch)
        tell_of_collapse(run, say)
        return run
    if init is not None and recipe.method in FROM_RUN:
        model, about["init"] = begun_with(init, store, seed=recipe.training.seed, say=say)
    else:
        model = _fresh(recipe.name, recipe.network or {}, recipe.training, store, text_encoder)
        about |= standardised(model, store, split)
        if init is not None:
            about["init"] = take_encoder(model, init, store, say)
    abnormal = None if context is None else abnormality_stage(model, context, store, split, recipe.training)
    about |= {} if abnormal is None else abnormal.about
    about |= {**network_facts(model),
              "statement_codes": list(store.statement_codes) if model.statements is not None else []}
    if before:
        about["seen_before"] = sorted(before)
    if seen := before | keys_of(store, np.union1d(split.train, split.choose)):
        about["seen"] = sorted(seen)
    guides = _guides(teachers, store, about, recipe.training, device)
    losses = Objective(recipe.training, guides, abnormalities=None if abnormal is None else abnormal.loss)
    chooser = abnormal.chooser if abnormal is not None and recipe.training.leading != "label" else None
    return train(model, losses, store, split, recipe.training, folder, about=about, chooser=chooser, device=device,
                 stop_after=stop_after, say=say, watch=watch)


def _refuse_what_does_not_go(
    recipe: Recipe, init: Path | None, teachers: Sequence[Path], context: ContextTable | None,
    text_encoder: Path | None,
) -> None:
    """Raises RecipeError for what the recipe needs and was not given, or cannot use."""
    if (init is not None) != (recipe.method in (*FROM_RUN, *FROM_ENCODER)):
        raise RecipeError(f"{recipe.name}: the method {recipe.method} begins with " + (
            "a run; give it with --init" if init is None else "fresh weights; leave out --init"))
    if bool(teachers) != (recipe.method == "distill"):
        raise RecipeError(f"{recipe.name}: the method {recipe.method} " + (
            "has no teachers; leave out --teachers" if teachers else "follows other runs; give them with --teachers"))
    if (context is not None) != recipe.needs_context:
        raise RecipeError(f"{recipe.name}: " + ("it learns from a clinical context; give it with --context"
                                                if context is None else "no loss of it reads a context; leave it out"))
    if init is not None and text_encoder is not None:
        raise RecipeError(f"{recipe.name}: the run it begins with brings its own text encoder; leave out the other")


def _refuse_what_was_learnt(run: Path, store: Store, split: Split, say: Callable[[str], None]) -> None:
    """Raises RecipeError where a run that is begun with or followed, or one before it, had learnt from patients by whom
    this one would be chosen, or had seen those on whom it would be tested.

    Of recordings of one's own `seen_before` knows that already; of a published data set the splits tell.
    """
    if store.dataset == wfdb_folder.DATASET:
        return
    state = best_of(run)[1]
    for made in (state, *ancestors(state)):
        if made is None or not made.get("data"):
            say(f"{run.name} does not tell all that was learnt from before it: whether those patients are the ones to "
                "choose by or to test on here was not compared")
            continue
        if made["data"]["dataset"] != store.dataset:
            continue
        before = split_of(DataConfig(store.profile, made["data"].get("split", "own")), store)
        for rows, theirs, what in (
            (split.choose, before.train, "learnt from patients by whom this run would be chosen"),
            (split.test, np.union1d(before.train, before.choose), "seen patients on whom this run would be tested")):
            if np.isin(store.patients[rows], store.patients[theirs]).any():
                raise RecipeError(f"{run.name}, or a run before it, had {what} (split {before.name} against "
                                  f"{split.name}); begin with one that learnt in a split which keeps them apart")


def _guides(
    teachers: Sequence[Path], store: Store, about: dict[str, Any], config: TrainConfig, device: str
) -> list[Network]:
    """The teachers' networks; which they were is put down in `about`. Raises RecipeError for one of other labels."""
    guides = []
    for run in teachers:
        guide, state, _ = load_run(run)
        odd = [what for what, ours in (("labels", list(store.labels)), ("pipeline", store.spec.to_dict()))
               if state[what] != ours]
        if "distill_statements" in config.weights and state["statement_codes"] != about["statement_codes"]:
            odd.append("statements")
        if odd:
            raise RecipeError(f"{run.name}: as a teacher it has other {', '.join(odd)} than this run")
        about.setdefault("teachers", []).append(came_from(run, state))
        guides.append(guide.to(device))
    return guides


def support_text(store: Store, split: Split, per_label: int) -> str:
    """What a few-shot run learns from: how many recordings, and of which labels there were fewer than asked for."""
    first = split.train[np.unique(store.recordings[split.train], return_index=True)[1]]
    present, known = (np.asarray(values)[first] > 0 for values in (store.targets, store.known))
    counts = {label: int(count) for label, count in zip(store.labels, (present & known).sum(axis=0), strict=True)
              if known[:, store.labels.index(label)].any()}
    few = ", ".join(f"{label} {count}" for label, count in counts.items() if count < per_label)
    silent = len(store.labels) - len(counts)
    return (f"support: {len(first)} recordings for {per_label} of each label"
            + (f"; fewer of {few}" if few else "") + (f"; {silent} labels are open everywhere" if silent else ""))


def seen_before(runs: Sequence[Path]) -> frozenset[str]:
    """`seen_key` of every record of a folder of one's own that these runs or bundles have seen. Raises CheckpointError.
    """
    return frozenset(key for run in runs for key in best_of(run)[1].get("seen", ()))


def split_of(data: DataConfig, store: Store, *, seen: Collection[str] = ()) -> Split:
    """The rows a recipe learns from, chooses by and tests on. Raises RecipeError where a patient is in two of them.

    seen: of what the runs that it begins with or follows have seen; those patients are only learnt from.
    """
    if store.profile != data.profile:
        raise RecipeError(f"the recipe's profile is {data.profile}, the store was opened with {store.profile}")
    source, target = age_shift(store)
    split = {"own": own_split(store), "age_shift_source": source, "age_shift_target": target}[data.split]
    if data.kept == "labelled_12_lead":
        labelled = ((store.targets > 0) & (store.known > 0)).sum(axis=1) > 0
        there = (store.lead_mask > 0).sum(axis=1) == store.lead_mask.shape[1]
        there &= labelled
        split = dataclasses.replace(split, train=split.train[there[split.train]],
                                    choose=split.choose[there[split.choose]], test=split.test[there[split.test]])
    split = seen_to_training(store, split, seen)
    if data.share is not None:
        split = dataclasses.replace(split, train=draw_share(store, split.train, data.share, data.support_seed))
    if data.per_label is not None:
        split = dataclasses.replace(
            split, train=draw_support(store, split.train, data.per_label, data.support_seed))
    if np.isin(store.patients[split.train], store.patients[np.union1d(split.choose, split.test)]).any():
        raise RecipeError(f"split {split.name}: a patient to learn from is also one to choose by or to test on")
    return split


def split_of_run(state: Mapping[str, Any], store: Store) -> Split:
    """The rows that a run learnt from, was chosen by and may be tested on. Raises RecipeError for another data set."""
    data = {name: value for name, value in state["data"].items() if name != "dataset"}
    if state["data"]["dataset"] != store.dataset:
        raise RecipeError(f"the run learnt from {state['data']['dataset']}, this store holds {store.dataset}; give the "
                          "store that it learnt from")
    return split_of(read_fields(DataConfig, data, "the run's data"), store, seen=state.get("seen_before", ()))


def _fresh(
    name: str, network: Any, training: TrainConfig, store: Store, text_encoder: Path | None
) -> Network:
    """New weights for the store's labels, with a statements head where statements are learnt."""
    learnt = any(key in training.weights for key in ("statements", "distill_statements"))
    return fresh_network(f"{name}: network", network, store, seed=training.seed, statements=learnt,
                         text_encoder=text_encoder)


def fresh_network(
    where: str, network: Mapping[str, Any], store: Store, *, seed: int, statements: bool = False,
    text_encoder: Path | None = None,
) -> Network:
    """The network that a recipe or a grid describes, for the store's labels. Raises RecipeError naming the place."""
    fields = {key: value for key, value in network.items() if key != "kind"}
    kind = network.get("kind")
    if kind not in KINDS:
        raise RecipeError(f"{where}.kind: {kind!r}; expected one of {', '.join(KINDS)}")
    for key in GIVEN:
        if key in fields:
            raise RecipeError(f"{where}.{key}: the store or the text encoder says it; leave it out")
    fields["statements"] = len(store.statement_codes) if statements else 0
    if kind != "peace":
        fields["labels"] = len(store.labels)
    config = read_fields(KINDS[kind], fields, where)
    try:
        if text_encoder is None:
            return build(config, tuple(store.labels), seed)
        if isinstance(config, PeaceConfig):
            return live_peace(config, tuple(store.labels), seed, FrozenTextLayers(text_encoder))
    except ValueError as error:
        raise RecipeError(f"{where}: {error}") from error
    raise RecipeError(f"{where}: this kind has no text; leave out the text encoder")


def columns_of(recipe: Recipe, store: Store) -> tuple[str, ...]:
    """The columns of measurements that a recipe's hybrid reads. Raises RecipeError."""
    model = _fresh(recipe.name, recipe.network or {}, recipe.training, store, None)
    assert isinstance(model, Hybrid)
    return tuple(column.name for column in model.config.columns)


def standardised(model: Network, store: Store, split: Split) -> dict[str, Any]:
    """Let a hybrid take its standardisation from the rows to learn from; what a run keeps of its measurements.

    Raises RecipeError where the store has none. Nothing is done to any other network.
    """
    if not isinstance(model, Hybrid):
        return {}
    if store.measured is None or store.measured.shape[1] != len(model.config.columns):
        raise RecipeError("a hybrid reads its own columns of measurements beside the signal; give them with --context")
    learnt = store.measured[split.train]
    model.standardise(torch.from_numpy(learnt))
    return {"measured": {"sha256": hashlib.sha256(learnt.tobytes()).hexdigest()}}

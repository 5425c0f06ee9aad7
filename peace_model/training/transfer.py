"""The three stages of transferring clinical knowledge (arXiv 2512.07021), as parts that `run_recipe` puts together.

Stage one learns a joint embedding, without a label: its encoder is all that goes on. Stage two reads diagnoses from
that encoder, its early layers frozen. Stage three puts a head for abnormalities beside the diagnoses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peace_model.datasets.context import Arm, ContextTable, of_store, standard_context
from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store
from peace_model.evaluation.collapse import collapse_text, monitors_of
from peace_model.networks.ecg_network import EcgNetwork
from peace_model.networks.joint_embedding import JointConfig, JointNetwork, fresh_joint
from peace_model.training.abnormality_task import AbnormalityChooser, AbnormalityLoss
from peace_model.training.barlow_twins import JointObjective
from peace_model.training.checkpoint import CheckpointError, without_prefix
from peace_model.training.choosing import Chooser, NothingToChooseBy
from peace_model.training.config import TrainConfig
from peace_model.training.fields import RecipeError, read_fields
from peace_model.training.run_state import RunState
from peace_model.training.runs import JOINT, Network, best_of, came_from, same_standard

ENCODER = "encoder"


@dataclass(frozen=True, eq=False)
class Joint:
    """Stage one: the network, its loss, how its epochs are judged, and what the run keeps of itself."""

    model: JointNetwork
    losses: JointObjective
    chooser: Chooser
    about: Mapping[str, Any]


def joint_stage(
    network: Mapping[str, Any], table: ContextTable, store: Store, split: Split, arm: Arm, *, seed: int, where: str
) -> Joint:
    """Fresh weights for the columns of the context. Raises RecipeError, ContextError."""
    if "features" in network:
        raise RecipeError(f"{where}: network.features: the context says it; leave it out")
    context = standard_context(of_store(table, store), split.train, arm)
    fields = {**{name: value for name, value in network.items() if name != "kind"}, "features": len(context.names)}
    try:
        model = fresh_joint(read_fields(JointConfig, fields, f"{where}: network"), seed)
    except ValueError as error:
        raise RecipeError(f"{where}: network: {error}") from error
    return Joint(model, JointObjective(context), NothingToChooseBy(), {
        "kind": JOINT, "network": model.config.to_dict(), "statement_codes": [],
        "context": {"sha256": table.digest(), "arm": arm, "columns": list(context.names)}})


def tell_of_collapse(run: RunState, say: Callable[[str], None]) -> None:
    """A sentence about the last epoch of stage one, where its embedding has collapsed."""
    if run.epochs and (text := collapse_text(run.epochs[-1]["losses"])):
        say(text)


def take_encoder(model: Network, run: Path, store: Store, say: Callable[[str], None]) -> dict[str, Any]:
    """Put the encoder of a run's best network into a fresh one; which run that was. A collapsed one is told of.

    Raises CheckpointError for another encoder, or one that reads recordings standardised in another way.
    """
    tensors, state = best_of(run)
    same_standard(run, state, store)
    ours = model.config.encoder
    if state["network"]["encoder"] != ours:
        raise CheckpointError(f"{run.name}: its encoder is {state['network']['encoder']}, the recipe's {ours}; make "
                              "them the same")
    model.encoder.load_state_dict(without_prefix(ENCODER, tensors))
    say(f"the encoder of {run.name}, everything else afresh")
    if (figures := monitors_of(run)) is not None and (text := collapse_text(figures)):
        say(f"{run.name}: {text}")
    return came_from(run, state)


@dataclass(frozen=True, eq=False)
class Abnormalities:
    """What a head for abnormalities learns: the loss, and how epochs are judged where it learns alone."""

    loss: AbnormalityLoss
    chooser: Chooser
    about: Mapping[str, Any]


def abnormality_stage(
    model: EcgNetwork, table: ContextTable, store: Store, split: Split, config: TrainConfig
) -> Abnormalities:
    """Put the head on, where the network has none yet. Raises ContextError, RecipeError for a context without any."""
    if not table.abnormalities:
        raise RecipeError("the context holds no abnormalities; make it with the laboratory's values, or use another")
    if model.abnormalities is None:
        model.with_abnormalities(len(table.abnormalities), seed=config.seed)
    own = of_store(table, store)
    codes = [item.code for item in own.abnormalities]
    return Abnormalities(
        AbnormalityLoss(own, split.train, config.positive_weight_cap),
        AbnormalityChooser(store, split.choose, own, config.choose_least),
        {"abnormality_codes": codes, "context": {"sha256": table.digest()}})


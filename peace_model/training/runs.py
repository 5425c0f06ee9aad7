"""From a run's folder back to its network, to use it or to begin another run with it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from peace_model.datasets.store import Store
from peace_model.ecg.signal.pipeline import PipelineSpec
from peace_model.networks.age_aware import AgeAware, AgeAwareConfig, fresh_age_aware
from peace_model.networks.building import fresh_peace
from peace_model.networks.ecg_only import EcgOnly, EcgOnlyConfig, fresh_ecg_only
from peace_model.networks.hybrid import Hybrid, HybridConfig, fresh_hybrid
from peace_model.networks.peace import Peace, PeaceConfig
from peace_model.training.checkpoint import TENSORS, CheckpointError, load_checkpoint
from peace_model.training.run_state import BEST

Network = Peace | EcgOnly | AgeAware | Hybrid
NetworkConfig = PeaceConfig | EcgOnlyConfig | AgeAwareConfig | HybridConfig
JOINT = "joint"
"""The kind of a joint embedding of ECG and context: it has no labels, so it is begun with and never asked."""
KINDS: dict[str, type[NetworkConfig]] = {
    "peace": PeaceConfig, "ecg_only": EcgOnlyConfig, "age_aware": AgeAwareConfig, "hybrid": HybridConfig}
BUNDLE = "bundle.json"
OF_RUN = "run_weights_sha256"
"""In a bundle's best network: the SHA-256 of the weights in the run it was made of, which bundle.json names too."""
MADE_BY = ("recipe", "data", "data_sha256", "training", "epoch", "teachers", "init")
"""What a run keeps of how the one that it begins with was made, for its card."""
OF_ITS_LABELS = ("names", "descriptors", "live.name_", "live.sentence_", "head.")
OF_ITS_STATEMENTS = ("statements.",)
OF_ITS_ABNORMALITIES = ("abnormalities.",)


def load_run(run: Path) -> tuple[Network, dict[str, Any], str]:
    """The best network of a run in evaluation mode, what the run says of it, and the SHA-256 of its weights.

    Raises CheckpointError when the run has no finished epoch yet, or learnt no labels.
    """
    tensors, state = best_of(run)
    model = build(_config_of(run, state, state["network"]), tuple(state["labels"]), seed=0)
    if state.get("abnormality_codes"):
        model.with_abnormalities(len(state["abnormality_codes"]), seed=0)
    model.load_state_dict(tensors)
    return model.eval(), state, digest_of(run)


def best_of(run: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and state of the best network of a run, or of that in a bundle.

    Raises CheckpointError when there is none, or a bundle holds another network than its graph was made of; a bundle
    from before that was noted is taken at its word.
    """
    tensors, state = load_checkpoint(run / BEST)
    described = run / BUNDLE
    if OF_RUN in state and described.is_file():
        try:
            graph_of = json.loads(described.read_text(encoding="utf-8"))["run"]["weights_sha256"]
        except (ValueError, KeyError, TypeError) as error:
            raise CheckpointError(f"{run.name}: {BUNDLE} is damaged; export the bundle again") from error
        if state[OF_RUN] != graph_of:
            raise CheckpointError(f"{run.name}: {BEST} holds another network than {BUNDLE} tells of; export the bundle "
                                  "again")
    return tensors, state


def pipeline_of(run: Path) -> PipelineSpec:
    """The signal path that a run's network reads. Raises CheckpointError."""
    return PipelineSpec.from_dict(best_of(run)[1]["pipeline"])


def as_read_by(run: Path, store: Store) -> Store:
    """The store standardised as the run's own was. Raises StoreError when it was prepared in another way."""
    return store.with_spec(pipeline_of(run))


def begun_with(run: Path, store: Store, *, seed: int, say: Callable[[str], None]) -> tuple[Network, dict[str, Any]]:
    """The best network of a run for the labels of this store, and which run that was.

    Weights that belong to the run's own labels or statements are kept where the store has the same ones, and begin
    afresh, from the seed, where it has others; a head for abnormalities stays behind. Raises CheckpointError.
    """
    tensors, state = best_of(run)
    same_standard(run, state, store)
    if state["kind"] == "hybrid":
        raise CheckpointError(f"{run.name}: a hybrid cannot be gone on with: no recipe that begins with a run gives it "
                              "its measurements")
    own: tuple[str, ...] = OF_ITS_ABNORMALITIES
    if state["labels"] != list(store.labels):
        own += OF_ITS_LABELS
        if state["network"].get("live_text") is not None:
            raise CheckpointError(f"{run.name}: its text encoder knows the texts of its own labels only; use a store "
                                  f"opened with the profile {state['profile']}")
    if state["statement_codes"] != list(store.statement_codes):
        own += OF_ITS_STATEMENTS
    fields = {**state["network"]}
    if state["statement_codes"]:
        fields["statements"] = len(store.statement_codes)
    if state["kind"] != "peace":
        fields["labels"] = len(store.labels)
    model = build(_config_of(run, state, fields), tuple(store.labels), seed)
    kept = {name: value for name, value in tensors.items() if not name.startswith(own)}
    left = model.load_state_dict(kept, strict=False)
    if left.unexpected_keys or any(not name.startswith(own) for name in left.missing_keys):
        raise CheckpointError(f"{run.name}: its weights are not those of the network it names")
    if left.missing_keys:
        say(f"for other labels or statements, beginning afresh: {', '.join(left.missing_keys)}")
    return model, came_from(run, state)


def came_from(run: Path, state: Mapping[str, Any]) -> dict[str, Any]:
    """Which run or bundle a network begins with, and how that was made, as the network's own state keeps it."""
    return {"run": run.name, "weights_sha256": state.get(OF_RUN) or digest_of(run),
            "made": {name: state[name] for name in MADE_BY if name in state}}


def same_standard(run: Path, state: Mapping[str, Any], store: Store) -> None:
    """Raises CheckpointError when a run's network reads recordings standardised in another way than the store's."""
    ours, theirs = store.spec, PipelineSpec.from_dict(state["pipeline"])
    if (ours.mean_mv, ours.std_mv, ours.fs_hz) != (theirs.mean_mv, theirs.std_mv, theirs.fs_hz):
        raise CheckpointError(f"{run.name}: its network reads recordings standardised in another way")


def _config_of(run: Path, state: Mapping[str, Any], fields: dict[str, Any]) -> NetworkConfig:
    if state["kind"] == JOINT:
        raise CheckpointError(f"{run.name}: a joint embedding knows no labels yet; go on from it with the recipe "
                              "transfer_diagnose")
    return KINDS[state["kind"]].from_dict(fields)


def build(config: NetworkConfig, labels: tuple[str, ...], seed: int) -> Network:
    """New weights from the seed."""
    match config:
        case PeaceConfig():
            return fresh_peace(config, labels, seed)
        case AgeAwareConfig():
            return fresh_age_aware(config, seed)
        case HybridConfig():
            return fresh_hybrid(config, seed)
        case _:
            return fresh_ecg_only(config, seed)


def network_facts(model: Network) -> dict[str, Any]:
    """What `load_run` needs to build the network again."""
    kind = next(kind for kind, config in KINDS.items() if isinstance(model.config, config))
    return {"kind": kind, "network": model.config.to_dict()}


def digest_of(run: Path) -> str:
    return hashlib.sha256((run / BEST / TENSORS).read_bytes()).hexdigest()

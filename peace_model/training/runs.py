"""From a run's folder back to its network."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peace_model.datasets.store import Store
from peace_model.networks.building import fresh_peace
from peace_model.networks.ecg_only import EcgOnly, EcgOnlyConfig, fresh_ecg_only
from peace_model.networks.peace import Peace, PeaceConfig
from peace_model.training.checkpoint import TENSORS, CheckpointError, load_checkpoint
from peace_model.training.run_state import BEST

Network = Peace | EcgOnly
KINDS: dict[str, type[PeaceConfig] | type[EcgOnlyConfig]] = {"peace": PeaceConfig, "ecg_only": EcgOnlyConfig}
OF_ITS_LABELS = ("names", "descriptors", "head.", "statements.")
"""Parts of a network that belong to the labels or statements of its store and to no others."""


def build(config: PeaceConfig | EcgOnlyConfig, labels: tuple[str, ...], seed: int) -> Network:
    if isinstance(config, PeaceConfig):
        return fresh_peace(config, labels, seed)
    return fresh_ecg_only(config, seed)


def load_run(run: Path) -> tuple[Network, dict[str, Any], str]:
    """The best network of a run in evaluation mode, what the run says of it, and the SHA-256 of its weights.

    Raises CheckpointError when the run has no finished epoch yet.
    """
    tensors, state = load_checkpoint(run / BEST)
    model = build(KINDS[state["kind"]].from_dict(state["network"]), tuple(state["labels"]), seed=0)
    model.load_state_dict(tensors)
    return model.eval(), state, digest_of(run)


def digest_of(run: Path) -> str:
    return hashlib.sha256((run / BEST / TENSORS).read_bytes()).hexdigest()


def network_facts(model: Network) -> dict[str, Any]:
    """What `load_run` needs to build the network again. Raises TypeError for a network of no known kind."""
    for kind, config in KINDS.items():
        if isinstance(model.config, config):
            return {"kind": kind, "network": model.config.to_dict()}
    raise TypeError(f"{type(model).__name__} is no network that a run can be loaded with")


def begun_with(
    run: Path, store: Store, *, seed: int, say: Callable[[str], None]
) -> tuple[Network, dict[str, Any]]:
    """The best network of a run for the labels of this store, and which run that was.

    The weights that belong to the run's own labels or statements are kept where the store has the same ones, and begin
    afresh (from the seed) where it has others.
    """
    tensors, state = load_checkpoint(run / BEST)
    same = {"names": state["labels"] == list(store.labels),
            "statements.": state["statement_codes"] == list(store.statement_codes)}
    same |= {"descriptors": same["names"], "head.": same["names"]}
    fields = {**state["network"]}
    if state["statement_codes"]:
        fields["statements"] = len(store.statement_codes)
    if state["kind"] == "ecg_only":
        fields["labels"] = len(store.labels)
    model = build(KINDS[state["kind"]].from_dict(fields), tuple(store.labels), seed)
    fresh = [start for start in OF_ITS_LABELS if not same[start]]
    kept = {name: value for name, value in tensors.items() if not name.startswith(tuple(fresh))}
    left = model.load_state_dict(kept, strict=False)
    if any(not name.startswith(OF_ITS_LABELS) for name in (*left.missing_keys, *left.unexpected_keys)):
        raise CheckpointError(f"{run.name}: its weights are not those of its own network")
    if left.missing_keys:
        say(f"begin afresh, for other labels: {', '.join(left.missing_keys)}")
    return model, {"run": run.name, "weights_sha256": digest_of(run)}

"""Everything that a run must find again after it was killed: weights, moments, average, gate, and where it stands."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from peace_model.training import log
from peace_model.training.checkpoint import (
    CheckpointError,
    has_checkpoint,
    load_checkpoint,
    prefixed,
    save_checkpoint,
    without_prefix,
)
from peace_model.training.curriculum import CurriculumGate
from peace_model.training.parallel import from_first, rank
from peace_model.training.schedule import WeightAverage

CHECKPOINT, BEST = "checkpoint", "best"
DATA_SHA256 = "data_sha256"
"""Among a run's facts: what it learns from and is chosen by (`digests.rows_sha256`)."""


class RunState:
    """The moving parts of a run and its folder; the first process alone writes.

    facts: what the run is (recipe, network, settings, labels), compared on resuming. Counted in plain numbers: step,
    best figure and its step, looks since then, whether it stopped early, sums of losses since the last look, epochs.
    compared_data: False once a run was resumed that was begun before runs noted their data.
    """

    def __init__(self, folder: Path, facts: Mapping[str, Any], model: nn.Module, optimiser: torch.optim.Optimizer,
                 average: WeightAverage, gate: CurriculumGate) -> None:
        self.folder = folder
        self.facts = json.loads(json.dumps(facts))
        self.model, self.optimiser, self.average, self.gate = model, optimiser, average, gate
        self.step = 0
        self.best: float | None = None
        self.best_step = 0
        self.since_best = 0
        self.stopped = False
        self.sums: dict[str, float] = {}
        self.epochs: list[dict[str, Any]] = []
        self.compared_data = True

    def counts(self) -> dict[str, Any]:
        """The plain numbers, JSON-ready."""
        return {name: getattr(self, name) for name in (
            "step", "best", "best_step", "since_best", "stopped", "sums", "epochs")}

    def save(self) -> None:
        """Write folder/checkpoint."""
        if rank() != 0:
            return
        moments = {f"{index}.{name}": value for index, entry in self.optimiser.state_dict()["state"].items()
                   for name, value in entry.items()}
        tensors = {**prefixed("model", self.model.state_dict()), **prefixed("average", self.average.state),
                   **prefixed("moments", moments)}
        save_checkpoint(self.folder / CHECKPOINT, tensors, {
            "run": self.counts(), "gate": self.gate.state_dict(), "average_steps": self.average.steps,
            "facts": self.facts})

    def save_best(self, more: Mapping[str, Any]) -> None:
        """Write folder/best: the averaged weights and what they are."""
        if rank() == 0:
            save_checkpoint(self.folder / BEST, self.average.state, {**self.facts, "step": self.step, **more})

    def resume(self) -> bool:
        """Put everything back as the checkpoint has it; False where there is none, and then the log begins anew.

        Raises CheckpointError when the folder's run is another one.
        """
        if not from_first(has_checkpoint(self.folder / CHECKPOINT)):
            if rank() == 0:
                log.cut_after(self.folder, 0)
            return False
        tensors, stored = from_first(load_checkpoint(self.folder / CHECKPOINT) if rank() == 0 else None)
        ours, theirs = _compared(self.facts), _compared(stored["facts"])
        self.compared_data = DATA_SHA256 in theirs
        if not self.compared_data:
            ours.pop(DATA_SHA256, None)
        odd = {key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key)}
        if odd == {DATA_SHA256}:
            raise CheckpointError(f"{self.folder.name} was begun with other data: recordings, labels or the split have "
                                  "changed since; use a new folder or the old data")
        if odd:
            raise CheckpointError(f"{self.folder.name} was begun with other settings ({', '.join(sorted(odd))}); "
                                  "use a new folder or the old settings")
        self.model.load_state_dict(without_prefix("model", tensors))
        self.average.load(without_prefix("average", tensors), stored["average_steps"])
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in without_prefix("moments", tensors).items():
            index, name = key.split(".", 1)
            moments.setdefault(int(index), {})[name] = value
        self.optimiser.load_state_dict(
            {"state": moments, "param_groups": self.optimiser.state_dict()["param_groups"]})
        self.gate.load_state_dict(stored["gate"])
        for name, value in stored["run"].items():
            setattr(self, name, value)
        if rank() == 0:
            log.cut_after(self.folder, self.step)
        return True


def _compared(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without the words in which a recipe was changed: what they led to stands in the settings.

    A setting that is null is one that is not there: a run begun before it existed goes on.
    """
    told = {name: value for name, value in facts.get("recipe", {}).items() if name != "changes"}
    settings = {part: {name: value for name, value in facts[part].items() if value is not None}
                for part in ("data", "training") if part in facts}
    return {**facts, **settings, "recipe": told}

"""The training loop: flat from top to bottom, resumable at any checkpoint with the very same numbers.

Everything random is drawn from the seed and the step alone (order, augmentation, dropout), so a checkpoint needs no
generator states: a run that was stopped and resumed ends with the bits of one that was not.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from peace_model.datasets.augment import AugmentConfig, augment
from peace_model.datasets.ptbxl import Part
from peace_model.datasets.store import Store
from peace_model.evaluation.metrics import auroc, macro
from peace_model.evaluation.scoring import score
from peace_model.networks.ecg_only import EcgOnly
from peace_model.networks.peace import Peace
from peace_model.training.checkpoint import (
    has_checkpoint,
    load_checkpoint,
    prefixed,
    save_checkpoint,
    without_prefix,
)
from peace_model.training.curriculum import CurriculumGate, GateConfig
from peace_model.training.losses import positive_weights
from peace_model.training.schedule import WeightAverage, warm_cosine

Network = Peace | EcgOnly


@dataclass(frozen=True)
class TrainConfig:
    """One run. Rates are peaks of the schedule; lambda_know and lambda_align weigh the two knowledge losses."""

    epochs: int
    batch: int = 128
    encoder_rate: float = 2e-3
    rate: float = 5e-4
    weight_decay: float = 0.02
    warm_up: float = 0.05
    final_rate: float = 0.002
    clip: float = 1.0
    average: float = 0.999
    lambda_know: float = 0.5
    lambda_align: float = 0.5
    seed: int = 42
    checkpoint_steps: int = 100
    gate: GateConfig = GateConfig()
    augment: AugmentConfig = AugmentConfig()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Batch:
    """What a step learns from: signal (B, 12, N), lead_mask (B, 12), valid_samples (B,), targets (B, C) and the
    weight of a positive per label (C,)."""

    signal: Tensor
    lead_mask: Tensor
    valid_samples: Tensor
    targets: Tensor
    weights: Tensor


Losses = Callable[[Any, Batch], dict[str, Tensor]]
"""A recipe's losses of a batch: "label" always, "know" and "align" where the recipe has knowledge."""


def train(
    model: Network, losses: Losses, store: Store, config: TrainConfig, folder: Path, *,
    stop_after: int | None = None, say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Train on the store's training part, choose the epoch on its choosing part, return the state of the run.

    folder holds checkpoint/ (resume), best/ (averaged weights of the best epoch) and log.jsonl.
    stop_after: end after that many steps of the whole run, as an interruption would.
    """
    rows = store.rows(Part.TRAIN)
    per_epoch = len(rows) // config.batch
    if per_epoch == 0:
        raise ValueError(f"{len(rows)} training recordings are fewer than a batch of {config.batch}")
    total = per_epoch * config.epochs
    targets = torch.from_numpy(np.array(store.targets)).float()
    weights = positive_weights(targets[torch.from_numpy(rows)])
    optimiser = torch.optim.AdamW(_groups(model, config), betas=(0.9, 0.98))
    average = WeightAverage(model.state_dict(), config.average)
    gate = CurriculumGate(config.gate)
    state: dict[str, Any] = {"step": 0, "best": -1.0, "best_step": 0, "epochs": []}
    folder.mkdir(parents=True, exist_ok=True)
    if has_checkpoint(folder / "checkpoint"):
        state, gate = _resume(folder / "checkpoint", model, optimiser, average, config)
        say(f"resumed at step {state['step']} of {total}")
    began, first = time.monotonic(), state["step"]
    for step in range(state["step"], total if stop_after is None else min(total, stop_after)):
        epoch, place = divmod(step, per_epoch)
        order = np.random.default_rng([config.seed, epoch]).permutation(rows)
        chosen = np.sort(order[place * config.batch: (place + 1) * config.batch])
        factor = warm_cosine(step, total=total, warm_up=config.warm_up, final=config.final_rate)
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * factor
        torch.manual_seed(config.seed * 1_000_003 + step)
        model.train()
        parts = losses(model, Batch(*_batch(store, chosen, config, step), targets[torch.from_numpy(chosen)], weights))
        openness = gate.update(float(parts["label"].detach()), step / total)
        loss = parts["label"]
        if "know" in parts:
            loss = loss + config.lambda_know * parts["know"]
        if "align" in parts:
            loss = loss + openness * config.lambda_align * parts["align"]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        optimiser.step()
        average.update(model.state_dict().items())
        state["step"] = step + 1
        if step % 20 == 0:
            seconds = (time.monotonic() - began) / (step - first + 1)
            figures = {name: round(float(value.detach()), 5) for name, value in parts.items()}
            _log(folder, {"step": step, "epoch": epoch, **figures, "gate": round(openness, 5),
                          "ratio": round(gate.ratio, 4), "seconds_per_step": round(seconds, 3)})
        if place == per_epoch - 1:
            _choose(model, store, average, config, folder, state, epoch, say)
        if (step + 1) % config.checkpoint_steps == 0 or step + 1 == total or step + 1 == stop_after:
            _save(folder / "checkpoint", model, optimiser, average, gate, config, state)
    return state


def _batch(
    store: Store, chosen: NDArray[np.int64], config: TrainConfig, step: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Augmented signal (B, 12, crop), lead mask (B, 12) and valid samples (B,) of a step."""
    signal, mask, valid = augment(
        np.array(store.signal[chosen]), np.array(store.lead_mask[chosen]), store.valid_samples[chosen],
        config.augment, fs_hz=store.spec.fs_hz, rng=np.random.default_rng([config.seed, 1, step]))
    return torch.from_numpy(signal), torch.from_numpy(mask), torch.from_numpy(valid)


def _groups(model: Network, config: TrainConfig) -> list[dict[str, Any]]:
    """Four groups: encoder or not, decayed (matrices) or not (biases, norms, temperature)."""
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        groups.setdefault((name.startswith("encoder."), parameter.ndim >= 2), []).append(parameter)
    return [{"params": parameters, "base": config.encoder_rate if encoder else config.rate,
             "lr": 0.0, "weight_decay": config.weight_decay if decayed else 0.0}
            for (encoder, decayed), parameters in sorted(groups.items(), key=lambda item: item[0])]


def _choose(
    model: Network, store: Store, average: WeightAverage, config: TrainConfig, folder: Path,
    state: dict[str, Any], epoch: int, say: Callable[[str], None],
) -> None:
    """Score the averaged weights on the choosing part and keep them when they are the best so far."""
    own = {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(average.state)
    rows = store.rows(Part.CHOOSE)
    logits, targets = score(model, store, rows), np.array(store.targets[rows])
    model.load_state_dict(own)
    areas = np.array([auroc(logits[:, column], targets[:, column]) for column in range(targets.shape[1])])
    figure = macro(areas, targets.sum(axis=0))
    exists = not np.isnan(figure)
    entry = {"epoch": epoch, "macro_auroc": round(figure, 5) if exists else None,
             "auroc": {label: round(float(area), 4) for label, area in zip(store.labels, areas, strict=True)
                       if not np.isnan(area)}}
    state["epochs"].append(entry)
    _log(folder, entry)
    say(f"epoch {epoch + 1} of {config.epochs}: macro AUROC {figure:.4f} on the choosing part")
    # Where no label has enough positives to choose by, the last epoch stands.
    if not exists or figure > state["best"]:
        state["best"], state["best_step"] = (figure if exists else -1.0), state["step"]
        save_checkpoint(folder / "best", average.state, {
            "step": state["step"], "epoch": epoch, "macro_auroc": entry["macro_auroc"],
            "network": model.config.to_dict(), "training": config.to_dict(), "labels": list(store.labels),
            "profile": store.profile, "pipeline": store.spec.to_dict()})


def _save(
    folder: Path, model: Network, optimiser: torch.optim.Optimizer, average: WeightAverage, gate: CurriculumGate,
    config: TrainConfig, state: dict[str, Any],
) -> None:
    moments = {f"{index}.{name}": value for index, entry in optimiser.state_dict()["state"].items()
               for name, value in entry.items()}
    tensors = {**prefixed("model", model.state_dict()), **prefixed("average", average.state),
               **prefixed("moments", moments)}
    save_checkpoint(folder, tensors, {**state, "gate": gate.state_dict(), "average_steps": average.steps,
                                      "training": config.to_dict(), "network": model.config.to_dict()})


def _resume(
    folder: Path, model: Network, optimiser: torch.optim.Optimizer, average: WeightAverage, config: TrainConfig,
) -> tuple[dict[str, Any], CurriculumGate]:
    tensors, stored = load_checkpoint(folder)
    if json.loads(json.dumps(config.to_dict())) != stored["training"]:
        raise ValueError(f"{folder.parent.name} was begun with other settings; use a new folder")
    model.load_state_dict(without_prefix("model", tensors))
    average.state, average.steps = without_prefix("average", tensors), stored["average_steps"]
    moments: dict[int, dict[str, Tensor]] = {}
    for key, value in without_prefix("moments", tensors).items():
        index, name = key.split(".", 1)
        moments.setdefault(int(index), {})[name] = value
    description = optimiser.state_dict()
    optimiser.load_state_dict({"state": moments, "param_groups": description["param_groups"]})
    kept = {key: stored[key] for key in ("step", "best", "best_step", "epochs")}
    return kept, CurriculumGate.from_state(stored["gate"])


def _log(folder: Path, entry: dict[str, Any]) -> None:
    with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")

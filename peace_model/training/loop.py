"""The training loop: flat from top to bottom, resumable at any checkpoint with the very same numbers.

Everything random is drawn from the seed and the step alone (order, augmentation, dropout), so a checkpoint needs no
generator states: a run that was killed and resumed ends with the bits of one that was not.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from peace_model.datasets.digests import rows_sha256
from peace_model.datasets.store import Store
from peace_model.training import log
from peace_model.training.batch import Batch, Split, make_batch, one_ahead
from peace_model.training.choosing import Chooser, LabelChooser
from peace_model.training.config import TrainConfig, TrainingError
from peace_model.training.curriculum import CurriculumGate
from peace_model.training.losses import positive_weights, prior_bce
from peace_model.training.optimiser import build_optimiser, freeze_depth, freeze_others, to_training_mode
from peace_model.training.parallel import processes, rank, share_norms, sum_gradients
from peace_model.training.run_state import DATA_SHA256, RunState
from peace_model.training.schedule import WeightAverage, warm_cosine

Losses = Callable[[Any, Batch], dict[str, Tensor]]
"""The losses of a batch by name, as the settings weigh them (see `objectives`). What they do not weigh is watched: it
stands in the log and moves nothing."""
LOG_STEPS = 20


def train(
    model: nn.Module, losses: Losses, store: Store, split: Split, config: TrainConfig, folder: Path, *,
    about: Mapping[str, Any], chooser: Chooser | None = None, device: str = "cpu", stop_after: int | None = None,
    say: Callable[[str], None] = lambda line: None, watch: Callable[[log.Moment], None] = lambda moment: None,
) -> RunState:
    """Train on the split's training rows, choose the epoch on its choosing rows: by the labels, or by a chooser.

    folder holds checkpoint/ (resume), best/ (averaged weights of the best epoch), log.jsonl and log.csv.
    about: what the run is, kept with the weights and compared on resuming. stop_after: end after that many steps of
    the whole run. say: lines for a reader; watch: called every step, for a display.
    Raises TrainingError, and CheckpointError when the folder holds another run.
    """
    if processes() > 1 and (config.batch % processes() or device != "cpu"):
        raise TrainingError(f"{processes()} processes share batches on processors: make the batch of {config.batch} a "
                            "multiple of them and the device cpu")
    rows = split.train
    size = min(config.batch, len(rows)) // processes() * processes()
    if size < 2:
        raise TrainingError(f"{len(rows)} training recordings and a batch of {config.batch} are too few for "
                            f"{processes()} process(es)")
    per_epoch = len(rows) // size
    total = per_epoch * config.epochs
    targets, known = (torch.from_numpy(np.array(values[rows], np.float32)) for values in (store.targets, store.known))
    weights = positive_weights(targets, known, cap=config.positive_weight_cap)
    chooser = LabelChooser(store, split.choose, config) if chooser is None else chooser
    place = torch.device(device)
    low = config.precision == "bfloat16"
    if low and place.type == "cpu" and not _has_bfloat16():
        say("bfloat16: this processor has no instructions for it; expect it to be slower than float32 here")
    freeze_others(model, config.trained)
    if config.frozen_depth is not None:
        freeze_depth(model, config.frozen_depth)
    share_norms(model)
    model.to(place)
    optimiser = build_optimiser(model, config)
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    average = WeightAverage(model.state_dict(), config.average)
    gate = CurriculumGate(config.gate, prior_bce(targets, known, weights=weights))
    run = RunState(folder, {**about, "training": config.to_dict(), "labels": store.labels, "profile": store.profile,
                            "pipeline": store.spec.to_dict(),
                            DATA_SHA256: rows_sha256(store, train=rows, choose=split.choose)},
                   model, optimiser, average, gate)
    folder.mkdir(parents=True, exist_ok=True)
    if run.resume():
        say(f"resumed at step {run.step} of {total}")
        if not run.compared_data:
            say("it was begun before runs noted their data: whether they are the same was not compared")
    make = partial(_batch_of_step, store, rows, config, size, weights)
    first, last = run.step, total if stop_after is None else min(total, stop_after)
    began = time.monotonic()
    for batch in one_ahead(make, range(first, first if run.stopped else last)):
        step, epoch = batch.step, batch.step // per_epoch
        factor = warm_cosine(step, total=total, warm_up=config.warm_up, final=config.final_rate)
        for group in optimiser.param_groups:
            group["lr"] = group["base"] * factor
        torch.manual_seed((config.seed * 1_000_003 + step) * 1009 + rank())
        to_training_mode(model)
        with torch.autocast(place.type, torch.bfloat16, enabled=low):
            parts = losses(model, batch.to(place))
        figures = {name: float(part.detach()) for name, part in parts.items()}
        if not np.isfinite(list(figures.values())).all():
            raise TrainingError(f"step {step + 1}: the losses are {figures}; lower the rate and begin again")
        openness = gate.update(figures[config.leading], step / total)
        loss = torch.stack([config.weights[name] * (openness if name == "align" else 1.0) * part
                            for name, part in parts.items() if name in config.weights]).sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        sum_gradients(parameters)
        norm = float(nn.utils.clip_grad_norm_(parameters, config.clip))
        optimiser.step()
        average.update(model.state_dict().items())

        run.step = step + 1
        run.sums = {name: run.sums.get(name, 0.0) + value for name, value in figures.items()}
        taken = time.monotonic() - began
        speed = size * (run.step - first) / taken
        if rank() == 0:
            watch(log.Moment(run.step, total, epoch, config.epochs, figures, openness, run.best, speed,
                             (total - run.step) * size / speed))
        if rank() == 0 and step % LOG_STEPS == 0:
            log.append(folder, {
                "step": run.step, "epoch": epoch, **{name: round(value, 5) for name, value in figures.items()},
                "gate": round(openness, 5), "ratio": round(gate.ratio, 4), "rate": config.rate * factor,
                "gradient_norm": round(norm, 4), "samples_per_s": round(speed, 1)})
        ended = run.step % per_epoch == 0
        if ended and ((epoch + 1) % config.choose_epochs == 0 or run.step == total):
            _choose(run, chooser, config, epoch=epoch, openness=openness, say=say)
        if ended or run.step % config.checkpoint_steps == 0 or run.step == last:
            run.save()
        if run.stopped:
            say(f"stopped early: no better figure in {config.patience} looks")
            break
    return run


def _batch_of_step(
    store: Store, rows: NDArray[np.int64], config: TrainConfig, size: int, weights: Tensor, step: int
) -> Batch:
    epoch, place = divmod(step, len(rows) // size)
    order = np.random.default_rng([config.seed, 0, epoch]).permutation(rows)
    chosen = np.sort(order[place * size: (place + 1) * size])
    return make_batch(store, chosen, config.augment, weights=weights, seed=config.seed, step=step)


def _choose(
    run: RunState, chooser: Chooser, config: TrainConfig, *, epoch: int, openness: float, say: Callable[[str], None]
) -> None:
    """Judge the averaged weights on the choosing rows and keep them when they are the best so far."""
    own = {name: value.clone() for name, value in run.model.state_dict().items()}
    run.model.load_state_dict(run.average.state)
    figure = chooser(run.model)
    run.model.load_state_dict(own)
    steps = run.step - (run.epochs[-1]["step"] if run.epochs else 0)
    entry = {"epoch": epoch, "step": run.step, "gate": round(openness, 5),
             "losses": {name: round(value / steps, 5) for name, value in run.sums.items()},
             "macro_auroc": None if figure.macro is None else round(figure.macro, 5),
             "auroc": {label: round(area, 4) for label, area in figure.areas.items()}}
    run.epochs.append(entry)
    run.sums = {}
    if figure.macro is not None:
        say(f"epoch {epoch + 1} of {config.epochs}: macro AUROC {figure.macro:.4f} ({chooser.by})")
    elif chooser.names:
        say(f"epoch {epoch + 1} of {config.epochs}: too few positives among the choosing recordings to judge "
            f"({chooser.by}); the last epoch will stand")
    better = figure.macro is None or run.best is None or figure.macro > run.best
    run.since_best = 0 if better else run.since_best + 1
    run.stopped = 0 < config.patience <= run.since_best
    if better:
        run.best, run.best_step = figure.macro, run.step
        run.save_best({"epoch": epoch, "macro_auroc": entry["macro_auroc"]})
    if rank() == 0:
        log.append(run.folder, entry)
        log.write_table(run.folder, run.epochs, chooser.names)


def _has_bfloat16() -> bool:
    able = torch.cpu.get_capabilities()
    return any(able.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))

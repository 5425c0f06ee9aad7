"""How many recordings a second networks learn from and answer for, each measured in turn within one run."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import torch

from peace_model.networks.building import fresh_peace
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only
from peace_model.networks.peace import PeaceConfig
from peace_model.training.batch import Batch
from peace_model.training.config import TrainConfig
from peace_model.training.objectives import KNOWLEDGE, Objective
from peace_model.training.optimiser import build_optimiser
from peace_model.training.runs import Network

TRAINING, INFERENCE = "training", "inference"


@dataclass(frozen=True)
class Case:
    """One row: the kind of network, its encoder, its size, and the batch."""

    kind: str
    encoder: str
    parameters: int
    batch: int


@dataclass(frozen=True)
class Rates:
    """Recordings a second: the median over the rounds."""

    training: float
    inference: float


def measure_rates(
    kinds: Sequence[str], encoders: Sequence[str], batches: Sequence[int], *, labels: tuple[str, ...], fs_hz: float,
    window_s: float, config: TrainConfig, rounds: int, seconds: float, device: str = "cpu",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[Case, Rates]:
    """Rates of every kind, encoder and batch on windows of noise.

    The rounds go through all cases one after the other, so that what else the machine does falls on all of them; in
    each, a case trains and answers for at least `seconds` and one batch. Training has the losses that the settings
    weigh and no reading or augmentation of recordings.
    """
    cases: dict[Case, dict[str, Callable[[], None]]] = {}
    for kind in kinds:
        for encoder in encoders:
            for batch in batches:
                model = _network(kind, encoder, labels, config.seed).to(device)
                case = Case(kind, encoder, sum(one.numel() for one in model.parameters()), batch)
                cases[case] = _work(model, config, kind, batch, labels, round(window_s * fs_hz), device)
    found: dict[Case, dict[str, list[float]]] = {case: {TRAINING: [], INFERENCE: []} for case in cases}
    done, total = 0, (rounds + 1) * len(cases)
    for number in range(rounds + 1):
        for case, work in cases.items():
            for name, once in work.items():
                rate = case.batch * _calls_per_second(once, 0.0 if number == 0 else seconds, device)
                if number > 0:  # the first round warms up
                    found[case][name].append(rate)
            done += 1
            progress(done, total)
    return {case: Rates(median(rates[TRAINING]), median(rates[INFERENCE])) for case, rates in found.items()}


def rates_table(rates: dict[Case, Rates]) -> str:
    """A text table; the columns "x" compare with the first network at the same batch."""
    first = {case.batch: found for case, found in reversed(rates.items())}
    rows = [("network", "encoder", "parameters", "batch", "training/s", "x", "inference/s", "x")]
    for case, found in rates.items():
        base = first[case.batch]
        rows.append((case.kind, case.encoder, f"{case.parameters / 1e6:.2f} M", str(case.batch),
                     f"{found.training:.1f}", f"{found.training / base.training:.2f}",
                     f"{found.inference:.1f}", f"{found.inference / base.inference:.2f}"))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(
        text.ljust(width) if column < 2 else text.rjust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))) for row in rows)


def _network(kind: str, encoder: str, labels: tuple[str, ...], seed: int) -> Network:
    if kind == "peace":
        return fresh_peace(PeaceConfig(encoder=encoder), labels, seed)
    return fresh_ecg_only(EcgOnlyConfig(encoder, len(labels), pooling="mean_max"), seed)


def _work(
    model: Network, config: TrainConfig, kind: str, count: int, labels: tuple[str, ...], samples: int, device: str
) -> dict[str, Callable[[], None]]:
    """One step of training and one answer, to be called again and again."""
    generator = torch.Generator().manual_seed(config.seed)
    batch = Batch(
        signal=torch.randn(count, 12, samples, generator=generator), lead_mask=torch.ones(count, 12),
        valid_samples=torch.full((count,), samples), age_days=torch.full((count,), torch.nan),
        targets=(torch.rand(count, len(labels), generator=generator) < 0.1).float(),
        known=torch.ones(count, len(labels)), statements=torch.zeros(count, 0), weights=torch.ones(len(labels)),
        rows=np.arange(count), share=slice(0, count), step=0).to(torch.device(device))
    weighed = {name: weight for name, weight in config.weights.items()
               if name == "label" or (name in KNOWLEDGE and kind == "peace")}
    losses = Objective(TrainConfig(epochs=1, weights=weighed, align=config.align))
    optimiser = build_optimiser(model, config)
    low, place = config.precision == "bfloat16", torch.device(device).type

    def train_once() -> None:
        model.train()
        with torch.autocast(place, torch.bfloat16, enabled=low):
            parts = losses(model, batch)
        optimiser.zero_grad(set_to_none=True)
        torch.stack([weighed[name] * part for name, part in parts.items()]).sum().backward()
        optimiser.step()

    @torch.inference_mode()
    def answer_once() -> None:
        model.eval()
        with torch.autocast(place, torch.bfloat16, enabled=low):
            model(batch.signal, batch.lead_mask, batch.valid_samples, batch.age_days)

    return {TRAINING: train_once, INFERENCE: answer_once}


def _calls_per_second(once: Callable[[], None], seconds: float, device: str) -> float:
    calls, began = 0, time.perf_counter()
    while calls == 0 or time.perf_counter() - began < seconds:
        once()
        calls += 1
        if torch.device(device).type == "cuda":
            torch.cuda.synchronize(device)
    return calls / (time.perf_counter() - began)

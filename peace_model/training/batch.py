"""A step's batch, made from the seed and the step alone: augmented, mixed, and cut into the processes' shares."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from peace_model.datasets.augment import AugmentConfig, Draws, augment, draw
from peace_model.datasets.store import Store
from peace_model.networks.ecg_network import Beside
from peace_model.training.parallel import share_of


class Split(Protocol):
    """Rows of a store to learn from and to choose the epoch by; `datasets.splits` makes them."""

    @property
    def train(self) -> NDArray[np.int64]: ...

    @property
    def choose(self) -> NDArray[np.int64]: ...


@dataclass(frozen=True, eq=False)
class Batch:
    """What a step learns from.

    Of this process's share (b recordings; all of them in a single process): signal (b, 12, N), lead_mask (b, 12),
    valid_samples (b,), age_days (b,) with NaN for unknown. Of the whole batch of B: targets and known (B, C),
    statements (B, S), rows (B,) of the store; targets and statements lie between 0 and 1 where recordings were mixed.
    weights (C,): how often a positive counts. share: where this process's recordings stand in the whole batch.
    measured (b, F): of this process's share, where the store holds measurements.
    """

    signal: Tensor
    lead_mask: Tensor
    valid_samples: Tensor
    age_days: Tensor
    targets: Tensor
    known: Tensor
    statements: Tensor
    weights: Tensor
    rows: NDArray[np.int64]
    share: slice
    step: int
    measured: Tensor | None = None

    @property
    def beside(self) -> Beside | None:
        """What a hybrid reads beside the signal."""
        return None if self.measured is None else Beside(self.lead_mask, self.measured)

    def to(self, device: torch.device) -> "Batch":
        moved: dict[str, Any] = {
            name: value.to(device) for name, value in vars(self).items() if isinstance(value, Tensor)}
        return replace(self, **moved)


def make_batch(
    store: Store, rows: NDArray[np.int64], config: AugmentConfig, *, weights: Tensor, seed: int, step: int
) -> Batch:
    """The batch of `rows` (B,), as this process needs it."""
    draws = draw(config, len(rows), np.random.default_rng([seed, 1, step]))
    share = share_of(len(rows))
    own = np.arange(len(rows))[share]
    partner = draws.partner[own]
    needed = np.unique(np.concatenate([own, partner])) if config.mixup > 0 else own
    signal, mask, valid = augment(
        store.windows(rows[needed]), np.array(store.lead_mask[rows[needed]]), store.valid_samples[rows[needed]],
        draws.take(needed), config, fs_hz=store.spec.fs_hz)
    targets, known, statements = (
        np.array(values[rows], np.float32) for values in (store.targets, store.known, store.statements))
    if config.mixup > 0:
        first, second = np.searchsorted(needed, own), np.searchsorted(needed, partner)
        part = draws.share[own, None, None]
        signal = part * signal[first] + (1 - part) * signal[second]
        mask, valid = np.maximum(mask[first], mask[second]), np.maximum(valid[first], valid[second])
        targets, statements = _mixed(targets, draws), _mixed(statements, draws)
        known = known * known[draws.partner]
    return Batch(
        signal=torch.from_numpy(signal), lead_mask=torch.from_numpy(mask), valid_samples=torch.from_numpy(valid),
        age_days=torch.from_numpy(np.array(store.age_days[rows[own]], np.float32)), targets=torch.from_numpy(targets),
        known=torch.from_numpy(known), statements=torch.from_numpy(statements), weights=weights, rows=rows,
        share=share, step=step,
        measured=None if store.measured is None else torch.from_numpy(np.array(store.measured[rows[own]], np.float32)))


def one_ahead(make: Callable[[int], Batch], steps: range) -> Iterator[Batch]:
    """make(step) for each step, the next one made in a thread while the caller works with the last."""
    with ThreadPoolExecutor(max_workers=1) as worker:
        coming = worker.submit(make, steps[0]) if steps else None
        for step in steps:
            assert coming is not None
            batch = coming.result()
            if step + 1 in steps:
                coming = worker.submit(make, step + 1)
            yield batch


def _mixed(values: NDArray[np.float32], draws: Draws) -> NDArray[np.float32]:
    part = draws.share[:, None]
    return part * values + (1 - part) * values[draws.partner]

"""Running a model over a store's windows or one recording's, in batches: a network, or a bundle's graph."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from peace_model.datasets.store import Store
from peace_model.ecg.leads import STANDARD_12
from peace_model.evaluation.scored import Scored, scored

BATCH = 64
Tell = Callable[[int, int], None]
"""Called with (windows done, of all)."""


class Answer(Protocol):
    """Logits float32 (B, C) of prepared windows; a bundle's `Predictor.logits` is one."""

    def __call__(
        self, *, signal: NDArray[np.float32], lead_mask: NDArray[np.float32], valid_samples: NDArray[np.int64],
        age_days: NDArray[np.float32],
    ) -> NDArray[np.float32]: ...


def network_answer(model: nn.Module) -> Answer:
    """The answer of a torch network, on the device where its weights are. Leaves it in evaluation mode."""
    device = next(model.parameters()).device

    @torch.inference_mode()
    def answer(**given: NDArray[Any]) -> NDArray[np.float32]:
        model.eval()
        tensors = {name: torch.from_numpy(np.ascontiguousarray(part)).to(device) for name, part in given.items()}
        logits: NDArray[np.float32] = model(**tensors)[0].float().cpu().numpy()
        return logits

    return answer


def answer_of(model: nn.Module | Answer) -> Answer:
    return network_answer(model) if isinstance(model, nn.Module) else model


def counted(answer: Answer, total: int, tell: Tell) -> Answer:
    """The same answer, telling after every batch how many of all windows it has been asked for."""
    done = 0

    def counting(**given: NDArray[Any]) -> NDArray[np.float32]:
        nonlocal done
        logits = answer(**given)
        done += len(logits)
        tell(done, total)
        return logits

    return counting


def score(
    model: nn.Module | Answer, store: Store, rows: NDArray[np.int64], *, without: Sequence[str] = (),
    batch: int = BATCH,
) -> NDArray[np.float32]:
    """Logits (len(rows), C) of windows. without: leads that are taken away before the model sees them."""
    answer = answer_of(model)
    gone = [STANDARD_12.index(lead) for lead in without]
    parts = []
    for start in range(0, len(rows), batch):
        chosen = rows[start: start + batch]
        signal, mask = store.windows(chosen), np.array(store.lead_mask[chosen])
        signal[:, gone], mask[:, gone] = 0.0, 0.0
        beside = {} if store.measured is None else {"measured": store.measured[chosen]}
        parts.append(answer(signal=signal, lead_mask=mask, valid_samples=np.array(store.valid_samples[chosen]),
                            age_days=np.array(store.age_days[chosen], np.float32), **beside))
    return np.concatenate(parts) if parts else np.zeros((0, len(store.labels)), np.float32)


def judge(
    model: nn.Module | Answer, store: Store, rows: NDArray[np.int64], *, without: Sequence[str] = ()
) -> Scored:
    """What a model says of the recordings whose windows are given."""
    return scored(store, rows, score(model, store, rows, without=without))

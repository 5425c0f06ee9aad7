"""What a proxy needs of training. Evaluation stands below training, so whoever runs a grid hands it in."""

from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from peace_model.datasets.splits import Split
from peace_model.datasets.store import Store


class FrozenEncoder(Protocol):
    """A trained network whose encoder has read some rows once and for all; what stands behind it can be adapted."""

    def adapted(
        self, support: NDArray[np.int64], choose: NDArray[np.int64], test: NDArray[np.int64], *, seed: int
    ) -> NDArray[np.float32]:
        """Logits (len(test), C) after learning from the support rows, stopped by the choosing rows.

        No support: of the network as it was trained.
        """


class Workshop(Protocol):
    """Builds and trains the arms of a grid, with the grid's settings."""

    def trained(
        self, arm: str, store: Store, split: Split, folder: Path, *, seed: int,
        unlabelled: NDArray[np.int64] | None = None,
    ) -> Any:
        """The arm's network after its whole training in the folder, which goes on where it was stopped.

        unlabelled: rows whose labels are not looked at: of a target population, or of a joint embedding's training.
        """


@runtime_checkable
class ComparingWorkshop(Workshop, Protocol):
    """One whose networks may read measurements beside the signal, and that keeps what a training cost."""

    def as_read(self, arm: str, store: Store, rows: NDArray[np.int64]) -> Store:
        """The store as the arm's network reads these rows, measurements included."""

    def cpu_s(self, folder: Path) -> float:
        """Seconds of processor time that the training in this folder has taken, all its pieces together."""


@runtime_checkable
class AdaptingWorkshop(Workshop, Protocol):
    """One that adapts them too, and asks them for labels by their texts."""

    def frozen(self, model: Any, store: Store, rows: NDArray[np.int64]) -> FrozenEncoder: ...

    def asked(
        self, model: Any, store: Store, rows: NDArray[np.int64], queries: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits of the trained labels (len(rows), C), and of each text embedding (K, E) asked one at a time beside
        them (len(rows), K)."""

"""Room for the samples of long recordings: in memory while they are few, else in a temporary file gone with them."""

import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.recording import RecordingError

IN_MEMORY_VALUES = 30_000_000
"""120 MB; a day of twelve leads at 500 Hz would take two gigabytes."""
BLOCK_VALUES = 2_000_000
"""How many values are decoded or looked at at a time."""


def empty(shape: tuple[int, int]) -> NDArray[np.float32]:
    """A float32 array to be filled, of undefined content. Raises OSError where the disk has no room."""
    if math.prod(shape) <= IN_MEMORY_VALUES:
        return np.empty(shape, dtype=np.float32)
    n_bytes = 4 * math.prod(shape)
    with tempfile.TemporaryFile(prefix="peace-signal-") as file:
        # Writing into a mapped file on a full disk ends the process; the room is taken before.
        if shutil.disk_usage(tempfile.gettempdir()).free < n_bytes:
            raise OSError("the temporary folder has no room for the samples")
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, n_bytes)
        mapped = np.memmap(file, dtype=np.float32, mode="r+" if hasattr(os, "posix_fallocate") else "w+", shape=shape)
    # A plain array over it: what is computed from a memmap would be one too.
    return mapped.view(np.ndarray)


def room_for(path: Path, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The same for a file being read. Raises RecordingError where the disk has no room."""
    try:
        return empty(shape)
    except OSError as error:
        raise RecordingError(path, "number of samples", "the temporary folder has no room for the samples",
                             "free some room on the disk") from error


def blocks(n_samples: int, n_signals: int) -> Iterator[slice]:
    """Consecutive stretches of samples, of about BLOCK_VALUES values each over all signals."""
    step = max(1, BLOCK_VALUES // max(1, n_signals))
    for start in range(0, n_samples, step):
        yield slice(start, min(start + step, n_samples))

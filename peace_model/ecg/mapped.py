"""Signals that lie in a file because they are too large for memory: which file, and giving back what was looked at."""

import mmap

import numpy as np
from numpy.typing import NDArray


def settle(signal_mv: NDArray[np.float32]) -> None:
    """Give back the memory in which the system holds the pages of an array in a file; the file keeps them."""
    held = mapped_file(signal_mv)
    if held is not None and hasattr(mmap, "MADV_DONTNEED"):
        held.madvise(mmap.MADV_DONTNEED)


def mapped_file(signal_mv: NDArray[np.float32]) -> mmap.mmap | None:
    """The file an array lies in; None for one in memory."""
    holder: object = signal_mv
    while isinstance(holder, np.ndarray):
        holder = holder.base
    return holder if isinstance(holder, mmap.mmap) else None

"""The signal files of a WFDB record: judged by their size, decoded by the wfdb package, turned into millivolts.

wfdb gets absolute local paths only, so that none of its network code runs.
"""

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats import large
from peace_model.ecg.formats.library_warnings import library_warnings
from peace_model.ecg.formats.wfdb_header import SignalLine, WfdbHeader
from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.mapped import settle
from peace_model.ecg.recording import Finding, RecordingError
from peace_model.words import worded

_NOT_RECORDED = {"16": -(1 << 15), "212": -(1 << 11), "80": -(1 << 7), "61": -(1 << 15), "160": -(1 << 15),
                 "24": -(1 << 23), "32": -(1 << 31), "310": -(1 << 9), "311": -(1 << 9)}
"""The digital value that stands for "nothing recorded" in each storage format (WFDB Applications Guide, signal(5))."""
_BYTES_PER_SAMPLE = {"16": 2.0, "212": 1.5, "80": 1.0, "61": 2.0, "160": 2.0, "24": 3.0, "32": 4.0,
                     "310": 4 / 3, "311": 4 / 3}
_WFDB_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, OSError, RuntimeError,
                MemoryError)


def signal_files(path: Path, header: WfdbHeader, n_samples: int) -> tuple[Path, ...]:
    """The signal files in header order, each of exactly the size the header asks for."""
    groups: dict[str, list[SignalLine]] = {}
    previous = ""
    for signal in header.signals:
        if signal.file_name in groups and signal.file_name != previous:
            raise RecordingError(path, "signal files", "the signals of one file are not listed together",
                                 "restore the header from its source")
        groups.setdefault(signal.file_name, []).append(signal)
        previous = signal.file_name
    return tuple(_signal_file(path, name, signals, n_samples) for name, signals in groups.items())


def _signal_file(path: Path, name: str, signals: list[SignalLine], n_samples: int) -> Path:
    first = signals[0]
    if not re.fullmatch(r"[\w-][\w. +-]*", name):
        raise RecordingError(path, "signal files", "a signal file's name is no plain file name",
                             "put the signal file beside the header and name it there without a folder")
    if first.storage not in _BYTES_PER_SAMPLE:
        raise RecordingError(
            path, "storage format", worded("format {storage} is not read", storage=first.storage),
            "store the signals in format 16")
    if any(signal.samples_per_frame != 1 or signal.skew for signal in signals):
        raise RecordingError(path, "storage format", "signals of different rates or with a time shift are not read",
                             "resample and align them in one record")
    if any((signal.storage, signal.byte_offset) != (first.storage, first.byte_offset) for signal in signals):
        raise RecordingError(
            path, "storage format", worded("{name} is said to hold two formats", name=name),
            "restore the header from its source")
    file = path.with_name(name)
    if not file.is_file():
        raise RecordingError(path, "signal files", worded("{name} is missing", name=name), "put it beside the header")
    if not file.resolve().is_relative_to(path.parent.resolve()):
        raise RecordingError(
            path, "signal files", worded("{name} is a link that leads out of the recording's folder", name=name),
            "put the signal file itself beside the header")
    n_values = n_samples * len(signals)
    needed = first.byte_offset + math.ceil(n_values * _BYTES_PER_SAMPLE[first.storage])
    # Packed formats may end on a whole block; every other spare byte means that the header describes another file.
    spare = 3 if first.storage in ("212", "310", "311") else 0
    size = file.stat().st_size
    if not needed <= size <= needed + spare:
        held = int(max(0, size - first.byte_offset) / _BYTES_PER_SAMPLE[first.storage] / len(signals))
        raise RecordingError(
            path, "number of samples",
            worded("the header says {samples} samples of {count} signals ({needed} bytes), {name} holds {held} "
                   "({size} bytes)", samples=n_samples, count=len(signals), needed=needed, name=name, held=held,
                   size=size), "copy the recording again from its source")
    return file


def decode(path: Path, header: WfdbHeader, n_samples: int, factors: NDArray[np.float64],
           rows: tuple[int, ...]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Millivolts of the chosen rows, float32 (n_leads, n_samples), and the sum of each signal's digits, in blocks.

    NaN where the storage format's own mark says that nothing was recorded.
    """
    if any(mark in str(path.parent) for mark in ("::", "://")):
        raise RecordingError(path, "file", "the folder's name holds '::' or '://', which reads like a network address",
                             "move the recording to another folder")
    signal_mv = large.room_for(path, (len(rows), n_samples))
    sums = np.zeros(len(header.signals), dtype=np.int64)
    for block in large.blocks(n_samples, len(header.signals)):
        digital = _block(path, header, block)
        sums += digital.sum(axis=1)
        found_mv = _millivolts(header, digital, factors, rows)
        if np.isinf(found_mv).any():
            raise RecordingError(path, "gain", "a value is too large to be a voltage",
                                 "restore the header from its source")
        signal_mv[:, block] = found_mv
        settle(signal_mv)
    return signal_mv, sums


def _block(path: Path, header: WfdbHeader, block: slice) -> NDArray[np.int64]:
    """Digital values of a stretch, int64 (n_signals, n_samples), through wfdb."""
    try:
        record = _package().rdrecord(
            str(path.with_suffix("")), sampfrom=block.start, sampto=block.stop, physical=False)
        digital = np.asarray(record.d_signal).astype(np.int64).T
    except _WFDB_ERRORS as error:
        raise RecordingError(path, "signals", "the samples cannot be decoded",
                             "copy the recording again from its source") from error
    n_samples = block.stop - block.start
    if digital.shape != (len(header.signals), n_samples):
        raise RecordingError(
            path, "signals",
            worded("{decoded} samples of {rows} signals were decoded, the header says {samples} of {count}",
                   decoded=digital.shape[-1], rows=digital.shape[0], samples=n_samples,
                   count=len(header.signals)), "copy the recording again from its source")
    return digital


@cache
def _package() -> Any:
    """wfdb, imported when the first record is opened: it takes half a second and loads pandas."""
    # wfdb builds its tables at import in a way newer pandas announces to withdraw; nothing of ours depends on it.
    with library_warnings("ignore"):
        import wfdb
    return wfdb


def checksum_warnings(header: WfdbHeader, sums: NDArray[np.int64]) -> tuple[Finding, ...]:
    """A finding where samples are not those the header was written for; all zero there means that none were computed.

    sums: of each signal's digits, int64 (n_signals,).
    """
    stated = [signal.checksum for signal in header.signals]
    if not any(stated):
        return ()
    wrong = tuple(
        canonical_lead(signal.name) or signal.name for signal, total in zip(header.signals, sums, strict=True)
        if signal.checksum is not None and (int(total) - signal.checksum) % 65536)
    return () if not wrong else (Finding(
        "checksum_differs", wrong, "The samples differ from those the header was written for (checksum of {leads}).",
        (("leads", ", ".join(wrong)),)),)


def _millivolts(header: WfdbHeader, digital: NDArray[np.int64], factors: NDArray[np.float64],
                rows: tuple[int, ...]) -> NDArray[np.float32]:
    index = list(rows)
    chosen = digital[index]
    baseline = np.array([header.signals[row].baseline for row in rows])
    mark = np.array([_NOT_RECORDED[header.signals[row].storage] for row in rows])
    signal: NDArray[np.float64] = (chosen - baseline[:, None]) * factors[index][:, None]
    signal[chosen == mark[:, None]] = np.nan
    with np.errstate(over="ignore"):
        return signal.astype(np.float32)

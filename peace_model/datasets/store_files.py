"""The files of a store while it is written: appended in whole chunks, so that a run that was killed can go on.

``signal.i16`` holds the windows, int16 (n, 12, N) little endian; ``figures.f32`` float32 (n, 73) what is measured of
each; ``log.jsonl`` one line a recording, kept or dropped, the settings in its first. A chunk's log lines are written
after its data have reached the disk: what the log names is there, what it does not name is cut off at the next start.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNAL, FIGURES, LOG, RECORDINGS, DESCRIPTION = "signal.i16", "figures.f32", "log.jsonl", "recordings.npz", "store.json"
NOT_RECORDED = -32768
"""Stands in signal.i16 where nothing was recorded; samples take -32767 to 32767."""
FULL_SCALE = 32767
FINEST_STEP_MV = 1e-12
"""No recorder resolves a millionth of it; smaller ones leave the range of float32."""
PER_LEAD = ("lead_mask", "scale_mv", "total_mv", "squares_mv2", "samples", "swing_mv")
"""Figures of each lead of a window: 1 where it carries an ECG; mV of one digit; sum, sum of squares and number of
recorded samples; 99.5th minus 0.5th percentile."""
FIGURES_PER_WINDOW = 12 * len(PER_LEAD) + 1
"""The last is the number of samples before the padding."""


class StoreError(Exception):
    """A store that cannot be used; str() says which and what to do."""


@dataclass(frozen=True, eq=False)
class Window:
    """One window as it is kept: digits int16 (12, N) and figures float32 (73,)."""

    digits: NDArray[np.int16]
    figures: NDArray[np.float32]


def as_window(signal_mv: NDArray[np.float32], lead_mask: NDArray[np.float32], valid_samples: int) -> Window:
    """Digits and figures of a window in mV, float32 (12, N), exactly zero where nothing was recorded."""
    recorded = signal_mv != 0.0
    values = signal_mv.astype(np.float64)
    peak_mv = np.abs(values).max(axis=1)
    scale_mv = np.where(peak_mv > 0, np.maximum(peak_mv / FULL_SCALE, FINEST_STEP_MV), 1.0).astype(np.float32)
    digits = np.where(recorded, np.rint(values / scale_mv[:, None]), NOT_RECORDED).astype(np.int16)
    swing_mv = np.array([np.subtract(*np.percentile(row[kept], [99.5, 0.5])) if kept.any() else 0.0
                         for row, kept in zip(values, recorded, strict=True)])
    per_lead = (lead_mask, scale_mv, values.sum(axis=1), (values**2).sum(axis=1), recorded.sum(axis=1), swing_mv)
    return Window(digits, np.concatenate([*per_lead, [valid_samples]]).astype(np.float32))


class StoreWriter:
    """Appends recordings to a folder, or goes on where an interrupted run stopped. Close it with `close`.

    Raises StoreError when the folder was begun with other settings.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any], *, window_samples: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._shape = (12, window_samples)
        self.entries = self._resume(dict(settings))
        self._signal = (folder / SIGNAL).open("ab")
        self._figures = (folder / FIGURES).open("ab")
        self._log = (folder / LOG).open("a", encoding="utf-8")
        if not self._log.tell():
            self._write_lines([dict(settings)])

    @property
    def done(self) -> set[str]:
        """Ids of the recordings that need not be looked at again, kept or dropped."""
        return {entry["id"] for entry in self.entries}

    def append(self, chunk: Sequence[tuple[dict[str, Any], Sequence[Window]]]) -> None:
        """Keep a chunk of recordings: facts for the log, and their windows (none for one that was dropped)."""
        windows = [window for _, of_one in chunk for window in of_one]
        for file, arrays in ((self._signal, [window.digits for window in windows]),
                             (self._figures, [window.figures for window in windows])):
            file.write(b"".join(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in arrays))
            file.flush()
            os.fsync(file.fileno())
        entries = [{**facts, "windows": len(of_one)} for facts, of_one in chunk]
        self._write_lines(entries)
        self.entries += entries

    def close(self) -> None:
        for file in (self._signal, self._figures, self._log):
            file.close()

    def _write_lines(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._log.write("".join(json.dumps(line) + "\n" for line in lines))
        self._log.flush()
        os.fsync(self._log.fileno())

    def _resume(self, settings: dict[str, Any]) -> list[dict[str, Any]]:
        """Entries of the log that stand; everything after them is cut off all three files."""
        path = self.folder / LOG
        text = path.read_bytes() if path.is_file() else b""
        whole = text[: text.rfind(b"\n") + 1]
        try:
            lines = [json.loads(line) for line in whole.splitlines()]
        except ValueError as error:
            raise StoreError(f"{self.folder.name}: {LOG} is damaged; remove the folder and prepare again") from error
        if lines and lines[0] != json.loads(json.dumps(settings)):
            raise StoreError(f"{self.folder.name}: begun with other settings or other data; name another folder, or "
                             "remove this one and prepare again")
        windows = sum(entry["windows"] for entry in lines[1:])
        row_bytes = 2 * self._shape[0] * self._shape[1]
        for name, size in ((LOG, len(whole)), (SIGNAL, windows * row_bytes),
                           (FIGURES, windows * FIGURES_PER_WINDOW * 4)):
            with (self.folder / name).open("ab") as file:
                if file.tell() < size:
                    raise StoreError(f"{self.folder.name}: {name} is shorter than its log says; "
                                     "remove the folder and prepare again")
                file.truncate(size)
        return lines[1:]


def read_figures(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Every figure of every window by name: PER_LEAD (n, 12) and "valid_samples" (n,)."""
    figures = np.fromfile(folder / FIGURES, "<f4").reshape(-1, FIGURES_PER_WINDOW)
    per_lead = figures[:, :-1].reshape(len(figures), len(PER_LEAD), 12)
    return {**{name: per_lead[:, place].copy() for place, name in enumerate(PER_LEAD)},
            "valid_samples": figures[:, -1].copy()}


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)

"""Time-stamped annotation lists of EDF+ and BDF+: when each data record starts, and what was written about the ECG."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats.header_comments import may_be_personal
from peace_model.ecg.recording import RecordingError
from peace_model.words import worded

MOST_TEXTS = 100
"""Beat by beat annotations repeat a few texts; more than these are no statements on an ECG."""
_ONSET = re.compile(rb"([+-]\d{1,9}(?:\.\d{0,12})?)(?:\x15[^\x14\x15]*)?\x14", re.ASCII)
_TECHNICAL = frozenset({"recording starts", "recording ends"})


class AnnotationTexts:
    """The different texts met so far, in order; those that may name a person apart from the others."""

    def __init__(self) -> None:
        self._seen: dict[str, bool] = {}
        self.left_out = 0

    def add(self, block: bytes) -> None:
        """`block`: one annotation signal's bytes of one data record."""
        for entry in block.split(b"\0"):
            stamp = _ONSET.match(entry)
            for part in entry[stamp.end():].split(b"\x14") if stamp else ():
                text = " ".join(part.decode("utf-8", "replace").split())
                if not text or text.casefold() in _TECHNICAL or text in self._seen:
                    continue
                if len(self._seen) >= MOST_TEXTS:
                    self.left_out += 1
                else:
                    self._seen[text] = may_be_personal(text)

    @property
    def statements(self) -> tuple[str, ...]:
        return tuple(text for text, personal in self._seen.items() if not personal)

    @property
    def personal(self) -> tuple[str, ...]:
        return tuple(text for text, personal in self._seen.items() if personal)


def record_onset_s(path: Path, block: bytes, *, record: int) -> float:
    """Seconds from the start time to a data record's first sample. Raises RecordingError where it is missing."""
    stamp = _ONSET.match(block)
    if stamp is None:
        raise RecordingError(
            path, worded("data record {record}", record=record + 1), "it does not say when it begins",
            "export the recording again")
    return float(stamp[1])


def sample_starts(path: Path, onsets_s: NDArray[np.float64], *, record_samples: int, fs_hz: float,
                  continuous: bool) -> NDArray[np.int64]:
    """int64 (n_records,): where each data record's samples begin, counted from the first one's.

    Raises RecordingError for records that overlap, and for gaps in a file that declares itself continuous.
    """
    at = (onsets_s - onsets_s[0]) * fs_hz
    starts = np.rint(at).astype(np.int64)
    expected = np.arange(len(starts)) * record_samples
    if continuous:
        if np.any(np.abs(at - expected) > max(1.0, 1e-4 * expected[-1])):
            raise RecordingError(path, "times of the data records", "they do not follow each other, though the header "
                                 "says that the recording is continuous", "export the recording again")
        return expected
    if np.any(np.diff(starts) < record_samples - 1):
        raise RecordingError(path, "times of the data records", "one begins before the last one ends",
                             "export the recording again")
    # Onsets are rounded in the file; a step of one sample either way is that rounding and no gap.
    close = np.abs(np.diff(starts) - record_samples) <= 1
    steps = np.where(close, record_samples, np.diff(starts))
    return np.concatenate(([0], np.cumsum(steps)))

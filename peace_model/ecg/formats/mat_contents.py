"""What a MATLAB file holds, told by names and shapes: the matrix of samples, and the fields that describe it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.recording import RecordingError
from peace_model.words import worded

_RATE = frozenset({"fs", "fshz", "srate", "samplingrate", "samplerate", "samplingfrequency", "samplefrequency",
                   "samplingratehz", "samplefreq", "sfreq"})
_LEADS = frozenset({"leads", "lead", "labels", "label", "leadnames", "leadname", "leadlabels", "channels", "channel",
                    "channelnames", "signames", "signame"})
_UNIT = frozenset({"unit", "units", "sigunits", "physicalunit", "physicalunits"})
_STEP_MV = {"mvperlsb": 1.0, "mvpercount": 1.0, "mvperbit": 1.0, "uvperlsb": 1e-3, "uvpercount": 1e-3, "uvperbit": 1e-3,
            "nvperlsb": 1e-6}
_STEPS_PER_MV = frozenset({"lsbpermv", "adupermv", "countspermv", "bitspermv"})
_GAIN = frozenset({"gain", "gains", "adcgain", "adcgains", "scale", "scalefactor", "resolution"})
_SIGNAL = frozenset({"ecg", "val", "data", "signal", "signals", "x", "y", "ecgdata", "ecgsignal", "psignal"})
MAX_LEADS = 64
MAX_SAMPLES = 15_000_000
"""Twelve leads at 500 Hz for 40 minutes: whatever its type, a matrix is scaled whole, eight bytes a sample and more."""
MIN_SAMPLES = 100
_MAX_DEPTH = 3


@dataclass(frozen=True, eq=False)
class MatContents:
    """samples: (n_samples, n_leads) numbers as stored. labels: one a lead, or () where the file names none.

    units: one for all or one a lead, () where silent. step_mv: of one stored number, where the file says so plainly.
    doubtful_gain: a gain stands there without saying of what. texts, numbers: by their names, for who it is of.
    """

    samples: NDArray[Any]
    fs_hz: float | None
    labels: tuple[str, ...]
    units: tuple[str, ...]
    step_mv: tuple[float, ...]
    doubtful_gain: bool
    texts: tuple[tuple[str, str], ...]
    numbers: dict[str, float]


def contents_of(path: Path, variables: Mapping[str, Any]) -> MatContents:
    """variables: as scipy loads them. Raises RecordingError."""
    entries = [(key, value) for name, value in variables.items() if not name.startswith("__")
               for key, value in _entries(name, value, 0)]
    matrix = _samples(path, entries)
    n_leads = matrix.shape[1]
    rates = {_number(value) for key, value in entries if key in _RATE} - {None}
    if len(rates) > 1:
        raise RecordingError(path, "sampling rate", "the file gives several that differ", "keep the right one")
    labels = next((found for key, value in entries if key in _LEADS for found in [_list(value)] if found), ())
    if labels and len(labels) != n_leads:
        raise RecordingError(
            path, "lead names", worded("{count} names for {leads} leads", count=len(labels), leads=n_leads),
            "name every lead once")
    units = next((found for key, value in entries if key in _UNIT for found in [_list(value)] if found), ())
    steps = [_steps(path, key, value, n_leads) for key, value in entries if key in _STEP_MV or key in _STEPS_PER_MV]
    gains = [value for key, value in entries if key in _GAIN and _is_numeric(value)]
    named = _RATE | _LEADS | _UNIT
    return MatContents(
        samples=matrix, fs_hz=next(iter(rates), None), labels=labels,
        units=units if len(units) in (1, n_leads) else (), step_mv=steps[0] if steps else (),
        doubtful_gain=not steps and any(not np.all(np.asarray(gain) == 1) for gain in gains),
        texts=tuple((key, text) for key, value in entries if key not in named for text in _words(value)),
        numbers={key: number for key, value in entries for number in [_number(value)] if number is not None})


def _entries(name: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Name and value of a variable, or of a structure's fields; names in lower case without signs between words."""
    if isinstance(value, np.ndarray) and value.dtype.names is not None:
        if value.size == 1 and depth < _MAX_DEPTH:
            for field in value.dtype.names:
                yield from _entries(field, value.reshape(-1)[0][field], depth + 1)
        return
    yield re.sub(r"[\W_]", "", name).casefold(), value


def _samples(path: Path, entries: list[tuple[str, Any]]) -> NDArray[Any]:
    """The one matrix that can be an ECG, a row a sample. Raises RecordingError where there is none or several."""
    found = [(key, value) for key, value in entries if _is_numeric(value) and value.ndim == 2
             and min(value.shape) >= 1 and max(value.shape) >= MIN_SAMPLES and min(value.shape) <= MAX_LEADS]
    wide = [item for item in found if min(item[1].shape) > 1]
    named = [item for item in found if item[0] in _SIGNAL]
    chosen = next((items for items in (wide, named, found) if len(items) == 1), None)
    if chosen is None and len(wide) > 1:
        chosen = [item for item in wide if item[0] in _SIGNAL]
    if not found:
        raise RecordingError(
            path, "samples", worded("no numeric matrix holds up to {max_leads} leads of {min_samples} or more samples",
                   max_leads=MAX_LEADS, min_samples=MIN_SAMPLES),
            "save the samples as a matrix, one row or one column a lead")
    if chosen is None or len(chosen) != 1:
        raise RecordingError(
            path, "samples", worded("{count} matrices could be the ECG", count=len(found)),
            "save one recording a file, or name its matrix 'ecg'")
    matrix = chosen[0][1]
    if matrix.size > MAX_SAMPLES:
        raise RecordingError(
            path, "number of samples",
            worded("{size} million samples are more than the {max_samples} million read of a MATLAB file",
                   size=f"{matrix.size / 1e6:.0f}", max_samples=f"{MAX_SAMPLES / 1e6:.0f}"),
            "cut out the part to be reviewed, or save the recording as WFDB")
    if matrix.shape[0] == matrix.shape[1]:
        raise RecordingError(path, "samples", "as many rows as columns: which are the leads cannot be told",
                             "save the samples with one column a lead")
    upright: NDArray[Any] = matrix if matrix.shape[0] > matrix.shape[1] else matrix.T
    return upright


def _is_numeric(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "iuf"


def _number(value: Any) -> float | None:
    if not _is_numeric(value) or value.size != 1 or not np.isfinite(float(value.reshape(-1)[0])):
        return None
    return float(value.reshape(-1)[0])


def _steps(path: Path, key: str, value: Any, n_leads: int) -> tuple[float, ...]:
    numbers = np.asarray(value, dtype=np.float64).ravel() if _is_numeric(value) else np.empty(0)
    if len(numbers) not in (1, n_leads) or not np.all(np.isfinite(numbers)) or np.any(numbers <= 0):
        raise RecordingError(path, "gain", "it is no number above 0, one for all leads or one a lead",
                             "save the right one; a voltage cannot be guessed")
    steps = 1 / numbers if key in _STEPS_PER_MV else numbers * _STEP_MV[key]
    return tuple(map(float, np.broadcast_to(steps, n_leads)))


def _words(value: Any) -> tuple[str, ...]:
    """The texts of a char array or a cell of them; () for anything else."""
    if not isinstance(value, np.ndarray):
        return ()
    if value.dtype.kind == "U":
        return tuple(str(text).strip() for text in value.ravel() if str(text).strip())
    if value.dtype.kind == "O":
        inside = [_words(cell) for cell in value.ravel()]
        return tuple(words[0] for words in inside) if inside and all(len(words) == 1 for words in inside) else ()
    return ()


def _list(value: Any) -> tuple[str, ...]:
    """The same as _words, and one text with commas between as several."""
    words = _words(value)
    return tuple(part.strip() for part in re.split(r"[,;]", words[0])) if len(words) == 1 else words

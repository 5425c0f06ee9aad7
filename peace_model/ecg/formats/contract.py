"""What every format reader offers, and what a person may add where a file is silent."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peace_model.ecg.formats.csv_profile import CsvProfile
from peace_model.ecg.recording import Recording, RecordingError
from peace_model.words import mark, worded

MAX_DURATION_S = 1.05 * 24 * 3600.0
"""A day, and the minutes that a Holter recorder runs on."""
MAX_SAMPLES = int(12 * 500 * MAX_DURATION_S)
"""Twelve leads at 500 Hz for a day: two gigabytes once decoded (see large.py)."""


@dataclass(frozen=True)
class ReadOptions:
    """What the person at hand knows and the file does not say. Never overrides what a file says.

    fs_hz: samples per second. unit: "mV", "uV", "nV" or "V". sidecar: a table of ages and sexes (see sidecar.py).
    profile: how a table is laid out, for the formats that leave it open.
    """

    fs_hz: float | None = None
    unit: str | None = None
    sidecar: Path | None = None
    profile: CsvProfile | None = None


ASKED_FIELDS = ("sampling rate", "unit")
"""Fields of a RecordingError that the options' rate and unit answer."""
LAYOUT_FIELDS = ("leads", "header row", "decimal mark", "profile")
"""Fields of a table's RecordingError that a profile answers."""


HEAD_BYTES = 8192


@dataclass(frozen=True)
class Format:
    """One file format: which files it claims and how one is read.

    name: short, stored with the recording. title: as people call it, a marked text. suffixes: for file dialogs, and
    where the content cannot tell. claims(path, head) says from a file's first HEAD_BYTES whether it is this format's,
    cut short, damaged or refused variants included, so that reading can say what is wrong. read(path, options) raises
    RecordingError.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    claims: Callable[[Path, bytes], bool]
    read: Callable[[Path, ReadOptions], Recording]


_MV_PER_UNIT = {"mv": 1.0, "uv": 1e-3, "nv": 1e-6, "v": 1e3}


def mv_per_unit(unit: str) -> float | None:
    """Millivolts in one of a unit: "mV" -> 1.0, "uV" and both spellings of the micro sign -> 0.001; None if unknown."""
    folded = unit.strip().replace("\N{MICRO SIGN}", "u").replace("\N{GREEK SMALL LETTER MU}", "u").casefold()
    return _MV_PER_UNIT.get(folded)


def check_duration(path: Path, *, n_samples: int, n_signals: int, fs_hz: float) -> None:
    """Raises RecordingError for more than a day, or more samples than a day of an ordinary recorder has."""
    if n_samples * n_signals > MAX_SAMPLES and n_samples / fs_hz <= MAX_DURATION_S:
        raise RecordingError(
            path, "number of samples",
            worded("{samples} million samples are more than the {max_samples} million that can be reviewed at once",
                   samples=f"{n_samples * n_signals / 1e6:.0f}", max_samples=f"{MAX_SAMPLES / 1e6:.0f}"),
            "cut out the part to be reviewed and open that")
    if n_samples / fs_hz > MAX_DURATION_S:
        raise RecordingError(
            path, "duration", worded("{samples} hours are more than the {max_duration_s} that can be reviewed at once",
                   samples=f"{n_samples / fs_hz / 3600:.1f}", max_duration_s=f"{MAX_DURATION_S / 3600:.0f}"),
            "cut out the part to be reviewed and open that")


def check_regular(path: Path) -> None:
    """Raises RecordingError for a pipe or device, which would be waited on for ever; a missing file passes."""
    if path.exists() and not path.is_file():
        what = mark("this is a folder") if path.is_dir() else mark("this is no ordinary file")
        raise RecordingError(path, "file", what, "open the recording's own file")


def check_rate(path: Path, fs_hz: float, *, field: str) -> None:
    """Raises RecordingError naming `field` unless the sampling rate is one an ECG can have."""
    if not 20 <= fs_hz <= 100_000:
        raise RecordingError(
            path, field, worded("{fs_hz} Hz is not a rate an ECG is recorded at", fs_hz=f"{fs_hz:g}"),
            "correct it; expected 20 to 100000 samples per second")

"""What every data set gives to `prepare`: facts of its recordings, how to read each one, and what it leaves out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from peace_model.ecg.recording import Recording, Sex


@dataclass(frozen=True)
class RowFacts:
    """What a data set's table says of one recording.

    id: unique within the data set. age_days, sex: None where the table is silent; the recording's own are taken then.
    statements: as the data set words them. fold: of a published split, -1 for none. flags: codes beside those that are
    seen in the signal (row_flags.py).
    """

    id: str
    patient: str
    age_days: float | None
    sex: Sex | None
    statements: tuple[str, ...]
    fold: int = -1
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceRow:
    """One recording: its facts, and how it is read. `read` raises RecordingError and can be sent to a process.

    files: that it is read from; a WFDB header stands for those that it names.
    """

    facts: RowFacts
    read: Callable[[], Recording]
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Dropped:
    """A row that takes no part, and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class Source:
    """A data set in its published layout.

    dataset: name of its code map. notes: what a person should know of this copy of the data, a sentence each.
    """

    dataset: str
    rows: Sequence[SourceRow]
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()

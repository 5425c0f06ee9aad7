"""What an ECG recording is: signals, what the file says of them, and nothing guessed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.age import Age
from peace_model.ecg.identity import Identity
from peace_model.ecg.leads import STANDARD_12

Sex = Literal["F", "M"]


class RecordingError(Exception):
    """A file that cannot be read as a recording, with what to do about it.

    str() is one line: file, field, problem, remedy. It never carries patient data.
    """

    def __init__(self, file: Path | str, field: str, problem: str, remedy: str) -> None:
        self.file = Path(file)
        self.field = field
        self.problem = problem
        self.remedy = remedy
        # A file's own words may hold line breaks of every kind.
        super().__init__(" ".join(f"{self.file.name}: {field}: {problem}; {remedy}".split()))


class RoleKind(StrEnum):
    """Where a lead's samples come from."""

    RECORDED = "recorded"
    DERIVED = "derived"
    DUPLICATE = "duplicate"
    ABSENT = "absent"


@dataclass(frozen=True)
class LeadRole:
    """One lead's role; `of` names the lead a duplicate repeats, or the leads a derived one was computed from."""

    lead: str
    kind: RoleKind
    of: str | None = None


@dataclass(frozen=True)
class Finding:
    """Something true of the input that a reader must know before believing any number drawn from it.

    template is the English sentence with named fields; values fills them. code is stable (see signal/quality.py).
    """

    code: str
    leads: tuple[str, ...]
    template: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        return self.template.format(**dict(self.values))


@dataclass(frozen=True)
class DeclaredFilters:
    """What the file says was filtered before the samples were stored; None where it is silent.

    low_cut_hz: corner of the high-pass filter. high_cut_hz: corner of the low-pass filter. notch_hz: the mains filter.
    other: further words of the file, such as the kind of a filter. A corner that is no frequency counts as silence.
    """

    low_cut_hz: float | None = None
    high_cut_hz: float | None = None
    notch_hz: float | None = None
    other: str = ""

    def __post_init__(self) -> None:
        for name in ("low_cut_hz", "high_cut_hz", "notch_hz"):
            corner_hz = getattr(self, name)
            if corner_hz is not None and not 0 < corner_hz < np.inf:
                object.__setattr__(self, name, None)

    def __bool__(self) -> bool:
        return self != DeclaredFilters()


class GroupKind(StrEnum):
    """What a group of channels holds."""

    RHYTHM = "rhythm"
    MEDIAN = "median"
    OTHER = "other"


@dataclass(frozen=True)
class SignalGroup:
    """One of the groups of channels that a file holds, under the file's own name; one of them was chosen."""

    name: str
    kind: GroupKind
    leads: tuple[str, ...]
    fs_hz: float
    n_samples: int
    chosen: bool


class Origin(StrEnum):
    """Where the sampling rate or the scale of the samples comes from."""

    FILE = "file"
    FORMAT = "format"
    PROFILE = "profile"
    HAND = "hand"


@dataclass(frozen=True)
class Source:
    """Where a recording was read from, and what the file says of how it was made.

    sha256: over the bytes of every file the recording consists of, in the order header, signals.
    format: the reader's name; version: of the format, as the file states it. producer: maker, model and software of
    the recorder, never its serial number. quantum_mv: one step of the samples, a lead each in the recording's order,
    None where the file holds real numbers or does not tell. groups: all that the file holds, in its order; () where
    the format knows one group only. exported_from: where this project wrote the file, the format and SHA-256 of what it
    was written from.
    """

    path: Path
    format: str
    sha256: str
    files: tuple[Path, ...]
    version: str = ""
    producer: str = ""
    rate_origin: Origin = Origin.FILE
    gain_origin: Origin = Origin.FILE
    quantum_mv: tuple[float | None, ...] = ()
    filters: DeclaredFilters = DeclaredFilters()
    groups: tuple[SignalGroup, ...] = ()
    exported_from: str = ""


@dataclass(frozen=True, eq=False)
class Recording:
    """One ECG. Immutable; eq=False because arrays have no single truth value.

    signal_mv: float32 (n_leads, n_samples), millivolts, NaN where nothing was recorded; read-only.
    leads: canonical names, one a row of signal_mv.
    roles: one per row of signal_mv in the same order, then one ABSENT role for each missing standard lead.
    age: None when unknown. sex: None when unknown. recorded_at: naive local time of the recorder, None when unknown.
    patient_key: pseudonymous; "" when the file names no patient, or names one by an identity not yet turned into a key.
    identity: who it is of and by, where the file tells; None once removed (see deidentification.py).
    date_shifted: recorded_at was moved by a number of days; differences within one patient hold, the date itself not.
    source_statements: diagnoses the file or machine gives; hidden from blind readers.
    """

    signal_mv: NDArray[np.float32]
    fs_hz: float
    leads: tuple[str, ...]
    roles: tuple[LeadRole, ...]
    age: Age | None
    sex: Sex | None
    recorded_at: datetime | None
    patient_key: str
    source: Source
    source_statements: tuple[str, ...] = ()
    simulated: bool = False
    warnings: tuple[Finding, ...] = ()
    identity: Identity | None = None
    date_shifted: bool = False

    def __post_init__(self) -> None:
        if self.signal_mv.ndim != 2 or self.signal_mv.dtype != np.float32:
            raise ValueError(f"signal_mv must be float32 (n_leads, n_samples), got {self.signal_mv.dtype} "
                             f"{self.signal_mv.shape}")
        if len(self.leads) != self.signal_mv.shape[0] or len(set(self.leads)) != len(self.leads):
            raise ValueError(f"{len(self.leads)} lead names for {self.signal_mv.shape[0]} rows, or a name twice")
        if not (np.isfinite(self.fs_hz) and self.fs_hz > 0):
            raise ValueError(f"fs_hz is {self.fs_hz}; expected a rate above 0")
        self.signal_mv.flags.writeable = False

    @property
    def n_samples(self) -> int:
        return int(self.signal_mv.shape[1])

    @property
    def duration_s(self) -> float:
        return self.n_samples / self.fs_hz

    @property
    def recorded_leads(self) -> tuple[str, ...]:
        """The leads the file itself holds, repeated ones among them."""
        own = self.roles[:len(self.leads)]
        return tuple(role.lead for role in own if role.kind is not RoleKind.DERIVED)

    @property
    def absent_leads(self) -> tuple[str, ...]:
        return tuple(role.lead for role in self.roles if role.kind is RoleKind.ABSENT)

    def lead(self, name: str) -> NDArray[np.float32]:
        """The samples of one lead, float32 (n_samples,), mV. Raises KeyError for a lead that is not there."""
        if name not in self.leads:
            raise KeyError(f"lead {name} is not in this recording")
        samples: NDArray[np.float32] = self.signal_mv[self.leads.index(name)]
        return samples

    def with_person(self, *, age: Age | None, sex: Sex | None) -> "Recording":
        """The same recording with age and sex as entered by a reader."""
        return replace(self, age=age, sex=sex)


def roles_of(leads: tuple[str, ...]) -> tuple[LeadRole, ...]:
    """Recorded for every lead given, absent for the standard leads that are not among them."""
    recorded = tuple(LeadRole(lead, RoleKind.RECORDED) for lead in leads)
    return recorded + tuple(LeadRole(lead, RoleKind.ABSENT) for lead in STANDARD_12 if lead not in leads)

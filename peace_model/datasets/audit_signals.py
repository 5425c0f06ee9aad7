"""What an audit sees in the signals of a data set: rate, length, leads, size, flags, and whether two are the same."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from peace_model.datasets.audit_rows import AuditRow
from peace_model.datasets.row_flags import flags_of
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.lead_truth import with_seen_roles

CHUNK = 64
SAME_YEAR_DAYS = 366
"""A header may give the age in other units than the table; beyond this they contradict one another."""


@dataclass(frozen=True)
class Seen:
    """One recording. leads: recorded ones, by name. swing_mv: 99.5th minus 0.5th percentile of each of them.
    digest: of its samples in whole microvolts. contradicts: columns of the table that the header contradicts."""

    fs_hz: float
    seconds: float
    samples: int
    leads: tuple[str, ...]
    swing_mv: tuple[float, ...]
    flags: tuple[str, ...]
    digest: bytes
    contradicts: tuple[str, ...]


Unreadable = tuple[str, str]
"""Field and problem of a recording that could not be read."""


def look(row: AuditRow) -> Seen | Unreadable:
    try:
        recording = with_seen_roles(row.read())
    except RecordingError as error:
        return error.field, error.problem
    names = tuple(lead for lead in recording.leads if lead in STANDARD_12)
    signal = recording.signal_mv
    swings = []
    for name in names:
        values = recording.lead(name)
        values = values[~np.isnan(values)]
        low, high = np.percentile(values, [0.5, 99.5]) if len(values) else (0.0, 0.0)
        swings.append(float(high - low))
    microvolts = np.nan_to_num(np.rint(signal * 1000.0), nan=float(np.iinfo(np.int32).min)).astype("<i4")
    contradicts = []
    if row.samples is not None and row.samples != recording.n_samples:
        contradicts.append("Sampling_point")
    if recording.age is not None and abs(recording.age.days - row.age_days) > SAME_YEAR_DAYS:
        contradicts.append("Age")
    if recording.sex is not None and recording.sex != row.sex:
        contradicts.append("Gender")
    return Seen(recording.fs_hz, recording.duration_s, recording.n_samples, names, tuple(swings), flags_of(recording),
                hashlib.blake2b(microvolts.tobytes(), digest_size=16).digest(), tuple(contradicts))


def look_at_all(
    rows: Sequence[AuditRow], *, jobs: int, progress: Callable[[int, int], None] | None = None
) -> list[Seen | Unreadable]:
    """In the order of the rows. jobs: processes that read."""
    found: list[Seen | Unreadable] = []
    for part in _looked(rows, jobs):
        found += part
        if progress is not None:
            progress(len(found), len(rows))
    return found


def _looked(rows: Sequence[AuditRow], jobs: int) -> Iterator[list[Seen | Unreadable]]:
    chunks = [rows[start: start + CHUNK * jobs] for start in range(0, len(rows), CHUNK * jobs)]
    if jobs == 1:
        yield from ([look(row) for row in chunk] for chunk in chunks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from (list(pool.map(look, chunk, chunksize=8)) for chunk in chunks)

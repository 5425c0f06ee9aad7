"""A table looked at while a person tells how it is laid out: its first cells, and what a profile makes of it."""

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_desktop.texts import _, error_words, in_words
from peace_model.ecg.formats import csv_files, mat_files
from peace_model.ecg.formats.csv_guess import HEAD_BYTES, cut, draft_of, is_wide, roles_of_names
from peace_model.ecg.formats.csv_profile import IGNORED, TIME, CsvProfile, ProfileError, TableDraft
from peace_model.ecg.formats.csv_text import lines_of, read_bytes
from peace_model.ecg.formats.registry import ReadOptions, read_recording
from peace_model.ecg.recording import Recording, RecordingError

SHOWN_ROWS = 40
SHOWN_COLUMNS = 40
CHECKED_BYTES = 20_000_000
"""More than ten minutes of twelve leads; what is longer is checked by its beginning."""
PLAUSIBLE_QRS_MV = (0.1, 8.0)
"""The largest QRS of a recording, peak to peak, in whatever lead; beyond them the unit is the first suspect."""
_WINDOW_S = 1.5
"""Holds one beat at 40 bpm."""
_STRIP_S = 10.0


@dataclass(frozen=True)
class TableSight:
    """The first cells of a table: rows as they stand in the file, those to be skipped among them.

    n_columns: cells of a sample row, leads of a matrix. is_matrix: a MATLAB file, which has no separators.
    """

    rows: tuple[tuple[str, ...], ...]
    n_columns: int
    is_matrix: bool = False


@dataclass(frozen=True, eq=False)
class TableCheck:
    """What a profile makes of a table. problem: why it cannot be read, "" if it can; field: what it is about.

    whole: the duration is that of the whole table. qrs_mv: the largest QRS, in `lead`, None without any deflection.
    strip_mv: the first seconds of that lead, float32 (n,).
    """

    problem: str = ""
    field: str = ""
    n_leads: int = 0
    fs_hz: float = 0.0
    duration_s: float = 0.0
    whole: bool = True
    qrs_mv: float | None = None
    lead: str = ""
    strip_mv: NDArray[np.float32] | None = None

    @property
    def plausible(self) -> bool:
        low, high = PLAUSIBLE_QRS_MV
        return self.qrs_mv is not None and low <= self.qrs_mv <= high


@dataclass(frozen=True)
class TableLook:
    """A table as a draft cuts it; the draft comes back with a role for every column there is."""

    sight: TableSight
    draft: TableDraft
    check: TableCheck


def is_matrix(path: Path) -> bool:
    return path.suffix.casefold() in mat_files.FORMAT.suffixes


def first_draft(path: Path) -> TableDraft:
    """What the table looks like by itself. Raises RecordingError."""
    if is_matrix(path):
        labels, n_leads, _rows = mat_files.first_samples(path, SHOWN_ROWS)
        columns = roles_of_names(labels) if labels else (IGNORED,) * n_leads
        return TableDraft(columns=columns, header=False)
    raw = read_bytes(path)
    return draft_of(raw if is_wide(raw[:HEAD_BYTES]) else raw[:HEAD_BYTES])


def sight_of(path: Path, draft: TableDraft) -> TableSight:
    """The first cells, cut by the draft's separator. Raises RecordingError."""
    if is_matrix(path):
        _labels, n_leads, numbers = mat_files.first_samples(path, SHOWN_ROWS)
        shown = tuple(tuple(f"{value:.6g}" for value in row) for row in numbers)
        return TableSight(shown, n_leads, is_matrix=True)
    raw = read_bytes(path)
    raw = raw if draft.transposed else raw[:HEAD_BYTES]
    lines = lines_of(raw, draft.encoding)
    skipped = tuple((line.rstrip("\r\n")[:200],) for line in islice(lines, draft.skip_rows))
    rows: list[tuple[str, ...]] = []
    n_columns = 0
    for row in islice((cut(line, draft.separator) for line in lines if line.strip()), SHOWN_ROWS):
        if not rows:
            n_columns = next((n for n in range(len(row), 0, -1) if row[n - 1].strip()), 0)
        rows.append(tuple(cell.strip()[:40] for cell in row[:SHOWN_COLUMNS]))
    if draft.transposed:
        n_columns = len(rows)
    return TableSight((*skipped, *rows), n_columns)


def look(path: Path, draft: TableDraft | None) -> TableLook:
    """A table under a draft; None makes a first one. Raises RecordingError where there is nothing to look at.

    A draft with a name is a profile that was kept: it fits or it does not, and is not made to fit.
    """
    draft = first_draft(path) if draft is None else draft
    sight = sight_of(path, draft)
    if len(draft.columns) != sight.n_columns and not draft.name:
        draft = replace(draft, columns=_roles(sight, draft))
    if not any(role not in (IGNORED, TIME) for role in draft.columns):
        return TableLook(sight, draft, TableCheck(problem=_("no column is a lead"), field="leads"))
    try:
        return TableLook(sight, draft, check(path, draft.profile()))
    except ProfileError as error:
        return TableLook(sight, draft, TableCheck(problem=error_words(error)))


def _roles(sight: TableSight, draft: TableDraft) -> tuple[str, ...]:
    """What the names say of columns, or rows, that are cut anew."""
    table = sight.rows[draft.skip_rows:]
    if not draft.header or not table:
        return (IGNORED,) * sight.n_columns
    names = [row[0] for row in table] if draft.transposed else list(table[0])
    return roles_of_names((names + [""] * sight.n_columns)[:sight.n_columns])


def check(path: Path, profile: CsvProfile) -> TableCheck:
    """Read the table, or the beginning of a long one, as the profile says."""
    options = ReadOptions(profile=profile)
    try:
        if is_matrix(path):
            return _judged(read_recording(path, options=options), share=1.0)
        raw = read_bytes(path)
        end = len(raw)
        if not profile.transposed and end > CHECKED_BYTES:
            end = raw.rfind(b"\n", 0, CHECKED_BYTES) + 1 or end
        return _judged(csv_files.recording_of(path, raw[:end], options), share=end / len(raw))
    except RecordingError as error:
        words = _("{field}: {problem}; {remedy}").format(
            field=in_words(error.field), problem=in_words(error.problem), remedy=in_words(error.remedy))
        return TableCheck(problem=words, field=error.field)


def _judged(recording: Recording, *, share: float) -> TableCheck:
    """share: of the table's bytes that the recording holds."""
    lead, qrs_mv = _largest_qrs(recording)
    n_strip = round(_STRIP_S * recording.fs_hz)
    return TableCheck(
        n_leads=len(recording.recorded_leads), fs_hz=recording.fs_hz, duration_s=recording.duration_s / share,
        whole=share == 1.0, qrs_mv=qrs_mv, lead=lead,
        strip_mv=recording.lead(lead)[:n_strip].copy() if lead else None)


def _largest_qrs(recording: Recording) -> tuple[str, float | None]:
    """The lead with the largest typical deflection: the median over short windows, so that no artefact decides."""
    width = max(1, round(_WINDOW_S * recording.fs_hz))
    n_windows = min(40, max(1, recording.n_samples // width))
    best, largest = "", None
    for lead in recording.recorded_leads:
        samples = recording.lead(lead)[:n_windows * width]
        windows = samples[:len(samples) // n_windows * n_windows].reshape(n_windows, -1)
        told = windows[np.isfinite(windows).any(axis=1)]
        if not len(told):
            continue
        height = float(np.median(np.nanmax(told, axis=1) - np.nanmin(told, axis=1)))
        if largest is None or height > largest:
            best, largest = lead, height
    return best, largest

"""Recordings of one patient side by side: in which order, and what is measured in each. Off the GUI thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from peace_desktop.jobs.blindness import blindness_of
from peace_desktop.jobs.measured_beat import MeasuredBeat, NoBeat, edited_measurements, measured_beat
from peace_desktop.library.records import RecordingRow
from peace_desktop.library.repository import Library
from peace_desktop.review.measurement_edits import MeasurementEdit
from peace_model.ecg.measurement import Measurement, measure
from peace_model.ecg.measurement.delineation import delineate
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.section import part_of, section_of


class Order(StrEnum):
    """What recordings are put in order by."""

    DATE = "date"
    AGE = "age"
    IMPORT = "import"


@dataclass(frozen=True, eq=False)
class ComparedRecording:
    """One recording of a comparison with its measurements (edited ones in place) and its median beat."""

    row: RecordingRow
    recording: Recording
    measurements: tuple[Measurement, ...]
    beat: MeasuredBeat | NoBeat


def in_order(rows: Sequence[RecordingRow]) -> tuple[tuple[RecordingRow, ...], Order]:
    """Oldest first: by date where every file has one, else by age where every age is known, else as imported."""
    def by(key: Callable[[RecordingRow], object], order: Order) -> tuple[tuple[RecordingRow, ...], Order] | None:
        if any(key(row) is None for row in rows):
            return None
        return tuple(sorted(rows, key=lambda row: (key(row), row.imported_at, row.sha256))), order

    return (by(lambda row: row.recorded_at, Order.DATE)
            or by(lambda row: row.age.days if row.age is not None else None, Order.AGE)
            or (tuple(sorted(rows, key=lambda row: (row.imported_at, row.sha256))), Order.IMPORT))


def nearest(rows: Sequence[RecordingRow], sha256: str) -> RecordingRow | None:
    """The recording just before this one in an ordered list, else the one just after it, None without any other."""
    place = next(at for at, row in enumerate(rows) if row.sha256 == sha256)
    if place > 0:
        return rows[place - 1]
    return rows[1] if len(rows) > 1 else None


def load_other(library: Library, sha256: str, *, reader: str) -> tuple[Recording, tuple[MeasurementEdit, ...]]:
    """In the library lane: a recording to compare with and the edits of its measurements, as the reader may see them.

    Raises LibraryError, RecordingError.
    """
    blindness = blindness_of(library, sha256, reader)
    return blindness.recording(library.load_recording(sha256)), blindness.edits(library.measurement_edits(sha256))


def compared(row: RecordingRow, recording: Recording, edit: MeasurementEdit | None) -> ComparedRecording:
    """In the work lane: measure a recording, of a long one the first minute, with the edit in force if there is one."""
    part = part_of(recording, section_of(recording))
    delineation = delineate(part)
    measurements = measure(part, delineation)
    if edit is not None and part is recording:
        measurements = edited_measurements(part, measurements, edit, delineation)
    return ComparedRecording(row, recording, measurements, measured_beat(part, delineation))

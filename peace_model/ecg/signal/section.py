"""The part of a long recording that is measured and given to the model: numbers over a day of rhythm mean nothing."""

from dataclasses import dataclass, replace

import numpy as np

from peace_model.ecg.recording import Recording

SECTIONED_FROM_S = 600.0
"""Longer recordings are looked at by sections."""
SECTION_S = 60.0


@dataclass(frozen=True)
class Section:
    """Seconds of the recording, on whole samples."""

    start_s: float
    end_s: float


def section_of(recording: Recording, at_s: float = 0.0) -> Section | None:
    """The minute that begins at a second, moved back into the recording; None for one that is looked at whole."""
    if recording.duration_s <= SECTIONED_FROM_S:
        return None
    count = round(SECTION_S * recording.fs_hz)
    first = min(max(round(at_s * recording.fs_hz), 0), recording.n_samples - count)
    return Section(first / recording.fs_hz, (first + count) / recording.fs_hz)


def part_of(recording: Recording, section: Section | None) -> Recording:
    """A section as a recording that begins at its start; without one the recording itself."""
    if section is None:
        return recording
    span = slice(round(section.start_s * recording.fs_hz), round(section.end_s * recording.fs_hz))
    return replace(recording, signal_mv=np.array(recording.signal_mv[:, span]))

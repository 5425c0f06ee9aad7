"""The beats of a recording, on the leads that can be trusted to show them."""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.recording import Recording, RoleKind
from peace_model.ecg.signal.heartbeats import TypicalBeat, find_r_peaks, typical_beat


def detect_r_peaks(recording: Recording) -> NDArray[np.int64]:
    """Samples of the R peaks, rising; empty where no lead shows beats. Repeated leads vote once."""
    return find_r_peaks(recording.signal_mv[_voting_rows(recording)], recording.fs_hz)


def median_beat(recording: Recording, r_peaks: NDArray[np.int64]) -> TypicalBeat | None:
    """The median beat, rows in the order of recording.leads; None with fewer than three complete beats."""
    return typical_beat(recording.signal_mv, recording.fs_hz, r_peaks)


def _voting_rows(recording: Recording) -> list[int]:
    repeated = {role.lead for role in recording.roles if role.kind is RoleKind.DUPLICATE}
    return [row for row, lead in enumerate(recording.leads) if lead not in repeated]

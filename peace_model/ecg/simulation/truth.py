"""What is true of a simulated recording, beat by beat and as a whole."""

from dataclasses import dataclass
from enum import StrEnum


class BeatKind(StrEnum):
    """Where a beat comes from."""

    SINUS = "sinus"
    ATRIAL_PREMATURE = "atrial premature"
    VENTRICULAR_PREMATURE = "ventricular premature"
    SUPRAVENTRICULAR = "supraventricular tachycardia"
    FIBRILLATION = "atrial fibrillation"


@dataclass(frozen=True)
class TrueBeat:
    """Landmarks of one beat in samples of the recording.

    Onsets are the last sample at or before the wave leaves the baseline, offsets the first at or after its return, so
    that outside the pairs the undisturbed signal is zero. p_on and p_off are None where the beat has no P wave.
    -1: the landmark lies outside the recording. r_peak is the sample of the largest heart vector within the QRS,
    seen over the eight independent leads together.
    """

    kind: BeatKind
    r_peak: int
    p_on: int | None
    p_off: int | None
    qrs_on: int
    qrs_off: int
    t_on: int
    t_off: int


@dataclass(frozen=True)
class BeatTruth:
    """Every beat of a simulated recording and the parameters it was drawn with.

    hr_bpm: from the mean interval between the QRS onsets within the recording. pr_ms: None without P waves.
    qt_ms, qrs_ms, pr_ms: of the dominant beats, exact, not rounded to samples; qt_ms is their mean.
    qtc_ms: Bazett, from qt_ms and the mean interval. axis_deg: the frontal angle
    (`leads`) of the net QRS areas in I and aVF.
    """

    beats: tuple[TrueBeat, ...]
    hr_bpm: float
    pr_ms: float | None
    qrs_ms: float
    qt_ms: float
    qtc_ms: float
    axis_deg: float

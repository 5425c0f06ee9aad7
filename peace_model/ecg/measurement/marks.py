"""Where the waves of a beat begin and end, as the rest of the house reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from peace_model.words import mark

GroupName = Literal["dominant", "premature", "wide", "paced", "other"]

NO_P_FIBRILLATION = mark("no P waves: atrial fibrillation pattern")
NO_P = mark("no P wave is bound to the QRS")
PACED_ATRIA = mark("paced atria: the pulse hides the P wave")
PACED_VENTRICLES = mark("paced ventricles: the time from P to QRS is the pacemaker's")
NO_T = mark("no T wave was found")
NOT_INSIDE = mark("the wave is not wholly inside the recording")
ON_RAIL = mark("lead on the recorder's rail")
NOTHING_RECORDED = mark("nothing was recorded in this lead")
TOO_SMALL = mark("too small beside the noise of this lead")
NO_VOTE = mark("no lead shows beats that can be trusted")


@dataclass(frozen=True)
class WaveMarks:
    """Boundaries of one beat in samples (fractions allowed), None where not given.

    overall marks span all leads: the second earliest onset and the second latest offset, so that one odd lead cannot
    widen them. confidence is 0 to 1 for each wave; reason says why a wave has no boundary, "" where it has both.
    """

    p_on: float | None
    p_off: float | None
    qrs_on: float | None
    r: float | None
    qrs_off: float | None
    t_on: float | None
    t_off: float | None
    p_confidence: float
    qrs_confidence: float
    t_confidence: float
    p_reason: str = ""
    qrs_reason: str = ""
    t_reason: str = ""


@dataclass(frozen=True)
class BeatMarks:
    """One beat: its marks over all leads and in each lead (every lead of the recording is a key)."""

    overall: WaveMarks
    leads: Mapping[str, WaveMarks]


@dataclass(frozen=True)
class BeatGroup:
    """Beats of one shape. paced: a pacing spike precedes their QRS, whatever the name."""

    name: GroupName
    count: int
    paced: bool = False


@dataclass(frozen=True, eq=False)
class MedianBeat:
    """The median of a group's beats, every lead less its level just before the QRS.

    signal_mv: float64 (n_leads, m), rows in the order of `leads`, at the recording's own rate; r: sample of the R peak
    in it; residual_noise_mv: float64 (n_leads,), the standard error of the median, from the spread of the beats
    (NaN with a single beat). Marks are in its own samples.
    """

    group: BeatGroup
    leads: tuple[str, ...]
    signal_mv: NDArray[np.float64]
    fs_hz: float
    r: int
    residual_noise_mv: NDArray[np.float64]
    marks: BeatMarks

    def lead(self, name: str) -> NDArray[np.float64]:
        """The samples of one lead, float64 (m,), mV. Raises KeyError for a lead that is not there."""
        if name not in self.leads:
            raise KeyError(f"lead {name} is not in this recording")
        samples: NDArray[np.float64] = self.signal_mv[self.leads.index(name)]
        return samples


@dataclass(frozen=True, eq=False)
class Delineation:
    """All beats of a recording. r_samples int64 (n,), group int64 (n,) into `groups`, beats (n,), all in time order.

    groups: the dominant first. medians: one a group, in that order; empty when no beat was found.
    reason: why there is nothing, "" when there are beats.
    """

    fs_hz: float
    leads: tuple[str, ...]
    r_samples: NDArray[np.int64]
    group: NDArray[np.int64]
    groups: tuple[BeatGroup, ...]
    beats: tuple[BeatMarks, ...]
    medians: tuple[MedianBeat, ...]
    reason: str = ""

    @property
    def median(self) -> MedianBeat | None:
        """Of the dominant beats; None when no beat was found."""
        return self.medians[0] if self.medians else None

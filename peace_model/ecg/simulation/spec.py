"""What to simulate: whose heart, what is wrong with it, and what went wrong while recording."""

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from typing import Literal

from peace_model.ecg.age import age_band
from peace_model.ecg.recording import Sex
from peace_model.ecg.simulation.leadfield import LEAD_SETS


class Pathology(StrEnum):
    """A condition the simulation can draw."""

    RVH = "right ventricular hypertrophy"
    LVH = "left ventricular hypertrophy"
    RAE = "right atrial enlargement"
    LAE = "left atrial enlargement"
    IRBBB = "incomplete right bundle branch block"
    CRBBB = "complete right bundle branch block"
    LAFB = "left anterior fascicular block"
    WPW = "ventricular pre-excitation (WPW)"
    LONG_QT = "long QT interval"
    LOW_VOLTAGE = "low QRS voltage"
    STT_CHANGE = "ST-T change"
    FIRST_DEGREE_AV_BLOCK = "first-degree AV block"
    PAC = "premature atrial contractions"
    PVC = "premature ventricular contractions"
    SVT = "supraventricular tachycardia"
    ATRIAL_FIBRILLATION = "atrial fibrillation"


_P = Pathology
CONTRADICTIONS: tuple[tuple[frozenset[Pathology], str], ...] = (
    (frozenset({_P.SVT, _P.ATRIAL_FIBRILLATION}), "each of them is the whole rhythm"),
    (frozenset({_P.RAE, _P.LAE, _P.FIRST_DEGREE_AV_BLOCK, _P.PAC, _P.SVT}), "a tachycardia hides its P waves"),
    (frozenset({_P.RAE, _P.LAE, _P.FIRST_DEGREE_AV_BLOCK, _P.PAC, _P.ATRIAL_FIBRILLATION}),
     "atrial fibrillation has no P waves"),
    (frozenset({_P.SVT, _P.PVC}), "the tachycardia drawn here is uninterrupted"),
    (frozenset({_P.SVT, _P.LONG_QT}), "a QT interval cannot be told during the tachycardia"),
    (frozenset({_P.SVT, _P.WPW}), "an orthodromic tachycardia shows no delta wave"),
    (frozenset({_P.IRBBB, _P.CRBBB}), "the block is either incomplete or complete"),
    (frozenset({_P.WPW, _P.FIRST_DEGREE_AV_BLOCK}), "pre-excitation shortens the PR interval"),
    (frozenset({_P.WPW, _P.IRBBB}), "pre-excitation masks the block"),
    (frozenset({_P.WPW, _P.CRBBB}), "pre-excitation masks the block"),
    (frozenset({_P.WPW, _P.LAFB}), "pre-excitation masks the block"),
    (frozenset({_P.RVH, _P.LAFB}), "the axis cannot point right and left"),
    (frozenset({_P.LOW_VOLTAGE, _P.RVH}), "voltages cannot be high and low"),
    (frozenset({_P.LOW_VOLTAGE, _P.LVH}), "voltages cannot be high and low"),
)
"""(set, why): of each set at most one member may be asked, except that the atrial members live with one another."""

_ATRIAL = frozenset({_P.RAE, _P.LAE, _P.FIRST_DEGREE_AV_BLOCK, _P.PAC})


def check_combination(pathologies: frozenset[Pathology]) -> None:
    """Raises ValueError naming the first two pathologies that cannot stand in one recording, and why."""
    for members, why in CONTRADICTIONS:
        for first, second in combinations(sorted(members & pathologies, key=lambda p: p.name), 2):
            if not {first, second} <= _ATRIAL:
                raise ValueError(f"{first.value} and {second.value} contradict each other: {why}")


@dataclass(frozen=True)
class Disturbances:
    """What goes wrong between heart and file. Every default is "nothing".

    muscle_noise_mv: standard deviation of the noise at each electrode.
    wander_mv: peak of the slow baseline drift at each electrode.
    mains_mv, mains_hz: peak and frequency of the interference.
    railed_leads, rail_mv: leads that run into the recorder's limit, and the limit.
    leads_off, lead_off_as: leads without an electrode, written as "nan" (not recorded) or "flat" (zero).
    arms_swapped: right and left arm electrodes exchanged.
    """

    muscle_noise_mv: float = 0.0
    wander_mv: float = 0.0
    mains_mv: float = 0.0
    mains_hz: Literal[50, 60] = 50
    railed_leads: tuple[str, ...] = ()
    rail_mv: float = 5.0
    leads_off: tuple[str, ...] = ()
    lead_off_as: Literal["nan", "flat"] = "nan"
    arms_swapped: bool = False

    def __post_init__(self) -> None:
        if min(self.muscle_noise_mv, self.wander_mv, self.mains_mv) < 0 or self.rail_mv <= 0:
            raise ValueError("amplitudes of disturbances are not negative, and the rail is above 0 mV")
        if self.mains_hz not in (50, 60):
            raise ValueError(f"mains_hz is {self.mains_hz}; expected 50 or 60")


@dataclass(frozen=True)
class SimulationSpec:
    """One recording to simulate; the same spec gives the same samples.

    age_known, sex_known: whether the recording says them; the heart has both either way.
    Raises ValueError for an age, rate, duration, lead set, lead name or combination that cannot be drawn.
    """

    age_days: int
    sex: Sex
    seed: int
    duration_s: float = 10.0
    fs_hz: float = 500.0
    lead_set: Literal[9, 12, 15] = 12
    pathologies: frozenset[Pathology] = frozenset()
    disturbances: Disturbances = field(default_factory=Disturbances)
    age_known: bool = True
    sex_known: bool = True

    def __post_init__(self) -> None:
        age_band(self.age_days)
        if self.sex not in ("F", "M"):
            raise ValueError(f"sex is {self.sex!r}; a simulated heart is F or M, hide it with sex_known=False")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; expected 0 or more")
        if not 100 <= self.fs_hz <= 2000:
            raise ValueError(f"fs_hz is {self.fs_hz}; expected 100 to 2000")
        if not 1 <= self.duration_s <= 600:
            raise ValueError(f"duration_s is {self.duration_s}; expected 1 to 600")
        if self.lead_set not in LEAD_SETS:
            raise ValueError(f"lead_set is {self.lead_set}; expected one of {sorted(LEAD_SETS)}")
        named = (*self.disturbances.railed_leads, *self.disturbances.leads_off)
        unknown = [lead for lead in named if lead not in LEAD_SETS[self.lead_set]]
        if unknown:
            raise ValueError(f"lead {unknown[0]} is not among the {self.lead_set} leads asked")
        if self.disturbances.mains_mv and self.disturbances.mains_hz >= self.fs_hz / 2:
            raise ValueError(f"mains at {self.disturbances.mains_hz} Hz cannot be drawn at {self.fs_hz} samples/s")
        check_combination(self.pathologies)

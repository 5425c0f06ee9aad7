"""What surrounded a reading: what its reader was shown, how, for how long, and by which versions.

Kept when a blind reading is locked and when any reading is signed; together with the reading they say everything that
`clinical` asks to be recorded with a read (indication, age, sex, earlier ECGs, model output, map, display state, time,
place in the order, versions and hashes).
"""

from dataclasses import dataclass
from typing import Literal

Stage = Literal["locked", "signed"]


@dataclass(frozen=True)
class Shown:
    """What the reader could see before this moment. maps: "label/method" of every map that was drawn."""

    age: bool
    sex: bool
    indication: bool
    earlier_recordings: bool
    model_output: bool
    rule_results: bool
    source_statements: bool
    other_readings: bool
    maps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Display:
    """How the traces were drawn at this moment."""

    layout: str
    speed_mm_per_s: float
    gain_mm_per_mv: float
    half_standard: bool
    filter: str


@dataclass(frozen=True)
class Versions:
    """What computed what was shown; "" for what was not there."""

    application: str
    bundle_sha256: str
    pipeline: str
    norms: str
    recording_sha256: str


@dataclass(frozen=True)
class Circumstances:
    """seconds: the time this reading was open and the window in front, before this moment.

    position, order_seed: place in the reader's order of a study and what the order was drawn from; None outside one.
    """

    reading_id: str
    stage: Stage
    seconds: float
    position: int | None
    order_seed: int | None
    shown: Shown
    display: Display
    versions: Versions

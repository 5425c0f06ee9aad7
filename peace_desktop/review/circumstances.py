"""What surrounded a reading: what its reader was shown, how, for how long, and by which versions.

Kept when a blind reading is locked and when any reading is signed; together with the reading they say everything that
`clinical` asks to be recorded with a read (indication, age, sex, earlier ECGs, model output, map, display state, time,
place in the order, versions and hashes).
"""

from dataclasses import dataclass, fields
from typing import Literal

from peace_model.ecg.age import Age
from peace_model.ecg.recording import Sex

Stage = Literal["locked", "signed"]
AUTOMATIC = "automatic"
"""In place of an edit's id where the automatic measurements held."""


@dataclass(frozen=True)
class Shown:
    """What the reader could see before this moment. maps: "label/method" of every map that was drawn.

    associated_findings: False also in circumstances that earlier versions wrote, which showed none.
    """

    age: bool
    sex: bool
    indication: bool
    earlier_recordings: bool
    model_output: bool
    rule_results: bool
    source_statements: bool
    other_readings: bool
    maps: tuple[str, ...] = ()
    associated_findings: bool = False


NOTHING_SHOWN = Shown(age=False, sex=False, indication=False, earlier_recordings=False, model_output=False,
                      rule_results=False, source_statements=False, other_readings=False)


def together(first: Shown, second: Shown) -> Shown:
    """What was shown at one moment or another."""
    flags = {field.name: getattr(first, field.name) or getattr(second, field.name)
             for field in fields(Shown) if field.name != "maps"}
    return Shown(**flags, maps=tuple(dict.fromkeys((*first.maps, *second.maps))))


@dataclass(frozen=True)
class Visit:
    """A reader's work on a recording up to its signature. seconds: with the window in front. shown: at any moment."""

    seconds: float = 0.0
    shown: Shown = NOTHING_SHOWN

    def after(self, earlier: "Visit") -> "Visit":
        """This visit and what came before it as one."""
        return Visit(earlier.seconds + self.seconds, together(earlier.shown, self.shown))


@dataclass(frozen=True)
class Display:
    """How the traces were drawn at this moment.

    layout: as chosen; drawn_layout: as it came out, because 3x5 without right-sided leads is 3x4 and a long recording
    is a strip. drawn_leads: those with a trace on the page, in its order. own_gains: (lead, factor) of leads drawn
    larger or smaller than the rest. measured_with: id of the edited measurement in force, AUTOMATIC for none. The last
    four are empty in circumstances that earlier versions wrote.
    """

    layout: str
    speed_mm_per_s: float
    gain_mm_per_mv: float
    half_standard: bool
    filter: str
    drawn_layout: str = ""
    drawn_leads: tuple[str, ...] = ()
    own_gains: tuple[tuple[str, float], ...] = ()
    measured_with: str = ""


@dataclass(frozen=True)
class Versions:
    """What computed what was shown; "" for what was not there."""

    application: str
    bundle_sha256: str
    pipeline: str
    norms: str
    recording_sha256: str


@dataclass(frozen=True)
class PersonThen:
    """What held of the person at this moment; None is unknown."""

    age: Age | None
    sex: Sex | None
    gestational_age_weeks: int | None


@dataclass(frozen=True)
class Circumstances:
    """seconds: how long this reading was open with the window in front, before this moment, over all runs.

    position, order_seed: place in the reader's order of a study and what the order was drawn from; None outside one.
    person: None in circumstances that earlier versions wrote.
    """

    reading_id: str
    stage: Stage
    seconds: float
    position: int | None
    order_seed: int | None
    shown: Shown
    display: Display
    versions: Versions
    person: PersonThen | None = None

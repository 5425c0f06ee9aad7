"""What becomes of a file that is to be imported, and what an eye is shown of its patient meanwhile."""

from dataclasses import dataclass
from enum import StrEnum

from peace_model.ecg.age import Age
from peace_model.ecg.formats.registry import FoundFile
from peace_model.ecg.recording import Recording, Sex


class Fate(StrEnum):
    """What became of one file, or would become of it: NEW is the answer of a first look."""

    NEW = "new"
    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    ASKS = "asks"
    REFUSED = "refused"


SETTLED = frozenset({Fate.IMPORTED, Fate.DUPLICATE, Fate.REFUSED, Fate.ASKS})


@dataclass(frozen=True, repr=False)
class Sight:
    """What a recording tells of its patient, for the eye of whoever imports it; never a diagnosis.

    name: "" where the file bears none. repr() shows nothing, so that no log or traceback can.
    """

    name: str
    age: Age | None
    sex: Sex | None

    def __repr__(self) -> str:
        return "Sight(hidden)"


@dataclass(frozen=True)
class Outcome:
    """One file's fate. said: for ASKS and REFUSED one line with problem and remedy; field: what is asked for.

    seen: what was read of the patient, None where the file was not decoded. For a DUPLICATE said names the other file
    where that is of the same import, and tells where a name was added to what is in the library.
    """

    found: FoundFile
    fate: Fate
    sha256: str = ""
    said: str = ""
    field: str = ""
    seen: Sight | None = None


def sight_of(recording: Recording) -> Sight:
    """What is shown of a recording's patient."""
    name = recording.identity.name if recording.identity is not None else ""
    return Sight(" ".join(name.replace("^", " ").split()), recording.age, recording.sex)

"""How a reader rates a map, apart from the diagnosis: a map is a hypothesis, and its rating a result of a study."""

from dataclasses import dataclass
from enum import StrEnum


class Rating(StrEnum):
    """A reader's word on one map."""

    PLAUSIBLE = "plausible"
    IMPLAUSIBLE = "implausible"
    NOT_INTERPRETABLE = "not_interpretable"


@dataclass(frozen=True)
class MapRating:
    """label, method, bundle_sha256: which map was looked at. Raises ValueError when one of them is empty."""

    label: str
    method: str
    rating: Rating
    bundle_sha256: str

    def __post_init__(self) -> None:
        if not (self.label and self.method and self.bundle_sha256):
            raise ValueError("a rating names the label, the method and the bundle of its map")
        object.__setattr__(self, "rating", Rating(self.rating))

"""Subgroups of a study's recordings: everything, then each age band, sex, lead set, whatever the caller groups by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALL = "all"


# eq=False: arrays do not compare to one truth value.
@dataclass(frozen=True, eq=False)
class Grouping:
    """One way to divide the recordings.

    names: the groups in the order in which they are told, "unknown" among them where recordings need it. codes (R,)
    int: each recording's place in names. Raises ValueError when a code has no name, or when a name stands twice.
    """

    name: str
    names: tuple[str, ...]
    codes: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.name == ALL:
            raise ValueError(f"a grouping cannot be called {ALL!r}: that is the row over every recording")
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"grouping {self.name}: a group is named twice")
        if self.codes.size and not 0 <= self.codes.min() <= self.codes.max() < len(self.names):
            raise ValueError(f"grouping {self.name}: codes go from {self.codes.min()} to {self.codes.max()} for "
                             f"{len(self.names)} groups; give recordings of no known group one of their own")


# eq=False: arrays do not compare to one truth value.
@dataclass(frozen=True, eq=False)
class Subgroup:
    """The recordings of one row. rows (R,) bool. For everything both names are "all"."""

    grouping: str
    group: str
    rows: NDArray[np.bool_]


def subgroups(groupings: Sequence[Grouping], recordings: int) -> Iterator[Subgroup]:
    """Everything first, then every group of every grouping in order, empty ones too.

    Raises ValueError when a grouping is not of this many recordings.
    """
    yield Subgroup(ALL, ALL, np.ones(recordings, bool))
    for grouping in groupings:
        if grouping.codes.shape != (recordings,):
            raise ValueError(f"grouping {grouping.name} has the shape {grouping.codes.shape}; one code for each of "
                             f"{recordings} recordings is needed")
        for code, group in enumerate(grouping.names):
            yield Subgroup(grouping.name, group, grouping.codes == code)

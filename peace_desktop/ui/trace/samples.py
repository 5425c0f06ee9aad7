"""Samples as the trace takes them: a whole lead, or a filtered stretch of one too long to be filtered whole."""

from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.floating[Any]]
"""Millivolts of one lead, float (n_samples,), NaN where nothing was recorded."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """Part of a lead, asked by the samples of the whole: values_mv begins at `first` of `total` samples.

    What lies outside is NaN.
    """

    values_mv: Samples
    first: int
    total: int

    def __len__(self) -> int:
        return self.total

    @overload
    def __getitem__(self, place: int) -> float: ...

    @overload
    def __getitem__(self, place: slice) -> Samples: ...

    def __getitem__(self, place: int | slice) -> float | Samples:
        if isinstance(place, int):
            inside = 0 <= place - self.first < len(self.values_mv)
            return float(self.values_mv[place - self.first]) if inside else float("nan")
        begin, end, _step = place.indices(self.total)
        found = np.full(max(end - begin, 0), np.nan, self.values_mv.dtype)
        low, high = max(begin, self.first), min(end, self.first + len(self.values_mv))
        if high > low:
            found[low - begin:high - begin] = self.values_mv[low - self.first:high - self.first]
        return found


LeadSamples = Samples | Stretch

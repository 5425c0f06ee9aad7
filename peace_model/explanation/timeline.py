"""Maps read at other times than their own steps."""

import numpy as np
from numpy.typing import NDArray

from peace_model.inference.prediction import Explanation


def values_at(explanation: Explanation, times_s: NDArray[np.float64]) -> NDArray[np.float32]:
    """The map at any times (K,), in [0, 1]: linear between the middles of its steps, 0 outside the map."""
    n_steps = len(explanation.values)
    middles_s = explanation.start_s + (np.arange(n_steps) + 0.5) * explanation.step_s
    end_s = explanation.start_s + n_steps * explanation.step_s
    values = np.interp(times_s, middles_s, explanation.values)
    return np.where((times_s >= explanation.start_s) & (times_s < end_s), values, 0).astype(np.float32)

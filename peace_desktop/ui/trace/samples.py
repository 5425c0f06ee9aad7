"""Array types of the trace."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.floating[Any]]
"""Millivolts of one lead, float (n_samples,), NaN where nothing was recorded."""

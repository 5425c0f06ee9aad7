"""Samples held by the recorder's end of range, where the true voltage is not known."""

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.recording import Recording

RAIL_MV = 20.0
"""No recorder built for surface ECGs is meant to show more; ZZU-pECG's rail stands near 26.6 mV."""

_PLATEAU_S = 0.006
_LEAST_MV = 1.0
_LEAST_PLATEAUS = 2


def railed_leads(recording: Recording) -> tuple[str, ...]:
    """Leads that reach beyond 20 mV, or are held at their own extreme more than once."""
    return tuple(lead for lead, row in zip(recording.leads, recording.signal_mv, strict=True)
                 if _is_railed(row[np.isfinite(row)], recording.fs_hz))


def longest_run(mask: NDArray[np.bool_]) -> int:
    """Length of the longest run of true values."""
    runs = _runs(mask)
    return int((runs[:, 1] - runs[:, 0]).max()) if len(runs) else 0


def _is_railed(values: NDArray[np.float32], fs_hz: float) -> bool:
    """Beyond the rail, or its extreme held for several samples more than once, as a rail does and a wave does not."""
    if len(values) == 0:
        return False
    extremes = (float(values.max()), float(values.min()))
    if max(map(abs, extremes)) > RAIL_MV:
        return True
    least = max(3, round(_PLATEAU_S * fs_hz))
    middle = float(np.median(values))
    for extreme in extremes:
        if abs(extreme - middle) > _LEAST_MV:
            runs = _runs(values == extreme)
            if int((runs[:, 1] - runs[:, 0] >= least).sum()) >= _LEAST_PLATEAUS:
                return True
    return False


def _runs(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Start and end (exclusive) of each run of true values, int64 (n_runs, 2)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return edges.reshape(-1, 2)

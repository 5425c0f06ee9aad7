"""From the heart vector to body-surface leads: one published lead matrix, three assumed leads, the limb algebra.

Axes of the heart vector are Frank's: x to the left, y to the feet, z to the back, in mV.
Matrix: Dower GE, Machado HB, Osborne JA, Clin Cardiol 1980;3:87 (rows I, II, V1-V6). It was measured on adult torsos
and serves every age here, so ages differ in the heart vector alone.
V3R and V7 are not in that publication: their lead vectors are fitted, together with the QRS loops, to the medians of
Rijnbeek 2001 for V3R and V7 (`fit_loops`). V4R is assumed to lie half a step further along the line from V1 to V3R.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import LIMB_FROM_I_AND_II, PEDIATRIC_9, PEDIATRIC_15, STANDARD_12

Vector = tuple[float, float, float]

DOWER: Mapping[str, Vector] = {
    "I": (0.632, -0.235, 0.059),
    "II": (0.235, 1.066, -0.132),
    "V1": (-0.515, 0.157, -0.917),
    "V2": (0.044, 0.164, -1.387),
    "V3": (0.882, 0.098, -1.277),
    "V4": (1.213, 0.127, -0.601),
    "V5": (1.125, 0.127, -0.086),
    "V6": (0.831, 0.076, 0.230),
}

LEAD_SETS: Mapping[int, tuple[str, ...]] = {9: PEDIATRIC_9, 12: STANDARD_12, 15: PEDIATRIC_15}

_V4R_STEP = 0.5


def lead_vectors(extra: Mapping[str, Vector]) -> dict[str, NDArray[np.float64]]:
    """Lead vectors float64 (3,) of I, II, V1-V6, V3R, V7 and V4R; `extra` gives V3R and V7."""
    vectors = {name: np.array(vector) for name, vector in {**DOWER, **extra}.items()}
    vectors["V4R"] = vectors["V3R"] + _V4R_STEP * (vectors["V3R"] - vectors["V1"])
    return vectors


def limb_row(name: str, vectors: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """The lead vector float64 (3,) of any lead, limb leads through Einthoven's and Goldberger's algebra."""
    if name in LIMB_FROM_I_AND_II:
        of_i, of_ii = LIMB_FROM_I_AND_II[name]
        return of_i * vectors["I"] + of_ii * vectors["II"]
    return vectors[name]


def with_limb_leads(independent_mv: Mapping[str, NDArray[np.float32]], leads: tuple[str, ...]) -> NDArray[np.float32]:
    """Rows float32 (n_leads, n_samples) in the order of `leads`; III, aVR, aVL, aVF computed from I and II."""
    rows = []
    for name in leads:
        if name in LIMB_FROM_I_AND_II:
            of_i, of_ii = (np.float32(c) for c in LIMB_FROM_I_AND_II[name])
            rows.append(of_i * independent_mv["I"] + of_ii * independent_mv["II"])
        else:
            rows.append(independent_mv[name])
    return np.stack(rows)

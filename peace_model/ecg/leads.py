"""Lead names and the algebra of the limb leads.

Einthoven and Goldberger: III = II - I, aVR = -(I + II)/2, aVL = I - II/2, aVF = II - I/2.
"""

STANDARD_12 = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
LIMB = STANDARD_12[:6]
PRECORDIAL = STANDARD_12[6:]
CABRERA_LIMB = ("aVL", "I", "-aVR", "II", "aVF", "III")
RIGHT_AND_POSTERIOR = ("V3R", "V4R", "V7")
PEDIATRIC_15 = STANDARD_12 + RIGHT_AND_POSTERIOR
PEDIATRIC_9 = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V3", "V5")
FRANK = ("Vx", "Vy", "Vz")
HOLTER = ("MLII",)
"""Modified lead II of Holter recorders: a lead of its own, never taken for II."""

LIMB_FROM_I_AND_II = {
    "III": (-1.0, 1.0),
    "aVR": (-0.5, -0.5),
    "aVL": (1.0, -0.5),
    "aVF": (-0.5, 1.0),
}
"""Coefficients of (I, II) for each derivable limb lead."""

_KNOWN = {name.casefold(): name for name in (*PEDIATRIC_15, *FRANK, *HOLTER, "V5R", "V6R", "V8", "V9")}


def canonical_lead(name: str) -> str | None:
    """The standard spelling of a lead name ("AVR" -> "aVR", "v1" -> "V1", "Lead II" -> "II"), None if it is no lead."""
    key = name.strip().casefold()
    for prefix in ("lead ", "lead_", "ecg ", "ekg "):
        key = key.removeprefix(prefix)
    return _KNOWN.get(key)

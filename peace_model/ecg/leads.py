"""Lead names, the algebra of the limb leads and the frontal angle they span.

Einthoven and Goldberger: III = II - I, aVR = -(I + II)/2, aVL = I - II/2, aVF = II - I/2.
"""

import math

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

AVF_GAIN = 2 / math.sqrt(3)
"""In Einthoven's triangle Goldberger's aVF is shorter than a bipolar lead by sqrt(3)/2 (Malmivuo & Plonsey,
Bioelectromagnetism, 1995, chapter 15); lengthened by this, I and aVF are the two sides of a right angle."""

_KNOWN = {name.casefold(): name for name in (*PEDIATRIC_15, *FRANK, *HOLTER, "V5R", "V6R", "V8", "V9")}


def canonical_lead(name: str) -> str | None:
    """The standard spelling of a lead name ("AVR" -> "aVR", "v1" -> "V1", "Lead II" -> "II"), None if it is no lead."""
    key = name.strip().casefold()
    for prefix in ("lead ", "lead_", "ecg ", "ekg "):
        key = key.removeprefix(prefix)
    return _KNOWN.get(key)


def frontal_angle_deg(*, one: float, avf: float) -> float:
    """The angle of a force in the frontal plane from what it makes of leads I and aVF, degrees in (-180, 180].

    0 points to the left arm (lead I), 90 down (aVF), +60 along II: the one definition of an electrical axis here, the
    same from I and aVF as from I and II or any other pair of limb leads.
    """
    angle = math.degrees(math.atan2(AVF_GAIN * avf, one))
    return 180.0 if angle == -180.0 else angle

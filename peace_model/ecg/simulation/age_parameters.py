"""The healthy heart for an age and sex: intervals within the cited limits, loops interpolated between ages.

Intervals are drawn between the limits of Rijnbeek 2001 (11 days to under 16 years); elsewhere from
resources/demo/assumptions.json, which says where its values come from. Loops come from heart_vector.json (`fit_loops`).
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from peace_model.ecg.recording import Sex
from peace_model.ecg.simulation.leadfield import lead_vectors
from peace_model.ecg.simulation.published import published
from peace_model.ecg.simulation.waves import Array
from peace_model.resources import resource

_Z98 = 2.054
_SPREAD = 0.55
_WIDEST_Z = 1.0
"""Hearts vary by about half the published spread and stay well inside it: a demo child must not flag by chance."""


@dataclass(frozen=True)
class Vitals:
    """What rhythm and intervals a healthy heart of this age has; rsa is the half range of RR, relative."""

    hr_bpm: float
    pr_ms: float
    qrs_ms: float
    qtc_ms: float
    axis_deg: float
    p_ms: float
    p_ii_mv: float
    respiration_hz: float
    rsa: float


@lru_cache(maxsize=1)
def assumptions() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resource("demo", "assumptions.json").read_text(encoding="utf-8"))
    return content


@lru_cache(maxsize=1)
def fitted() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(resource("demo", "heart_vector.json").read_text(encoding="utf-8"))
    return content


@lru_cache(maxsize=1)
def leads_of_torso() -> dict[str, Array]:
    """Lead vectors of every independent lead, float64 (3,) each."""
    extra = fitted()["leads"]
    return lead_vectors({name: (v[0], v[1], v[2]) for name, v in extra.items()})


def limits_for(parameter: str, *, age_days: int, sex: Sex) -> tuple[float, float, float]:
    """2nd, 50th and 98th percentile: published where there are all three, else assumed."""
    row = published(parameter, age_days=age_days, sex=sex)
    if row is not None and row.p02 is not None and row.p50 is not None and row.p98 is not None:
        return row.p02, row.p50, row.p98
    for band in assumptions()["vitals"]:
        if band["age_from_days"] <= age_days < band["age_to_days"]:
            low, middle, high = band[parameter]
            return low, middle, high
    raise ValueError(f"no limits of {parameter} for an age of {age_days} days")


def upper_amplitude_mv(wave: str, lead: str, *, age_days: int, sex: Sex) -> float:
    """98th percentile of an amplitude; the nearest published group stands in (an assumption) outside the table."""
    for days in (age_days, 20 if age_days < 100 else 5110):
        row = published(f"{wave.lower()}_amplitude", lead=lead, age_days=days, sex=sex)
        if row is not None and row.p98 is not None:
            return row.p98
    raise ValueError(f"no published {wave} amplitude in {lead}")


def block_limit_ms(age_days: int) -> float:
    """QRS duration above which a bundle branch block is complete (AHA/ACCF/HRS 2009)."""
    return float([limit for start, limit in assumptions()["block_limit_ms"]["steps"] if start <= age_days][-1])


def between_knots(name: str, age_days: int) -> Array:
    """Values (n,) of an assumption at an age, interpolated along the logarithm of age."""
    content = assumptions()[name]
    return _interpolated(np.array(content["knots"], dtype=float), age_days)


def _interpolated(knots: Array, age_days: int) -> Array:
    at = np.log(age_days + 5.0)
    return np.array([np.interp(at, np.log(knots[:, 0] + 5.0), column) for column in knots[:, 1:].T])


def vitals(age_days: int, sex: Sex, rng: np.random.Generator) -> Vitals:
    """Draw a healthy heart's rhythm and intervals."""

    def draw(parameter: str) -> float:
        low, middle, high = limits_for(parameter, age_days=age_days, sex=sex)
        z = float(np.clip(rng.normal(0, _SPREAD), -_WIDEST_Z, _WIDEST_Z))
        return middle + z * ((high - middle) if z > 0 else (middle - low)) / _Z98

    breaths, rsa = between_knots("respiration", age_days)
    p_row = published("p_amplitude", lead="II", age_days=age_days, sex=sex)
    published_p = None if p_row is None else p_row.p50
    p_ii: float = assumptions()["p_vectors_mv"]["p_ii_mv_assumed"] if published_p is None else published_p
    return Vitals(
        hr_bpm=draw("heart_rate"), pr_ms=draw("pr_interval"), qrs_ms=draw("qrs_duration"),
        qtc_ms=draw("qtc_bazett"), axis_deg=draw("qrs_axis"), p_ms=draw("p_duration"),
        p_ii_mv=p_ii * rng.uniform(0.75, 1.1), respiration_hz=breaths / 60 * rng.uniform(0.9, 1.1),
        rsa=rsa * rng.uniform(0.7, 1.2))


def qrs_vectors(age_days: int) -> Array:
    """Median QRS loop at an age, float64 (n_bells, 3)."""
    rows = fitted()["qrs"]
    knots = np.array([[row["age_days"], *np.ravel(row["vectors_mv"])] for row in rows], dtype=float)
    return _interpolated(knots, age_days).reshape(-1, 3)


def t_vector(age_days: int) -> Array:
    """Peak of the T loop at an age, float64 (3,)."""
    return between_knots("t_vectors_mv", age_days)

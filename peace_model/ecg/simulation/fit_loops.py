"""Fits the QRS loops of every age to published median amplitudes: `python -m peace_model.ecg.simulation.fit_loops`.

Writes resources/demo/heart_vector.json. Targets: the medians (girls' and boys' mean) of R, S and Q in twelve leads and
of the QRS axis, from Rijnbeek 2001 through the norms table, one knot for each of its nine age groups; for the newborn
of the first days and the adult, which that table does not hold, the targets of resources/demo/assumptions.json.
Medians of different leads need not belong to one heart, so the fit is a weighted least-squares compromise in which V1
and V6 count double and the septal vector keeps its usual direction, to the right and forward. Levenberg-Marquardt with
numerical derivatives.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from peace_model.ecg.leads import frontal_angle_deg
from peace_model.ecg.simulation.leadfield import lead_vectors, limb_row
from peace_model.ecg.simulation.published import SOURCE, published
from peace_model.ecg.simulation.waves import Array, fractions, loop
from peace_model.resources import resource

BELLS = ((0.16, 0.16), (0.36, 0.20), (0.50, 0.20), (0.66, 0.20), (0.84, 0.16))
"""Centre and half width of the five bells (septal, early, main, late, terminal) in fractions of the QRS."""
MID_GROUP_DAYS = (20, 60, 137, 270, 720, 1460, 2370, 3650, 5110)
LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "V3R", "V7")
_BETWEEN = {"V3": ("V2", "V4"), "V5": ("V4", "V6")}
"""Leads without published amplitudes; the mean of their neighbours is assumed, at little weight."""
_WEIGHT = {"V1": 2.0, "V6": 2.0, "V3": 0.7, "V5": 0.5}
_START = ((-0.12, 0.0, -0.25), (0.3, 0.3, -0.7), (0.7, 0.8, 0.1), (0.1, 0.3, 0.7), (-0.1, 0.0, 0.2))
_EXTRA_START = ((-0.5, 0.1, -0.5), (0.55, 0.05, 0.3))
_NO_Q = ("V1", "V2", "V3R")


@dataclass(frozen=True)
class Target:
    """Median amplitudes in mV by (wave, lead), and the median axis, at one age."""

    age_days: int
    amplitude_mv: dict[tuple[str, str], float]
    axis_deg: float


def published_target(age_days: int) -> Target:
    """The medians of one age group, girls and boys averaged."""
    amplitudes = {}
    for wave in "RSQ":
        for lead in LEADS:
            rows = [published(f"{wave.lower()}_amplitude", lead=lead, age_days=age_days, sex=s) for s in ("F", "M")]
            medians = [row.p50 for row in rows if row is not None and row.p50 is not None]
            if medians:
                amplitudes[wave, lead] = float(np.mean(medians))
    for lead, (one, other) in _BETWEEN.items():
        for wave in "RS":
            amplitudes[wave, lead] = (amplitudes[wave, one] + amplitudes[wave, other]) / 2
    axes = [row.p50 for row in (published("qrs_axis", age_days=age_days, sex=s) for s in ("F", "M"))
            if row is not None and row.p50 is not None]
    return Target(age_days, amplitudes, float(np.mean(axes)))


def all_targets() -> list[Target]:
    """Published and assumed targets in order of age."""
    assumed = json.loads(resource("demo", "assumptions.json").read_text(encoding="utf-8"))["qrs_targets"]
    targets = [published_target(days) for days in MID_GROUP_DAYS]
    for row in assumed:
        base = published_target(row["like_age_days"]).amplitude_mv if "like_age_days" in row else {}
        factors = row.get("times", {})
        amplitudes = {key: value * factors.get(" ".join(key), 1.0) for key, value in base.items()}
        for key, value in row.get("amplitude_mv", {}).items():
            wave, lead = key.split()
            amplitudes[wave, lead] = value
        targets.append(Target(row["age_days"], amplitudes, row["axis_deg"]))
    return sorted(targets, key=lambda target: target.age_days)


def matrix(extra: Array) -> Array:
    """Lead matrix float64 (n_leads, 3) for LEADS, `extra` (2, 3) being V3R and V7."""
    vectors = lead_vectors({name: (v[0], v[1], v[2]) for name, v in zip(("V3R", "V7"), extra, strict=True)})
    return np.stack([limb_row(name, vectors) for name in LEADS])


def residuals(targets: list[Target]) -> Callable[[Array], Array]:
    """The function from the flat parameters (loops, then V3R and V7) to weighted residuals."""
    n, bells = len(targets), len(BELLS)
    shape = loop(*((c, w, w, (0.0, 0.0, 0.0)) for c, w in BELLS))
    grid = fractions(160)
    start = np.array(_START)
    knot_days = np.array([target.age_days for target in targets], dtype=float)
    nearness = 1.2 / np.clip(np.diff(np.log(knot_days)), 0.5, 2.0)

    def of(x: Array) -> Array:
        vectors = x[:n * bells * 3].reshape(n, bells, 3)
        extra = x[n * bells * 3:].reshape(2, 3)
        rows = matrix(extra)
        out: list[float] = []
        for target, heart in zip(targets, vectors, strict=True):
            signals = rows @ shape.with_vectors(heart).at(grid)
            for lead, signal in zip(LEADS, signals, strict=True):
                top = int(signal.argmax())
                found = {"R": max(signal[top], 0.0), "Q": -signal[:top + 1].min(),
                         "S": -(signal if lead == "aVR" else signal[top:]).min()}
                weight = _WEIGHT.get(lead, 1.0)
                for wave in "RS":
                    if (wave, lead) in target.amplitude_mv:
                        wanted = target.amplitude_mv[wave, lead]
                        out.append(weight * (found[wave] - wanted) / (0.08 + 0.15 * wanted))
                if lead in _NO_Q:
                    out.append(found["Q"] / 0.03)
                elif ("Q", lead) in target.amplitude_mv:
                    # The published median counts only hearts that have a Q.
                    out.append((found["Q"] - 0.7 * target.amplitude_mv["Q", lead]) / 0.15)
            area = signals.sum(axis=1)
            out.append((frontal_angle_deg(one=area[0], avf=area[LEADS.index("aVF")]) - target.axis_deg) / 5)
        out.extend(0.4 * (vectors - start).ravel())
        out.extend(4 * (vectors - start)[:, 0].ravel())
        # Two separate peaks in the inferior leads would fit the medians too, but no heart beats like that.
        out.extend(12 * np.maximum(0.6 * (vectors[:, 1, 1] + vectors[:, 3, 1]) - vectors[:, 2, 1], 0))
        out.extend((np.diff(vectors, axis=0) * nearness[:, None, None]).ravel())
        out.extend(12 * (extra - np.array(_EXTRA_START)).ravel())
        return np.array(out)

    return of


def least_squares(of: Callable[[Array], Array], x: Array, *, rounds: int = 60) -> Array:
    """Levenberg-Marquardt; returns the parameters of the smallest sum of squares found."""
    damping, current = 1e-3, of(x)
    for _ in range(rounds):
        step = 1e-5
        jacobian = np.stack([(of(x + step * unit) - current) / step for unit in np.eye(len(x))], axis=1)
        normal, gradient = jacobian.T @ jacobian, jacobian.T @ current
        for _ in range(8):
            move = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-6), -gradient)
            attempt = of(x + move)
            if attempt @ attempt < current @ current:
                gain = 1 - (attempt @ attempt) / (current @ current)
                x, current, damping = x + move, attempt, damping / 3
                break
            damping *= 4
        else:
            return x
        if gain < 1e-5:
            return x
    return x


def main(argv: list[str] | None = None) -> int:
    """Fit and write; prints the sum of squares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=None, help="default: resources/demo/heart_vector.json")
    out = parser.parse_args(argv).out or resource("demo") / "heart_vector.json"
    targets = all_targets()
    of = residuals(targets)
    x = least_squares(of, np.r_[np.tile(np.ravel(_START), len(targets)), np.ravel(_EXTRA_START)])
    size = len(targets) * len(BELLS) * 3
    loops = x[:size].reshape(len(targets), len(BELLS), 3).round(3)
    content = {
        "origin": f"fitted by peace_model.ecg.simulation.fit_loops to medians of {SOURCE} and to assumptions.json",
        "sum_of_squares": round(float(of(x) @ of(x)), 1),
        "bells": BELLS,
        "leads": {"V3R": x[size:size + 3].round(3).tolist(), "V7": x[size + 3:].round(3).tolist()},
        "qrs": [{"age_days": t.age_days, "vectors_mv": v.tolist()} for t, v in zip(targets, loops, strict=True)],
    }
    out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{out.name}: {len(targets)} ages, sum of squares {content['sum_of_squares']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

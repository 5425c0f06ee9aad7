"""What ZZU-pECG gives as context: age and sex of its table, and measurements of the recordings themselves.

The abnormalities are rules applied to the measurements with the published limits for the child's age and sex; where
none is published the rule cannot be assessed and the abnormality is not known.
"""

import math
from collections import Counter
from pathlib import Path

import numpy as np

from peace_model.datasets import zzu_pecg
from peace_model.datasets.context import Abnormality, ContextTable, Feature
from peace_model.datasets.measured_log import Progress, measured_rows
from peace_model.datasets.ptbxl_context import AMPLITUDES
from peace_model.ecg.age import DAYS_PER_YEAR
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.measurement.catalogue import WHOLE, in_lead

RULES = {
    "rate_high": ("High heart rate for the age", "heart rate above"),
    "rate_low": ("Low heart rate for the age", "heart rate below"),
    "pr_long": ("Long PR interval for the age", "PR interval above"),
    "qtc_bazett_high": ("Long QTc for the age", "QTc (Bazett) above"),
    "axis_left": ("Left axis deviation for the age", "QRS axis below"),
    "axis_right": ("Right axis deviation for the age", "QRS axis above"),
    "rvh_r_v1": ("Tall R in V1 for the age", "R in V1 above"),
    "lvh_r_v6": ("Tall R in V6 for the age", "R in V6 above"),
}
"""Rule of ecg.measurement -> (name, quantity and side)."""
_CITATION = "the limit that ecg.measurement's rule of this code cites for the age"


def context(
    folder: Path, out: Path, *, jobs: int = 1, progress: Progress | None = None, most: int | None = None
) -> ContextTable:
    """Measure what is not measured yet, and put it together with the table. Raises RecordingError, ContextError.

    most: measure so many more recordings at the most; of the others the table alone is told.
    """
    rows = zzu_pecg.source(folder).rows
    measured = {entry["id"]: entry for entry in measured_rows(rows, out, jobs=jobs, progress=progress, most=most)}
    names = ["age_years", "male", *(entry.name for entry in WHOLE if not entry.words),
             *(in_lead(template, lead) for lead in STANDARD_12 for template in AMPLITUDES)]
    values = np.full((len(rows), len(names)), np.nan, np.float32)
    judged = np.full((len(rows), len(RULES)), np.nan, np.float32)
    for place, row in enumerate(rows):
        facts, found = row.facts, measured.get(row.facts.id, {})
        assert facts.age_days is not None
        told = {**found.get("values", {}), "age_years": facts.age_days / DAYS_PER_YEAR, "male": float(facts.sex == "M")}
        values[place] = [told.get(name, math.nan) for name in names]
        rules = found.get("rules", {})
        judged[place] = [math.nan if rules.get(code) is None else float(rules[code]) for code in RULES]
    failed = Counter(entry["dropped"] for entry in measured.values() if "dropped" in entry)
    missing = len(rows) - len(measured)
    notes = (*((f"{missing} recordings are not measured yet; run the command again",) if missing else ()),
             *(f"{count} recordings could not be measured: {reason}" for reason, count in failed.most_common()))
    return ContextTable(
        zzu_pecg.DATASET, np.array([row.facts.id for row in rows]), tuple(map(Feature, names)), values,
        tuple(Abnormality(code, name, f"{quantity} the limit for age and sex", _CITATION)
              for code, (name, quantity) in RULES.items()),
        np.nan_to_num(judged).astype(np.uint8), (~np.isnan(judged)).astype(np.uint8), notes)

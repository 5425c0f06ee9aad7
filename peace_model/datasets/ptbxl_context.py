"""What PTB-XL gives as clinical context: its tables, and measurements of the recordings themselves.

Age, sex, height and weight stand in the table, the last two for a tenth of the recordings. Reports and the stated axis
contain the diagnoses: they are features of kind "text" (`context.Kind`). The abnormalities are rules applied to the
measurements, with limits for adults and their citations.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from peace_model.datasets import ptbxl
from peace_model.datasets.context import Abnormality, ContextTable, Feature
from peace_model.datasets.measured_log import Progress, measured_rows
from peace_model.datasets.table import TableRow, read_rows
from peace_model.ecg.age import Age, Precision, days_from_years
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.measurement.catalogue import WHOLE, in_lead
from peace_model.ecg.measurement.conventions import Criterion, criteria
from peace_model.words import mark

AMPLITUDES = ("p_{lead}_mv", "q_{lead}_mv", "r_{lead}_mv", "s_{lead}_mv", "st_j60_{lead}_mv", "t_{lead}_mv")
RULES = {
    "rate_high": (mark("High heart rate"), "heart_rate", mark("heart rate")),
    "rate_low": (mark("Low heart rate"), "heart_rate", mark("heart rate")),
    "qrs_120": (mark("Wide QRS"), "rbbb_complete", mark("QRS duration")),
    "qtc_bazett_480": (mark("Long QTc"), "qtc_bazett_480", mark("QTc (Bazett)")),
    "axis_left": (mark("Left axis deviation"), "axis", mark("QRS axis")),
    "axis_right": (mark("Right axis deviation"), "axis", mark("QRS axis")),
    "low_voltage_limb": (mark("Low voltage in the limb leads"), "low_voltage_limb",
                         mark("tallest QRS of the limb leads")),
    "low_voltage_chest": (mark("Low voltage in the chest leads"), "low_voltage_chest",
                          mark("tallest QRS of the chest leads")),
}
"""Rule of ecg.measurement -> (name, its limit among the conventions, quantity).

Wide is the width of a complete block and long is 480 ms: on 100 Hz files a quarter of the recordings called normal lie
over 110 ms, and an eighth over 460 ms.
"""
_MEASURED = {"qrs_120": "qrs_ms"}
"""Abnormalities that are no rule of their own: code -> the quantity that is held against the limit."""
_BELOW = ("rate_low", "axis_left", "low_voltage_limb", "low_voltage_chest")
AXES = ("ALAD", "ARAD", "AXL", "AXR", "LAD", "MID", "RAD", "SAG")
"""The stated axes of PTB-XL (heart_axis)."""
LEAST_REPORTS = 50
"""Recordings to learn from whose reports hold a word, before the word is a feature."""
_COLUMNS = ("ecg_id", "age", "sex", "height", "weight", "report", "heart_axis", "strat_fold")
_REMEDY = "use the table of PTB-XL 1.0.3"
_WORD = re.compile(r"[^\W\d_]{3,}")


def context(
    folder: Path, out: Path, *, jobs: int = 1, progress: Progress | None = None, most: int | None = None
) -> ContextTable:
    """Measure what is not measured yet, and put it together with the tables. Raises RecordingError, ContextError.

    most: measure so many more recordings at the most; of the others the tables alone are told.
    """
    source = ptbxl.source(folder, fs_hz=100.0)
    measured = {entry["id"]: entry for entry in measured_rows(
        source.rows, out, jobs=jobs, progress=progress, most=most)}
    rows = {str(row.whole("ecg_id")): row for row in read_rows(folder / ptbxl.TABLE, _COLUMNS, remedy=_REMEDY)}
    ids = [row.facts.id for row in source.rows]
    table = [rows[name] for name in ids]
    words = _words(table)
    clinical = [*_TABLE, *_quantities()]
    features = (*map(Feature, clinical), *(Feature(f"heart_axis_{axis}", "text") for axis in AXES),
                *(Feature(f"report_{word}", "text") for word in words))
    values = np.full((len(ids), len(features)), np.nan, np.float32)
    judged = np.full((len(ids), len(RULES)), np.nan, np.float32)
    for place, (name, row) in enumerate(zip(ids, table, strict=True)):
        found: Mapping[str, Any] = measured.get(name, {})
        numbers = {**found.get("values", {}), **_of_table(row)}
        values[place, :len(clinical)] = [numbers.get(column, math.nan) for column in clinical]
        values[place, len(clinical):] = _of_text(row, words)
        judged[place] = [_judged(found, code) for code in RULES]
    failed = Counter(entry["dropped"] for entry in measured.values() if "dropped" in entry)
    missing = len(ids) - len(measured)
    notes = (*((f"{missing} recordings are not measured yet; run the command again",) if missing else ()),
             *(f"{count} recordings could not be measured: {reason}" for reason, count in failed.most_common()))
    return ContextTable(
        "ptbxl", np.array(ids), features, values, tuple(_abnormality(code) for code in RULES),
        np.nan_to_num(judged).astype(np.uint8), (~np.isnan(judged)).astype(np.uint8), notes)


_TABLE = ("age_years", "male", "height_cm", "weight_kg")


def _quantities() -> list[str]:
    """Numbers that are measured: of the whole recording, and amplitudes of each lead. Words are left out."""
    return [*(entry.name for entry in WHOLE if not entry.words),
            *(in_lead(template, lead) for lead in STANDARD_12 for template in AMPLITUDES)]


def _of_table(row: TableRow) -> dict[str, float]:
    """Raises RecordingError for a cell that is filled with something else than a number above 0."""
    years = row.number_in("age")
    found = {"age_years": float(ptbxl.OVER_89_YEARS if years == ptbxl.OVER_89_CODE else years),
             "male": float(row.one_of("sex", ptbxl.SEX) == "M")}
    for name, column in (("height_cm", "height"), ("weight_kg", "weight")):
        if row.text(column):
            found[name] = row.number_in(column)
            if found[name] <= 0:
                raise row.error(column, "not above 0")
    return found


def _of_text(row: TableRow, words: Sequence[str]) -> list[float]:
    """Stated axis and words of the report, 1 or 0; NaN where the table is silent."""
    axis, said = row.text("heart_axis"), set(_spoken(row))
    return [*(math.nan if not axis else float(axis == one) for one in AXES),
            *(math.nan if not said else float(word in said) for word in words)]


def _words(table: Sequence[TableRow]) -> list[str]:
    """Words of the reports in folds 1-8, those that enough of them hold."""
    counts = Counter(word for row in table if row.whole("strat_fold") in range(1, 9) for word in set(_spoken(row)))
    return sorted(word for word, count in counts.items() if count >= LEAST_REPORTS)


def _spoken(row: TableRow) -> list[str]:
    return _WORD.findall(row.text("report").casefold())


def _judged(found: Mapping[str, Any], code: str) -> float:
    """1 or 0; NaN where the recording does not tell."""
    if code not in _MEASURED:
        met = found.get("rules", {}).get(code)
        return math.nan if met is None else float(met)
    value = found.get("values", {}).get(_MEASURED[code])
    return math.nan if value is None else float(_limit(code).position(value) == "above")


def _limit(code: str) -> Criterion:
    """The limit that an abnormality has for adults."""
    limit, = criteria(RULES[code][1], age=Age(days_from_years(40), Precision.YEAR, "adults"), sex=None)
    return limit


def _abnormality(code: str) -> Abnormality:
    (name, _, quantity), limit = RULES[code], _limit(code)
    figure, side = (limit.low, "under") if code in _BELOW else (limit.high, "of or over" if limit.inclusive else "over")
    return Abnormality(code, name, f"{quantity} {side} {figure:g} {limit.unit} in adults", limit.citation)

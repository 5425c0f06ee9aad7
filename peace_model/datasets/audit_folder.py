"""An audit of a data set as it was published: how many, how old, which leads and codes, how good, what repeats, what
would leak between the parts of a split. Only counts leave it, and places by the line of the table: no identifier."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from peace_model.datasets import zzu_pecg
from peace_model.datasets.audit_codes import code_counts, label_counts
from peace_model.datasets.audit_rows import SQI, AuditRow, AuditTable, Problem, read_audit_table
from peace_model.datasets.audit_signals import Seen, Unreadable, look_at_all
from peace_model.ecg.age import AGE_BANDS, DAYS_PER_YEAR
from peace_model.ecg.leads import STANDARD_12

SEED = 42
SHARES = (0.8, 0.9)
"""Where a split 8 : 1 : 1 is cut."""
SHOWN_PROBLEMS = 500
"""More are counted, and those of each kind are told."""
DISEASES = "disease5"


def audit_folder(
    folder: Path, profile: str, *, jobs: int = 1, progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """JSON-ready. Raises AuditError, RecordingError for a table that cannot be read at all, LabelError."""
    table = read_audit_table(folder)
    there = [row for row in table.rows if row.header.is_file()]
    looked = look_at_all(there, jobs=jobs, progress=progress)
    seen = [(row, one) for row, one in zip(there, looked, strict=True) if isinstance(one, Seen)]
    problems = [*table.problems, *_unreadable(there, looked), *_contradictions(table, seen)]
    rows = table.rows
    return {
        "dataset": table.dataset, "table": table.table,
        "counts": _counts(table, there, seen), "problems": _problems(problems),
        "ages": _ages(rows), "sex": dict(sorted(Counter(row.sex for row in rows).items())),
        "leads": _leads(rows, seen),
        "codes": code_counts(table.dataset, folder, rows),
        "labels": label_counts(table.dataset, profile, rows),
        "diseases": label_counts(table.dataset, DISEASES, rows) if table.dataset == zzu_pecg.DATASET else None,
        "quality": _quality(rows, seen), "duplicates": _duplicates(seen), "leakage": _leakage(rows, seen)}


def _counts(table: AuditTable, there: Sequence[AuditRow], seen: Sequence[Any]) -> dict[str, Any]:
    of_patient = Counter(Counter(row.patient for row in table.rows).values())
    return {
        "rows of the table": table.total, "malformed rows": table.total - len(table.rows),
        "rows without signal files": len(table.rows) - len(there), "recordings that cannot be read":
        len(there) - len(seen), "recordings read": len(seen), "patients": len({row.patient for row in table.rows}),
        "recordings of a patient": {str(count): number for count, number in sorted(of_patient.items())}}


def _unreadable(there: Sequence[AuditRow], looked: Sequence[Seen | Unreadable]) -> list[Problem]:
    return [Problem("signal files", row.number, one[0], one[1]) for row, one in zip(there, looked, strict=True)
            if not isinstance(one, Seen)]


def _contradictions(table: AuditTable, seen: Iterable[tuple[AuditRow, Seen]]) -> list[Problem]:
    return [Problem(table.table, row.number, field, "the recording's header says otherwise")
            for row, one in seen for field in one.contradicts]


def _problems(problems: Sequence[Problem]) -> dict[str, Any]:
    kinds = Counter((one.file, one.field, one.text) for one in problems)
    return {"total": len(problems), "kinds": [{"file": file, "field": field, "text": text, "count": count}
                                              for (file, field, text), count in kinds.most_common(50)],
            "places": [asdict(one) for one in sorted(problems, key=lambda one: (one.file, one.row))[:SHOWN_PROBLEMS]]}


def _ages(rows: Sequence[AuditRow]) -> dict[str, Any]:
    age_days = np.array([row.age_days for row in rows])
    years = np.floor((age_days + 0.5) / DAYS_PER_YEAR).astype(int)
    bands = {band.text: int(((age_days >= band.min_days) & (age_days < band.max_days)).sum()) for band in AGE_BANDS}
    spread = {} if not len(rows) else {name: float(np.percentile(age_days, at)) for name, at in (
        ("youngest", 0), ("quarter", 25), ("median", 50), ("three quarters", 75), ("oldest", 100))}
    return {"bands": bands, "days": spread, "impossible": int((age_days < 0).sum()),
            "years": {str(year): int(number) for year, number in sorted(Counter(years.tolist()).items())}}


def _leads(rows: Sequence[AuditRow], seen: Sequence[tuple[AuditRow, Seen]]) -> dict[str, Any]:
    by_band = {band.text: dict(sorted(Counter(
        len(one.leads) for row, one in seen if band.min_days <= row.age_days < band.max_days).items()))
        for band in AGE_BANDS}
    return {
        "in the table": _texts(Counter(row.leads for row in rows if row.leads is not None)),
        "in the signals": _texts(Counter(len(one.leads) for _, one in seen)),
        "names": {lead: sum(lead in one.leads for _, one in seen) for lead in STANDARD_12},
        "by age": {text: _texts(counts) for text, counts in by_band.items() if counts},
        "rate_hz": _texts(Counter(f"{one.fs_hz:g}" for _, one in seen)),
        "seconds": _texts(Counter(_length(one.seconds) for _, one in seen))}


def _length(seconds: float) -> str:
    for low, high in ((0, 2.5), (2.5, 5), (5, 10), (10, 20), (20, 40), (40, 60)):
        if seconds < high:
            return f"{low:g}\N{EN DASH}{high:g} s"
    return "60 s and over"


def _quality(rows: Sequence[AuditRow], seen: Sequence[tuple[AuditRow, Seen]]) -> dict[str, Any]:
    swing: dict[str, list[float]] = defaultdict(list)
    for _, one in seen:
        for lead, size in zip(one.leads, one.swing_mv, strict=True):
            swing[lead].append(size)
    indices = {}
    for name in SQI:
        values = [row.quality[name] for row in rows if row.quality is not None and name in row.quality]
        indices[name] = {"filled": len(values), "of": len(rows), **_percentiles(values)}
    return {
        "flags": dict(sorted(Counter(code for _, one in seen for code in one.flags).items())),
        "without a flag": sum(not one.flags for _, one in seen),
        "swing_mv": {lead: _percentiles(swing[lead]) for lead in STANDARD_12 if swing[lead]},
        "indices of the table": indices if any(row.quality is not None for row in rows) else None}


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    return {f"p{at}": round(float(np.percentile(values, at)), 4) for at in (5, 25, 50, 75, 95)}


def _duplicates(seen: Sequence[tuple[AuditRow, Seen]]) -> dict[str, Any]:
    """Recordings that are the same in every sample, to the microvolt."""
    holders: dict[bytes, list[AuditRow]] = defaultdict(list)
    for row, one in seen:
        holders[one.digest].append(row)
    alike = [rows for rows in holders.values() if len(rows) > 1]
    return {
        "groups": len(alike), "recordings": sum(map(len, alike)),
        "across patients": sum(len({row.patient for row in rows}) > 1 for rows in alike),
        "with different codes": sum(len({(row.statements, row.diagnoses) for row in rows}) > 1 for rows in alike),
        "rows": [[row.number for row in rows] for rows in alike[:20]]}


def _leakage(rows: Sequence[AuditRow], seen: Sequence[tuple[AuditRow, Seen]]) -> dict[str, Any]:
    """What stands in two parts: of the published folds, and of a split of recordings that forgets whose they are."""
    parts_of: dict[str, set[int]] = defaultdict(set)
    cut = np.searchsorted(SHARES, np.random.default_rng(SEED).permutation(len(rows)) / max(1, len(rows)), "right")
    for row, part in zip(rows, cut.tolist(), strict=True):
        parts_of[row.patient].add(part)
    found: dict[str, Any] = {
        "patients with several recordings": sum(number > 1 for number in Counter(row.patient for row in rows).values()),
        "patients in two parts of a split of recordings 8:1:1": sum(len(parts) > 1 for parts in parts_of.values()),
        "patients of two sexes": _contradicting(rows, lambda row: row.sex)}
    folded = [row for row in rows if row.fold is not None]
    if folded:
        found["patients in two published folds"] = _contradicting(folded, lambda row: row.fold)
        fold_of: dict[bytes, set[int | None]] = defaultdict(set)
        for row, one in seen:
            fold_of[one.digest].add(row.fold)
        found["the same signals in two published folds"] = sum(len(folds) > 1 for folds in fold_of.values())
        found["recordings of each fold"] = _texts(Counter(row.fold for row in folded))
    return found


def _contradicting(rows: Sequence[AuditRow], of: Callable[[AuditRow], Any]) -> int:
    """Patients whose recordings differ in this."""
    held: dict[str, set[Any]] = defaultdict(set)
    for row in rows:
        held[row.patient].add(of(row))
    return sum(len(values) > 1 for values in held.values())


def _texts(counts: Mapping[Any, int]) -> dict[str, int]:
    def order(item: tuple[Any, int]) -> tuple[float, str]:
        try:
            return float(str(item[0]).partition("\N{EN DASH}")[0].partition(" ")[0]), ""
        except ValueError:
            return float("inf"), str(item[0])

    return {str(name): number for name, number in sorted(counts.items(), key=order)}

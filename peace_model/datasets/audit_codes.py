"""The codes of a data set, for an audit: how often each one stands, which the codebook does not know, and what labels
they make at each age. A text that is no code is counted and never repeated: prose may hold anything."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peace_model.datasets import zzu_pecg
from peace_model.datasets.audit_rows import AuditRow
from peace_model.datasets.table import read_rows
from peace_model.ecg.age import AGE_BANDS
from peace_model.labels import DIAGNOSIS, CodeMap, groups_of, load_code_map, load_profile

CODEBOOK = "ECGCode.csv"
_CODEBOOK_COLUMNS = ("Description", "AHA(Category&Code)")
SHOWN = 40
_SCP = re.compile(r"[A-Z0-9_()/]{2,9}")
_ICD = re.compile(r"(\([A-Z]+\) ?)?[A-Z]\d{2}(\.\d{1,2})?")
_AHA = re.compile(r"([A-Z]\(?\d[\d+ ]*\)?|(Suggests|Consider|Modifier)\d+)(\+[A-Z][A-Za-z0-9+]*)?")


def code_counts(dataset: str, folder: Path, rows: Sequence[AuditRow]) -> dict[str, Any]:
    """Statements and diagnoses by how many recordings carry them; modifiers, prefixes, prose and the unknown."""
    zzu = dataset == zzu_pecg.DATASET
    form, book = (_AHA, _codebook(folder)) if zzu else (_SCP, None)
    said = Counter(text for row in rows for text in row.statements)
    codes = Counter({text: count for text, count in said.items() if form.fullmatch(text)})
    told = Counter({text: count for text, count in said.items() if text not in codes and book is not None
                    and text.casefold() in book.descriptions})
    found: dict[str, Any] = {
        "statements": said.total(), "recordings without a statement": sum(not row.statements for row in rows),
        "with several statements": sum(len(row.statements) > 1 for row in rows),
        "most frequent": dict((codes + told).most_common(SHOWN)), "different": len(codes)}
    if not zzu:
        found["not in the form of a code"] = said.total() - codes.total()
    else:
        found["in words of the codebook, for want of a code"] = told.total()
        found["neither code nor words of the codebook"] = said.total() - codes.total() - told.total()
        plain = load_code_map(dataset, load_profile("peace24")).plain
        found["with modifiers"] = sum(count for text, count in codes.items() if plain(text) != text)
        found["codes that the codebook does not hold"] = None if book is None else sorted(
            {plain(text) for text in codes} - book.codes)
        icd = Counter(text for row in rows for text in row.diagnoses)
        known = Counter({text: count for text, count in icd.items() if _ICD.fullmatch(text)})
        found["diagnoses"] = {
            "recordings with any": sum(bool(row.diagnoses) for row in rows), "codes": icd.total(),
            "with a prefix such as (FO)": sum(count for text, count in known.items() if text.startswith("(")),
            "not in the form of ICD-10": icd.total() - known.total(), "most frequent": dict(known.most_common(SHOWN))}
    return found


def label_counts(dataset: str, profile: str, rows: Sequence[AuditRow]) -> dict[str, Any]:
    """Recordings with each label of a profile, at every age; those of which the label is open stand apart."""
    described, code_map = load_profile(profile), load_code_map(dataset, load_profile(profile))
    read = [(row, *_labels(code_map, row)) for row in rows]
    bands = {band.text: [item for item in read if band.min_days <= item[0].age_days < band.max_days]
             for band in AGE_BANDS}
    bands = {text: items for text, items in bands.items() if items}
    return {
        "profile": profile, "recordings": {"all": len(rows), **{text: len(items) for text, items in bands.items()}},
        "labels": [{
            "code": label.code, "name": label.name, "present": sum(label.code in present for _, present, _ in read),
            "open": sum(label.code in left_open for _, _, left_open in read),
            "by age": {text: sum(label.code in present for _, present, _ in items) for text, items in bands.items()}}
            for label in described.labels],
        "groups": [{"name": name, "codes": list(codes),
                    "present": sum(bool(present & set(codes)) for _, present, _ in read)}
                   for name, codes in groups_of(profile).items()]}


def _labels(code_map: CodeMap, row: AuditRow) -> tuple[frozenset[str], frozenset[str]]:
    said = (*row.statements, *(DIAGNOSIS + code for code in row.diagnoses))
    return code_map.labels_of(said), code_map.open_labels(said)


class _Codebook:
    """codes: AHA codes. descriptions: in lower case."""

    def __init__(self, path: Path) -> None:
        rows = list(read_rows(path, _CODEBOOK_COLUMNS, remedy=f"use the {CODEBOOK} of ZZU-pECG"))
        self.codes = {row.text("AHA(Category&Code)").replace(" ", "") for row in rows} | {
            row.text("AHA(Category&Code)") for row in rows}
        self.descriptions = {row.text("Description").casefold() for row in rows}


def _codebook(folder: Path) -> _Codebook | None:
    return _Codebook(folder / CODEBOOK) if (folder / CODEBOOK).is_file() else None

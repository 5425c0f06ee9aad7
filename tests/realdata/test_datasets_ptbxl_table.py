"""The published table of PTB-XL: positives per label and fold, and the recordings under 18."""

from collections import Counter
from pathlib import Path

import pytest

from peace_model.datasets.ptbxl import Part, PtbxlRow, parts_of, read_table
from peace_model.labels import load_code_map, load_profile


@pytest.fixture(scope="module")
def table(data_dir: Path) -> tuple[PtbxlRow, ...]:
    if not (data_dir / "ptbxl100" / "ptbxl_database.csv").is_file():
        pytest.skip("no table of PTB-XL in the folder of real recordings")
    return read_table(data_dir / "ptbxl100")


def test_positives_in_folds_1_to_8_and_9_are_the_published_ones(table: tuple[PtbxlRow, ...]) -> None:
    code_map = load_code_map("ptbxl", load_profile("peace12_full"))
    train, choose = Counter[str](), Counter[str]()
    for row in table:
        (choose if row.fold == 9 else train).update(code_map.labels_of(row.statements))
    expected = {"NORM": (7596, 955), "LAFB": (1298, 163), "IRBBB": (894, 112), "CRBBB": (433, 55),
                "LVOLT": (145, 19), "LAE": (341, 43), "RAE": (79, 10), "LVH": (1708, 210), "RVH": (102, 12),
                "TAB_": (938, 117), "LQTS": (94, 12)}
    assert {label: (train[label], choose[label]) for label in expected} == expected


def test_nobody_under_18_is_trained_chosen_or_calibrated_on(table: tuple[PtbxlRow, ...]) -> None:
    parts = parts_of(table)
    young = {row.patient for row in table if row.age_days < 18 * 365.25 - 1}
    assert Counter(parts)[Part.UNDER_18] == 120
    assert len(young) == 107
    for row, part in zip(table, parts, strict=True):
        assert row.patient not in young or part in (Part.UNDER_18, Part.LEFT_OUT)


def test_patients_never_span_training_and_choosing(table: tuple[PtbxlRow, ...]) -> None:
    parts = parts_of(table)
    patients = {part: {row.patient for row, p in zip(table, parts, strict=True) if p is part} for part in Part}
    assert not patients[Part.TRAIN] & patients[Part.CHOOSE]

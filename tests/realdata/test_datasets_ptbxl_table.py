"""The published table of PTB-XL: positives per label and fold, the recordings under 18, and the age shift's parts."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from peace_model.datasets.ptbxl import PtbxlRow, read_table
from peace_model.datasets.splits import age_shift, ptbxl_split
from peace_model.labels import load_code_map, load_profile


@dataclass(frozen=True)
class _People:
    """What the splits of a store look at, without signals."""

    patients: NDArray[np.str_]
    age_days: NDArray[np.float32]
    folds: NDArray[np.int64]


@pytest.fixture(scope="module")
def table(data_dir: Path) -> tuple[PtbxlRow, ...]:
    if not (data_dir / "ptbxl100" / "ptbxl_database.csv").is_file():
        pytest.skip("no table of PTB-XL in the folder of real recordings")
    return read_table(data_dir / "ptbxl100")


@pytest.fixture(scope="module")
def people(table: tuple[PtbxlRow, ...]) -> Any:
    return _People(np.array([row.patient for row in table]), np.array([row.age_days for row in table], np.float32),
                   np.array([row.fold for row in table]))


def test_positives_in_folds_1_to_8_and_9_are_the_published_ones(table: tuple[PtbxlRow, ...]) -> None:
    expected = {"NORM": (7596, 955), "LAFB": (1298, 163), "IRBBB": (894, 112), "CRBBB": (433, 55),
                "LVOLT": (145, 19), "LAE": (341, 43), "RAE": (79, 10), "LVH": (1708, 210), "RVH": (102, 12),
                "STTC": (1792, 225), "TAB_": (938, 117), "LQTS": (94, 12), "CLBBB": (428, 54), "LPFB": (141, 18),
                "AFIB": (1211, 151), "PVC": (916, 114), "1AVB": (636, 80)}
    for profile in ("peace12_full", "peace24"):
        code_map = load_code_map("ptbxl", load_profile(profile))
        train, choose = Counter[str](), Counter[str]()
        for row in table:
            (choose if row.fold == 9 else train).update(code_map.labels_of(row.statements))
        known = [label for label in expected if label in code_map.codes]
        assert {label: (train[label], choose[label]) for label in known} == {label: expected[label] for label in known}


def test_nobody_under_18_is_trained_chosen_or_calibrated_on(table: tuple[PtbxlRow, ...], people: Any) -> None:
    split = ptbxl_split(people)
    young = {row.patient for row in table if row.age_days < 18 * 365.25 - 1}
    assert (len(split.test), len(young)) == (120, 107)
    assert not young & set(people.patients[split.train])
    assert not young & set(people.patients[split.choose])


def test_patients_never_span_the_parts(people: Any) -> None:
    source, target = age_shift(people)
    for split in (ptbxl_split(people), source, target):
        parts = [set(people.patients[rows]) for rows in (split.train, split.choose, split.test)]
        assert not parts[0] & parts[1]
        assert not parts[2] & (parts[0] | parts[1])
    ours = set(people.patients[np.concatenate([source.train, source.choose])])
    assert not ours & set(people.patients[np.concatenate([target.train, target.choose, target.test])])


def test_the_age_shift_has_the_sizes_of_its_description(table: tuple[PtbxlRow, ...], people: Any) -> None:
    source, target = age_shift(people)
    assert len(source.train) == pytest.approx(15_139, rel=0.005)
    assert len(np.concatenate([target.train, target.choose, target.test])) == pytest.approx(1_679, rel=0.01)
    code_map = load_code_map("ptbxl", load_profile("peace12"))
    counts = Counter(label for row in target.test for label in code_map.labels_of(table[row].statements))
    assert {label: counts[label] for label in ("NORM", "IRBBB", "STTC", "LVH")} == {
        "NORM": 321, "IRBBB": 27, "STTC": 17, "LVH": 14}

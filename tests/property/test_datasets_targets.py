"""Targets of many recordings at once are what the code map says of each one, for every data set and profile."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peace_model.datasets.targets import StatementTable, targets_of
from peace_model.labels import CodeMap, load_code_map, load_profile

SENTENCES = (
    "Normal ECG", "Sinus bradycardia", "Possible left atrial enlargement", "Left atrial enlargement",
    "Right bundle branch block", "Incomplete RBBB", "Atrial fibrillation or flutter", "Atrial fibrillation",
    "LVH by voltage", "Left ventricular hypertrophy", "Pacemaker no longer present", "Something else")
MAPS = [load_code_map(dataset, load_profile(profile)) for dataset, profiles in (
    ("ptbxl", ("peace12", "peace24", "ptbxl71")), ("zzu_pecg", ("peace12", "peace24", "disease5")),
    ("ludb", ("peace24",)), ("mimic_iv_ecg", ("peace12", "peace24")), ("wfdb_folder", ("peace24",)))
    for profile in profiles]


def _statements(code_map: CodeMap) -> list[str]:
    if code_map.dataset == "mimic_iv_ecg":
        return list(SENTENCES)
    given_codes = {code for codes in code_map.codes.values() for code in codes}
    more = {"LPR", "L145+Modifier362", "ICD-10 J18.9", "ICD-10 (FO) Q21.1", "unheard of"}
    return sorted(given_codes | {f"{code}?" for code in given_codes} | more)


@pytest.mark.parametrize("code_map", MAPS, ids=lambda found: f"{found.dataset}-{found.profile}")
@settings(max_examples=25)
@given(data=st.data())
def test_together_as_one_by_one(code_map: CodeMap, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(st.sampled_from(_statements(code_map)), max_size=4), min_size=1, max_size=6))
    texts = sorted({text for row in rows for text in row})
    pairs = [(place, texts.index(text)) for place, row in enumerate(rows) for text in row]
    recording, text = np.array(pairs, np.int64).reshape(-1, 2).T
    targets, known = targets_of(code_map, StatementTable(tuple(texts), recording, text, len(rows)))
    for place, row in enumerate(rows):
        present, left_open = code_map.labels_of(row), code_map.open_labels(row)
        assert {label for label, hit in zip(code_map.codes, targets[place], strict=True) if hit} == present
        assert {label for label, sure in zip(code_map.codes, known[place], strict=True) if not sure} == left_open

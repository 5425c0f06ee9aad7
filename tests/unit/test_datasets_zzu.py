"""ZZU-pECG's layout: leads by name, own gain and baseline, modifiers, prose, and rows that cannot be used."""

from pathlib import Path

import numpy as np
import pytest
from layouts.zzu import NINE, TWELVE, Child, write_signal, write_table, write_zzu

from peace_model.datasets.prepare import prepare
from peace_model.datasets.zzu_pecg import source
from peace_model.ecg.leads import PEDIATRIC_9, STANDARD_12
from peace_model.ecg.recording import RecordingError

PROSE = "Left ventricular high voltage"


def _levels() -> np.ndarray:
    """A signal of known size in every lead: lead k swings between 0 and k/10 + 0.1 mV."""
    steps = np.repeat([0.0, 1.0], 50)
    return np.tile(steps, 50)[:5000] * (np.arange(1, 13)[:, None] / 10)


@pytest.mark.parametrize("leads", [12, 9])
def test_leads_come_by_name_with_their_own_gain_and_baseline(leads: int, tmp_path: Path) -> None:
    child = Child("P00001_E01", leads=leads)
    write_table(tmp_path, [child])
    write_signal(tmp_path, child, _levels(), np.random.default_rng(5))
    recording = source(tmp_path).rows[0].read()
    assert recording.leads == (STANDARD_12 if leads == 12 else PEDIATRIC_9)
    assert recording.patient_key == "zzu-P00001"
    for name in recording.leads:
        swing = np.ptp(recording.lead(name))
        assert swing == pytest.approx((STANDARD_12.index(name) + 1) / 10, abs=2e-3)
    assert (TWELVE[6], NINE[7]) == ("V1", "V3")


def test_nine_leads_are_masked_where_nothing_was_recorded(tmp_path: Path) -> None:
    children = [Child("P00001_E01", leads=9), Child("P00002_E01")]
    store, _ = prepare(source(write_zzu(tmp_path / "d", children)), tmp_path / "s")
    missing = [STANDARD_12.index(name) for name in ("V2", "V4", "V6")]
    assert np.flatnonzero(store.lead_mask[0] == 0).tolist() == missing
    assert not store.windows(np.array([0]))[0, missing].any()
    assert store.lead_mask[1].all()
    assert store.flags == (("missing_leads",), ())


def test_leads_that_repeat_their_neighbours_are_flagged_and_masked(tmp_path: Path) -> None:
    child = Child("P00001_E01", age_days=300)
    folder = write_zzu(tmp_path / "d", [child])
    signal = np.random.default_rng(0).normal(0, 0.5, (12, 5000))
    for copy, original in ((7, 6), (9, 8), (11, 10)):
        signal[copy] = signal[original]
    write_signal(folder, child, signal, np.random.default_rng(0))
    store, _ = prepare(source(folder), tmp_path / "s")
    assert store.flagged("duplicate_leads").all()
    assert np.flatnonzero(store.lead_mask[0] == 0).tolist() == [7, 9, 11]


def test_facts_come_from_the_table(tmp_path: Path) -> None:
    codes = ("A2", "D30+Modifier308", PROSE)
    write_zzu(tmp_path, [Child("P01234_E02", 572, "Male", codes)])
    facts = source(tmp_path).rows[0].facts
    assert (facts.id, facts.patient, facts.age_days, facts.sex) == ("P01234_E02", "P01234", 572.0, "M")
    assert facts.statements == (*codes, "ICD-10 J18.9")


def test_diseases_are_taken_from_icd10_with_and_without_prefix(tmp_path: Path) -> None:
    said = [("(FO) Q21.1", "I08.0"), ("(F) I40.0",), ("(V) I40.0", "(OSD) Q21.1"), ("M30.3",), ("I42.0", "I50.9"),
            ("J18.9",), ("I50.9",), ("Q24.9",), ("I40.8",), ()]
    write_zzu(tmp_path / "d", [Child(f"P{number:05d}_E01", icd=codes) for number, codes in enumerate(said)])
    store, _ = prepare(source(tmp_path / "d"), tmp_path / "s", profile="disease5")
    assert store.labels == ("CHD", "MYOC", "KAWA", "CMYO", "ABN")
    assert store.targets.tolist() == [
        [1, 0, 0, 0, 1], [0, 1, 0, 0, 1], [1, 1, 0, 0, 1], [0, 0, 1, 0, 1], [0, 0, 0, 1, 1],
        [0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]
    open_ = {(int(row), store.labels[column]) for row, column in np.argwhere(store.known == 0)}
    assert open_ == {(7, "CHD"), (8, "MYOC"), *((9, label) for label in store.labels)}


def test_diseases_are_no_statements_on_the_ecg(tmp_path: Path) -> None:
    children = [Child(f"P{number:05d}_E01", icd=("Q21.0",)) for number in range(12)]
    store, _ = prepare(source(write_zzu(tmp_path / "d", children)), tmp_path / "s")
    assert store.statement_codes == ("A1",)
    assert not store.targets[:, store.labels.index("NORM") + 1:].any()

def test_modifiers_are_stripped_prose_is_told_and_both_are_counted(tmp_path: Path) -> None:
    children = [Child("P00001_E01", codes=("L145+Modifier362", PROSE)), Child("P00002_E01", codes=("L145", "A1")),
                Child("P00003_E01", codes=("L145+Modifier363", "D30+Modifier308+Modifier340", PROSE, "Suggests211"))]
    found = source(write_zzu(tmp_path / "d", children))
    assert found.notes == (
        "3 of 8 statements carried modifiers, which were stripped: STTC 3 instead of 1, PAC 1 instead of 0 recordings",
        f"2 of 8 statements are prose, for want of an AHA code: {PROSE} 2")
    store, _ = prepare(found, tmp_path / "s")
    assert store.targets[:, store.labels.index("STTC")].tolist() == [1, 1, 1]
    assert not store.targets[:, store.labels.index("LVH")].any()


def test_rows_without_signals_or_with_other_leads_are_dropped_with_the_reason(tmp_path: Path) -> None:
    children = [Child("P00001_E01"), Child("P00002_E01"), Child("P00003_E01", leads=9), Child("P00004_E01", codes=())]
    folder = write_zzu(tmp_path / "d", children)
    (folder / "Child_ecg" / f"{children[1].path}.hea").unlink()
    write_table(folder, [*children[:2], Child("P00003_E01", leads=12), children[3]])
    store, summary = prepare(source(folder), tmp_path / "s")
    assert summary.dropped == {"leads: 9 where the table says 12": (1, ("P00003_E01",)),
                               "signal files: none here": (1, ("P00002_E01",))}
    assert store.ids.tolist() == ["P00001_E01", "P00004_E01"]
    assert not store.targets[1].any()


@pytest.mark.parametrize(("old", "new", "told"), [
    ("572d", "572", "row 2, column Age: not a number of days such as 572d; use the"),
    ("'Female'", "'Unknown'", "row 2, column Gender: neither 'Female' nor 'Male'; use the"),
    ("'A1'", "A1", "row 2, column AHA_code: not a list of quoted codes such as 'A1';'L145+Modifier362'; use the"),
    (",12,", ",twelve,", "row 2, column Lead: not a number; use the"),
    (",P00001,", ",,", "row 2, column Patient_ID: empty; use the"),
    ("Gender", "Sex", "columns: Gender missing; use the AttributesDictionary.csv of ZZU-pECG"),
])
def test_a_damaged_table_is_refused_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = write_table(tmp_path, [Child("P00001_E01", 572)])
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(RecordingError) as refused:
        source(tmp_path)
    assert told in str(refused.value)


def test_a_header_without_a_gain_is_dropped_never_guessed(tmp_path: Path) -> None:
    child = Child("P00001_E01")
    folder = write_zzu(tmp_path / "d", [child, Child("P00002_E01")])
    header = folder / "Child_ecg" / f"{child.path}.hea"
    lines = header.read_text(encoding="utf-8").splitlines()
    words = lines[1].split()
    lines[1] = " ".join([*words[:2], "0(0)/mV", *words[3:]])
    header.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _, summary = prepare(source(folder), tmp_path / "s")
    assert list(summary.dropped) == ["gain of signal I: the gain is zero"]

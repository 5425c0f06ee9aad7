"""Labels and code maps are data: what they hold, how statements become labels, what a wrong table is told."""

import json
from pathlib import Path

import pytest

from peace_model.labels import LabelError, LabelProfile, load_code_map, load_profile, profile


def test_both_profiles_hold_the_twelve_labels_in_one_order() -> None:
    codes = ("NORM", "LAFB", "IRBBB", "CRBBB", "LVOLT", "LAE", "RAE", "LVH", "RVH", "STTC", "TAB_", "LQTS")
    assert load_profile("peace12").codes == load_profile("peace12_full").codes == codes
    assert load_profile().name == "peace12"
    assert all(label.name for label in load_profile().labels)


def test_full_profile_gives_every_label_a_statement_of_ptbxl() -> None:
    full = load_code_map("ptbxl", load_profile("peace12_full"))
    assert all(full.codes.values())
    plain = load_code_map("ptbxl", load_profile("peace12"))
    assert {label for label, codes in plain.codes.items() if not codes} == {"LVOLT", "TAB_", "LQTS"}


def test_long_qt_is_its_own_label_in_the_full_profile_only() -> None:
    assert load_code_map("ptbxl", load_profile("peace12")).labels_of(["LNGQT", "SR"]) == {"STTC"}
    assert load_code_map("ptbxl", load_profile("peace12_full")).labels_of(["LNGQT", "SR"]) == {"LQTS"}


@pytest.mark.parametrize("name", ["peace12", "peace12_full"])
def test_posterior_block_is_not_anterior_block(name: str) -> None:
    assert load_code_map("ptbxl", load_profile(name)).labels_of(["LPFB"]) == frozenset()


def test_aha_modifiers_are_stripped_and_prose_is_passed_over() -> None:
    zzu = load_code_map("zzu_pecg", load_profile())
    assert zzu.labels_of(["L145+Modifier362", "Left ventricular high voltage"]) == {"STTC"}
    assert zzu.labels_of(["A1"]) == zzu.labels_of([" A2 "]) == {"NORM"}
    assert zzu.labels_of(["L148", "Prolonged QTc interval", "K142", "K143"]) == {"LQTS", "LVH", "RVH"}
    assert zzu.labels_of([]) == frozenset()


def test_snomed_sinus_rhythm_is_no_normal_ecg_and_unsaid_degree_no_complete_block() -> None:
    cinc = load_code_map("cinc2021", load_profile())
    assert cinc.labels_of(["426783006", "59118001"]) == frozenset()
    assert cinc.labels_of(["67741000119109", "713427006"]) == {"LAE", "CRBBB"}


def test_statements_with_a_plus_of_their_own_stay_whole_where_nothing_is_stripped() -> None:
    assert load_code_map("ptbxl", load_profile()).plain("NORM+X") == "NORM+X"


@pytest.mark.parametrize(("table", "problem"), [
    ("[]", "expected an object"),
    ("{", "not JSON"),
    ('{"name": "x", "version": "1", "labels": []}', "none given"),
    ('{"name": "x", "version": "1", "labels": [{"code": "A", "name": "a"}, {"code": "A", "name": "b"}]}', "twice"),
    ('{"name": "x", "version": "1", "labels": [{"code": "A"}]}', "name: expected a text"),
    ('{"name": "x", "labels": [{"code": "A", "name": "a"}]}', "version: expected a text"),
])
def test_a_wrong_profile_is_refused_with_its_place(
    table: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.json"
    path.write_text(table, encoding="utf-8")
    monkeypatch.setattr(profile, "label_file", lambda name: path)
    with pytest.raises(LabelError, match=problem):
        load_profile("x")


def test_unknown_names_are_refused() -> None:
    with pytest.raises(LabelError, match="no label table named 'nothing'"):
        load_profile("nothing")
    other = LabelProfile("other", "1", load_profile().labels)
    with pytest.raises(LabelError, match="no map for the profile other"):
        load_code_map("ptbxl", other)
    fewer = LabelProfile("peace12", "1", load_profile().labels[:3])
    with pytest.raises(LabelError, match="does not match"):
        load_code_map("ptbxl", fewer)


def test_every_table_of_the_resources_is_json_with_a_reason_to_be() -> None:
    for name in ("peace12", "peace12_full", "ptbxl", "zzu_pecg", "cinc2021"):
        assert json.loads(profile.label_file(name).read_text(encoding="utf-8"))["about"]

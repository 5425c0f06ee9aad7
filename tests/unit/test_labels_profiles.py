"""Labels and code maps are data: what they hold, how statements become labels, what a wrong table is told."""

import json
from pathlib import Path

import pytest

from peace_model.labels import (
    Label,
    LabelError,
    LabelProfile,
    code_map,
    groups_of,
    load_code_map,
    load_profile,
    profile,
    tables,
)

TWELVE = ("NORM", "LAFB", "IRBBB", "CRBBB", "LVOLT", "LAE", "RAE", "LVH", "RVH", "STTC", "TAB_", "LQTS")
NINE = ("NORM", "LAFB", "IRBBB", "CRBBB", "LAE", "RAE", "LVH", "RVH", "STTC")
PEACE = ("peace12", "peace12_full", "peace24")
DATASETS = ("ptbxl", "ludb", "zzu_pecg", "cinc2021", "mimic_iv_ecg")


def test_profiles_hold_the_twelve_labels_first_and_in_one_order() -> None:
    assert load_profile("peace12").codes == load_profile("peace12_full").codes == TWELVE
    assert load_profile("peace24").codes == (
        *TWELVE, "CLBBB", "WPW", "1AVB", "PAC", "PVC", "AFIB", "AFLT", "SBRAD", "STACH", "SARRH", "LPFB", "PACE")
    names = [label.name for label in load_profile("peace24").labels]
    assert all(names)
    assert len(set(names)) == len(names)


def test_the_benchmark_profile_holds_every_statement_of_ptbxl_as_it_is() -> None:
    codes = load_profile("ptbxl71").codes
    every = load_code_map("ptbxl", load_profile("ptbxl71"))
    assert len(codes) == 71
    assert all(every.labels_of([code]) == {code} for code in codes)
    assert every.open_labels(codes) == frozenset()


def test_groups_are_told_for_the_profiles_that_hold_them() -> None:
    assert groups_of("peace24") == {"nine": NINE, "twelve": TWELVE, "profile": load_profile("peace24").codes}
    assert groups_of("peace12")["profile"] == TWELVE
    parts = groups_of("ptbxl71")
    assert {name: len(codes) for name, codes in parts.items()} == {
        "ptbxl_diagnostic": 44, "ptbxl_form": 19, "ptbxl_rhythm": 12, "profile": 71}


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_data_set_has_a_map_for_every_profile_of_peace(dataset: str) -> None:
    maps = [load_code_map(dataset, load_profile(name)) for name in PEACE]
    assert all(set(maps[0].codes[label]) == set(found.codes[label]) for found in maps for label in NINE)
    assert maps[1].stated <= maps[2].stated


def test_full_profile_gives_every_label_a_statement_of_ptbxl() -> None:
    full = load_code_map("ptbxl", load_profile("peace12_full"))
    assert all(full.codes.values())
    plain = load_code_map("ptbxl", load_profile("peace12"))
    assert {label for label, codes in plain.codes.items() if not codes} == {"LVOLT", "TAB_", "LQTS"}


def test_long_qt_is_its_own_label_besides_in_the_full_profiles() -> None:
    assert load_code_map("ptbxl", load_profile("peace12")).labels_of(["LNGQT", "SR"]) == {"STTC"}
    for name in ("peace12_full", "peace24"):
        assert load_code_map("ptbxl", load_profile(name)).labels_of(["LNGQT", "SR"]) == {"STTC", "LQTS"}


@pytest.mark.parametrize("name", ["peace12", "peace12_full"])
def test_posterior_block_is_not_anterior_block(name: str) -> None:
    assert load_code_map("ptbxl", load_profile(name)).labels_of(["LPFB"]) == frozenset()


def test_aha_modifiers_are_stripped_and_prose_is_passed_over() -> None:
    zzu = load_code_map("zzu_pecg", load_profile("peace12"))
    assert zzu.labels_of(["L145+Modifier362", "Left ventricular high voltage"]) == {"STTC"}
    assert zzu.labels_of(["A1"]) == zzu.labels_of([" A2 "]) == {"NORM"}
    assert zzu.labels_of(["L148", "Prolonged QTc interval", "K142", "K143"]) == {"LQTS", "LVH", "RVH"}
    assert zzu.labels_of([]) == frozenset()


def test_snomed_sinus_rhythm_is_no_normal_ecg_and_unsaid_degree_no_complete_block() -> None:
    cinc = load_code_map("cinc2021", load_profile("peace12"))
    assert cinc.labels_of(["426783006", "59118001"]) == frozenset()
    assert cinc.labels_of(["67741000119109", "713427006"]) == {"LAE", "CRBBB"}


def test_statements_with_a_plus_of_their_own_stay_whole_where_nothing_is_stripped() -> None:
    assert load_code_map("ptbxl", load_profile("peace12")).plain("NORM+X") == "NORM+X"


def test_what_a_data_set_does_not_state_stays_open() -> None:
    ludb = load_code_map("ludb", load_profile("peace24"))
    assert ludb.open_labels(["sinus rhythm"]) == {"LVOLT", "TAB_", "LQTS", "WPW", "LPFB"}
    assert "LAE" in ludb.open_labels(["left atrial overload"])
    assert "LAE" not in ludb.open_labels(["left atrial overload", "left atrial hypertrophy"])
    ptbxl = load_code_map("ptbxl", load_profile("peace24"))
    assert ptbxl.open_labels(["NORM", "SR"]) == frozenset()
    assert ptbxl.open_labels(["LPR"]) == {"1AVB"}
    assert ptbxl.open_labels(["LPR", "1AVB"]) == frozenset()


@pytest.mark.parametrize(("line", "positive", "left_open"), [
    ("Left anterior fascicular block", "LAFB", ""), ("INCOMPLETE RBBB", "IRBBB", ""),
    ("RBBB with left anterior fascicular block", "CRBBB LAFB", ""), ("Atypical RBBB", "", ""),
    ("Low QRS voltages in limb leads", "LVOLT", ""), ("Biatrial enlargement", "LAE RAE", ""),
    ("Biventricular hypertrophy", "LVH RVH", ""), ("Possible left atrial enlargement", "", "LAE"),
    ("LVH by voltage", "", "LVH"), ("Left ventricular hypertrophy by voltage only", "", "LVH"),
    ("Prolonged QT interval", "LQTS", ""), ("Borderline prolonged QT interval", "", "LQTS"),
    ("Lateral ST-T changes", "STTC", ""), ("T wave inversion", "TAB_", ""),
    ("Normal ECG", "NORM", ""), ("Normal ECG except for rate", "NORM", ""), ("Abnormal ECG", "", ""),
    ("Sinus rhythm with PAC(s)", "PAC", ""), ("Ventricular premature complex", "PVC", ""),
    ("Supraventricular premature complex", "PAC", ""), ("Atrial fibrillation or flutter", "", "AFIB AFLT"),
    ("Sinus tachycardia.", "STACH", ""), ("Prolonged PR interval", "1AVB", ""),
    ("Atrial fibrillation is no longer seen", "", ""), ("", "", ""),
])
def test_machine_sentences_are_read_with_their_doubts(line: str, positive: str, left_open: str) -> None:
    said = load_code_map("mimic_iv_ecg", load_profile("peace24")).read(line)
    assert (said.positive, said.open) == (set(positive.split()), set(left_open.split()))


@pytest.mark.parametrize("name", PEACE)
def test_a_normal_ecg_beside_a_finding_is_none_in_every_profile(name: str) -> None:
    mimic = load_code_map("mimic_iv_ecg", load_profile(name))
    assert mimic.labels_of(["Normal ECG", "Atrial fibrillation"]) - {"AFIB"} == frozenset()
    assert "NORM" in mimic.labels_of(["Sinus tachycardia", "Normal ECG except for rate"])


@pytest.mark.parametrize(("change", "problem"), [
    ({"labels": {"NORM": "A1"}}, "expected a list"), ({"patterns": "yes"}, "true or false"),
    ({"patterns": True, "labels": {code: ["("] for code in TWELVE}}, "not a regular expression"),
    ({"profiles": {"peace12": {"AFIB": []}}}, "does not match"),
])
def test_a_wrong_map_is_refused_with_its_place(
    change: dict[str, object], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.json"
    good = {"dataset": "x", "labels": {code: [code] for code in TWELVE}, "profiles": {"peace12": {}}}
    path.write_text(json.dumps(good), encoding="utf-8")
    monkeypatch.setattr(code_map, "label_file", lambda name: path)
    assert load_code_map("x", load_profile("peace12")).labels_of(["LVH"]) == {"LVH"}
    path.write_text(json.dumps({**good, **change}), encoding="utf-8")
    with pytest.raises(LabelError, match=problem):
        load_code_map("x", load_profile("peace12"))


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
    other = LabelProfile("other", "1", load_profile("peace12").labels)
    with pytest.raises(LabelError, match="no map for the profile other"):
        load_code_map("ptbxl", other)
    more = LabelProfile("peace12", "1", (*load_profile("peace12").labels, Label("ODD", "Odd")))
    with pytest.raises(LabelError, match="does not match"):
        load_code_map("ptbxl", more)


def test_every_table_of_the_resources_is_json_with_a_reason_to_be() -> None:
    for name in ("peace12", "peace12_full", "peace24", "ptbxl71", "groups", *DATASETS):
        assert json.loads(tables.label_file(name).read_text(encoding="utf-8"))["about"]

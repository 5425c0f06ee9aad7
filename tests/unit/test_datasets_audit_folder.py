"""The audit of a data set as it was published: counts, what is malformed and where, repeated, leaking; and its page."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from layouts.ptbxl import two_kinds
from layouts.zzu import Child, write_signal, write_zzu

from peace_model.__main__ import main
from peace_model.datasets.audit_folder import audit_folder
from peace_model.datasets.audit_page import audit_page

CODEBOOK = "Description,AHA(Category&Code),CHN(Category&Code)\nNormal ECG,A1,A1\nIncomplete RBBB,I105,I86\n" \
           "ST-T change,L145,L1\nLeft ventricular high voltage,N/A,K1\nmodifier,Modifier362,Modifier362\n"
CHILDREN = [
    Child("P00001_E01", 5, "Female", ("A1",), 9, icd=("(FO) Q21.1",)),
    Child("P00001_E02", 400, "Female", ("L145+Modifier362", "Left ventricular high voltage"), icd=("I50.9",)),
    Child("P00002_E01", 2000, "Male", ("I106",), icd=("(F) I40.0", "J18.9")),
    Child("P00003_E01", 3000, "Male", ("Seen by Dr Example",), icd=()),
    Child("P00004_E01", 5000, "Male", ("I105",))]


@pytest.fixture
def zzu(tmp_path: Path) -> Path:
    folder = write_zzu(tmp_path / "d", CHILDREN)
    (folder / "ECGCode.csv").write_text(CODEBOOK, encoding="utf-8")
    return folder


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    """The table with a change in the one row of a recording."""
    table = folder / "AttributesDictionary.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if f",{name}," in line)
    assert old in lines[place]
    lines[place] = lines[place].replace(old, new)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_children_are_counted_by_age_leads_codes_and_diseases(zzu: Path) -> None:
    found = audit_folder(zzu, "peace24")
    assert found["problems"]["total"] == 0
    assert (found["counts"]["recordings read"], found["counts"]["patients"]) == (5, 4)
    assert found["counts"]["recordings of a patient"] == {"1": 3, "2": 1}
    assert {text: count for text, count in found["ages"]["bands"].items() if count} == {
        "0\N{EN DASH}10 days": 1, "1\N{EN DASH}2 years": 1, "5\N{EN DASH}7 years": 1, "8\N{EN DASH}11 years": 1,
        "12\N{EN DASH}15 years": 1}
    assert (found["leads"]["in the signals"], found["leads"]["names"]["V2"]) == ({"9": 1, "12": 4}, 4)
    assert found["leads"]["by age"]["0\N{EN DASH}10 days"] == {"9": 1}
    codes = found["codes"]
    assert (codes["statements"], codes["with modifiers"]) == (6, 1)
    assert codes["in words of the codebook, for want of a code"] == 1
    assert codes["neither code nor words of the codebook"] == 1
    assert codes["codes that the codebook does not hold"] == ["I106"]
    assert codes["diagnoses"]["with a prefix such as (FO)"] == 2
    diseases = {label["code"]: (label["present"], label["open"]) for label in found["diseases"]["labels"]}
    assert diseases == {"CHD": (1, 1), "MYOC": (1, 1), "KAWA": (0, 1), "CMYO": (0, 1), "ABN": (3, 1)}
    assert found["diseases"]["groups"][0] == {
        "name": "four_diseases", "codes": ["CHD", "MYOC", "KAWA", "CMYO"], "present": 2}
    assert found["quality"]["flags"] == {"missing_leads": 1}
    assert found["quality"]["indices of the table"]["pSQI"]["p50"] == 0.288
    assert found["leakage"]["patients with several recordings"] == 1


@pytest.mark.parametrize(("old", "new", "field", "text"), [
    ("2000d", "5 years", "Age", "not a number of days such as 572d"),
    ("'Male'", "Male?", "Gender", "neither 'Female' nor 'Male'"),
    ("'I106'", "I106", "AHA_code", "not a list of quoted codes such as 'A1';'L145+Modifier362'"),
    ("'J18.9'", "J18.9", "ICD-10 code", "not a list of quoted codes such as '(FO) Q21.1';'I08.0'"),
    (",12,", ",a dozen,", "Lead", "not a number"), (",5000,", ",,", "Sampling_point", "not a number"),
    ("'I':0.288", "I=0.288", "pSQI", "not a list of leads with values such as 'I':0.288;'V2':Null"),
    (",P00002,", ",,", "Patient_ID", "empty"), (",5000,12,", ",", "the whole row", "more or fewer cells than columns")])
def test_a_malformed_row_is_told_by_file_row_and_field_and_stops_nothing(
    zzu: Path, old: str, new: str, field: str, text: str
) -> None:
    found = audit_folder(edited(zzu, "P00002_E01", old, new), "peace24")
    assert (found["counts"]["rows of the table"], found["counts"]["malformed rows"]) == (5, 1)
    assert found["counts"]["recordings read"] == 4
    place = {"file": "AttributesDictionary.csv", "row": 4, "field": field, "text": text}
    assert place in found["problems"]["places"]
    assert f"<td>4</td><td class=\"text\">{field}</td>" in audit_page(found)


def test_recordings_that_differ_from_their_row_are_told(zzu: Path) -> None:
    edited(edited(zzu, "P00002_E01", ",12,", ",9,"), "P00003_E01", "3000d", "300d")
    edited(zzu, "P00004_E01", ",5000,", ",6000,")
    (zzu / "Child_ecg" / f"{CHILDREN[0].path}.hea").unlink()
    found = audit_folder(zzu, "peace24")
    assert found["counts"]["rows without signal files"] == found["counts"]["recordings that cannot be read"] == 1
    places = {(one["file"], one["row"], one["field"]) for one in found["problems"]["places"]}
    assert places == {("signal files", 4, "leads"), ("AttributesDictionary.csv", 5, "Age"),
                      ("AttributesDictionary.csv", 6, "Sampling_point")}


def test_equal_signals_and_rows_are_found_over_patients(zzu: Path) -> None:
    signal = np.random.default_rng(3).normal(0, 0.5, (12, 5000))
    for child in CHILDREN[2:4]:
        write_signal(zzu, child, signal, np.random.default_rng(1))
    edited(zzu, "P00004_E01", ",P00004_E01,", ",P00003_E01,")
    found = audit_folder(zzu, "peace24")
    assert {name: value for name, value in found["duplicates"].items() if name != "rows"} == {
        "groups": 1, "recordings": 2, "across patients": 1, "with different codes": 1}
    assert found["duplicates"]["rows"] == [[4, 5]]
    assert [one["text"] for one in found["problems"]["places"]] == ["stands in the table more than once"] * 2


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_fetches_nothing_and_names_nobody(
    zzu: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(zzu, "P00002_E01", "2000d", "P00002 aged 5")
    assert main(["audit", str(zzu), "--out", str(tmp_path / "new" / "a.html")]) == 0
    page = (tmp_path / "new" / "a.html").read_text(encoding="utf-8")
    said = capsys.readouterr().out
    for text in (page, said, json.dumps(audit_folder(zzu, "peace24"))):
        assert not re.search(r"P0000|E0[12]|Example|2022-08-22", text)
        assert str(tmp_path) not in text.replace(str(tmp_path / "new" / "a.html"), "")
    parsed = _Page()
    parsed.feed(page)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in parsed.tags}
    assert not any({"src", "href", "xlink:href"} & set(attributes) for _, attributes in parsed.tags)
    assert "url(" not in page
    assert sum(tag == "svg" for tag, _ in parsed.tags) >= 9
    assert "malformed rows                                               1\n" in said
    assert "AttributesDictionary.csv, Age: not a number of days such as 572d (1)" in said


def test_adults_are_audited_with_their_folds(tmp_path: Path) -> None:
    folder = two_kinds(tmp_path / "d", count=12)
    signals, table = folder / "records100", folder / "ptbxl_database.csv"
    (signals / "00005_lr.dat").write_bytes((signals / "00002_lr.dat").read_bytes())
    text = table.read_text(encoding="utf-8").replace("\n9,8.0,", "\n9,0.0,")
    table.write_text(text.replace("\n3,2.0,32.0,", "\n3,2.0,very old,"), encoding="utf-8")
    found: dict[str, Any] = audit_folder(folder, "peace12")
    assert found["diseases"] is None
    assert [(one["row"], one["field"]) for one in found["problems"]["places"]] == [(4, "age")]
    assert found["duplicates"]["across patients"] == 1
    leaks = found["leakage"]
    assert (leaks["patients in two published folds"], leaks["the same signals in two published folds"]) == (1, 1)
    assert found["codes"]["most frequent"] == {"NORM": 8, "CRBBB": 3}
    assert found["ages"]["years"] == {str(30 + number): 1 for number in range(12) if number != 2}
    assert found["leads"]["seconds"] == {"10\N{EN DASH}20 s": 11}
    assert "Leakage" in html.unescape(audit_page(found))


def test_a_folder_of_something_else_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(tmp_path)]) == 1
    assert "neither ptbxl_database.csv (PTB-XL) nor AttributesDictionary.csv (ZZU-pECG)" in capsys.readouterr().err


def test_options_of_a_store_and_of_a_folder_do_not_mix(zzu: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(zzu), "--seed", "1"])
    assert ended.value.code == 2

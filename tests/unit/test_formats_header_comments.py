"""Age, sex, patient and statements from the comments of every data set known, and nothing guessed."""

import re
from pathlib import Path

import pytest

from peace_model.ecg.age import Precision
from peace_model.ecg.formats.header_comments import HeaderPerson, parse_comments
from peace_model.ecg.recording import RecordingError


def parse(*lines: str) -> HeaderPerson:
    return parse_comments(Path("rec.hea"), lines)


def test_zzu_gives_sex_days_icd_and_diagnosis() -> None:
    person = parse("Female 2740", "(FO) Q21.1;I08.0;Q25.0", "Normal ECG")
    assert person.age is not None
    assert (person.age.days, person.age.precision, person.sex) == (2740, Precision.DAY, "F")
    assert person.statements == ("(FO) Q21.1;I08.0;Q25.0", "Normal ECG")


@pytest.mark.parametrize("line", ["Age: 5", "age: 5", "<age>: 5", "Age:5", "AGE: 5 years"])
def test_years_are_never_finer_than_years(line: str) -> None:
    age = parse(line).age
    assert age is not None
    assert (age.days, age.precision) == (1826, Precision.YEAR)


@pytest.mark.parametrize("line", ["Age: NaN", "Age: Unknown", "age: n/a", "Age:", "Age: -1", "Unknown Unknown"])
def test_an_unknown_age_stays_unknown(line: str) -> None:
    person = parse(line)
    assert person.age is None
    assert person.warnings == ()
    assert person.statements == ()


@pytest.mark.parametrize("line", ["Age: 212", "Female 99999", "Age: about five", "Age: 1e3"])
def test_an_impossible_age_is_unknown_and_said(line: str) -> None:
    person = parse(line)
    assert person.age is None
    (finding,) = person.warnings
    assert finding.code in ("age_implausible", "age_unreadable")
    assert not set(re.findall("[a-z]{4,}", line)) & set(re.findall("[a-z]{4,}", dict(finding.values).get("value", "")))


def test_over_89_is_a_lower_bound_and_said() -> None:
    person = parse("Age: 300")
    assert person.age is not None
    assert (person.age.days, person.age.precision) == (32872, Precision.YEAR)
    assert [finding.code for finding in person.warnings] == ["age_over_89"]


def test_days_months_and_fractions_keep_their_precision() -> None:
    for line, days, precision in (("Age: 572d", 572, Precision.DAY), ("Age: 18 months", 548, Precision.MONTH),
                                  ("Age: 0.5", 183, Precision.MONTH)):
        age = parse(line).age
        assert age is not None
        assert abs(age.days - days) <= 1
        assert age.precision is precision


def test_sex_of_every_data_set() -> None:
    assert parse("Sex: Female").sex == parse("sex: female").sex == parse("<sex>: F").sex == "F"
    assert parse("Sex: Male").sex == parse("23 M 2546 N/A x1").sex == "M"
    assert parse("Sex: Unknown").sex is None


def test_contradicting_lines_block() -> None:
    with pytest.raises(RecordingError, match="two different ages"):
        parse("Female 2740", "Age: 3")
    with pytest.raises(RecordingError, match="two different sexes"):
        parse("Female 2740", "Sex: Male")


def test_statements_leave_out_the_unknown_and_the_person() -> None:
    person = parse("Age: 49", "Dx: 426783006", "Rx: Unknown", "Hx: n/a", "", "Patient name: Somebody", "ECG date: 1990",
                   "Birth date: 1", "Diagnose:", "Reason for admission: Myocardial infarction")
    assert person.statements == ("Dx: 426783006", "Reason for admission: Myocardial infarction")


def test_simulated_is_recognised() -> None:
    assert parse("Male 30", "SIMULATED: not a patient").simulated
    assert not parse("Male 30").simulated


def test_telling_lines_make_the_identity_and_no_statement() -> None:
    said = parse_comments(Path("x.hea"), [
        "Patient name: Jane Doe", "Patient ID: HOSP-4711", "Referring physician: Dr. Hasty", "Name of mother: unknown",
        "signed by Dr. Hurry", "Normal ECG"])
    assert said.statements == ("Normal ECG",)
    assert said.identity is not None
    assert (said.identity.patient_id, said.identity.name) == ("HOSP-4711", "Jane Doe")
    assert said.identity.others == ("Dr. Hasty", "signed by Dr. Hurry")
    assert parse_comments(Path("x.hea"), ["Female 2740", "Normal ECG"]).identity is None

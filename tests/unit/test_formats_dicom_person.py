"""DICOM ECG: age, sex and time from the object itself; every telling value in the identity and nowhere else."""

import logging
import warnings
from datetime import date, datetime
from pathlib import Path

import pytest
from dicom_cases import channel, code, ecg, group, item, ramp, write

from peace_model.ecg.age import Precision
from peace_model.ecg.formats.dicom_person import OWN_METHOD
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.recording import Recording


def read(folder: Path, **more: object) -> Recording:
    return read_recording(write(ecg([group([channel("I")], ramp())], **more), folder))


def test_the_age_is_the_calendar_s(tmp_path: Path) -> None:
    recording = read(tmp_path, PatientAge="002Y")
    assert recording.age is not None
    assert (recording.age.days, recording.age.precision, recording.age.origin) == (731, Precision.DAY, "birth date")
    assert recording.recorded_at == datetime(2020, 3, 1, 8, 15)
    assert recording.sex == "F"
    assert recording.patient_key == ""


@pytest.mark.parametrize(("removed", "key"), [("YES", "a1b2c3"), ("NO", "")])
def test_a_patient_number_is_a_key_only_where_the_identity_is_said_to_be_removed(
        tmp_path: Path, removed: str, key: str) -> None:
    recording = read(tmp_path, PatientID="a1b2c3", DeidentificationMethod=OWN_METHOD, PatientIdentityRemoved=removed)
    assert recording.patient_key == key
    assert (recording.identity is None) == bool(key)


@pytest.mark.parametrize(("words", "days", "precision"), [
    ("003D", 3, Precision.DAY), ("006W", 42, Precision.DAY), ("011M", 335, Precision.MONTH),
    ("004Y", 1461, Precision.YEAR)])
def test_without_a_birth_date_the_age_is_the_file_s(
        tmp_path: Path, words: str, days: int, precision: Precision) -> None:
    age = read(tmp_path, PatientBirthDate="", PatientAge=words).age
    assert age is not None
    assert (age.days, age.precision) == (days, precision)


def test_contradicting_ages_are_unknown_and_told(tmp_path: Path) -> None:
    recording = read(tmp_path, PatientAge="042Y")
    assert recording.age is None
    assert [finding.code for finding in recording.warnings] == ["age_contradicted"]
    assert read(tmp_path, PatientBirthDate="20990101").age is None


@pytest.mark.parametrize(("stamps", "expected"), [
    ({"AcquisitionDateTime": "20200301081500.250+0100"}, datetime(2020, 3, 1, 8, 15, 0, 250_000)),
    ({"AcquisitionDateTime": None, "AcquisitionDate": "20200302", "AcquisitionTime": "0815"},
     datetime(2020, 3, 2, 8, 15)),
    ({"AcquisitionDateTime": "", "ContentDate": "20200303", "ContentTime": "081501"}, datetime(2020, 3, 3, 8, 15, 1)),
    ({"AcquisitionDateTime": "", "StudyDate": "20200304", "StudyTime": ""}, None),
    ({"AcquisitionDateTime": "18000101000000"}, None), ({"AcquisitionDateTime": ""}, None),
])
def test_the_time_of_the_recording(tmp_path: Path, stamps: dict[str, str | None], expected: datetime | None) -> None:
    assert read(tmp_path, **stamps).recorded_at == expected


def test_a_date_without_a_time_still_gives_the_age(tmp_path: Path) -> None:
    recording = read(tmp_path, AcquisitionDateTime="", StudyDate="20180311")
    assert recording.age is not None
    assert recording.age.days == 10


TELLING = {
    "ReferringPhysicianName": "Ref^Erring", "InstitutionName": "Saint Elsewhere", "StationName": "CART-17",
    "InstitutionAddress": "1 Long Street", "AccessionNumber": "ACC-0815", "OperatorsName": "Oper^Ator",
    "PatientAddress": "2 Short Lane", "PatientTelephoneNumbers": "+49 30 1234567", "DeviceSerialNumber": "SN-998877",
    "PatientComments": "twin of a known patient", "StudyInstanceUID": "1.2.276.0.99.4711.1", "AdmissionID": "ADM-5",
    "OtherPatientNames": "Roe^Jane", "PatientMotherBirthName": "Poe", "StudyID": "STUDY-3"}


def test_every_telling_value_is_in_the_identity_and_nowhere_else(tmp_path: Path) -> None:
    nested = item(ScheduledProcedureStepID="SPS-77", RequestedProcedureID="RP-88")
    private = item(PerformingPhysicianName="Per^Former")
    recording = read(
        tmp_path, **TELLING, RequestAttributesSequence=[nested], ReferencedStudySequence=[private],
        WaveformAnnotationSequence=[
            item(UnformattedTextValue="Normal sinus rhythm"),
            item(UnformattedTextValue="Confirmed by Dr. Hasty"),
            item(UnformattedTextValue="60", NumericValue="60", ConceptNameCodeSequence=[code("5.10.2.5-1", "SCPECG")])])
    identity = recording.identity
    assert identity is not None
    assert (identity.patient_id, identity.name, identity.birth_date) == ("HOSP-4711", "Doe^Jane", date(2018, 3, 1))
    assert set(TELLING.values()) | {"SPS-77", "RP-88", "Per^Former", "Confirmed by Dr. Hasty",
                                    "1.2.3.4.5.6.7"} <= set(identity.others)
    assert recording.source_statements == ("Normal sinus rhythm",)
    shown = f"{recording}"
    assert not [value for value in (*identity.others, identity.name, identity.patient_id) if value in shown]


def test_harmless_words_are_not_taken_for_telling_ones(tmp_path: Path) -> None:
    recording = read(tmp_path, Manufacturer="Maker", StudyDescription="ECG", StationName="1")
    assert recording.identity is not None
    assert not {"Maker", "ECG", "1", "uV", "UCUM"} & set(recording.identity.others)


def test_names_in_other_scripts(tmp_path: Path) -> None:
    recording = read(tmp_path, SpecificCharacterSet="GB18030", PatientName="Li^Wei=李^伟")
    assert recording.identity is not None
    assert "李^伟" in recording.identity.name


def test_nothing_of_the_patient_is_logged_or_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(ecg([group([channel("I")], ramp())]), tmp_path)
    spoilt = path.read_bytes().replace(b"20180301", b"Jane Doe")
    path.write_bytes(spoilt)
    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        recording = read_recording(path)
    assert recording.age is None
    assert not caught
    assert "Jane" not in caplog.text

"""PTB-XL's table gives age, sex and patient to the record it names, and to no other."""

from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.age import Precision
from peace_model.ecg.formats.registry import ReadOptions, find_recordings, read_recording
from peace_model.ecg.formats.sidecar import lists_any
from peace_model.ecg.recording import RecordingError

HEADER = "ecg_id,patient_id,age,sex,recording_date,report,scp_codes,filename_lr,filename_hr\n"


def row(*, number: int = 1, patient: str = "15709.0", age: str = "56.0", sex: str = "1") -> str:
    name = f"{number:05d}"
    return (f'{number},{patient},{age},{sex},1984-11-09 09:17:34,sinus,"{{\'NORM\': 100.0, \'SR\': 0.0}}",'
            f"records100/00000/{name}_lr,records500/00000/{name}_hr\n")


def dataset(folder: Path, table: str, comments: str = "") -> Path:
    (folder / "ptbxl_database.csv").write_text(HEADER + table)
    place = folder / "records100" / "00000"
    place.mkdir(parents=True)
    header = place / "00001_lr.hea"
    header.write_text(f"00001_lr 1 100 1000\n00001_lr.dat 16 1000(0)/mV 16 0 0 0 0 I\n{comments}")
    (place / "00001_lr.dat").write_bytes(np.zeros(1000, "<i2").tobytes())
    return header


def test_the_table_above_the_record_is_found(tmp_path: Path) -> None:
    recording = read_recording(dataset(tmp_path, row()))
    assert recording.age is not None
    assert (recording.age.days, recording.age.precision) == (20454, Precision.YEAR)
    assert (recording.sex, recording.patient_key) == ("F", "ptbxl-15709")
    assert recording.recorded_at is not None
    assert recording.recorded_at.year == 1984
    assert recording.source_statements == ("sinus", "SCP: NORM, SR")


def test_zero_is_male_and_empty_is_unknown(tmp_path: Path) -> None:
    table = tmp_path / "elsewhere.csv"
    header = dataset(tmp_path, row(sex="0", age="", patient=""))
    recording = read_recording(header)
    assert (recording.sex, recording.age, recording.patient_key) == ("M", None, "")
    table.write_text(HEADER + row(sex=""))
    assert read_recording(header, options=ReadOptions(sidecar=table)).sex is None


def test_300_years_means_over_89(tmp_path: Path) -> None:
    recording = read_recording(dataset(tmp_path, row(age="300.0")))
    assert recording.age is not None
    assert recording.age.days // 365 == 90
    assert "age_over_89" in [finding.code for finding in recording.warnings]


@pytest.mark.parametrize("table", [row() + row(), row() + row(age="12.0"), row(sex="2"), row(age="old")])
def test_a_table_that_contradicts_itself_blocks(tmp_path: Path, table: str) -> None:
    with pytest.raises(RecordingError) as caught:
        read_recording(dataset(tmp_path, table))
    assert caught.value.field == "side-car table"


def test_header_and_table_must_agree(tmp_path: Path) -> None:
    assert read_recording(dataset(tmp_path, row(), "# Age: 56\n# Sex: Female\n")).sex == "F"
    for comment, field in (("# Age: 12\n", "age"), ("# Sex: Male\n", "sex")):
        other = tmp_path / field
        other.mkdir()
        with pytest.raises(RecordingError) as caught:
            read_recording(dataset(other, row(), comment))
        assert caught.value.field == field


def test_a_record_the_table_does_not_list_stays_unknown(tmp_path: Path) -> None:
    header = dataset(tmp_path, row(number=2))
    for options in (ReadOptions(), ReadOptions(sidecar=tmp_path / "ptbxl_database.csv")):
        recording = read_recording(header, options=options)
        assert (recording.age, recording.sex) == (None, None)
        assert [finding.code for finding in recording.warnings] == ["sidecar_silent"]


def test_a_table_lists_records_by_their_file_names(tmp_path: Path) -> None:
    dataset(tmp_path, row(number=2))
    table = tmp_path / "ptbxl_database.csv"
    assert lists_any(table, ["nowhere", "00002_lr"])
    assert not lists_any(table, ["00001_lr"])
    assert not lists_any(table, [])


def test_an_edited_table_is_read_again(tmp_path: Path) -> None:
    header = dataset(tmp_path, row(age="56.0"))
    read_recording(header)
    (tmp_path / "ptbxl_database.csv").write_text(HEADER + row(age="9.0") + "\n")
    age = read_recording(header).age
    assert age is not None
    assert age.days == 3287


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    header = dataset(tmp_path, row())
    other = tmp_path / "table.csv"
    other.write_text("name,age\nx,1\n")
    with pytest.raises(RecordingError, match="filename_lr"):
        read_recording(header, options=ReadOptions(sidecar=other))


def test_tables_are_no_recordings(tmp_path: Path) -> None:
    header = dataset(tmp_path, row())
    assert [found.path for found in find_recordings([tmp_path])] == [header]

"""CSV tables: separators, decimal marks, units and rates as people export them; what is missing is asked for."""

from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.formats.csv_guess import is_wide
from peace_model.ecg.formats.registry import ReadOptions, find_recordings, read_recording
from peace_model.ecg.recording import Recording, RecordingError

BOTH = ReadOptions(fs_hz=500, unit="mV")


def read(folder: Path, text: str | bytes, options: ReadOptions = BOTH) -> Recording:
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_recording(path, options=options)


def refusal(folder: Path, text: str | bytes, options: ReadOptions = BOTH) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        read(folder, text, options)
    assert str(caught.value).startswith("table.csv: ")
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("text", [
    "I,II,v1\n0.5,-1,2\n0.25,0,1e-1\n", "I;II;V1\n0,5;-1;2\n0,25;0;1e-1\n", "I\tII\tV1\n0.5\t-1\t2\n0.25\t0\t0.1\n",
    "\ufeffI;II;V1\r\n0.5;-1;2\r\n0.25;0;0.1\r\n\r\n", '"I","Lead II","V1"\n"0.5","-1","2"\n.25,0,.1\n',
    "I;II;V1;\n0,5;-1;2;\n0,25;0;0,1;\n",
])
def test_separator_and_decimal_mark_are_found(tmp_path: Path, text: str) -> None:
    recording = read(tmp_path, text)
    assert recording.recorded_leads == ("I", "II", "V1")
    np.testing.assert_allclose(recording.signal_mv[:3], [[0.5, 0.25], [-1, 0], [2, 0.1]], rtol=1e-6)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_units_in_the_header_row_are_used(tmp_path: Path, encoding: str) -> None:
    text = "I (mV);II [µV];V1_uV;V2 mV\n1;1000;1000;1\n2;2000;2000;2\n".encode(encoding)
    recording = read(tmp_path, text, ReadOptions(fs_hz=250))
    np.testing.assert_allclose(recording.signal_mv[:4], [[1, 2]] * 4)
    assert [finding.code for finding in recording.warnings] == ["rate_given_by_user"]


def test_rate_and_unit_are_asked_for(tmp_path: Path) -> None:
    text = "I,II\n1,2\n3,4\n"
    assert refusal(tmp_path, text, ReadOptions(fs_hz=500)).field == "unit"
    assert refusal(tmp_path, text, ReadOptions(unit="mV")).field == "sampling rate"
    assert refusal(tmp_path, "I (mmHg)\n1\n2\n").field == "unit of lead I"


@pytest.mark.parametrize(("header", "step"), [
    ("time (s)", 0.002), ("Time [ms]", 2), ("ms", 2), ("t", 0.002), ("time", 2), ("s", 0.002), ("time_ms", 2)])
def test_a_uniform_time_column_gives_the_rate(tmp_path: Path, header: str, step: float) -> None:
    rows = "\n".join(f"{step * n:.6f},{n % 3}" for n in range(50))
    recording = read(tmp_path, f"{header},I\n{rows}\n", ReadOptions(unit="mV"))
    assert recording.fs_hz == 500
    assert recording.leads == ("I",)


def test_stamps_rounded_to_the_millisecond_are_uniform(tmp_path: Path) -> None:
    rows = "\n".join(f"{n / 360:.3f},{n % 3}" for n in range(3600))
    assert read(tmp_path, f"time (s),I (mV)\n{rows}\n", ReadOptions()).fs_hz == 360


@pytest.mark.parametrize("moment", ["nan", "1e308", "-1e308"])
def test_times_that_are_no_times_are_refused(tmp_path: Path, moment: str) -> None:
    rows = "\n".join(f"{moment if n == 60 else 2 * n},{n % 3}" for n in range(100))
    assert refusal(tmp_path, f"ms,I\n{rows}\n").field == "time column"


def test_a_refusal_is_one_line_whatever_the_table_says(tmp_path: Path) -> None:
    problem = refusal(tmp_path, "I (m\x85\u2028pV)\n1\n2\n".encode())
    assert len(str(problem).splitlines()) == 1
    assert problem.field == "unit of lead I"


@pytest.mark.parametrize("signs", [1500, 2400, 2600])
def test_long_lines_in_two_bytes_a_sign_are_as_long_as_their_signs(tmp_path: Path, signs: int) -> None:
    table = (",".join(["0.25"] * (signs // 5)) + "\n") * 12
    assert is_wide(table.encode("utf-16")) == is_wide(table.encode()) == (signs > 2500)
    (tmp_path / "table.csv").write_text(table, encoding="utf-16")
    assert len(find_recordings([tmp_path])) <= 1, "a folder that holds it can be walked"


def test_times_with_a_gap_are_refused(tmp_path: Path) -> None:
    rows = "\n".join(f"{2 * n},{n % 3}" for n in range(100) if n != 60)
    assert refusal(tmp_path, f"ms,I\n{rows}\n").field == "time column"
    assert refusal(tmp_path, "ms,I\n4,1\n2,1\n0,1\n").field == "time column"
    assert refusal(tmp_path, "ms,I\n0,1\n,1\n4,1\n").field == "time column"


def test_a_time_column_against_the_given_rate_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "ms,I\n0,1\n1,1\n2,1\n", ReadOptions(fs_hz=500, unit="mV")).field == "time column"


def test_times_whose_unit_cannot_be_told_leave_the_rate_to_be_asked(tmp_path: Path) -> None:
    assert refusal(tmp_path, "time,I\n0,1\n0.1,1\n0.2,1\n", ReadOptions(unit="mV")).field == "sampling rate"


@pytest.mark.parametrize("cell", ["abc", "1_0", "inf", "1.2.3", "--1", "0x1F", "1,5", "٣"])
def test_cells_that_are_no_number_are_named_with_row_and_column(tmp_path: Path, cell: str) -> None:
    error = refusal(tmp_path, f'I,II\n1,2\n3,"{cell}"\n')
    assert error.field == "row 3, column 'II'"


def test_empty_cells_are_nothing_recorded(tmp_path: Path) -> None:
    recording = read(tmp_path, "I,II\n1,\nNaN,2\n")
    np.testing.assert_array_equal(np.isnan(recording.signal_mv[:2]), [[False, True], [True, False]])


@pytest.mark.parametrize(("text", "field"), [
    ("", "file"), ("\n\n", "file"), ("1,2\n3,4\n", "header row"), ("a,b\n1,2\n2,3\n", "header row"),
    ("I,i\n1,2\n3,4\n", "lead I"), ("I,II\n1,2\n3\n", "row 3"), ("I,II\n1,2\n3,4,5\n", "row 3"),
    ("I,II\n", "samples"), ("I,II\n1,2\n", "samples"), ("I;II\n0,5;0.5\n1;1\n", "decimal mark"),
    ("I,II\n1e300,1\n1,1\n", "samples"), ('I,II\n"1,2\n3,4', "file"),
])
def test_what_cannot_be_read_is_refused(tmp_path: Path, text: str, field: str) -> None:
    assert refusal(tmp_path, text).field == field


def test_other_columns_are_left_out_by_name(tmp_path: Path) -> None:
    recording = read(tmp_path, "I,comment,II\n1,start,2\n3,,4\n")
    assert recording.recorded_leads == ("I", "II")
    assert "comment" in recording.warnings[-1].text

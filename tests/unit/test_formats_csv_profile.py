"""Tables that need telling: a profile reads those it was made for, and is itself refused where it is unsound."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from peace_model.ecg.formats.csv_profile import CsvProfile, ProfileError, load_profile, profile_text
from peace_model.ecg.formats.registry import ReadOptions, find_recordings, read_recording
from peace_model.ecg.recording import Origin, Recording, RecordingError

GERMAN = CsvProfile(name="Cart B", columns=("time", "I", "II", ""), separator=";", decimal=",", skip_rows=2, unit="uV",
                    time_unit="ms", header=True)
ROWS = "".join(f"{2 * n},0;{n % 7 * 100},5;-{n}00;x\n" for n in range(20))
GERMAN_TEXT = f"Gerät;Modell B\nDatum;1.1.2024\nZeit;Abl. I;Abl. II;Marke\n{ROWS}"


def read(folder: Path, text: str, profile: CsvProfile, *, name: str = "table.csv", **options: Any) -> Recording:
    path = folder / name
    path.write_text(text, profile.encoding)
    return read_recording(path, options=ReadOptions(profile=profile, **options))


def refusal(folder: Path, text: str, profile: CsvProfile, **options: Any) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        read(folder, text, profile, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def test_skipped_rows_decimal_comma_microvolts_and_milliseconds(tmp_path: Path) -> None:
    recording = read(tmp_path, GERMAN_TEXT, GERMAN)
    assert (recording.recorded_leads, recording.fs_hz, recording.n_samples) == (("I", "II"), 500, 20)
    np.testing.assert_allclose(recording.lead("I")[:3], [0.0005, 0.1005, 0.2005], rtol=1e-6)
    assert (recording.source.rate_origin, recording.source.gain_origin) == (Origin.FILE, Origin.PROFILE)
    assert [finding.text for finding in recording.warnings] == [
        "The file gives no unit; uV was taken from the profile 'Cart B'.",
        "Channels that are no known ECG lead were left out: Marke."]


def test_no_header_counts_and_a_rate(tmp_path: Path) -> None:
    profile = CsvProfile(name="ADC", columns=("V1", "", "V5"), separator=" ", header=False, unit="counts",
                         counts_per_mv=200, fs_hz=360)
    recording = read(tmp_path, "  200  7 -50\n 100\t7 0\n", profile, name="samples.asc")
    np.testing.assert_allclose(recording.signal_mv, [[1, 0.5], [-0.25, 0]])
    assert recording.source.quantum_mv == (0.005, 0.005)
    assert recording.source.rate_origin is Origin.PROFILE
    assert "200 counts per mV" in recording.warnings[-1].text


def test_a_row_a_lead(tmp_path: Path) -> None:
    profile = CsvProfile(name="rows", columns=("I", "", "II"), unit="mV", fs_hz=250, transposed=True)
    recording = read(tmp_path, "I,1,2,3,\nnote,x,y,z,\nII,4,,6,\n", profile)
    np.testing.assert_array_equal(recording.signal_mv[:2], [[1, 2, 3], [4, np.nan, 6]])
    assert refusal(tmp_path, "I,1,2,3\nnote\nII,4,5\n", profile).field == "rows"
    assert refusal(tmp_path, "I,1,2\nnote\nII,4,5\nIII,1,2\n", profile).field == "profile"
    assert refusal(tmp_path, "I,1,2\nnote\nV2,4,5\n", profile).field == "profile"


@pytest.mark.parametrize(("text", "said"), [
    (GERMAN_TEXT.replace(";Marke", ""), "3 columns"),
    (GERMAN_TEXT.replace("Abl. II", "V2"), "named V2"),
    (GERMAN_TEXT.replace("Abl. I;", "I (mV);"), "lead I is in mV"),
    (GERMAN_TEXT.replace("Zeit", "Zeit (s)"), "not in ms"),
])
def test_a_table_that_contradicts_the_profile_does_not_fit(tmp_path: Path, text: str, said: str) -> None:
    error = refusal(tmp_path, text, GERMAN)
    assert error.field == "profile"
    assert said in error.problem


def test_what_profile_and_table_leave_open_is_asked_or_taken_from_the_options(tmp_path: Path) -> None:
    rough = replace(GERMAN, unit="", columns=("", "I", "II", ""), time_unit="")
    assert refusal(tmp_path, GERMAN_TEXT, rough).field == "unit"
    assert refusal(tmp_path, GERMAN_TEXT, rough, unit="uV").field == "sampling rate"
    recording = read(tmp_path, GERMAN_TEXT, rough, unit="uV", fs_hz=500)
    assert recording.source.rate_origin is recording.source.gain_origin is Origin.HAND
    assert refusal(tmp_path, GERMAN_TEXT, replace(GERMAN, fs_hz=250)).field == "time column"


def test_decimal_marks_are_not_mixed_and_cells_are_numbers(tmp_path: Path) -> None:
    assert refusal(tmp_path, GERMAN_TEXT.replace("500,5", "1.500,5"), GERMAN).problem == "this cell is no number"
    assert refusal(tmp_path, GERMAN_TEXT.replace("500,5", "500.5"), GERMAN).field == "row 9, column 'Abl. I'"
    assert refusal(tmp_path, GERMAN_TEXT, replace(GERMAN, decimal=".")).problem == "this cell is no number"


def test_folders_give_the_tables_that_fit(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GERMAN_TEXT, "utf-8")
    (tmp_path / "patients.csv").write_text("id;age;sex;ward\nx;y;z;w\n" * 3, "utf-8")
    (tmp_path / "letter.txt").write_text("Dear colleague,\n\nthe ECG of 3 May was normal.\n", "utf-8")
    assert [found.path.name for found in find_recordings([tmp_path])] == ["a.csv"]
    assert [found.path.name for found in find_recordings([tmp_path], profile=GERMAN)] == ["a.csv"]


@pytest.mark.parametrize("change", [
    {"columns": ("",)}, {"columns": ("I", "I")}, {"columns": ("I", "time", "time")}, {"columns": ("avr",)},
    {"separator": "x"}, {"separator": ","}, {"decimal": "'"}, {"skip_rows": -1}, {"encoding": "rot13"},
    {"unit": "mmHg"}, {"unit": "counts"}, {"counts_per_mv": 5.0}, {"fs_hz": 0.0}, {"fs_hz": float("nan")},
    {"time_unit": "h"}, {"name": "a\nb"}, {"columns": ("I", *[""] * 300)}])
def test_unsound_profiles_cannot_be_made(change: dict[str, object]) -> None:
    with pytest.raises(ProfileError):
        replace(GERMAN, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [
    "", "[]", "{}", "null", "\xff", '{"peace_table_profile": 2}', '{"peace_table_profile": true}', "[" * 50_000,
    profile_text(GERMAN).replace('"skip_rows": 2', '"skip_rows": "2"'),
    profile_text(GERMAN).replace('"skip_rows": 2', '"skip": 2'),
    profile_text(GERMAN).replace('"skip_rows": 2', '"skip_rows": 2, "more": 1'),
    profile_text(GERMAN).replace('"header": true', '"header": 1'),
    profile_text(GERMAN).replace('"I",', '5,'), profile_text(GERMAN).replace('"I",', '"one",'),
    profile_text(GERMAN).replace('"fs_hz": null', '"fs_hz": "500"'),
    profile_text(GERMAN).replace('"fs_hz": null', '"fs_hz": Infinity')])
def test_damaged_profiles_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cart.json"
    path.write_bytes(text.encode("latin-1" if text == "\xff" else "utf-8"))
    with pytest.raises(ProfileError, match=r"^cart\.json: ") as caught:
        load_profile(path)
    assert "\n" not in str(caught.value)


def test_a_profile_is_readable_json(tmp_path: Path) -> None:
    told = json.loads(profile_text(GERMAN))
    assert told["peace_table_profile"] == 1
    assert told["columns"] == ["time", "I", "II", ""]
    with pytest.raises(ProfileError, match="cannot be opened"):
        load_profile(tmp_path / "none.json")


@pytest.mark.parametrize(("text", "found"), [
    ("1 2 3\n4 5 6\n" * 10, True), ("0,5;1\n0,25;-1\n" * 10, True), (GERMAN_TEXT, True),
    ("Device;B\n\nI;II\n" + "1;2\n" * 9, True), ("id,age,weight\n" + "1,2,3\n" * 9, False),
    ("7\n8\n9\n" * 9, False), ("1 May\n2 June\n" * 9, False), ("a;b\n1;2\n", False), ("1 2\n3 4\n", False),
    ("I" + ",1.25" * 5000 + "\nII" + ",0.5" * 5000, True), ("17;" * 9000 + "\n" + "18;" * 9000, True),
    ("no line breaks, but words; " * 900, False),
    ("Dear colleague,\n\nlead I shows\n1 2 3\n", False), ("\0\1\2\n\0\1\2\n", False)])
def test_a_folder_gives_tables_that_look_like_samples(tmp_path: Path, text: str, found: bool) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert bool(find_recordings([tmp_path])) is found

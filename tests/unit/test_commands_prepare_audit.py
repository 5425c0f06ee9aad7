"""prepare and audit as a person runs them: what they print, how wrong words are told, and the progress they show."""

import io
import json
from pathlib import Path

import pytest
from layouts.mimic import small_mimic, write_patients
from layouts.ptbxl import two_kinds
from layouts.zzu import small_zzu

from peace_model.__main__ import main
from peace_model.commands.progress import progress_bar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Clock:
    """Half a second passes with every look."""

    now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 0.5
        return self.now_s


def test_a_data_set_is_prepared_audited_and_not_prepared_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["prepare", "--dataset", "zzu_pecg", "--data", str(small_zzu(tmp_path / "d", count=24)),
               "--out", str(tmp_path / "s")]
    assert main(command) == 0
    first = capsys.readouterr()
    assert "kept 24 recordings, 24 windows\n" in first.out
    assert "patients 8:1:1, stratified: " in first.out
    assert "24 of 24 recordings" in first.err
    assert main(command) == 0
    again = capsys.readouterr()
    assert (again.out, again.err) == (first.out, "")
    assert main(["audit", str(tmp_path / "s"), "--profile", "peace12", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["recordings"]["all"] == sum(found["recordings"][part] for part in ("train", "choose", "test")) == 24
    assert found["labels"]["CRBBB"]["all"] == {"present": 8, "open": 0}
    assert found["leads"] == {"12": 20, "9": 4}
    assert found["flags"] == {"missing_leads": 4}
    assert sum(found["age_bands"].values()) == sum(found["sex"].values()) == 24
    assert not any(found["patients_in_several_parts"].values())
    assert found["repeated_signals"] == {"groups": 0, "across_patients": 0, "examples": []}


def test_the_audit_tells_repeated_signals_and_patients_in_two_parts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = two_kinds(tmp_path / "d", count=12)
    signals, table = folder / "records100", folder / "ptbxl_database.csv"
    (signals / "00005_lr.dat").write_bytes((signals / "00002_lr.dat").read_bytes())
    table.write_text(table.read_text(encoding="utf-8").replace("\n9,8.0,", "\n9,0.0,"), encoding="utf-8")
    assert main(["prepare", "--dataset", "ptbxl", "--data", str(folder), "--out", str(tmp_path / "s")]) == 0
    assert main(["audit", str(tmp_path / "s")]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["groups", "1"] in lines
    assert ["across", "patients", "1"] in lines
    assert ["2,", "5"] in lines
    assert ["train", "and", "choose", "1"] in lines
    assert ["NORM", "9", "9", "0", "0"] in lines


def test_the_patients_table_of_mimic_is_joined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_mimic(tmp_path / "d", count=12)
    patients = write_patients(tmp_path / "p.csv", [(10_000_000 + number, "F", 60, 2180) for number in range(6)])
    assert main(["prepare", "--dataset", "mimic_iv_ecg", "--data", str(folder), "--table", str(patients), "--out",
                 str(tmp_path / "s"), "--windows", "first", "--profile", "peace12"]) == 0
    assert main(["audit", str(tmp_path / "s"), "--profile", "peace12", "--seed", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out.partition("\n{")[2].join(("{", "")))
    assert (found["sex"]["F"], found["age_bands"]["18y+"]) == (12, 12)


def test_a_table_where_none_belongs_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["prepare", "--dataset", "ludb", "--data", "d", "--out", "s", "--table", "t.csv"])
    assert ended.value.code == 2
    assert "--table goes with mimic_iv_ecg and wfdb_folder only" in capsys.readouterr().err


@pytest.mark.parametrize(("dataset", "told"), [
    ("ptbxl", "ptbxl_database.csv: table: not found; name the folder that holds ptbxl_database.csv"),
    ("zzu_pecg", "AttributesDictionary.csv: table: not found"), ("ludb", "ludb.csv: table: not found"),
    ("mimic_iv_ecg", "machine_measurements.csv: table: not found"), ("wfdb_folder", "labels.csv: table: not found")])
def test_an_empty_folder_is_told_in_one_line(
    dataset: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prepare", "--dataset", dataset, "--data", str(tmp_path), "--out", str(tmp_path / "s")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"peace-model prepare: {told}" in said


def test_the_help_tells_the_columns_of_a_folders_own_table(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["prepare", "--help"])
    said = capsys.readouterr().out
    columns = ("record", "patient", "labels", "uncertain", "age_days", "age_years", "sex")
    assert all(column in said for column in columns)


def test_on_a_terminal_one_bar_is_redrawn_with_rate_and_remaining_time() -> None:
    screen = _Terminal()
    show = progress_bar("recordings", stream=screen, clock=_Clock())
    for done in range(1, 5):
        show(done * 10, 40)
    drawn = screen.getvalue().split("\r")[1:]
    assert "[######..................] 10 of 40 recordings" in drawn[0]
    assert "20 of 40 recordings, 20 a second, 1 s left" in drawn[1]
    assert drawn[3].endswith("40 of 40 recordings, 20 a second, 2 s\n")


def test_in_a_file_a_line_is_written_every_tenth_of_the_way() -> None:
    file = io.StringIO()
    show = progress_bar("recordings", stream=file, clock=_Clock())
    for done in range(1, 1001):
        show(done, 1000)
    lines = file.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("100 of 1000 recordings, 2 a second, 7 min 30 s left")
    assert "\r" not in file.getvalue()

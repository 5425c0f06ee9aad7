"""peace-model measure: a folder in, a table and the beats out; one bad file spoils nothing."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from peace_model.__main__ import main
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.measurement.catalogue import catalogue
from peace_model.ecg.measurement.tables import BOUNDARIES
from peace_model.ecg.simulation import Disturbances, SimulationSpec, simulate

CHILD = SimulationSpec(2500, "F", 3, duration_s=6, disturbances=Disturbances(muscle_noise_mv=0.01))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "recordings"
    for name, spec in (("a/one", CHILD), ("b/one", replace(CHILD, seed=4)), ("b/two", replace(CHILD, age_known=False))):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        write_wfdb(simulate(spec).recording, (place / name).parent, Path(name).name)
    return place


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["recording"]: row for row in csv.DictReader(stream)}


def test_every_quantity_is_a_column_and_every_beat_has_its_boundaries(folder: Path, tmp_path: Path) -> None:
    table, beats = tmp_path / "table.csv", tmp_path / "beats.json"
    assert main(["measure", str(folder), "--out", str(table), "--beats", str(beats)]) == 0
    rows = rows_of(table)
    assert set(rows) == {"a/one", "b/one", "two"}
    assert [entry.name for entry in catalogue(()) if entry.name not in rows["two"]] == []
    truth = simulate(CHILD).truth
    assert float(rows["a/one"]["heart_rate_bpm"]) == pytest.approx(truth.hr_bpm, abs=2)
    assert rows["two"]["age_days"] == ""
    assert rows["two"]["rule_rate_high"] == ""
    marked = json.loads(beats.read_text(encoding="utf-8"))["a/one"]
    assert set(marked) == {*BOUNDARIES, "leads"}
    assert set(marked["leads"]["V1"]) == set(BOUNDARIES)
    assert len({len(marked[name]) for name in BOUNDARIES}) == 1
    inner = [beat.r_peak for beat in truth.beats if beat.r_peak > 0.5 * CHILD.fs_hz]
    assert all(np.abs(np.array(marked["r"]) - at).min() < 0.05 * CHILD.fs_hz for at in inner[:-1])


def test_a_file_that_cannot_be_read_is_named_and_the_others_finished(folder: Path, tmp_path: Path,
                                                                    capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.hea").write_text("bad 1 500 10\nbad.dat 16 0 16 0 0 0 0 I\n", encoding="utf-8")
    table = tmp_path / "table.csv"
    assert main(["measure", str(folder), "--out", str(table)]) == 1
    assert len(rows_of(table)) == 3
    assert "bad.hea" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["x"], ["x", "--baseline", "y"], ["x", "--out", "t.csv", "--jobs", "0"]])
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["measure", *arguments])
    assert stopped.value.code == 2


def test_a_folder_without_recordings_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", str(tmp_path), "--out", str(tmp_path / "t.csv")]) == 1
    assert "no recordings" in capsys.readouterr().err

"""A lab's tables through `peace-desktop analyze` with the profile that the import saved."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import write_bundle

from peace_desktop import analyze
from peace_model.ecg.formats.csv_profile import CsvProfile, profile_text
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.simulation import SimulationSpec, simulate

PROFILE = CsvProfile(name="Ward 3", columns=STANDARD_12, separator=";", decimal=",", header=False, unit="uV", fs_hz=500)


def write_table(path: Path) -> None:
    signal_mv = simulate(SimulationSpec(age_days=400, sex="F", seed=4)).recording.signal_mv
    rows = [";".join(f"{1000 * value:.1f}".replace(".", ",") for value in row) for row in np.nan_to_num(signal_mv.T)]
    path.write_text("\n".join(rows) + "\n", "utf-8")


def test_a_folder_of_bare_tables_is_analysed_with_its_profile(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, profile = tmp_path / "ward", tmp_path / "ward3.json"
    folder.mkdir()
    write_table(folder / "one.csv")
    (folder / "staff.csv").write_text("name;room\nA;1\nB;2\n", "utf-8")
    profile.write_text(profile_text(PROFILE), "utf-8")
    common = [str(folder), "--out", str(tmp_path / "out"), "--bundle", str(write_bundle(tmp_path / "tiny")),
              "--provider", "cpu", "--json"]
    assert analyze.main([*common, "--csv-profile", str(profile)]) == 0
    record = json.loads((tmp_path / "out" / "one.json").read_text("utf-8"))["recording"]
    assert record["fs_hz"] == 500
    assert [lead["name"] for lead in record["leads"]] == list(STANDARD_12)
    profile.write_text(profile_text(PROFILE).replace("500", '"fast"'), "utf-8")
    assert analyze.main([*common, "--csv-profile", str(profile)]) == 2
    assert "fs_hz" in capsys.readouterr().err
    profile.write_text(profile_text(replace(PROFILE, columns=("I", "II"))), "utf-8")
    assert analyze.main([str(folder / "one.csv"), *common[1:], "--csv-profile", str(profile)]) == 1
    assert "'Ward 3' does not fit: the table has 12 columns" in capsys.readouterr().err

"""`peace-desktop analyze` on real recordings of children and adults: ages right, rails flagged, records sound."""

import csv
import json
import re
from pathlib import Path

import jsonschema
import pytest

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import write_bundle

from peace_desktop import analyze
from peace_model.resources import resource

SCHEMA = json.loads(resource("schema", "analyze-1.json").read_text(encoding="utf-8"))
RAILED = {"P02222_E01", "P10027_E01"}


@pytest.fixture(scope="module")
def bundle_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("bundle") / "tiny")


def part_of(data_dir: Path, name: str) -> Path:
    folder = data_dir / name
    if not folder.is_dir():
        pytest.skip(f"the folder of real recordings has no {name}")
    return folder


def analysed(paths: list[Path], out: Path, bundle_folder: Path, *options: str) -> dict[str, dict]:
    """Results by recording name; every recording must have worked and every record must fit the schema."""
    assert analyze.main([*map(str, paths), "--out", str(out), "--bundle", str(bundle_folder), *options]) == 0
    records = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*.json")}
    for record in records.values():
        jsonschema.validate(record, SCHEMA)
    return records


def codes(record: dict) -> set[str]:
    return {finding["code"] for finding in record["findings"]}


def test_children_have_the_ages_their_data_set_gives_and_railed_recordings_are_flagged(
        data_dir: Path, tmp_path: Path, bundle_folder: Path) -> None:
    folder = part_of(data_dir, "zzu_pecg")
    records = analysed([folder], tmp_path / "out", bundle_folder)
    with (folder / "AttributesDictionary.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["ECG_ID"]: row for row in csv.DictReader(stream)}
    assert len(records) == len(list(folder.rglob("*.hea")))
    for name, record in records.items():
        recording = record["recording"]
        assert f"{recording['age_days']}d" == rows[name]["Age"]
        assert {"F": "'Female'", "M": "'Male'"}[recording["sex"]] == rows[name]["Gender"]
        assert recording["n_samples"] == int(rows[name]["Sampling_point"])
        assert ("saturated" in codes(record)) == (name in RAILED), name
        assert (tmp_path / "out" / f"{name}.pdf").stat().st_size < 500_000
        assert "adult_trained" in {reason["code"] for reason in record["predictions"][0]["reasons"]}


def test_every_source_that_a_childs_report_cites_stands_on_its_page(data_dir: Path, tmp_path: Path) -> None:
    from pypdf import PdfReader

    infant = next(part_of(data_dir, "zzu_pecg").rglob("P01493_E01.hea"))
    assert analyze.main([str(infant), "--out", str(tmp_path), "--pdf"]) == 0
    text = PdfReader(tmp_path / "P01493_E01.pdf").pages[1].extract_text()
    cited = set(re.findall(r"\[(\d+)\]", text))
    assert len(cited) >= 6, "rules and associated findings of the bundled model cite more than one norm"
    assert {line[1:].partition("]")[0] for line in text.splitlines() if re.match(r"\[\d+\] .{15}", line)} == cited


def test_challenge_recordings_in_mat_files_work_too(data_dir: Path, tmp_path: Path, bundle_folder: Path) -> None:
    records = analysed([part_of(data_dir, "cinc2021")], tmp_path / "out", bundle_folder)
    child = records["JS20008"]["recording"]
    assert (child["age_text"], child["age_precision"], child["sex"]) == ("5 years", "year", "M")
    assert records["A0001"]["recording"]["age_text"] == "74 years"


def test_ptbxl_takes_ages_from_its_table(data_dir: Path, tmp_path: Path, bundle_folder: Path) -> None:
    table = part_of(data_dir, "ptbxl100") / "ptbxl_database.csv"
    headers = sorted(part_of(data_dir, "ptbxl500").rglob("*.hea"))[:10]
    with table.open(encoding="utf-8", newline="") as stream:
        rows = {Path(row["filename_hr"]).name: row for row in csv.DictReader(stream)}
    records = analysed(headers, tmp_path / "out", bundle_folder, "--json", "--sidecar", str(table))
    assert len(records) == 10
    for name, record in records.items():
        age_years, recording = float(rows[name]["age"]), record["recording"]
        assert recording["age_text"] == f"{age_years:.0f} years"
        assert recording["age_origin"] == "side-car table"
        assert recording["sex"] == {"0": "M", "1": "F"}[rows[name]["sex"]]

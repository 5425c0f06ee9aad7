"""The faults of real recordings are found, and healthy ones are left alone."""

from pathlib import Path

import pytest

from peace_model.ecg.formats.registry import find_recordings, read_recording
from peace_model.ecg.signal.quality import input_findings


def found(path: Path) -> dict[str, tuple[str, ...]]:
    return {finding.code: finding.leads for finding in input_findings(read_recording(path))}


@pytest.mark.parametrize(("name", "lead"), [("P02222_E01", "V3"), ("P10027_E01", "V6")])
def test_railed_children_are_flagged(data_dir: Path, name: str, lead: str) -> None:
    path = data_dir / "zzu_pecg" / "Child_ecg" / name[:3] / name[:6] / f"{name}.hea"
    assert lead in found(path)["saturated"]


def test_the_other_children_are_not(data_dir: Path) -> None:
    findings = {entry.path.stem: found(entry.path) for entry in find_recordings([data_dir / "zzu_pecg"])}
    assert [name for name, codes in findings.items() if "saturated" in codes] == ["P02222_E01", "P10027_E01"]
    for codes in findings.values():
        assert not codes.keys() & {"limb_leads_swapped", "limb_algebra", "duplicate_leads", "flat_lead"}


def test_flat_leads_of_a_child_are_flagged(data_dir: Path) -> None:
    codes = found(data_dir / "cinc2021" / "cinc2021" / "JS20008.hea")
    assert codes["flat_lead"] == ("V2", "V4", "V6")
    assert "duplicate_leads" not in codes

"""Beats and wave boundaries against the marks of LUDB's cardiologists: the bar, on each half of its records.

The reference, the matching and the figures are the scoring tool's that lies beside the real recordings.
"""

import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ludb_cases import evaluator, halves

from peace_model.datasets.ludb import read_recording, read_table
from peace_model.ecg.measurement.delineation import delineate
from peace_model.ecg.measurement.tables import beats_record

Figures = dict[str, dict[str, float]]
Part = tuple[Figures, dict[str, float], float]

# wfdb reads annotations with a keyword that pandas means to drop.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")

AIMS_MS = {"p_on": (6, 14), "p_off": (6, 14), "qrs_on": (4, 9), "qrs_off": (5, 11), "t_off": (8, 22)}
"""|mean| and standard deviation of the error over all recordings; a half of them may miss by a tenth."""


@pytest.fixture(scope="module")
def ludb(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = data_dir / "ludb.zip"
    if not archive.is_file():
        pytest.skip("ludb.zip is not in PEACE_DATA_DIR")
    folder = tmp_path_factory.mktemp("ludb")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    return next(folder.rglob("ludb.csv")).parent


@pytest.fixture(scope="module")
def tool(data_dir: Path) -> ModuleType:
    path = data_dir.parent / "tools" / "ludb_eval.py"
    if not path.is_file():
        pytest.skip("the scoring tool is not beside PEACE_DATA_DIR")
    return evaluator(path)


@pytest.fixture(scope="module")
def scored(ludb: Path, tool: ModuleType) -> tuple[list[Any], list[Any]]:
    """Every recording's errors and, of those without P waves, its false ones."""
    marks = {row.name: beats_record(delineate(read_recording(row))) for row in read_table(ludb)}
    assert len(marks) == 120
    units, no_p = tool.evaluate(str(ludb / "data"), marks)
    return units, no_p


@pytest.fixture(scope="module", params=["all", "A", "B"])
def part(request: pytest.FixtureRequest, tool: ModuleType, scored: tuple[list[Any], list[Any]]
         ) -> Part:
    """Figures of all recordings or of one half, those of its recordings without P waves, and the allowance."""
    units, no_p = scored
    one, two = halves([unit[0] for unit in units])
    mine = {"all": {*one, *two}, "A": set(one), "B": set(two)}[request.param]
    return (tool.summarise([unit for unit in units if unit[0] in mine]),
            tool.false_p([unit for unit in no_p if unit[0] in mine]),
            1.0 if request.param == "all" else 1.1)


def test_every_beat_is_found_and_none_invented(part: Part) -> None:
    qrs = part[0]["wave qrs"]
    assert qrs["se"] >= 0.998
    assert qrs["ppv"] >= 0.998


def test_waves_are_found_and_every_boundary_is_given(part: Part) -> None:
    for row in ("wave p", "wave t", *AIMS_MS, "t_on"):
        assert part[0][row]["se"] >= 0.97, row


@pytest.mark.parametrize("boundary", AIMS_MS)
def test_boundaries_are_where_readers_put_them(part: Part, boundary: str) -> None:
    mean, deviation = AIMS_MS[boundary]
    assert abs(part[0][boundary]["mean"]) <= mean * part[2]
    assert part[0][boundary]["sd"] <= deviation * part[2]


def test_no_p_waves_where_readers_see_none(part: Part) -> None:
    assert part[1]["records"] >= 5
    assert part[1]["records_affected"] <= 1

"""Beats and wave boundaries against the marks of LUDB's cardiologists: the bar, on half B of its records.

`-m long` adds half A, and both together. The reference, the matching and the figures are the scoring tool's that lies
beside the real recordings.
"""

import zipfile
from collections.abc import Callable
from functools import cache
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
def scored(ludb: Path, tool: ModuleType) -> Callable[[str], tuple[list[Any], list[Any]]]:
    """Of half A or B: every recording's errors and, of those without P waves, its false ones."""
    rows = {row.name: row for row in read_table(ludb)}
    assert len(rows) == 120
    names = dict(zip("AB", halves(rows), strict=True))

    @cache
    def score(half: str) -> tuple[list[Any], list[Any]]:
        marks = {name: beats_record(delineate(read_recording(rows[name]))) for name in names[half]}
        units, no_p = tool.evaluate(str(ludb / "data"), marks, ids=",".join(marks))
        return units, no_p

    return score


@pytest.fixture(scope="module", params=[
    "B", pytest.param("A", marks=pytest.mark.long), pytest.param("AB", marks=pytest.mark.long)])
def part(request: pytest.FixtureRequest, tool: ModuleType, scored: Callable[[str], tuple[list[Any], list[Any]]]
         ) -> Part:
    """Figures of one half of the recordings or of both, those of its recordings without P waves, the allowance."""
    found = [scored(half) for half in request.param]
    units, no_p = ([unit for part in found for unit in part[which]] for which in (0, 1))
    return tool.summarise(units), tool.false_p(no_p), 1.0 if len(found) == 2 else 1.1


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

"""The rules beside a model: who counts as without a statement, on whom a model may be judged, and who was left out."""

import re
from pathlib import Path

import numpy as np
import pytest
from layouts.ptbxl import Row, beats_uv, write_ptbxl

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import description, write_bundle

from peace_model.evaluation.rule_baseline import judge_rules

CODES = (("NORM",), ("LPR",), ("1AVB",), ("RVH",), ("NORM",))
UNREADABLE = "00005"
SAMPLES = (1000, 1000, 1000, 150, 1000)
"""The fourth is too short for a model."""


@pytest.fixture(scope="module")
def ptbxl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five recordings of fold 9, at 100 Hz."""
    folder = tmp_path_factory.mktemp("d") / "ptbxl"
    rng = np.random.default_rng(1)
    signals = [beats_uv(rng, wide=False, samples=samples) for samples in SAMPLES]
    rows = [Row(number, 9, codes=codes) for number, codes in enumerate(CODES)]
    write_ptbxl(folder, rows, signals)  # type: ignore[arg-type]
    (folder / "records100" / f"{UNREADABLE}_lr.dat").unlink()
    return folder


def judged(ptbxl: Path, bundle: Path | None) -> list[str]:
    return judge_rules(ptbxl, bundle=bundle, children=None, sample=10, of_each=10, seed=1,
                       progress=lambda _done, _total: None)


def of(lines: list[str], label: str) -> list[int]:
    """The recordings that each figure of a label's first line is made of."""
    line = next(line for line in lines if line.startswith(f"{label} "))
    return [int(count) for count in re.findall(r"\d+/(\d+) ", line)]


def test_what_the_statements_leave_open_is_no_negative(ptbxl: Path) -> None:
    lines = judged(ptbxl, None)
    assert of(lines, "1AVB") == [1, 2]
    assert of(lines, "RVH") == [1, 3]


def test_recordings_left_out_and_predictions_that_failed_are_counted(ptbxl: Path, tmp_path: Path) -> None:
    assert judged(ptbxl, None)[1] == "4 recordings judged, 1 left out that could not be read"
    lines = judged(ptbxl, write_bundle(tmp_path / "tiny"))
    assert lines[3] == ("4 recordings judged, 1 left out that could not be read; tiny judged on 4 of them, without a "
                        "prediction for 1")
    assert of(lines, "RVH") == [1, 3, 3]


@pytest.mark.parametrize(("data", "told", "counts"), [
    ({"dataset": "ptbxl", "split": "own"}, "fold 9 of PTB-XL", [1]), ({"dataset": "mds_ed"}, "fold 9 of PTB-XL", [1]),
    ({"dataset": "ptbxl", "split": "random"}, "nothing of PTB-XL", [])])
def test_a_model_is_judged_on_nothing_that_it_may_have_learnt_from(
    tmp_path: Path, data: dict[str, str], told: str, counts: list[int]
) -> None:
    rng = np.random.default_rng(2)
    rows = [Row(1, 9, codes=("NORM",)), Row(2, 3, codes=("RVH",))]
    signals = np.stack([np.repeat(beats_uv(rng, wide=False), 5, axis=0) for _ in rows])
    folder = write_ptbxl(tmp_path / "d", rows, signals, fs_hz=500)
    bundle = write_bundle(tmp_path / "tiny", fields={**description(), "run": {"data": data}})
    lines = judged(folder, bundle)
    assert lines[0] == f"tiny learnt from none. It is judged on what it cannot have learnt from: {told}."
    assert lines[2] == "PTB-XL at 500 Hz, all that are here, of every fold"
    assert f"tiny judged on {len(counts)} of them" in lines[3]
    assert ("tiny: sensitivity" in lines[4]) == bool(counts)
    assert of(lines, "RVH") == [1, 1, *counts]

"""Proxy E on a small data set in LUDB's layout: what the statements mean, and thresholds that were fixed elsewhere."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluation_store import lead_answer, spec_of
from numpy.typing import NDArray
from scored_cases import scored_of

pytest.importorskip("torch", reason="needs the extra 'train'")

from peace_model.ecg.recording import RecordingError
from peace_model.evaluation.external import external_report, judge_ludb
from peace_model.labels import load_profile

COLUMNS = ("ID", "Rhythms", "Conduction abnormalities", "Extrasystolies", "Hypertrophies", "Cardiac pacing", "Ischemia",
           "Non-specific repolarization abnormalities", "Other states")
LEADS = ("i", "ii", "iii", "avr", "avl", "avf", "v1", "v2", "v3", "v4", "v5", "v6")


def write_ludb(folder: Path, hypertrophies: list[str], samples: int = 5000) -> Path:
    """Recordings 1, 2, ... with a sine whose size grows with the number; the first ones without signal files."""
    (folder / "data").mkdir(parents=True)
    with (folder / "ludb.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, finding in enumerate(hypertrophies, start=1):
            writer.writerow([number, "Sinus rhythm", "", "", finding, "", "", "", ""])
    wave = np.sin(2 * np.pi * 3 * np.arange(samples) / 500)
    for number in range(2, len(hypertrophies) + 1):
        signal = (100 * number * wave[:, None] * np.ones(12)).astype("<i2")
        (folder / "data" / f"{number}.dat").write_bytes(signal.tobytes())
        lines = [f"{number} 12 500 {samples}", *(f"{number}.dat 16 1000(0)/mV 16 0 0 0 0 {lead}" for lead in LEADS)]
        (folder / "data" / f"{number}.hea").write_text("\n".join(lines) + "\n", encoding="ascii")
    return folder


def test_statements_become_targets_and_what_they_leave_open_is_not_known(tmp_path: Path) -> None:
    folder = write_ludb(tmp_path / "ludb", ["", "", "Left ventricular hypertrophy", "Left ventricular overload",
                                            "Right atrial overload"])
    judged = judge_ludb(lead_answer, spec_of(1000), folder, profile="peace24", labels=load_profile("peace24").codes)
    assert judged.patients.tolist() == ["2", "3", "4", "5"]
    column = {code: c for c, code in enumerate(judged.labels)}
    assert judged.targets[:, column["NORM"]].tolist() == [1, 0, 0, 0]
    assert judged.targets[:, column["LVH"]].tolist() == [0, 1, 0, 0]
    assert judged.known[:, column["LVH"]].tolist() == [True, True, False, True]
    assert judged.targets[:, column["RAE"]].tolist() == [0, 0, 0, 1]
    assert not judged.known[:, column["LQTS"]].any()
    assert judged.logits.shape[0] == 4


def test_a_model_of_fewer_labels_than_its_profile_is_judged_on_its_own(tmp_path: Path) -> None:
    stated = ["", "", *["Left ventricular hypertrophy"] * 10, *["Right atrial overload"] * 3]
    folder = write_ludb(tmp_path / "ludb", stated)
    own = ["RAE", "LVH"]

    def answer(**given: NDArray[Any]) -> NDArray[np.float32]:
        """The lead's height as the logit of RAE, its negative as that of LVH."""
        height = given["signal"][:, 0].max(axis=1)
        return np.stack([height, -height], axis=1).astype(np.float32)

    judged = judge_ludb(answer, spec_of(1000), folder, profile="peace24", labels=own)
    assert judged.labels == ("RAE", "LVH")
    assert judged.targets.sum(axis=0).tolist() == [3, 10]
    fixed = {code: {"scale": 1.0, "offset": 0.0, "threshold": 0.5} for code in own}
    found = external_report(judged, fixed, seed=1, replicates=20)
    assert list(found["labels"]) == ["LVH"]
    assert found["labels"]["LVH"]["auroc"]["value"] == pytest.approx(30 / 40)
    assert found["left_out"] == ["RAE"]


def test_a_table_without_signals_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no signal files"):
        judge_ludb(lead_answer, spec_of(1000), write_ludb(tmp_path / "ludb", [""]), profile="peace24", labels=["NORM"])


def test_sensitivity_and_specificity_are_those_of_the_given_threshold() -> None:
    targets = np.repeat([[1, 1], [0, 1]], [12, 18], axis=0)
    targets[-8:, 1] = 0
    logits = np.linspace(3, -3, 30)[:, None] * np.ones(2)
    known = np.ones(targets.shape, bool)
    known[:2, 0] = known[-1, 0] = False
    fixed = {code: {"scale": 1.0, "offset": 0.0, "threshold": 0.5} for code in "AB"}
    found = external_report(scored_of(logits, targets, known=known), fixed, seed=1, replicates=40)
    assert list(found["labels"]) == ["A", "B"]
    entry = found["labels"]["A"]
    assert entry["positives"] == 10
    assert entry["few_records"] is True
    assert entry["sensitivity"] == 1
    assert entry["specificity"] == pytest.approx(14 / 17)
    assert entry["auroc"]["value"] == 1

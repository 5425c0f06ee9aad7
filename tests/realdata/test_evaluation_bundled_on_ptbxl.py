"""The bundled model on real recordings of fold 9: what the card says must hold, of the very graph that is shipped."""

import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra 'train'")

from peace_model.datasets import ptbxl
from peace_model.datasets.prepare import prepare
from peace_model.ecg.age import days_from_years
from peace_model.evaluation.bootstrap import areas
from peace_model.evaluation.figures import decide
from peace_model.evaluation.scored import Scored
from peace_model.evaluation.scoring import judge
from peace_model.evaluation.shipped import Shipped
from peace_model.inference.bundle import default_bundle_folder

COUNT = 160
EVERY = 13
ONE_BY_ONE = 12


@pytest.fixture(scope="module")
def part_of_fold_9(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some adult recordings of fold 9, spread over it, in the published layout."""
    packed = data_dir / "ptbxl100" / "fold09.xz"
    if not packed.is_file():
        pytest.skip("no packed fold 9 of PTB-XL in the folder of real recordings")
    spec = importlib.util.spec_from_file_location("unpack", data_dir / "unpack.py")
    assert spec is not None
    assert spec.loader is not None
    unpack = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(unpack)
    ids = np.load(packed.with_name("fold09_ids.npy"))
    signals = dict(zip(ids.tolist(), unpack.fold_signals(packed, len(ids)), strict=True))
    folder = tmp_path_factory.mktemp("ptbxl")
    shutil.copyfile(data_dir / "ptbxl100" / ptbxl.TABLE, folder / ptbxl.TABLE)
    rows = [row for row in ptbxl.read_table(folder) if row.fold == 9 and row.age_days >= days_from_years(18)]
    rows = rows[::EVERY][:COUNT]
    for row in rows:
        row.header.parent.mkdir(parents=True, exist_ok=True)
        row.header.write_text(unpack.header(row.header.stem, signals[row.ecg_id]), encoding="ascii")
        row.header.with_suffix(".dat").write_bytes(signals[row.ecg_id].tobytes())
    return folder


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return Shipped.load(default_bundle_folder(), threads=1)


@pytest.fixture(scope="module")
def judged(part_of_fold_9: Path, shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    folder = tmp_path_factory.mktemp("store")
    prepare(ptbxl.source(part_of_fold_9, fs_hz=100), folder)
    store = shipped.open_store(folder)
    assert len(store) == COUNT
    return judge(shipped.predictor.logits, store, np.arange(COUNT))


def test_areas_are_not_below_those_of_the_card(judged: Scored, shipped: Shipped) -> None:
    found = areas(judged, seed=1, replicates=200)
    stated = shipped.described["metrics"]["choosing"]["labels"]
    assert "NORM" in found.enough
    for code in found.enough:
        assert found.interval("auroc", code).high >= stated[code]["auroc"]["low"]
    assert found.interval("auroc", "NORM").value > 0.88


def test_a_store_tells_the_graph_what_the_application_tells_it(
    judged: Scored, part_of_fold_9: Path, shipped: Shipped
) -> None:
    probabilities = decide(judged, shipped.calibration).probabilities
    rows = [row for row in ptbxl.read_table(part_of_fold_9) if row.header.is_file()][:ONE_BY_ONE]
    for place, row in enumerate(rows):
        said = shipped.predictor.predict(ptbxl.read_recording(row)).predictions
        np.testing.assert_allclose([item.probability for item in said], probabilities[place], atol=2e-3)

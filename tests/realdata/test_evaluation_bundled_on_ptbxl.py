"""The bundled model on real recordings of fold 9, by the way the application takes: what the card says must hold."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from peace_model.datasets.ptbxl import read_recording, read_table
from peace_model.ecg.age import days_from_years
from peace_model.evaluation.metrics import auroc
from peace_model.inference.bundle import default_bundle_folder, load_bundle
from peace_model.inference.predictor import Predictor
from peace_model.labels import load_code_map, load_profile

COUNT = 160


def test_normal_and_abnormal_adults_are_told_apart(data_dir: Path, tmp_path: Path) -> None:
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
    table = read_table(data_dir / "ptbxl100")
    rows = [row for row in table if row.fold == 9 and row.age_days >= days_from_years(18)][:COUNT]

    predictor = Predictor(load_bundle(default_bundle_folder()), "cpu", threads=1)
    code_map = load_code_map("ptbxl", load_profile("peace12_full"))
    normal, probability = [], []
    for row in rows:
        header = tmp_path / row.header.name
        header.write_text(unpack.header(header.stem, signals[row.ecg_id]), encoding="ascii")
        header.with_suffix(".dat").write_bytes(signals[row.ecg_id].tobytes())
        recording = read_recording(type(row)(**{**vars(row), "header": header}))
        assert recording.age is not None
        assert recording.age.days >= days_from_years(18)
        said = {item.label: item for item in predictor.predict(recording).predictions}
        normal.append(int("NORM" in code_map.labels_of(row.statements)))
        probability.append(said["NORM"].probability)
    assert auroc(np.array(probability), np.array(normal)) > 0.88

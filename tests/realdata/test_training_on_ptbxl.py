"""A short training on real recordings: a small network learns to tell normal ECGs from others."""

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets import ptbxl  # noqa: E402
from peace_model.datasets.prepare import prepare  # noqa: E402
from peace_model.ecg.age import days_from_years  # noqa: E402
from peace_model.training.checkpoint import load_checkpoint  # noqa: E402

FOLD, TAKEN = 9, 400
PART_TO_CHOOSE_BY = 4
"""One patient in so many."""
NETWORK = ('network={"kind": "peace", "encoder": "xresnet1d_tiny", "lqn": {"width": 32, "layers": 1, "heads": 2, '
           '"feed_forward": 64}, "align_width": 16}')
CHANGES = (NETWORK, "training.epochs=5", "training.batch=32", "training.rate=0.01", "training.average=0.95",
           "training.rates={}", "training.positive_weight_cap=null", "training.clip=2", "training.weights.label=5",
           "training.weights.statements=10", "training.augment.crop_s=7.5", "data.profile=peace12_full")


@pytest.fixture(scope="module")
def store(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Adults of one fold, spread over it, prepared as a store: unpacking a second fold would cost seconds."""
    packed = data_dir / "ptbxl100" / f"fold{FOLD:02d}.xz"
    if not packed.is_file():
        pytest.skip("no packed folds of PTB-XL in the folder of real recordings")
    unpack = _module(data_dir / "unpack.py")
    source, folder = tmp_path_factory.mktemp("ptbxl"), tmp_path_factory.mktemp("store")
    _write_table(data_dir / "ptbxl100" / ptbxl.TABLE, source / ptbxl.TABLE)
    ids = np.load(packed.with_name(f"{packed.stem}_ids.npy"))
    signals = dict(zip(ids.tolist(), unpack.fold_signals(packed, len(ids)), strict=True))
    rows = [row for row in ptbxl.read_table(source) if row.age_days >= days_from_years(18)]
    for row in rows[:: len(rows) // TAKEN][:TAKEN]:
        row.header.parent.mkdir(parents=True, exist_ok=True)
        row.header.write_text(unpack.header(row.header.stem, signals[row.ecg_id]), encoding="ascii")
        row.header.with_suffix(".dat").write_bytes(signals[row.ecg_id].tobytes())
    prepare(ptbxl.source(source, fs_hz=100), folder)
    return folder


def test_a_small_network_learns_from_real_recordings(store: Path, tmp_path: Path) -> None:
    words = [word for change in CHANGES for word in ("--set", change)]
    assert main(["train", "--recipe", "pretrain", "--store", str(store), "--out", str(tmp_path), *words]) == 0
    epochs = load_checkpoint(tmp_path / "checkpoint")[1]["run"]["epochs"]
    best = max(epochs, key=lambda entry: entry["macro_auroc"])
    assert best["auroc"]["NORM"] > 0.75
    assert best["macro_auroc"] > 0.65
    for name in ("label", "statements", "know"):
        assert epochs[-1]["losses"][name] < epochs[0]["losses"][name]


def _write_table(whole: Path, out: Path) -> None:
    """The fold's rows of the table, three patients in four moved to fold 8: one fold serves to learn and to choose."""
    with whole.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if int(row["strat_fold"]) == FOLD]
    for row in rows:
        if float(row["patient_id"]) % PART_TO_CHOOSE_BY:
            row["strat_fold"] = "8"
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(rows)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("unpack", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

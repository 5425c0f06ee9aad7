"""A small data set in PTB-XL's layout, of simulated adults: for tests of controls. No figure of it says anything."""

from pathlib import Path

import numpy as np
from layouts.ptbxl import Row, write_ptbxl

from peace_model.datasets import ptbxl
from peace_model.datasets.prepare import prepare
from peace_model.datasets.store import Store, open_store
from peace_model.ecg.simulation.simulate import simulate
from peace_model.ecg.simulation.spec import Pathology, SimulationSpec

PROFILE = "peace12_full"
KINDS = (("NORM", frozenset()), ("CRBBB", frozenset({Pathology.CRBBB})), ("LVH", frozenset({Pathology.LVH})))
FOLDS = (1, 6, 8, 9)


def small_store(folder: Path, *, each: int = 5) -> Store:
    """Folds 1, 6, 8 and 9; in each so many recordings of each kind at 50-79 years and as many at 20-33 years."""
    rows, signals = [], []
    for fold in FOLDS:
        for young in (False, True):
            for code, pathologies in KINDS:
                for _ in range(each):
                    number = len(rows)
                    years = 20 + number % 14 if young else 50 + number % 30
                    spec = SimulationSpec(age_days=years * 365, sex="F" if number % 2 else "M", seed=number,
                                          fs_hz=100, pathologies=pathologies)
                    rows.append(Row(number, fold, years, number % 2, (code,)))
                    signals.append(1000 * simulate(spec).recording.signal_mv.T)
    source = write_ptbxl(folder / "data", rows, np.stack(signals).astype(np.int16))
    prepare(ptbxl.source(source, fs_hz=100), folder / "store", profile=PROFILE)
    return open_store(folder / "store", PROFILE)

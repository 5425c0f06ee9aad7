"""Real children's recordings of ZZU-pECG through the whole preparation; far too few for any figure of accuracy."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from peace_model.datasets.prepare import Summary, prepare
from peace_model.datasets.store import Store
from peace_model.datasets.zzu_pecg import TABLE, source


@pytest.fixture(scope="module")
def prepared(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Summary]:
    """The data set's table with the rows without signals behind its own, beside the real signals."""
    real = data_dir / "zzu_pecg"
    further = real / "AttributesDictionary_50rows_without_signals.csv"
    if not further.is_file():
        pytest.skip("no recordings of ZZU-pECG in the folder of real recordings")
    folder = tmp_path_factory.mktemp("zzu")
    shutil.copytree(real / "Child_ecg", folder / "Child_ecg")
    rows = further.read_text(encoding="utf-8").splitlines()[1:]
    text = (real / TABLE).read_text(encoding="utf-8").rstrip("\n")
    (folder / TABLE).write_text("\n".join([text, *rows]) + "\n", encoding="utf-8")
    return prepare(source(folder), folder / "store")


def test_rows_without_signals_are_dropped_with_the_reason(prepared: tuple[Store, Summary]) -> None:
    store, summary = prepared
    assert summary.recordings == 11
    assert {reason: count for reason, (count, _) in summary.dropped.items()} == {"signal files: none here": 50}
    assert len(set(store.ids)) == 11


def test_modifiers_and_prose_are_reported(prepared: tuple[Store, Summary]) -> None:
    modifiers, prose = prepared[1].notes
    assert "carried modifiers, which were stripped" in modifiers
    assert "STTC" in modifiers
    assert "Left ventricular high voltage" in prose


def test_ages_labels_and_rails_are_those_of_the_table(prepared: tuple[Store, Summary]) -> None:
    store, _ = prepared
    assert (store.age_days.min(), store.age_days.max()) == (111, 5426)
    assert Counter(store.sex[store.valid_samples > 0])["M"] > 0
    assert {store.ids[row] for row in range(len(store)) if store.flagged("saturated")[row]} >= {
        "P02222_E01", "P10027_E01"}

    def positives(label: str) -> set[str]:
        return set(store.ids[store.targets[:, store.labels.index(label)] > 0])

    assert positives("STTC") == {"P10505_E02", "P10027_E01", "P01128_E02"}
    assert positives("LVH") == {"P02222_E01", "P01128_E02"}
    assert positives("NORM") == {"P00073_E02", "P03867_E01", "P08950_E01"}
    assert positives("PAC") == {"P00615_E01"}


def test_long_recordings_come_in_windows(prepared: tuple[Store, Summary]) -> None:
    store, summary = prepared
    counts = Counter(store.ids)
    assert counts["P00073_E02"] == 2
    assert counts["P01493_E01"] == 1
    assert len(store) == summary.windows == sum(counts.values())

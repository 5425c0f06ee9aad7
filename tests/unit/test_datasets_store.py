"""Stores: what they keep of a signal, how an interrupted one is finished, and that one serves every profile."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layouts.ptbxl import Row, beats_uv, two_kinds, write_ptbxl
from layouts.zzu import Child, small_zzu, write_zzu

from peace_model.datasets import prepare as prepare_module
from peace_model.datasets import ptbxl, zzu_pecg
from peace_model.datasets.prepare import prepare
from peace_model.datasets.source import Dropped
from peace_model.datasets.splits import own_split
from peace_model.datasets.standard import calibrated_spec, pipeline_spec
from peace_model.datasets.store import Store, open_store
from peace_model.datasets.store_files import (
    DESCRIPTION,
    FIGURES,
    FULL_SCALE,
    LOG,
    NOT_RECORDED,
    PER_LEAD,
    SIGNAL,
    StoreError,
    as_window,
)
from peace_model.labels import LabelError, load_code_map, load_profile


@pytest.fixture(scope="module")
def source_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_kinds(tmp_path_factory.mktemp("ptbxl"), count=24)


@pytest.fixture(scope="module")
def whole(source_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return prepare(ptbxl.source(source_folder, fs_hz=100), tmp_path_factory.mktemp("store"))[0]


class _KilledError(Exception):
    pass


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(hnp.arrays(np.float32, (12, 40), elements=st.floats(-30, 30, width=32)), st.integers(0, 40))
@example(np.full((12, 40), 1e-45, np.float32), 1)
@example(np.full((12, 40), 1.1754944e-38, np.float32), 40)
def test_digits_stay_within_half_a_step_of_the_millivolts(signal_mv: np.ndarray, cut: int) -> None:
    signal_mv[:, cut:] = 0
    window = as_window(signal_mv, np.ones(12, np.float32), cut)
    scale_mv = window.figures[:-1].reshape(len(PER_LEAD), 12)[PER_LEAD.index("scale_mv")]
    gone = window.digits == NOT_RECORDED
    np.testing.assert_array_equal(gone, signal_mv == 0)
    restored = np.where(gone, 0, window.digits * scale_mv[:, None].astype(np.float64))
    peak_mv = np.abs(signal_mv).max(axis=1, keepdims=True)
    assert (np.abs(restored - signal_mv) <= 0.51 * peak_mv / FULL_SCALE + 1e-6).all()


@pytest.mark.parametrize("damage", ["none", "half a line", "signals without a line", "no line at all"])
def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_bytes(
    whole: Store, source_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(prepare_module, "CHUNK", 5)
    source = ptbxl.source(source_folder, fs_hz=100)

    def kill(done: int, total: int) -> None:
        if done >= 10:
            raise _KilledError

    with pytest.raises(_KilledError):
        prepare(source, tmp_path, progress=kill)
    with pytest.raises(StoreError, match="no finished store here; make one, or finish it"):
        open_store(tmp_path)
    log = tmp_path / LOG
    if damage == "half a line":
        log.write_bytes(log.read_bytes()[:-30])
    elif damage == "signals without a line":
        for name in (SIGNAL, FIGURES):
            (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\7" * 1234)
    elif damage == "no line at all":
        log.unlink()
    begun: list[int] = []
    prepare(source, tmp_path, progress=lambda done, total: begun.append(done))
    assert begun[0] == {"none": 15, "half a line": 14, "signals without a line": 15, "no line at all": 5}[damage]
    assert _bytes(tmp_path) == _bytes(whole.folder)


def test_a_store_whose_signals_are_cut_behind_its_log_is_refused(source_folder: Path, tmp_path: Path) -> None:
    source = ptbxl.source(source_folder, fs_hz=100)

    def kill(done: int, total: int) -> None:
        raise _KilledError

    with pytest.raises(_KilledError):
        prepare(source, tmp_path, progress=kill)
    (tmp_path / SIGNAL).write_bytes(b"")
    with pytest.raises(StoreError, match="shorter than its log says; remove the folder"):
        prepare(source, tmp_path)


def test_a_finished_store_is_opened_and_not_made_again(whole: Store, source_folder: Path) -> None:
    before = _bytes(whole.folder)
    again, summary = prepare(
        ptbxl.source(source_folder, fs_hz=100), whole.folder, progress=lambda done, total: pytest.fail("made again"))
    assert (len(again), summary.recordings) == (24, 24)
    assert _bytes(whole.folder) == before


def test_other_settings_or_other_data_need_another_folder(whole: Store, source_folder: Path) -> None:
    source = ptbxl.source(source_folder, fs_hz=100)
    for other, options in ((source, {"windows": "first"}), (source, {"profile": "peace12"}),
                           (replace(source, rows=source.rows[1:]), {})):
        with pytest.raises(StoreError, match="name another folder"):
            prepare(other, whole.folder, **options)


@pytest.mark.parametrize("changed", ["labels", "patient", "age", "fold", "signal", "gain"])
def test_a_data_set_that_changed_under_the_same_ids_is_not_served_from_its_old_store(
    whole: Store, source_folder: Path, tmp_path: Path, changed: str
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(source_folder, folder, copy_function=shutil.copyfile)
    prepare(ptbxl.source(folder, fs_hz=100), whole.folder)  # a copy is the same data set
    source = ptbxl.source(folder, fs_hz=100)
    if changed in ("signal", "gain"):
        path = next((folder / "records100").glob("*.dat" if changed == "signal" else "*.hea"))
        content = path.read_bytes()
        path.write_bytes(content[:-1] + b"\x55" if changed == "signal" else content.replace(b"1000.0(", b"2000.0("))
    else:
        facts = source.rows[3].facts
        other = {"labels": {"statements": ("LVH",)}, "patient": {"patient": source.rows[2].facts.patient},
                 "age": {"age_days": 9000.0}, "fold": {"fold": 10}}[changed]
        rows = list(source.rows)
        rows[3] = replace(rows[3], facts=replace(facts, **other))  # type: ignore[arg-type]
        source = replace(source, rows=rows)
    with pytest.raises(StoreError, match="labels, patients or signals have changed since; name another folder"):
        prepare(source, whole.folder)


def test_a_store_from_before_its_source_was_noted_opens_and_is_not_prepared_into(
    whole: Store, source_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(whole.folder, tmp_path / "old"))
    description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    del description["source_sha256"]
    (folder / DESCRIPTION).write_text(json.dumps(description | {"ids_sha256": "of the ids"}), encoding="utf-8")
    assert len(open_store(folder)) == len(whole)
    with pytest.raises(StoreError, match="made before stores noted what of"):
        prepare(ptbxl.source(source_folder, fs_hz=100), folder)


def test_several_processes_write_the_same_bytes(whole: Store, source_folder: Path, tmp_path: Path) -> None:
    prepare(ptbxl.source(source_folder, fs_hz=100), tmp_path, jobs=2)
    assert _bytes(tmp_path) == _bytes(whole.folder)


def test_one_store_serves_every_profile(whole: Store) -> None:
    for name in ("peace12", "peace12_full", "peace24", "ptbxl71"):
        store = open_store(whole.folder, name)
        assert store.labels == load_profile(name).codes
        np.testing.assert_array_equal(store.targets[:, store.labels.index("CRBBB")], np.arange(24) % 4 == 0)
    assert not open_store(whole.folder, "peace12").known[:, 4].any()
    with pytest.raises(LabelError, match="no label table named 'nothing'"):
        open_store(whole.folder, "nothing")


def test_targets_are_what_the_code_map_says_of_each_recording(tmp_path: Path) -> None:
    codes = [("LNGQT", "SR"), ("LPR",), ("LPR", "1AVB"), ("TAB_", "INVT", "NORM"), (), ("PRC(S)", "PVC")]
    rng = np.random.default_rng(1)
    signals = np.stack([beats_uv(rng, wide=False) for _ in codes])
    folder = write_ptbxl(tmp_path / "d", [Row(n, 1, codes=given_codes) for n, given_codes in enumerate(codes)], signals)
    store, _ = prepare(ptbxl.source(folder, fs_hz=100), tmp_path / "s")
    code_map = load_code_map("ptbxl", load_profile("peace24"))
    for row, given_codes in enumerate(codes):
        present, left_open = code_map.labels_of(given_codes), code_map.open_labels(given_codes)
        assert {label for label, hit in zip(store.labels, store.targets[row], strict=True) if hit} == present
        assert {label for label, known in zip(store.labels, store.known[row], strict=True) if not known} == left_open


def test_frequent_statements_are_kept_as_they_are(whole: Store) -> None:
    assert whole.statement_codes == ("NORM",)
    np.testing.assert_array_equal(whole.statements[:, 0], np.arange(24) % 4 != 0)


def test_windows_of_one_recording_share_its_number_and_short_ones_are_padded(tmp_path: Path) -> None:
    children = [Child("P00001_E01", n_samples=12_000), Child("P00002_E01", n_samples=2_500),
                Child("P00003_E01", n_samples=5_600)]
    source = zzu_pecg.source(write_zzu(tmp_path / "d", children))
    store, summary = prepare(source, tmp_path / "all")
    assert store.recordings.tolist() == [0, 0, 0, 1, 2]
    assert store.valid_samples.tolist() == [1000, 1000, 400, 500, 1000]
    assert (summary.recordings, summary.windows) == (3, 5)
    assert not store.windows(np.array([3]))[:, :, 500:].any()
    assert store.flagged("short_recording").tolist() == [False, False, False, True, False]
    first, _ = prepare(source, tmp_path / "first", windows="first")
    assert first.recordings.tolist() == [0, 1, 2]


def test_another_networks_figures_can_be_used_and_another_signal_path_cannot(whole: Store) -> None:
    rows = np.arange(4)
    raw_mv = whole.with_spec(pipeline_spec(100.0)).windows(rows)
    other = replace(pipeline_spec(100.0, mean_mv=[0.1] * 12, std_mv=[2.0] * 12), amplitude_scale=(3.0,) * 12)
    np.testing.assert_allclose(whole.with_spec(other).windows(rows), (3 * raw_mv - 0.1) / 2, atol=1e-5)
    with pytest.raises(StoreError, match=r"another signal path \(highpass_hz\)"):
        whole.with_spec(replace(pipeline_spec(100.0), highpass_hz=0.05))


def test_calibration_brings_the_targets_amplitude_to_the_sources(whole: Store, tmp_path: Path) -> None:
    target, _ = prepare(zzu_pecg.source(small_zzu(tmp_path / "d", count=24)), tmp_path / "s")
    ours, theirs = own_split(whole).train, own_split(target).train
    spec = calibrated_spec(whole, ours, target, theirs)
    assert (spec.mean_mv, spec.std_mv) == (whole.spec.mean_mv, whole.spec.std_mv)
    swing = [np.nanmedian(np.where(store.lead_mask[rows] > 0, store.swing_mv[rows], np.nan), axis=0)
             for store, rows in ((whole, ours), (target, theirs))]
    np.testing.assert_allclose(np.array(spec.amplitude_scale) * swing[1], swing[0], rtol=1e-4)
    plain = target.with_spec(whole.spec).windows(theirs)
    scaled = target.with_spec(spec).windows(theirs)
    mean, std = np.array(spec.mean_mv)[:, None], np.array(spec.std_mv)[:, None]
    there = plain != 0
    expected_mv = (plain * std + mean) * np.array(spec.amplitude_scale)[:, None]
    np.testing.assert_allclose((scaled * std + mean)[there], expected_mv[there], atol=1e-3)


def test_what_cannot_be_read_is_dropped_with_the_reason(tmp_path: Path) -> None:
    folder = two_kinds(tmp_path / "d", count=6)
    signals = folder / "records100"
    (signals / "00001_lr.dat").write_bytes(b"")
    (signals / "00002_lr.dat").write_bytes(np.zeros((1000, 12), "<i2").tobytes())
    (signals / "00003_lr.hea").unlink()
    store, summary = prepare(ptbxl.source(folder, fs_hz=100), tmp_path / "s")
    assert store.ids.tolist() == ["4", "5", "6"]
    assert summary.lines() == [
        "kept 3 recordings, 3 windows", "dropped 1: samples: fewer or more than the header says (1)",
        "dropped 1: signal files: none at 100 Hz here (3)", "dropped 1: signals: no lead carries an ECG (2)"]


def test_many_different_reasons_are_summed_up(tmp_path: Path) -> None:
    source = ptbxl.source(two_kinds(tmp_path / "d", count=1), fs_hz=100)
    dropped = (*(Dropped(str(n), f"reason {n}") for n in range(100, 160)), Dropped("a", "often"), Dropped("b", "often"))
    _, summary = prepare(replace(source, dropped=dropped), tmp_path / "s")
    assert len(summary.dropped) == 20
    assert list(summary.dropped.items())[0] == ("often", (2, ("a", "b")))
    assert summary.dropped["42 other reasons"][0] == 42


def test_a_folder_that_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no finished store here"):
        open_store(tmp_path)
    (tmp_path / "store.json").write_text('{"store_version": 0}', encoding="utf-8")
    with pytest.raises(StoreError, match="another version"):
        open_store(tmp_path)


@pytest.mark.parametrize("name", ["signal.i16", "figures.f32", "recordings.npz", "store.json"])
def test_a_damaged_or_missing_file_is_told(whole: Store, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(whole.folder, tmp_path / "s"))
    (folder / name).write_bytes((folder / name).read_bytes()[:-100])
    with pytest.raises(StoreError, match="again with peace-model prepare"):
        open_store(folder)
    (folder / name).unlink()
    with pytest.raises(StoreError, match="peace-model prepare"):
        open_store(folder)


def test_nothing_kept_and_one_name_twice_are_errors(tmp_path: Path) -> None:
    source = ptbxl.source(two_kinds(tmp_path / "d", count=2), fs_hz=100)
    with pytest.raises(StoreError, match="stands twice in the table"):
        prepare(replace(source, rows=[*source.rows, source.rows[0]]), tmp_path / "s")
    with pytest.raises(StoreError, match="no recording could be kept"):
        prepare(replace(source, rows=[]), tmp_path / "s")


def test_nothing_of_a_store_is_pickled(whole: Store) -> None:
    assert {path.name for path in whole.folder.iterdir()} == {
        "signal.i16", "figures.f32", "recordings.npz", "store.json"}
    with np.load(whole.folder / "recordings.npz", allow_pickle=False) as kept:
        assert all(kept[name].dtype != object for name in kept.files)


@settings(max_examples=20)
@given(st.permutations(range(24)))
def test_rows_are_read_in_the_order_asked_for(whole: Store, order: list[int]) -> None:
    rows = np.array(order[:7])
    np.testing.assert_array_equal(whole.windows(rows), whole.windows(np.arange(24))[rows])

"""Clinical context: published layouts read as they are, malformed rows refused with their place, units, gaps."""

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from layouts import mds_ed as layout
from layouts.mimic import Study, write_tables
from layouts.ptbxl import two_kinds

from peace_model.__main__ import main
from peace_model.datasets import lab_events, mds_ed, mimic_context, ptbxl_context
from peace_model.datasets import ptbxl as ptbxl_data
from peace_model.datasets.context import (
    Abnormality,
    ContextError,
    ContextTable,
    Feature,
    read_context,
    standard_context,
)
from peace_model.datasets.measured_log import measured_rows, read_measured
from peace_model.datasets.prepare import prepare
from peace_model.datasets.splits import own_split
from peace_model.ecg.measurement import measuring
from peace_model.ecg.recording import RecordingError


def table(values: list[list[float]], kinds: tuple[str, ...]) -> ContextTable:
    count = len(values)
    return ContextTable(
        "ptbxl", np.arange(count).astype(str), tuple(Feature(f"f{place}", kind) for place, kind in enumerate(kinds)),
        np.array(values, np.float32), (Abnormality("wide", "Wide QRS", "over 110 ms", "a source"),),
        np.zeros((count, 1), np.uint8), np.ones((count, 1), np.uint8), ("a note",))


def test_a_context_is_read_as_it_was_written_and_a_damaged_one_refused(tmp_path: Path) -> None:
    written = table([[1.0, np.nan], [2.0, 5.0]], ("clinical", "text"))
    written.write(tmp_path / "c")
    again = read_context(tmp_path / "c")
    assert again.digest() == written.digest()
    assert (again.features, again.abnormalities, again.notes) == (
        written.features, written.abnormalities, written.notes)
    np.testing.assert_array_equal(again.values, written.values)
    (tmp_path / "c" / "context.npz").write_bytes(b"PK")
    with pytest.raises(ContextError, match="c: damaged; make it again"):
        read_context(tmp_path / "c")
    with pytest.raises(ContextError, match="no finished context here"):
        read_context(tmp_path)


def test_columns_are_standardised_by_what_is_learnt_from_and_the_missing_say_nothing() -> None:
    given = table([[1, 7, 0], [3, np.nan, 0], [1000, 9, 0], [np.nan, 8, 1]], ("clinical", "text", "clinical"))
    found = standard_context(given, [0, 1], "clinical")
    assert found.names == ("f0",)
    np.testing.assert_allclose(found.values[:, 0], [-1, 1, 8, 0])  # the far one is cut off
    np.testing.assert_array_equal(found.present[:, 0], [1, 1, 1, 0])
    assert standard_context(given, [0, 1, 2], "text_supervised").names == ("f0", "f1")
    with pytest.raises(ContextError, match="no column of the context varies"):
        standard_context(given, [0], "clinical")


@pytest.fixture(scope="module")
def ptbxl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PTB-XL of twelve recordings with the columns that context reads."""
    folder = two_kinds(tmp_path_factory.mktemp("d") / "ptbxl", count=12)
    rewrite(folder, lambda number, row: row | {
        "height": "180" if number == 0 else "", "weight": "80.5" if number < 2 else "",
        "report": "sinusrhythmus normales ekg" if number % 2 else "", "heart_axis": "LAD" if number == 3 else ""})
    return folder


def rewrite(folder: Path, change: Callable[[int, dict[str, Any]], dict[str, Any]]) -> None:
    path = folder / "ptbxl_database.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = [change(number, row) for number, row in enumerate(csv.DictReader(file))]
    layout.write_table(path, rows)


def column(found: ContextTable, name: str) -> np.ndarray:
    return found.values[:, [feature.name for feature in found.features].index(name)]


def test_ptbxl_tells_what_is_filled_and_measures_once(
    ptbxl: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ptbxl_context, "LEAST_REPORTS", 3)
    command = ["context", "--dataset", "ptbxl", "--data", str(ptbxl), "--out", str(tmp_path)]
    assert main([*command, "--most", "5"]) == 0
    assert "7 recordings are not measured yet; run the command again" in capsys.readouterr().out
    log = tmp_path / "measured.jsonl"
    with log.open("a", encoding="utf-8") as file:
        file.write('{"id": "6", "val')  # cut off by the end of the process
    first = log.read_text(encoding="utf-8").splitlines()[:6]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert log.read_text(encoding="utf-8").splitlines()[:6] == first
    assert len(log.read_text(encoding="utf-8").splitlines()) == 13
    assert "height_cm (clinical): filled in 1\n" in said
    assert "weight_kg (clinical): filled in 2\n" in said
    assert "qrs_120, QRS duration of or over 120 ms in adults: " in said
    found = read_context(tmp_path)
    assert column(found, "height_cm")[0] == 180
    assert np.isnan(column(found, "height_cm")[1])
    assert not np.isnan(column(found, "heart_rate_bpm")).any()
    assert column(found, "qrs_ms")[0] > column(found, "qrs_ms")[1] + 30
    assert {feature.name for feature in found.features if feature.kind == "text"} >= {
        "heart_axis_LAD", "report_sinusrhythmus"}
    np.testing.assert_array_equal(np.isnan(column(found, "report_ekg")), np.arange(12) % 2 == 0)
    assert all(item.citation and item.criterion.endswith("in adults") for item in found.abnormalities)


@pytest.mark.parametrize(("cell", "value", "told"), [
    ("height", "tall", r"row 3, column height: not a number"), ("weight", "-70", r"row 3, column weight: not above 0"),
    ("sex", "2", "row 3, column sex: expected one of 0, 1")])
def test_malformed_cells_of_ptbxl_are_refused_with_their_place(
    ptbxl: Path, tmp_path: Path, cell: str, value: str, told: str
) -> None:
    source = tmp_path / "ptbxl"
    source.mkdir()
    (source / "ptbxl_database.csv").write_bytes((ptbxl / "ptbxl_database.csv").read_bytes())
    (source / "records100").symlink_to(ptbxl / "records100", target_is_directory=True)
    rewrite(source, lambda number, row: row | ({cell: value} if number == 1 else {}))
    with pytest.raises(RecordingError, match=told) as refused:
        ptbxl_context.context(source, tmp_path / "c", most=0)
    assert value not in str(refused.value).removeprefix(f"row 3, column {cell}")


def test_a_log_of_other_recordings_is_not_gone_on_with(ptbxl: Path, tmp_path: Path) -> None:
    (tmp_path / "measured.jsonl").write_text(json.dumps({"ids_sha256": "", "quantities": []}) + "\n", encoding="utf-8")
    with pytest.raises(ContextError, match="of other recordings or other measurements"):
        ptbxl_context.context(ptbxl, tmp_path, most=0)


@pytest.fixture
def two_measured(ptbxl: Path, tmp_path: Path) -> Callable[[int], list[dict[str, Any]]]:
    """Two of the recordings are measured into the folder of the test; it measures so many more and gives them all."""
    rows = ptbxl_data.source(ptbxl, fs_hz=100).rows

    def measured(most: int) -> list[dict[str, Any]]:
        return measured_rows(rows, tmp_path, jobs=1, most=most)

    assert len(measured(2)) == 2
    return measured


def as_of_older_code(folder: Path, *, without: str = "") -> bytes:
    """The log as it was before it told by what was measured, and before there was a rule; returns its content."""
    path = folder / "measured.jsonl"
    settings, *entries = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    kept = {name: settings[name] for name in ("ids_sha256", "quantities")}
    for entry in entries:
        entry["rules"].pop(without, None)
    path.write_text("".join(json.dumps(line) + "\n" for line in (kept, *entries)), encoding="utf-8")
    return path.read_bytes()


def test_what_was_measured_by_other_code_is_not_mixed_with_what_is_measured_now(
    two_measured: Callable[[int], list[dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(two_measured(1)) == 3
    monkeypatch.setattr(measuring, "MEASURING", measuring.MEASURING + 1)
    with pytest.raises(ContextError, match=r"otherwise than it would be now \(measuring\).*remove this file"):
        two_measured(1)
    assert len(read_measured(tmp_path)) == 3


def test_a_log_that_does_not_tell_by_what_it_was_measured_is_read_and_not_gone_on_with(
    two_measured: Callable[[int], list[dict[str, Any]]], tmp_path: Path
) -> None:
    before = as_of_older_code(tmp_path)
    assert len(two_measured(0)) == 2
    with pytest.raises(ContextError, match="measured otherwise than it would be now"):
        two_measured(1)
    assert (tmp_path / "measured.jsonl").read_bytes() == before


def test_a_rule_that_was_never_applied_is_not_one_that_cannot_be_assessed(
    two_measured: Callable[[int], list[dict[str, Any]]], tmp_path: Path
) -> None:
    as_of_older_code(tmp_path, without="rate_high")
    with pytest.raises(ContextError, match="measured otherwise than it would be now"):
        two_measured(0)
    assert len(read_measured(tmp_path, rules=["rate_low"])) == 2
    with pytest.raises(ContextError, match="before there were the rules rate_high; measure into another folder"):
        read_measured(tmp_path, rules=["rate_low", "rate_high"])


def test_mds_ed_is_read_as_published(tmp_path: Path) -> None:
    rows = layout.rows()
    rows[2]["vitals_heartrate_m"] = 0
    folder = layout.write_mds_ed(tmp_path / "d", rows)
    found = mds_ed.context(folder, labs=None)
    assert [feature.name for feature in found.features] == [
        "demographics_age", "demographics_gender", "vitals_heartrate", "labvalues_Hemoglobin"]
    np.testing.assert_array_equal(column(found, "vitals_heartrate"), [70, 71, np.nan])  # the mask: a median
    np.testing.assert_array_equal(np.isnan(column(found, "labvalues_Hemoglobin")), [False, True, False])
    second = mds_ed.source(folder).rows[1]
    assert (second.facts.sex, second.facts.fold, second.facts.statements) == ("M", 18, ("I48", "I4891"))
    recording = second.read()
    assert (recording.fs_hz, recording.leads) == (100.0, layout.LEADS)
    assert np.ptp(recording.lead("III")) == pytest.approx(2 * 8 / 10)  # mV: the second ECG, lead 8 of the layout
    assert np.ptp(recording.lead("V1")) == pytest.approx(2 * 2 / 10)


def test_mds_ed_is_chosen_by_and_tested_on_the_first_ecg_of_a_stay(tmp_path: Path) -> None:
    rows = layout.rows(8)
    for number, (fold, place) in enumerate(((0, 0), (17, 1), (18, 0), (18, 1), (19, 0), (19, 2), (3, 0), (4, 0))):
        rows[number] |= {"general_strat_fold": fold, "general_ecg_no_within_stay": place}
    store, _ = prepare(mds_ed.source(layout.write_mds_ed(tmp_path / "d", rows)), tmp_path / "s")
    split = own_split(store)
    assert [store.ids[part].tolist() for part in (split.train, split.choose, split.test)] == [
        ["0", "1", "6", "7"], ["2"], ["4"]]
    assert store.targets[1, store.labels.index("AFIB")] == 1
    assert not store.known[:, store.labels.index("LVH")].any()


@pytest.mark.parametrize(("name", "value", "told"), [
    ("general_data", 0, "row 3, column general_data: this ECG has a row already"),
    ("general_data", "x", "row 3, column general_data: not a number"),
    ("general_strat_fold", 20, "row 3, column general_strat_fold: not a fold from 0 to 19"),
    ("general_subject_id", "", "row 3, column general_subject_id: empty"),
    ("diagnoses_I48", 2, "row 3, column diagnoses_I48: neither 0 nor 1"),
    ("vitals_heartrate_m", "", "row 3, column vitals_heartrate_m: not a number"),
    ("vitals_heartrate", "fast", "row 3, column vitals_heartrate: not a number"),
])
def test_malformed_rows_of_mds_ed_are_refused_with_their_place(
    tmp_path: Path, name: str, value: object, told: str
) -> None:
    rows = layout.rows()
    rows[1][name] = value
    layout.write_table(tmp_path / "mds_ed.csv", rows)
    with pytest.raises(RecordingError, match=told):
        mds_ed.context(tmp_path, labs=None)


def test_a_table_of_other_columns_and_signals_cut_short_are_refused(tmp_path: Path) -> None:
    layout.write_table(tmp_path / "mds_ed.csv", [{"general_data": 1}])
    with pytest.raises(RecordingError, match="columns: general_subject_id, general_strat_fold"):
        list(mds_ed.read_table(tmp_path))
    folder = layout.write_mds_ed(tmp_path / "d", layout.rows())
    with pytest.raises(RecordingError, match="does not tell where the ECG lies"):
        mds_ed.read_recording(folder, 3, "1")
    with (folder / "memmap.npy").open("ab") as file:
        file.truncate(100)
    with pytest.raises(RecordingError, match="size: is not what memmap_meta"):
        mds_ed.read_recording(folder, 0, "1")


def test_of_each_laboratory_test_the_nearest_value_within_an_hour_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab_events, "LEAST_VALUES", 4)
    events = [
        layout.event(1, "2180-01-01 11:10:00", 12.0, low=12.0, high=16.0),  # low, but 50 minutes away
        layout.event(1, "2180-01-01 12:20:00", 18.0),  # high, 20 minutes away
        layout.event(2, "2180-01-01 13:01:00", 9.0),  # an hour and a minute away
        layout.event(3, "2180-01-01 12:00:00", 12.9),
        layout.event(3, "2180-01-01 12:00:00", "", low="", high=""),  # no number
        layout.event(3, "2180-01-01 12:00:00", 1.0, item=51999),  # of a rarer fluid
        layout.event(3, "2180-01-01 12:00:00", 9.0, item=50971, low=0, high=0),  # no range
        layout.event(9, "2180-01-01 12:00:00", 5.0, low=1.0, high=2.0)]  # of nobody with an ECG
    moments = [lab_events.Moment(str(subject), datetime(2180, 1, 1, 12)) for subject in (1, 2, 3)]
    found = lab_events.read_laboratory(layout.write_hosp(tmp_path, events), moments)
    assert dict(found.ranges) == {"Hemoglobin": (13.0, 17.0)}  # the median over 12, 13, 13, 13
    assert list(found.nearest) == [{"Hemoglobin": 18.0}, {}, {"Hemoglobin": 12.9}]
    monkeypatch.setattr(lab_events, "LEAST_EACH_WAY", 1)
    items, abnormal, known = lab_events.abnormalities_of(found, [np.ones(3, bool)])
    assert [item.code for item in items] == ["Hemoglobin_low", "Hemoglobin_high"]
    assert items[0].criterion == "Hemoglobin under 13"
    np.testing.assert_array_equal(abnormal, [[0, 1], [0, 0], [1, 0]])
    np.testing.assert_array_equal(known, [[1, 1], [0, 0], [1, 1]])
    assert lab_events.abnormalities_of(found, [np.array([True, True, False])])[0] == ()


def test_a_side_that_every_range_leaves_open_has_no_limit_and_the_other_the_median_of_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab_events, "LEAST_VALUES", 4)
    events = [layout.event(1, "2180-01-01 12:00:00", 18.0, low="", high=high) for high in (18, 15, 15, 17.5, 17, 17)]
    moments = [lab_events.Moment(str(subject), datetime(2180, 1, 1, 12)) for subject in (1, 2)]
    folder = layout.write_hosp(tmp_path, [*events, layout.event(2, "2180-01-01 12:00:00", 9.0, low="", high=18)])
    assert dict(lab_events.read_laboratory(folder, moments).ranges) == {"Hemoglobin": (None, 17.0)}
    even = lab_events.read_laboratory(layout.write_hosp(tmp_path, events[1:5]), moments)
    assert dict(even.ranges) == {"Hemoglobin": (None, 16.0)}  # between 15, 15 and 17, 17.5
    monkeypatch.setattr(lab_events, "LEAST_EACH_WAY", 0)
    items, abnormal, _ = lab_events.abnormalities_of(even, [np.ones(2, bool)])
    assert ([item.code for item in items], abnormal.tolist()) == (["Hemoglobin_high"], [[1], [0]])


@pytest.mark.parametrize(("change", "told"), [
    ({"itemid": 1}, "row 2, column itemid: is not in d_labitems"),
    ({"charttime": "noon"}, "row 2, column charttime: not a date and time"),
    ({"valuenum": "high"}, "row 2, column valuenum: not a number"),
    ({"ref_range_lower": "?"}, "row 2, column ref_range_lower: not a number")])
def test_malformed_laboratory_rows_are_refused_with_their_place(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    layout.write_hosp(tmp_path, [layout.event(1, "2180-01-01 12:00:00", 12.0) | change])
    moment = lab_events.Moment("1", datetime(2180, 1, 1, 12))
    with pytest.raises(RecordingError, match=told):
        lab_events.read_laboratory(tmp_path, [moment])


def test_the_machines_numbers_of_mimic_are_context_without_its_sentinels(tmp_path: Path) -> None:
    write_tables(tmp_path, [Study(10, 40000001), Study(10, 40000002)])
    path = tmp_path / "machine_measurements.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= {"rr_interval": "800", "qrs_axis": "29999"}
    layout.write_table(path, rows)
    found = mimic_context.context(tmp_path, labs=None)
    assert found.features[0].name == "rr_interval_ms"
    assert column(found, "rr_interval_ms")[0] == 800
    assert np.isnan(column(found, "qrs_axis_deg")[0])
    assert found.abnormalities == ()

"""The circle closes: a study is read, exported and learnt from, its bundle chosen and held beside the shipped one.

A miniature: spikes instead of ECGs, a network of a few thousand weights, two epochs. Every step is the command or the
page that a person uses; no figure says anything.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from layouts.beats import beats_mv
from PySide6.QtWidgets import QPushButton, QTableWidget
from study_cases import NOW, locked, protocol, surrounding

pytest.importorskip("torch", reason="needs the extra 'train'")
pytest.importorskip("onnx", reason="needs the extra 'train'")

from peace_desktop.app import Application
from peace_desktop.library.repository import Library
from peace_desktop.library.study_room import StudyRoom
from peace_desktop.review.adjudication import Adjudication
from peace_desktop.review.assignment import assign
from peace_desktop.review.statements import Presence
from peace_desktop.review.study import StudyRecording
from peace_desktop.ui.agreement.two_bundles_dialog import TwoBundlesDialog
from peace_desktop.ui.bundles.dialog import BundlesDialog
from peace_desktop.ui.main_window import MainWindow
from peace_desktop.ui.study.studies_dialog import StudiesDialog
from peace_desktop.ui.study.training_dialog import TrainingDialog
from peace_model.__main__ import main as model_command
from peace_model.datasets.standard import pipeline_spec
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording, Source, roles_of
from peace_model.inference.bundle import default_bundle_folder, load_bundle
from peace_model.labels import DEFAULT_PROFILE, load_profile
from peace_model.networks.building import fresh_peace
from peace_model.networks.label_query_network import LqnConfig
from peace_model.networks.peace import PeaceConfig
from peace_model.training.checkpoint import save_checkpoint

P, A = Presence.PRESENT, Presence.ABSENT
READERS = ("Dr Anna", "Dr Bert")
TAUGHT, NEW = 30, 24
TINY = PeaceConfig(encoder="resnet1d_small_pyramid", align_width=8,
                   lqn=LqnConfig(width=16, layers=1, heads=2, feed_forward=16))


def recordings(library: Library, folder: Path, count: int, seed: int) -> dict[str, bool]:
    """SHA-256 -> whether its beats are wide, every second one; two recordings a child."""
    rng = np.random.default_rng(seed)
    folder.mkdir()
    kept = {}
    for place in range(count):
        signal = beats_mv(rng, wide=place % 2 == 0, n_samples=1000, fs_hz=100).astype(np.float32)
        header = write_wfdb(Recording(
            signal, 100.0, STANDARD_12, roles_of(STANDARD_12), Age(900 + place, Precision.DAY, "file header"), "F",
            None, f"{folder.name}{place // 2}", Source(folder, "test", "", ())), folder, f"{folder.name}{place:03d}")
        stored = library.add_recording(read_recording(header), origin_path_name=header.name)
        kept[stored.sha256] = place % 2 == 0
    return kept


def read_study(library: Library, name: str, truth: dict[str, bool], *, letter: str) -> str:
    """Both readers lock and sign; where the second slips, an adjudicator decides."""
    study = protocol(study_id=letter * 32, name=name, labels=("CRBBB", "RVH"), readers=READERS, bundle_sha256=None)
    room, shas = StudyRoom(library), tuple(truth)
    room.create(study, [StudyRecording(sha256) for sha256 in shas], assign(study, shas))
    for place, (sha256, wide) in enumerate(truth.items()):
        for reader in READERS:
            slips = reader == READERS[1] and place % 10 == 0
            reading = locked(sha256, reader, {"CRBBB": P if wide != slips else A, "RVH": A}, study)
            room.lock(reading, surrounding(reading))
            if slips:
                room.adjudicate(Adjudication(f"{letter}{place}", study.study_id, sha256, "CRBBB", P if wide else A,
                                             "Dr Carla", NOW))
    return study.study_id


def a_run(folder: Path) -> Path:
    """A run as pretraining leaves it, of a network that has learnt nothing."""
    labels = load_profile(DEFAULT_PROFILE).codes
    spec = pipeline_spec(100.0, std_mv=(0.3,) * 12)
    save_checkpoint(folder / "best", fresh_peace(TINY, labels, seed=1).state_dict(), {
        "kind": "peace", "network": TINY.to_dict(), "labels": list(labels), "profile": DEFAULT_PROFILE,
        "statement_codes": [], "pipeline": spec.to_dict()})
    return folder


def until(qtbot: object, there: Callable[[], bool]) -> None:
    qtbot.waitUntil(there, timeout=120_000)  # type: ignore[attr-defined]


def ask(qtbot: object, window: MainWindow, what: str, study_id: str, kind: type) -> object:
    """A button of the list of studies, for one study."""
    window.study_dialogs.studies()
    until(qtbot, lambda: isinstance(window.study_dialogs.dialog, StudiesDialog) and window.bridge.idle)
    window.study_dialogs._do(what, study_id)
    until(qtbot, lambda: isinstance(window.study_dialogs.dialog, kind) and window.bridge.idle)
    return window.study_dialogs.dialog


def cells(table: QTableWidget) -> list[list[str]]:
    return [[table.item(row, column).text() for column in range(table.columnCount())]
            for row in range(table.rowCount())]


def test_reviewed_cases_teach_a_bundle_that_is_held_beside_the_shipped_one(
        qtbot: object, begin: Callable[[], Application], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = begin()
    window, library = running.window, running.library
    taught = recordings(library, tmp_path / "taught", TAUGHT, 1)
    new = recordings(library, tmp_path / "new", NEW, 2)
    first = read_study(library, "Taught", taught, letter="a")
    second = read_study(library, "New", new, letter="b")
    window.take(replace(window.settings, reader_name="Dr Carla"))

    exporting = ask(qtbot, window, "training", first, TrainingDialog)
    exporting.write(tmp_path / "taught")
    until(qtbot, lambda: window.bridge.idle)
    assert "not an empty folder" in exporting._words.text()
    exporting.write(tmp_path / "set")
    until(qtbot, lambda: window.bridge.idle)
    assert "--recipe few_shot --data" in exporting._told.toPlainText()
    exporting.reject()
    with (tmp_path / "set" / "labels.csv").open(newline="") as stream:
        assert {row["record"]: row["labels"] == "CRBBB" for row in csv.DictReader(stream)} == taught

    run, few, bundle = a_run(tmp_path / "run"), tmp_path / "few", tmp_path / "bundle"
    short = [word for change in ("training.epochs=2", "training.batch=8", "training.rate=0.003")
             for word in ("--set", change)]
    assert model_command(["train", "--recipe", "few_shot", "--data", str(tmp_path / "set"), "--init", str(run), "--out",
                          str(few), *short]) == 0
    told = capsys.readouterr().err
    assert "for 50 of each label; fewer of CRBBB 1" in told
    assert "RVH 0; 22 labels are open everywhere" in told
    export = ["export", "--store", str(few / "store"), "--run", str(few), "--out", str(bundle), "--name", "ward",
              "--version", "3.2.1", "--occlusion-tests", "0"]
    assert model_command(["evaluate", "--store", str(few / "store"), "--run", str(few), "--replicates", "10"]) == 0
    assert model_command(export) == 0
    told = capsys.readouterr().out
    assert "left out, because the recordings say nothing of them: NORM, " in told
    made = load_bundle(bundle)
    assert [label.code for label in made.labels] == ["CRBBB", "RVH"]
    seen = {sha256 for sha256 in taught if made.training.has_seen(sha256)}
    assert len(seen) == 26, "what was tested on was not seen"
    assert "begun with the weights of the run run" in (bundle / "card.md").read_text(encoding="utf-8")

    window.bundles.open()
    choosing = window.bundles.dialog
    assert isinstance(choosing, BundlesDialog)
    window.bundles.add(tmp_path / "set")
    until(qtbot, lambda: window.bridge.idle)
    assert "choose a folder that holds a bundle" in choosing._said.text()
    window.bundles.add(bundle)
    until(qtbot, lambda: window.bridge.idle)
    choosing.findChild(QPushButton, "bundle_use").click()
    until(qtbot, lambda: window.bridge.idle and window.case.model_status is not None)
    assert (window.settings.bundle, window.case.model_status.bundle_sha256) == (made.sha256, made.sha256)
    assert "ward 3.2.1" in window.status._model.text()
    choosing.reject()

    shown = new | taught
    comparing = ask(qtbot, window, "two_bundles", first, TwoBundlesDialog)
    comparing.findChild(QPushButton, "two_bundles_go").click()
    until(qtbot, lambda: window.bridge.idle)
    assert f"was trained on {len(seen)} of these recordings" in comparing._warning.text()
    assert {row[5] for row in cells(comparing._figures)[:4]} == {"n too small"}, "4 recordings are left"
    comparing.reject()

    comparing = ask(qtbot, window, "two_bundles", second, TwoBundlesDialog)
    comparing.findChild(QPushButton, "two_bundles_go").click()
    until(qtbot, lambda: window.bridge.idle)
    assert not comparing._warning_frame.isVisible()
    figures = cells(comparing._figures)
    assert [row[2] for row in figures[:4]] == ["AUROC", "AUPRC", "sensitivity", "specificity"]
    assert figures[0][3:5] == ["24", "12"]
    assert figures[0][6] != "n too small"
    assert {row[5] for row in figures[5:8]} == {"one answer only", "none to judge by"}, "nobody has RVH"
    comparing.save(str(tmp_path / "two.json"))
    until(qtbot, lambda: window.bridge.idle)
    written = json.loads((tmp_path / "two.json").read_text(encoding="utf-8"))
    assert [written[place]["sha256"] for place in ("first", "second")] == [
        load_bundle(default_bundle_folder()).sha256, made.sha256]
    for sha256 in shown:
        assert {item.bundle_sha256 for item in library.predictions(sha256)} >= {made.sha256}
    differing = cells(comparing._differing)
    if differing:
        comparing._open(0)
        until(qtbot, lambda: window.bridge.idle and window.case.analysis is not None)
        assert window.case.shown in new
    assert library.verify().problems == ()

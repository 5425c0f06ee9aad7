"""From a trained network to a bundle that the application loads, its maps tested; 8 bits only where that is safe."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra 'train'")

import onnx
import torch
from export_store import PROFILE, Learnt, learnt, widths

from peace_model.datasets.splits import Split
from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.evaluation import explanation_checks
from peace_model.evaluation.abnormalities import abnormality_report, judge_abnormalities
from peace_model.evaluation.report import evaluate
from peace_model.evaluation.scoring import judge, network_answer
from peace_model.explanation.trust import trust_of
from peace_model.export import bundle as bundle_room
from peace_model.export import int8 as int8_room
from peace_model.export.bundle import ExportError, MapTests, write_bundle
from peace_model.export.int8 import Gate, QuantisationRefused, judge_quantised, logits_of, put_int8
from peace_model.export.onnx import write_model
from peace_model.inference.bundle import load_bundle
from peace_model.inference.prediction import Verdict
from peace_model.inference.predictor import Predictor
from peace_model.networks.inference_graph import InferenceGraph
from peace_model.training.checkpoint import CheckpointError, save_checkpoint
from peace_model.training.runs import digest_of

RUN = {"step": 30, "epoch": 0, "macro_auroc": 1.0,
       "training": {"epochs": 1, "batch": 16, "rate": 3e-3, "seed": 3, "average": 0.9, "augment": {"crop_s": 10.0}}}
TESTS = MapTests(per_label=10, occlusion_per_label=10, seed=1)


@pytest.fixture(scope="module")
def made() -> Learnt:
    return learnt()


@pytest.fixture(scope="module")
def evaluation(made: Learnt) -> dict[str, Any]:
    found = evaluate(made.model, made.store, made.split, seed=1, replicates=20)
    head = abnormality_report(made.model, made.store, made.split, widths(made.store), seed=1, replicates=20)
    return {"calibration": found.calibration, "metrics": found.metrics, "weights_sha256": "0" * 64,
            "abnormalities": head}


@pytest.fixture
def write(made: Learnt, evaluation: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """write(folder, split=..., ...): the graph is the one exported before, and occlusion has two patches a lead."""
    monkeypatch.setattr(bundle_room, "onnx_model", lambda _graph, _samples: made.copy())
    monkeypatch.setattr(explanation_checks, "PATCH_S", 5.0)

    def write_it(folder: Path, *, split: Split = made.split, **more: Any) -> Any:
        return write_bundle(made.model, made.store, split, evaluation, RUN, folder, name="tiny", version="1",
                            **{"tests": TESTS, **more})

    return write_it


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundle") / "tiny"


@pytest.fixture
def written(kept: Path, write: Callable[..., Any]) -> Path:
    """Written by the first test that asks for it."""
    if not kept.exists():
        told: list[tuple[int, int]] = []
        write(kept, told=lambda done, total: told.append((done, total)))
        assert told[-1][0] == told[-1][1], "as many windows were run as were counted before"
    return kept


def test_the_application_loads_it_and_predicts_what_the_network_says(
        written: Path, made: Learnt) -> None:
    predictor = Predictor(load_bundle(written), provider="cpu", threads=1)
    store, rows = made.store, made.split.choose[:6]
    given = {"signal": store.windows(rows), "lead_mask": store.lead_mask[rows],
             "valid_samples": store.valid_samples[rows], "age_days": store.age_days[rows]}
    ours = network_answer(made.model)(**given)
    assert predictor.logits(**given) == pytest.approx(ours, abs=1e-4)
    assert predictor.run(**given).logits == pytest.approx(ours, abs=1e-4)
    assert json.loads((written / "bundle.json").read_text())["parity"]["windows"] == len(made.split.choose)
    assert "24 labels" in predictor.bundle.intended_use
    assert "adults only" in predictor.bundle.intended_use


def test_the_bundle_says_what_the_head_for_abnormalities_says_and_its_card_that_it_is_no_cause(
        written: Path, made: Learnt, evaluation: dict[str, Any]) -> None:
    predictor = Predictor(load_bundle(written), provider="cpu", threads=1)
    assert [head.code for head in predictor.bundle.abnormalities] == ["wide", "narrow"]
    rows = made.split.choose[:6]
    table = widths(made.store)
    said = judge_abnormalities(made.model, made.store, rows, table).logits
    output = predictor.run(
        signal=made.store.windows(rows), lead_mask=made.store.lead_mask[rows],
        valid_samples=made.store.valid_samples[rows], age_days=made.store.age_days[rows])
    assert output.abnormalities == pytest.approx(said, abs=1e-4)
    description = json.loads((written / "bundle.json").read_text(encoding="utf-8"))
    assert description["parity"]["abnormalities"] < 1e-4
    assert description["abnormalities"] == evaluation["abnormalities"]
    assert "an association, never the cause of a diagnosis" in (written / "card.md").read_text(encoding="utf-8")


def test_an_abnormality_that_too_few_have_is_left_out_and_one_not_measured_refused(
        made: Learnt, evaluation: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, store = copy.deepcopy(made.model), made.store
    model.with_abnormalities(3, seed=1)
    never = np.zeros(len(store), np.uint8)
    report = abnormality_report(model, store, made.split, widths(store, never), seed=1, replicates=20)
    assert ([head["code"] for head in report["heads"]], report["left_out"]) == (["wide", "narrow"], ["other0"])
    assert report["metrics"]["wide"]["positives"] + report["metrics"]["narrow"]["positives"] == len(made.split.choose)
    turned = {**report, "heads": report["heads"][::-1]}
    exported: list[InferenceGraph] = []

    def stop_here(graph: InferenceGraph, _samples: int) -> None:
        exported.append(graph)
        raise ExportError("far enough")

    monkeypatch.setattr(bundle_room, "onnx_model", stop_here)
    for found, said in ((turned, "far enough"), (None, "has no figures; run peace-model evaluate with --context")):
        with pytest.raises(ExportError, match=said):
            write_bundle(model, store, made.split, evaluation | {"abnormalities": found}, RUN, tmp_path / "none",
                         name="tiny", version="1", tests=TESTS)
    (graph,) = exported
    rows = made.split.choose[:3]
    before, after = (judge_abnormalities(one, store, rows, table).logits for one, table in (
        (model, widths(store, never)), (graph.model, widths(store))))
    np.testing.assert_array_equal(after, before[:, [1, 0]])


def test_every_kind_of_map_has_a_verdict_a_label_and_rare_labels_are_not_tested(written: Path) -> None:
    predictor = Predictor(load_bundle(written), provider="cpu", threads=1)
    checks = predictor.bundle.explanation_checks
    assert set(checks) == {"gradcam", "attention", "occlusion"}
    for check in checks.values():
        assert set(check.labels) == set(PROFILE.codes)
        tested = {code for code, item in check.labels.items() if item.verdict is not Verdict.NOT_TESTED}
        assert tested == {"NORM", "CRBBB"}
        assert "maps of" in check.text
        for name in ("deletion", "insertion"):
            assert len(check.figures[name]["logit"]) == len(check.figures[name]["fractions"])
        assert check.figures["labels"]["NORM"]["recordings"] == 10
    assert checks["gradcam"].figures["spread_on_constant_input"] == 0
    assert checks["gradcam"].figures["weights"]["cascade"][0]["part"] == "lqn.head"


def test_what_the_tests_said_is_what_a_reader_is_told(written: Path) -> None:
    predictor = Predictor(load_bundle(written), provider="cpu", threads=1)
    result = predictor.predict(simulate(SimulationSpec(age_days=12_000, sex="F", seed=1)).recording)
    for label in ("NORM", "AFIB"):
        for method in ("gradcam", "attention"):
            check = predictor.bundle.explanation_checks[method].labels[label]
            trust = trust_of(result, label, method)
            assert trust.verdict is check.verdict
            assert trust.supported == (check.verdict is Verdict.SUPPORTED)


def test_agreement_between_methods_and_the_leads_that_matter_stand_in_the_bundle(written: Path) -> None:
    evidence = json.loads((written / "bundle.json").read_text())["explanation_evidence"]
    assert "not tested" in evidence["rule"]
    assert set(evidence["agreement"]) == {"gradcam, attention", "gradcam, occlusion", "attention, occlusion"}
    for entry in evidence["agreement"].values():
        assert -1 <= entry["rank_correlation"]["low"] <= entry["rank_correlation"]["value"] <= 1
    assert evidence["agreement"]["gradcam, occlusion"]["recordings"] == 20
    assert set(evidence["lead_relevance"]) == {"NORM", "CRBBB"}
    drops = evidence["lead_relevance"]["CRBBB"]["logit_drop"]
    assert len(drops) == 12
    assert max(drops.values()) > 0


def test_with_few_recordings_to_choose_by_maps_stand_as_not_tested(
        made: Learnt, write: Callable[..., Any], tmp_path: Path) -> None:
    said: list[str] = []
    write(tmp_path / "few", split=replace(made.split, choose=made.split.choose[:4]), say=said.append)
    assert said == ["maps are not tested: no label has enough recordings in the choosing part"]
    bundle = load_bundle(tmp_path / "few")
    assert {check.labels[code].verdict for check in bundle.explanation_checks.values() for code in PROFILE.codes} == {
        Verdict.NOT_TESTED}
    assert "not tested for any label" in (tmp_path / "few" / "card.md").read_text(encoding="utf-8")


def test_a_bundle_is_replaced_with_everything_in_it_or_stays_as_it_was(
        made: Learnt, write: Callable[..., Any], tmp_path: Path) -> None:
    few, folder = replace(made.split, choose=made.split.choose[:4]), tmp_path / "ward"
    (folder / "best").mkdir(parents=True)
    before = {"bundle.json": "{}", "model.onnx": "the old graph", "query.md": "measured before", "best/gone": "old"}
    for name, text in before.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(CheckpointError, match="no checkpoint here"):
        write(folder, split=few, start=tmp_path / "no run")
    assert {name: (folder / name).read_text(encoding="utf-8") for name in before} == before
    assert [path.name for path in tmp_path.iterdir()] == ["ward"]

    save_checkpoint(tmp_path / "run" / "best", {"weight": torch.ones(2, 2)}, {"pipeline": made.store.spec.to_dict()})
    write(folder, split=few, start=tmp_path / "run")
    assert load_bundle(folder).name == "tiny"
    assert json.loads((folder / "best" / "state.json").read_text())["run_weights_sha256"] == digest_of(tmp_path / "run")
    assert (folder / "query.md").read_text(encoding="utf-8") == "measured before"
    assert not (folder / "best" / "gone").exists()
    (tmp_path / "ward.old").mkdir()
    with pytest.raises(ExportError, match=r"ward\.old stands beside it"):
        write(folder)
    with pytest.raises(ExportError, match="holds files and no bundle"):
        write(tmp_path)


def test_without_recordings_to_choose_by_nothing_is_written(
        made: Learnt, write: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="none to choose by"):
        write(tmp_path / "none", split=replace(made.split, choose=made.split.choose[:0]))
    assert not (tmp_path / "none").exists()


@pytest.fixture
def few_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(int8_room, "CALIBRATION_WINDOWS", 32)


@pytest.mark.usefixtures("few_windows")
def test_eight_bits_keep_a_trained_networks_decisions(
        made: Learnt, evaluation: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    write_model(made.copy(), path)
    full = path.stat().st_size
    gate = put_int8(made.copy(), path, made.store, made.split, evaluation["calibration"], seed=1)
    assert gate.passed, gate.text
    assert gate.recordings == len(made.split.choose)
    kinds = {node.op_type for node in onnx.load(path).graph.node}
    assert {"QuantizeLinear", "DequantizeLinear", "Conv"} <= kinds
    assert path.stat().st_size < full
    float_logits, int8_logits = (judge(answer, made.store, made.split.choose).logits for answer in (
        network_answer(made.model), logits_of(path)))
    assert 0 < np.abs(float_logits - int8_logits).max() < 0.5


@pytest.mark.usefixtures("few_windows")
def test_eight_bits_calibrated_on_silence_do_not_pass(
        made: Learnt, evaluation: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    write_model(made.copy(), path)
    quiet = np.array(made.store._digits)
    quiet[made.split.train] //= 400
    gate = put_int8(made.copy(), path, replace(made.store, _digits=quiet), made.split, evaluation["calibration"],
                    seed=1)
    assert not gate.passed


def test_eight_bits_that_cost_too_much_are_refused_with_both_figures(
        write: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    poor = Gate(recordings=32, auroc_float=0.95, auroc_int8=0.945, auroc_lost=0.005, flipped=0.031)
    monkeypatch.setattr(bundle_room, "put_int8", lambda *_given, **_named: poor)
    with pytest.raises(QuantisationRefused, match=r"\+0\.0050 lost.*3\.1 % of positive decisions flip"):
        write(tmp_path / "poor", int8=True, say=said.append)
    assert "0.9450 in 8 bits" in said[0]
    assert not (tmp_path / "poor").exists()


def test_flips_count_both_ways_against_the_positive_decisions() -> None:
    calibration = [{"scale": 1.0, "offset": 0.0, "threshold": 0.5}]
    before = np.array([[2.0], [1.0], [-1.0], [-2.0]], np.float32)
    after = np.array([[2.0], [-0.1], [0.1], [-2.0]], np.float32)
    targets = np.array([[1], [1], [0], [0]])
    gate = judge_quantised(before, after, targets, np.ones_like(targets, bool), calibration)
    assert (gate.auroc_float, gate.auroc_int8, gate.flipped) == (1.0, 0.75, 1.0)
    assert not gate.passed
    assert judge_quantised(before, before, targets, np.ones_like(targets, bool), calibration).passed

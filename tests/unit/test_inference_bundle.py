"""A bundle is loaded only when everything in it agrees, and what is wrong is named with its place."""

import json
from pathlib import Path
from typing import Any

import onnxruntime
import pytest

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import description, graph_bytes, write_bundle

from peace_model.inference.bundle import Bundle, load_bundle
from peace_model.inference.bundle_fields import BundleError
from peace_model.inference.session import (
    available_providers,
    open_session,
    physical_cores,
)


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return load_bundle(write_bundle(tmp_path / "tiny"))


def test_a_bundle_carries_its_labels_thresholds_and_both_hashes(bundle: Bundle) -> None:
    assert [label.code for label in bundle.labels] == ["NORM", "RVH", "LQTS"]
    assert bundle.calibration["RVH"].threshold == 0.5
    assert bundle.training.positives_in("RVH", "18y+") == 70
    assert bundle.training.positives_in("RVH", "3-4y") == 0
    assert len(bundle.sha256) == len(bundle.description_sha256) == 64
    assert bundle.pipeline.window_samples == 1000


def test_a_damaged_graph_is_refused(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "tiny")
    graph = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(graph[:-1] + bytes([graph[-1] ^ 1]))
    with pytest.raises(BundleError, match=r"model\.onnx: SHA-256 .*copy the whole bundle"):
        load_bundle(folder)


@pytest.mark.parametrize(("change", "named"), [
    (lambda fields: fields.pop("schema_version"), "schema_version is missing"),
    (lambda fields: fields.update(schema_version=2), "schema_version is 2"),
    (lambda fields: fields.update(schema_version="1"), "schema_version is not a whole number"),
    (lambda fields: fields["calibration"].pop("RVH"), "calibration.RVH is missing"),
    (lambda fields: fields["calibration"]["RVH"].update(threshold=1.5), "calibration.RVH.threshold"),
    (lambda fields: fields["calibration"]["RVH"].update(scale=float("nan")), "calibration.RVH.scale"),
    (lambda fields: fields["training"]["positives"].pop("LQTS"), "training.positives.LQTS is missing"),
    (lambda fields: fields["training"]["positives"]["LQTS"].update(teens=3), "training.positives.LQTS.teens"),
    (lambda fields: fields["pipeline"].pop("fs_hz"), "pipeline.fs_hz is missing"),
    (lambda fields: fields["pipeline"].update(notch_hz="50"), "pipeline.notch_hz is not a finite number"),
    (lambda fields: fields["pipeline"].update(leads=["I"]), "pipeline does not describe"),
    (lambda fields: fields["tokens"].update(samples_per_token=4), "tokens cover 500 samples of a window of 1000"),
    (lambda fields: fields["tokens"].update(count=40), "tokens.count is 40"),
    (lambda fields: fields["labels"].append({"code": "RVH", "name": "again"}), "labels"),
    (lambda fields: fields.update(labels=[]), "labels"),
    (lambda fields: fields["graph"].update(file="../model.onnx"), "graph.file is not a plain file name"),
    (lambda fields: fields["graph"].update(file="other.onnx"), "other.onnx"),
])
def test_a_wrong_field_is_named(tmp_path: Path, change: Any, named: str) -> None:
    fields = description()
    change(fields)
    with pytest.raises(BundleError) as caught:
        load_bundle(write_bundle(tmp_path / "tiny", fields=fields))
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00\xff"])
def test_a_file_that_is_no_description_is_refused(tmp_path: Path, content: str) -> None:
    folder = write_bundle(tmp_path / "tiny")
    (folder / "bundle.json").write_text(content, encoding="latin-1")
    with pytest.raises(BundleError, match=r"bundle\.json: file is not"):
        load_bundle(folder)


def test_a_folder_without_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"bundle\.json: file cannot be read"):
        load_bundle(tmp_path)


def test_a_graph_with_other_labels_than_the_description_is_refused(tmp_path: Path) -> None:
    bundle = load_bundle(write_bundle(tmp_path / "tiny", graph=graph_bytes(n_labels=4)))
    with pytest.raises(BundleError, match=r"output logits has the shape \(B, 4\), bundle.json asks for \(B, 3\)"):
        open_session(bundle, provider="cpu")


def test_a_graph_with_another_map_length_is_refused(tmp_path: Path) -> None:
    bundle = load_bundle(write_bundle(tmp_path / "tiny", graph=graph_bytes(steps=250)))
    with pytest.raises(BundleError, match="output attention"):
        open_session(bundle, provider="cpu")


def test_a_file_that_is_no_graph_is_refused(tmp_path: Path) -> None:
    bundle = load_bundle(write_bundle(tmp_path / "tiny", graph=b"not a graph"))
    with pytest.raises(BundleError, match="cannot be run"):
        open_session(bundle, provider="cpu")


def test_the_session_reports_what_it_runs_on(bundle: Bundle) -> None:
    session = open_session(bundle, provider="cpu")
    assert (session.provider, session.fallback) == ("cpu", "")
    assert available_providers()[-1] == "cpu"
    assert physical_cores() >= 1


def test_a_provider_that_is_not_installed_falls_back_in_words(bundle: Bundle) -> None:
    absent = next(choice for choice in ("directml", "coreml", "cuda") if choice not in available_providers())
    session = open_session(bundle, provider=absent)
    assert session.provider == "cpu"
    assert absent in session.fallback
    assert "CPU" in session.fallback


@pytest.mark.parametrize("asked", ["auto", "cuda"])
def test_a_provider_that_fails_on_this_machine_falls_back_in_words(
        bundle: Bundle, monkeypatch: pytest.MonkeyPatch, asked: Any) -> None:
    """A build with CUDA on a machine without its driver: listed, but it cannot start."""
    real = onnxruntime.InferenceSession

    def without_driver(graph: bytes, *, sess_options: Any, providers: list[str]) -> Any:
        if providers[0] == "CUDAExecutionProvider":
            raise RuntimeError("no CUDA driver")
        return real(graph, sess_options=sess_options, providers=providers)

    monkeypatch.setattr(onnxruntime, "InferenceSession", without_driver)
    monkeypatch.setattr(onnxruntime, "get_available_providers",
                        lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"])
    session = open_session(bundle, provider=asked)
    assert available_providers() == ("cuda", "cpu")
    assert session.provider == "cpu"
    assert session.fallback == "cuda cannot run this model here; running on the CPU"


def test_a_provider_that_onnxruntime_quietly_replaces_is_told(
        bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    real = onnxruntime.InferenceSession
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda graph, *, sess_options, providers: real(
        graph, sess_options=sess_options, providers=["CPUExecutionProvider"]))
    monkeypatch.setattr(onnxruntime, "get_available_providers",
                        lambda: ["DmlExecutionProvider", "CPUExecutionProvider"])
    session = open_session(bundle)
    assert (session.provider, session.fallback) == ("cpu", "directml could not be started here; running on cpu")


def test_the_description_is_plain_json(tmp_path: Path) -> None:
    fields = json.loads((write_bundle(tmp_path / "tiny") / "bundle.json").read_text(encoding="utf-8"))
    assert fields["graph"]["file"] == "model.onnx"

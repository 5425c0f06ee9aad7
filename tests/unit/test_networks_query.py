"""A free text asked of a run: read by the encoder the run was taught with, beside the labels, called an experiment."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.__main__ import main  # noqa: E402
from peace_model.ecg.age import Age, Precision  # noqa: E402
from peace_model.ecg.formats.wfdb_writer import write_wfdb  # noqa: E402
from peace_model.ecg.leads import STANDARD_12  # noqa: E402
from peace_model.ecg.recording import Recording, Source, roles_of  # noqa: E402
from peace_model.ecg.signal.pipeline import PIPELINE_VERSION, Pipeline, PipelineSpec  # noqa: E402
from peace_model.networks.building import fresh_peace  # noqa: E402
from peace_model.networks.ecg_network import EcgNetwork  # noqa: E402
from peace_model.networks.ecg_only import EcgOnlyConfig, fresh_ecg_only  # noqa: E402
from peace_model.networks.label_query_network import LqnConfig  # noqa: E402
from peace_model.networks.peace import PeaceConfig  # noqa: E402
from peace_model.networks.sentence_encoder import TextEncoderError, model_folder  # noqa: E402
from peace_model.networks.text_query import QueryError, ask_text, embed_text  # noqa: E402
from peace_model.training.checkpoint import save_checkpoint  # noqa: E402
from peace_model.training.run_state import BEST  # noqa: E402
from peace_model.training.runs import network_facts  # noqa: E402

LABELS = ("NORM", "RVH", "WPW")
SPEC = PipelineSpec(
    PIPELINE_VERSION, 100.0, 10.0, 2.5, STANDARD_12, 0.5, 40.0, None, 20.0, (0.0,) * 12, (0.2,) * 12, (1.0,) * 12)
TINY = PeaceConfig(
    encoder="xresnet1d_tiny", lqn=LqnConfig(width=32, layers=1, heads=2, feed_forward=32), align_width=8)


def recording(duration_s: float = 24.0) -> Recording:
    signal_mv = np.random.default_rng(3).normal(0, 0.3, (12, round(duration_s * 250))).astype(np.float32)
    return Recording(
        signal_mv=signal_mv, fs_hz=250.0, leads=STANDARD_12, roles=roles_of(STANDARD_12),
        age=Age(3000, Precision.DAY, "test"), sex="M", recorded_at=None, patient_key="",
        source=Source(Path("x.hea"), "wfdb", "0" * 64, ()), warnings=())


def written_run(model: EcgNetwork, folder: Path) -> Path:
    save_checkpoint(folder / BEST, model.state_dict(), {
        **network_facts(model), "labels": list(LABELS), "pipeline": SPEC.to_dict(), "statement_codes": []})
    return folder


@pytest.fixture(scope="module")
def encoder() -> Path:
    try:
        return model_folder()
    except TextEncoderError as missing:
        pytest.skip(str(missing))


def test_a_labels_own_name_is_asked_as_that_label(encoder: Path) -> None:
    model = fresh_peace(TINY, LABELS, seed=2)
    given = Pipeline(SPEC).prepare(recording())
    embedding = embed_text(model, LABELS, "right ventricular hypertrophy", None)
    torch.testing.assert_close(embedding, model.names[1], atol=1e-5, rtol=1e-4)
    answer = ask_text(model, embedding, given)
    assert answer.similarity.argmax() == 1
    assert answer.similarity[1] == pytest.approx(1, abs=1e-4)
    assert 0 < answer.score < 1
    with torch.inference_mode():
        logits, _ = model(*(torch.from_numpy(part) for part in (
            given.signal, given.lead_mask, given.valid_samples, given.age_days)))
    np.testing.assert_allclose(answer.label_scores, logits.sigmoid().mean(dim=0), rtol=1e-5)


def test_questions_that_mean_nothing_are_refused(encoder: Path, tmp_path: Path) -> None:
    model = fresh_peace(TINY, LABELS, seed=2)
    with pytest.raises(QueryError, match="empty"):
        embed_text(model, LABELS, " ", None)
    random = fresh_peace(dataclasses.replace(TINY, queries="random"), LABELS, seed=2)
    with pytest.raises(QueryError, match="random vectors"):
        embed_text(random, LABELS, "a text", None)
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        (tmp_path / name).write_bytes(b"another encoder")
    with pytest.raises(QueryError, match="taught with another text encoder"):
        embed_text(model, LABELS, "a text", tmp_path)
    silent = dataclasses.replace(recording(), signal_mv=np.zeros((12, 2500), np.float32))
    with pytest.raises(QueryError, match="no standard lead"):
        ask_text(model, torch.zeros(384), Pipeline(SPEC).prepare(silent))


def test_the_command_orders_a_folder_and_says_that_it_is_an_experiment(
    encoder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = written_run(fresh_peace(TINY, LABELS, seed=2), tmp_path / "run")
    folder = tmp_path / "ecgs"
    folder.mkdir()
    write_wfdb(recording(), folder, "r1")
    write_wfdb(dataclasses.replace(recording(), signal_mv=recording().signal_mv[:, ::-1] * 3), folder, "r2")
    (folder / "r3.hea").write_text("r3 12 250 1000\n", encoding="utf-8")
    table = tmp_path / "scores.csv"
    command = ["query", str(run), "ventricular pre-excitation", "--recordings", str(folder), "--out", str(table)]
    assert main(command) == 1
    said = capsys.readouterr()
    assert said.out.startswith("An experiment: a score is neither calibrated nor validated")
    assert "closest to the text (cosine): WPW 0." in said.out
    assert "r3.hea: " in said.err
    assert "1 of 3 recordings could not be scored" in said.err
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "recording,score,highest_label,highest_label_score"
    scores = {line.split(",")[0]: float(line.split(",")[1]) for line in lines[1:]}
    assert set(scores) == {"r1.hea", "r2.hea"}
    assert list(scores.values()) == sorted(scores.values(), reverse=True)


def test_only_a_network_with_text_can_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = written_run(fresh_ecg_only(EcgOnlyConfig("xresnet1d_tiny", 3), seed=0), tmp_path / "plain")
    assert main(["query", str(run), "a text", "--recordings", str(tmp_path)]) == 1
    assert capsys.readouterr().err == ("peace-model query: plain is a network without text; only PEACE can be asked\n")
    for words in (["a text"], [], ["a text", "--measure", str(tmp_path)]):
        with pytest.raises(SystemExit):
            main(["query", str(run), *words])

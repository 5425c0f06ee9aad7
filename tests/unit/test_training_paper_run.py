"""The paper's whole run on miniature data sets in their published layouts, with a BERT of twelve layers.

Killed in the middle of its few-shot training and begun again. Signals are generated spikes; no figure says anything.
"""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from layouts.mimic import small_mimic  # noqa: E402
from layouts.zzu import small_zzu  # noqa: E402
from safetensors.torch import load_file  # noqa: E402
from transformers import BertConfig, BertModel, BertTokenizer  # noqa: E402

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets.store import open_store  # noqa: E402
from peace_model.networks.building import load_bank  # noqa: E402
from peace_model.training.checkpoint import load_checkpoint  # noqa: E402
from peace_model.training.log import Moment  # noqa: E402
from peace_model.training.paper_run import Told, paper_run  # noqa: E402
from peace_model.training.recipe import PaperRecipe, read_recipe  # noqa: E402
from peace_model.training.runs import load_run  # noqa: E402

TINY = {"kind": "peace", "encoder": "xresnet1d_tiny", "align_width": 8,
        "lqn": {"width": 32, "layers": 1, "heads": 2, "feed_forward": 32}}
CHANGES = [
    f"network={json.dumps(TINY)}", "draws=2", "per_label=3", "replicates=20",
    *(f"{stage}.{field}" for stage in ("pretrain", "few_shot", "full")
      for field in ("epochs=2", "batch=8", "rate=0.003", "precision=float32", "choose_least=1"))]
STAGES = ("pretrain", "few_shot_0", "few_shot_1", "full")


def write_bert(folder: Path) -> Path:
    """Twelve layers with random weights and a vocabulary of the descriptors' own words."""
    words = sorted({word for parts in load_bank(("NORM", "CRBBB", "STTC")).texts for text in parts
                    for word in text.lower().replace(",", " ").replace(".", " ").split()})
    vocabulary = {word: index for index, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words])}
    torch.manual_seed(0)
    BertModel(BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=12, num_attention_heads=2,
        intermediate_size=24, max_position_embeddings=256, initializer_range=0.3)).save_pretrained(folder)
    BertTokenizer(vocab=vocabulary).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    small_mimic(folder / "mimic", count=60)
    small_zzu(folder / "zzu", count=72)
    write_bert(folder / "bert")
    return folder


@pytest.fixture(scope="module")
def finished(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The run's folder, and what was said when it was begun again after an interruption."""
    out = tmp_path_factory.mktemp("run")
    recipe = read_recipe("paper", CHANGES)
    assert isinstance(recipe, PaperRecipe)

    def stop_in_the_second_draw(moment: Moment) -> None:
        if (out / "few_shot_1").is_dir():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paper_run(recipe, out, mimic=data / "mimic", zzu=data / "zzu", text_encoder=data / "bert",
                  told=Told(lambda line: None, stop_in_the_second_draw))
    assert not (out / "report.json").exists()
    words = [word for change in CHANGES for word in ("--set", change)]
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("peace_model.commands.live.LiveDisplay.say", lambda self, line: said.append(line))
        assert main(["train", "--recipe", "paper", *words, "--mimic", str(data / "mimic"), "--zzu", str(data / "zzu"),
                     "--text-encoder", str(data / "bert"), "--out", str(out)]) == 0
    return out, said


def test_every_stage_ends_in_a_report(finished: tuple[Path, list[str]]) -> None:
    out, _ = finished
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    found = [report["zero_shot"], *report["few_shot"], report["full"]]
    assert [entry["run"] for entry in found] == [f"paper/{stage}" for stage in STAGES]
    assert len({entry["recordings"] for entry in found}) == 1
    assert all(0 <= entry["macro_auroc"]["value"] <= 1 for entry in found)
    assert report["few_shot_summary"]["mean"] == pytest.approx(
        np.mean([entry["macro_auroc"]["value"] for entry in report["few_shot"]]), abs=1e-5)
    assert report["text"].startswith("a text encoder of 12 layers that learns from layer 10 on")
    for stage in ("zero_shot", *STAGES[1:]):
        assert json.loads((out / stage / "evaluation.json").read_text(encoding="utf-8"))["metrics"]["test"]


def test_what_was_finished_before_the_interruption_was_not_done_again(finished: tuple[Path, list[str]]) -> None:
    _, said = finished
    before = [line.removesuffix(": done before") for line in said if line.endswith(": done before")]
    assert before == ["prepare mimic_iv_ecg", "prepare zzu_pecg", "train pretrain", "evaluate zero_shot",
                      "train few_shot_0", "evaluate few_shot_0"]
    assert "train few_shot_1 ..." in said


def test_the_first_ten_layers_of_the_text_encoder_stay_and_the_last_two_learn(
    finished: tuple[Path, list[str]], data: Path
) -> None:
    out, _ = finished
    stored = load_file(data / "bert" / "model.safetensors")
    tensors = {stage: load_checkpoint(out / stage / "checkpoint")[0] for stage in STAGES}
    live = [name for name in tensors["pretrain"] if name.startswith("model.live.layers.")]
    assert {name.split(".")[3] for name in live} == {"10", "11"}
    place = "model.live.layers.10.intermediate.dense.weight"
    begun = stored["encoder.layer.10.intermediate.dense.weight"]
    assert not torch.equal(begun, tensors["pretrain"][place])
    assert not torch.equal(tensors["pretrain"][place], tensors["full"][place])
    kept = "model.live.sentence_hidden"  # what layers 0-9 say of the descriptors
    assert all(torch.equal(tensors[stage][kept], tensors["pretrain"][kept]) for stage in STAGES)
    assert not torch.isnan(tensors["full"][kept]).any()


def test_each_stage_begins_with_pretraining_and_reads_amplitudes_calibrated_to_it(
    finished: tuple[Path, list[str]]
) -> None:
    out, _ = finished
    _, source, digest = load_run(out / "pretrain")
    mimic = open_store(out / "stores" / "mimic_iv_ecg", "peace12")
    assert source["pipeline"]["std_mv"] == mimic.spec.to_dict()["std_mv"]
    assert source["pipeline"]["fs_hz"] == 500
    for stage in STAGES[1:]:
        _, state, _ = load_run(out / stage)
        assert (state["init"]["run"], state["init"]["weights_sha256"]) == ("pretrain", digest)
        assert state["init"]["made"]["data"]["dataset"] == "mimic_iv_ecg"
        assert state["pipeline"]["std_mv"] == source["pipeline"]["std_mv"]
        assert state["pipeline"]["amplitude_scale"] != source["pipeline"]["amplitude_scale"]
    seeds = [load_run(out / f"few_shot_{draw}")[1]["data"]["support_seed"] for draw in (0, 1)]
    assert seeds == [0, 1]


def test_a_folder_of_another_recipe_is_refused(
    finished: tuple[Path, list[str]], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--recipe", "paper", "--mimic", str(data / "mimic"), "--zzu", str(data / "zzu"), "--out",
                 str(finished[0])]) == 1
    assert "begun with another recipe" in capsys.readouterr().err

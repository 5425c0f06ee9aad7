"""A text encoder that learns: frozen layers stay as they were, the last ones move, and no folder is needed to go on."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from safetensors.torch import load_file  # noqa: E402
from transformers import BertConfig, BertModel, BertTokenizer  # noqa: E402

from peace_model.labels import load_profile  # noqa: E402
from peace_model.networks.building import fresh_peace, live_peace  # noqa: E402
from peace_model.networks.descriptor_bank import load_bank  # noqa: E402
from peace_model.networks.label_query_network import LqnConfig  # noqa: E402
from peace_model.networks.live_text import FrozenTextLayers  # noqa: E402
from peace_model.networks.peace import Peace, PeaceConfig  # noqa: E402
from peace_model.networks.release import released  # noqa: E402
from peace_model.networks.sentence_encoder import TextEncoderError, encode_sentences  # noqa: E402
from peace_model.networks.text_query import embed_text  # noqa: E402

LABELS = load_profile("peace12").codes
TINY = PeaceConfig(
    encoder="xresnet1d_tiny", lqn=LqnConfig(width=32, layers=1, heads=2, feed_forward=32), align_width=8)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve layers with random weights and a vocabulary of the descriptors' own words."""
    folder = tmp_path_factory.mktemp("bert")
    words = sorted({word for parts in load_bank(LABELS).texts for text in parts
                    for word in "".join(c if c.isalnum() else " " for c in text.lower()).split()})
    vocabulary = {word: index for index, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words])}
    torch.manual_seed(0)
    BertModel(BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=12, num_attention_heads=2,
        intermediate_size=24, max_position_embeddings=128, initializer_range=0.3)).save_pretrained(folder)
    BertTokenizer(vocab=vocabulary).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def encoder(bert: Path) -> FrozenTextLayers:
    return FrozenTextLayers(bert)


def losses_of_text(model: Peace) -> "torch.Tensor":
    targets = torch.eye(len(LABELS))[:6]
    tokens = model.axis_tokens(targets)
    return model.read_knowledge(tokens).square().mean() + model.align_knowledge(tokens).sum()


def test_it_begins_as_the_whole_encoder_reads_the_texts(bert: Path, encoder: FrozenTextLayers) -> None:
    model = live_peace(TINY, LABELS, 1, encoder).eval()
    texts = load_bank(LABELS).texts
    with torch.inference_mode():
        names, descriptors = model.live.names(), model.live.descriptors()
    np.testing.assert_allclose(names.numpy(), encode_sentences([parts[0] for parts in texts], bert), atol=1e-5)
    np.testing.assert_allclose(
        descriptors[4, 2].numpy(), encode_sentences([texts[4][3]], bert)[0], atol=1e-5)
    assert model.config.text_width == 16
    torch.testing.assert_close(model.names, names)


def test_a_step_moves_layers_10_and_11_and_nothing_before_them(bert: Path, encoder: FrozenTextLayers) -> None:
    model = live_peace(TINY, LABELS, 1, encoder).train()
    trained = {name for name, _ in model.named_parameters() if name.startswith("live.")}
    assert {name.split(".")[2] for name in trained} == {"10", "11"}
    stored = load_file(bert / "model.safetensors")
    whole = {name: value.clone() for name, value in encoder.model.state_dict().items()}
    before = {name: value.clone() for name, value in model.state_dict().items() if name.startswith("live.")}
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.01)
    losses_of_text(model).backward()
    optimiser.step()
    after = model.state_dict()
    for name, value in before.items():
        assert torch.equal(value, after[name]) == (name not in trained), name
    for name, value in encoder.model.state_dict().items():
        assert torch.equal(value, whole[name])
        assert torch.equal(value, stored[name])
    assert model.text.layers[0].weight.grad.any()


def test_it_learns_in_half_precision_too(encoder: FrozenTextLayers) -> None:
    model = live_peace(TINY, LABELS, 1, encoder).eval()
    with torch.no_grad():
        plain = model.queries()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = model.queries()
        losses_of_text(model).backward()
    torch.testing.assert_close(half.float(), plain, atol=0.05, rtol=0.05)
    gradients = [parameter.grad for name, parameter in model.live.named_parameters() if "weight" in name]
    assert all(gradient.isfinite().all() and gradient.any() for gradient in gradients)


def test_a_checkpoint_needs_no_folder(encoder: FrozenTextLayers) -> None:
    model = live_peace(TINY, LABELS, 1, encoder).eval()
    config = PeaceConfig.from_dict(json.loads(json.dumps(model.config.to_dict())))
    assert config == model.config
    assert "/" not in json.dumps(config.to_dict()["live_text"]["architecture"])
    again = fresh_peace(config, LABELS, seed=9).eval()
    with torch.inference_mode():
        assert torch.isnan(again.queries()).all()  # never silently without its texts
        again.load_state_dict(model.state_dict())
        torch.testing.assert_close(again.queries(), model.queries())
        torch.testing.assert_close(again.axis_tokens(torch.eye(12)), model.axis_tokens(torch.eye(12)))


def test_the_released_form_keeps_what_the_encoder_said_last(encoder: FrozenTextLayers) -> None:
    model = live_peace(TINY, LABELS, 1, encoder).eval()
    with torch.no_grad():
        for parameter in model.live.parameters():
            parameter.mul_(1.1)
    form = released(model)
    assert not any(name.startswith("live.") for name in form.state_dict())
    with torch.inference_mode():
        assert not torch.allclose(model.names, model.live.names(), atol=1e-3)
        torch.testing.assert_close(form.queries(), model.queries(), atol=0.01, rtol=0.01)


@pytest.mark.parametrize("changes", [{"descriptors": "fused"}, {"queries": "random"}, {"shuffle_seed": 3}])
def test_the_controls_switches_hold_for_a_live_encoder(encoder: FrozenTextLayers, changes: dict[str, object]) -> None:
    plain = live_peace(TINY, LABELS, 1, encoder).eval()
    model = live_peace(PeaceConfig.from_dict({**TINY.to_dict(), **changes}), LABELS, 1, encoder).eval()
    with torch.inference_mode():
        if "descriptors" in changes:
            assert model.axis_tokens(torch.eye(12)).shape == (12, 1, 32)
        elif "queries" in changes:
            assert torch.equal(model.queries(), model.text(model.names))
        else:
            order = [int((plain.names - row).abs().sum(dim=1).argmin()) for row in model.names]
            assert sorted(order) == list(range(12))
            assert order != list(range(12))
            torch.testing.assert_close(model.live.descriptors(), plain.live.descriptors()[order])


def test_the_frozen_part_is_read_from_the_cache(bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["sinus rhythm", "the qrs complex is normal and not wide"]
    first = FrozenTextLayers(bert, cache=tmp_path / "texts").read(texts)
    assert len(list((tmp_path / "texts").glob("*.npy"))) == 2
    second = FrozenTextLayers(bert, cache=tmp_path / "texts")
    monkeypatch.setattr(second, "model", None)
    again = second.read(texts)
    assert torch.equal(first.hidden, again.hidden)
    assert first.words.sum(dim=1).tolist() == again.words.sum(dim=1).tolist() == [4, 10]
    with pytest.raises(TypeError):
        second.read(["a text it has not seen"])


def test_a_free_text_goes_through_the_frozen_and_the_trained_layers(bert: Path, encoder: FrozenTextLayers) -> None:
    model = live_peace(TINY, LABELS, 1, encoder).eval()
    with torch.no_grad():
        for parameter in model.live.parameters():
            parameter.mul_(1.1)
    embedding = embed_text(model, LABELS, load_bank(LABELS).texts[5][0], bert)
    with torch.inference_mode():
        torch.testing.assert_close(embedding, model.live.names()[5], atol=1e-5, rtol=1e-4)


def test_a_wrong_folder_is_named_with_what_it_lacks(bert: Path, tmp_path: Path) -> None:
    with pytest.raises(TextEncoderError, match="nowhere: no such folder"):
        FrozenTextLayers(tmp_path / "nowhere")
    with pytest.raises(TextEncoderError, match=r"no model.safetensors or pytorch_model.bin"):
        FrozenTextLayers(tmp_path)
    broken = tmp_path / "broken"
    shutil.copytree(bert, broken)
    (broken / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TextEncoderError, match="cannot read this text encoder"):
        FrozenTextLayers(broken)
    with pytest.raises(TextEncoderError, match="12 layers; 12 of them cannot be frozen"):
        FrozenTextLayers(bert, frozen_layers=12)

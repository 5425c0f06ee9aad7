"""Descriptors: complete, in their own words, and their embeddings are those of the named encoder."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.__main__ import main  # noqa: E402
from peace_model.labels import load_profile  # noqa: E402
from peace_model.networks import descriptor_bank  # noqa: E402
from peace_model.networks.descriptor_bank import AXES, DescriptorError, load_bank, sentences  # noqa: E402
from peace_model.networks.sentence_encoder import (  # noqa: E402
    TextEncoderMissing,
    encoder_sha256,
    model_folder,
)
from peace_model.resources import resource  # noqa: E402

CODES = load_profile().codes


def test_every_label_has_a_name_and_three_different_sentences() -> None:
    texts = sentences(resource("descriptors", "peace12.json"), CODES)
    assert len(texts) == 4 * 12
    assert len(set(texts)) == 48


def test_embeddings_are_unit_vectors_in_the_order_asked_for() -> None:
    bank = load_bank(CODES)
    assert bank.names.shape == (12, 384)
    assert bank.descriptors.shape == (12, len(AXES), 384)
    np.testing.assert_allclose(np.linalg.norm(bank.descriptors, axis=-1), 1, rtol=1e-5)
    turned = load_bank(CODES[::-1])
    np.testing.assert_array_equal(turned.names, bank.names[::-1])


def test_text_that_changed_after_encoding_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("peace12.json", "peace12.embeddings.json", "peace12.embeddings.npy"):
        (tmp_path / name).write_bytes(resource("descriptors", name).read_bytes())
    monkeypatch.setattr(descriptor_bank, "resource", lambda _, name: tmp_path / name)
    load_bank(CODES)
    table = json.loads((tmp_path / "peace12.json").read_text(encoding="utf-8"))
    table["labels"]["RVH"]["rhythm"] += " Perhaps."
    (tmp_path / "peace12.json").write_text(json.dumps(table), encoding="utf-8")
    with pytest.raises(DescriptorError, match="run peace-model describe"):
        load_bank(CODES)
    with pytest.raises(DescriptorError, match="no text for WPW"):
        sentences(tmp_path / "peace12.json", ("WPW",))


def test_describe_gives_the_committed_embeddings_again(tmp_path: Path) -> None:
    try:
        folder = model_folder()
    except TextEncoderMissing as missing:
        pytest.skip(str(missing))
    assert main(["describe", "--out", str(tmp_path)]) == 0
    stored = resource("descriptors", "peace12.embeddings.json").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "peace12.embeddings.json").read_text(encoding="utf-8")) == json.loads(stored)
    assert json.loads(stored)["encoder_sha256"] == encoder_sha256(folder)
    again = np.load(tmp_path / "peace12.embeddings.npy")
    np.testing.assert_allclose(again, np.load(resource("descriptors", "peace12.embeddings.npy")), atol=1e-5)

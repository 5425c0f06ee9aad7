"""Descriptors: complete, in their own words, and their embeddings are those of the named encoder."""

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)  # tiny networks: a second thread only waits for the first

from peace_model.__main__ import main  # noqa: E402
from peace_model.labels import load_profile  # noqa: E402
from peace_model.networks.descriptor_bank import (  # noqa: E402
    AXES,
    DescriptorError,
    load_bank,
    read_table,
    read_texts,
    shipped_descriptors,
)
from peace_model.networks.sentence_encoder import TextEncoderError, encoder_name, encoder_sha256, model_folder  # noqa: E402

CODES = load_profile("peace24").codes
FILES = ("peace24.json", "peace24.embeddings.json", "peace24.embeddings.npy")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The shipped descriptors with their embeddings, to be spoiled."""
    for name in FILES:
        (tmp_path / name).write_bytes(shipped_descriptors().with_name(name).read_bytes())
    return tmp_path / FILES[0]


def change(file: Path, **fields: object) -> None:
    table = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**table, **fields}), encoding="utf-8")


def test_every_label_has_a_name_and_three_different_sentences() -> None:
    table, texts = read_table(shipped_descriptors())
    assert tuple(texts) == CODES
    assert len({text for parts in texts.values() for text in parts}) == 4 * 24
    assert "needs clinician review" in table["author"]
    assert table["version"]


def test_what_depends_on_age_says_so() -> None:
    texts = read_texts(shipped_descriptors())
    for code in ("NORM", "CRBBB", "CLBBB", "LVH", "RVH", "WPW", "1AVB", "SBRAD", "STACH", "LPFB"):
        assert "for the age" in " ".join(texts[code]) or "for age" in " ".join(texts[code]), code


def test_embeddings_are_unit_vectors_in_the_order_asked_for() -> None:
    bank = load_bank(CODES)
    assert bank.names.shape == (24, 384)
    assert bank.descriptors.shape == (24, len(AXES), 384)
    assert bank.fused.shape == (24, 1, 384)
    for vectors in (bank.names, bank.descriptors, bank.fused):
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=-1), 1, rtol=1e-5)
    turned = load_bank(CODES[::-1])
    np.testing.assert_array_equal(turned.names, bank.names[::-1])
    assert turned.texts == bank.texts[::-1]
    part = load_bank(("WPW", "NORM"))
    np.testing.assert_array_equal(part.descriptors, bank.descriptors[[CODES.index("WPW"), 0]])


def test_text_that_changed_after_encoding_is_noticed(copied: Path) -> None:
    load_bank(CODES, copied)
    table, _ = read_table(copied)
    table["labels"]["RVH"]["rhythm"] += " Perhaps."
    change(copied, labels=table["labels"])
    with pytest.raises(DescriptorError, match=r"has changed .* run peace-model describe --embed"):
        load_bank(CODES, copied)


def test_what_is_missing_is_named(copied: Path) -> None:
    with pytest.raises(DescriptorError, match="no text for IVCD"):
        load_bank((*CODES, "IVCD"), copied)
    copied.with_name(FILES[1]).unlink()
    with pytest.raises(DescriptorError, match="has no embeddings; run peace-model describe --embed"):
        load_bank(CODES, copied)
    change(copied, status="perhaps")
    with pytest.raises(DescriptorError, match="status 'perhaps'"):
        load_bank(CODES, copied)
    change(copied, labels={"NORM": {"name": "normal", "rhythm": " ", "morphology": "x", "st_t": "y"}})
    with pytest.raises(DescriptorError, match="empty texts for NORM"):
        load_bank(CODES, copied)
    copied.write_text('{"labels": {"NORM": {"name": "normal"}}}', encoding="utf-8")
    with pytest.raises(DescriptorError, match="no descriptor file"):
        load_bank(CODES, copied)


def test_describe_gives_the_committed_embeddings_again(tmp_path: Path) -> None:
    try:
        folder = model_folder()
    except TextEncoderError as missing:
        pytest.skip(str(missing))
    table, _ = read_table(shipped_descriptors())
    few = ("LQTS", "WPW")  # all of them take half a minute
    (tmp_path / "few.json").write_text(
        json.dumps({**table, "labels": {code: table["labels"][code] for code in few}}), encoding="utf-8")
    assert main(["describe", "--embed", "--file", str(tmp_path / "few.json")]) == 0
    again, stored = load_bank(few, tmp_path / "few.json"), load_bank(few)
    assert stored.encoder_sha256 == again.encoder_sha256 == encoder_sha256(folder)
    assert stored.encoder == again.encoder
    assert encoder_name(tmp_path / "bio_bert") == "text encoder bio_bert"
    for name in ("names", "descriptors", "fused"):
        np.testing.assert_allclose(getattr(again, name), getattr(stored, name), atol=1e-5)

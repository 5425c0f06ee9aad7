"""Descriptors of the labels and their committed sentence embeddings, tied together by hashes."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from peace_model.networks.sentence_encoder import encode_sentences, encoder_name, encoder_sha256
from peace_model.resources import resource

AXES = ("rhythm", "morphology", "st_t")
PARTS = ("name", *AXES)
SHIPPED = "peace24"
OWN, PROPOSAL, REVIEWED = "own wording", "unreviewed proposal", "reviewed proposal"
"""Where the texts of a file come from; a proposal is a language model's."""


class DescriptorError(Exception):
    """Descriptors that may not be used, or do not belong to their embeddings; str() says what to do."""


@dataclass(frozen=True, eq=False)
class DescriptorBank:
    """Unit vectors in the order of the labels asked for: names float32 (C, E), descriptors float32 (C, 3, E) and
    fused float32 (C, 1, E), each label's three sentences read as one text. texts: name and sentences, by label."""

    names: NDArray[np.float32]
    descriptors: NDArray[np.float32]
    fused: NDArray[np.float32]
    texts: tuple[tuple[str, ...], ...]
    text_sha256: str
    encoder: str
    encoder_sha256: str


def shipped_descriptors(name: str = SHIPPED) -> Path:
    """The descriptor file of that name among the resources."""
    return resource("descriptors", f"{name}.json")


def read_table(text_file: Path) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """A descriptor file, and of every label its name and its sentence on each axis. Raises DescriptorError."""
    try:
        table = json.loads(text_file.read_text(encoding="utf-8"))
        labels = {code: tuple(entry[part] for part in PARTS) for code, entry in table["labels"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DescriptorError(f"{text_file.name} is no descriptor file with texts on every axis ({error})") from error
    empty = [code for code, parts in labels.items() if any(not str(part).strip() for part in parts)]
    if empty:
        raise DescriptorError(f"{text_file.name}: empty texts for {', '.join(empty)}")
    if table.get("status") not in (OWN, PROPOSAL, REVIEWED):
        raise DescriptorError(f"{text_file.name}: status {table.get('status')!r}; expected {OWN}, {PROPOSAL} or "
                              f"{REVIEWED}")
    return table, labels


def read_texts(text_file: Path) -> dict[str, tuple[str, ...]]:
    """Name and sentence on each axis of every label, where they may be used.

    Raises DescriptorError for what a language model proposed until a reviewer has put a name to these very texts.
    """
    table, texts = read_table(text_file)
    accept = f"peace-model describe --accept {text_file.name} --reviewer NAME"
    if table["status"] == PROPOSAL:
        raise DescriptorError(f"{text_file.name} is a proposal that nobody has reviewed; read it, correct it, then run "
                              f"{accept}")
    if table["status"] == REVIEWED and table.get("review", {}).get("text_sha256") != text_sha256(texts):
        raise DescriptorError(f"{text_file.name} has changed since it was reviewed; read it again, then run {accept}")
    return texts


def text_sha256(texts: dict[str, tuple[str, ...]]) -> str:
    return hashlib.sha256("\n".join(part for parts in texts.values() for part in parts).encode()).hexdigest()


def write_embeddings(text_file: Path, encoder: Path, folder: Path) -> Path:
    """Encode all texts and write ``<name>.embeddings.npy`` (C, 5, E) float32 and ``<name>.embeddings.json``.

    Returns the path of the former. Raises DescriptorError where the texts may not be used.
    """
    texts = read_texts(text_file)
    sentences = [text for parts in texts.values() for text in (*parts, fused_text(parts))]
    path = folder / f"{text_file.stem}.embeddings.npy"
    np.save(path, encode_sentences(sentences, encoder).reshape(len(texts), 1 + len(PARTS), -1))
    description = {
        "labels": list(texts), "parts": [*PARTS, "fused"], "text_sha256": text_sha256(texts),
        "encoder": f"{encoder_name(encoder)}, mean pooling, L2-normalised",
        "encoder_sha256": encoder_sha256(encoder), "command": "peace-model describe --embed"}
    path.with_suffix(".json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
    return path


def fused_text(parts: tuple[str, ...]) -> str:
    """A label's sentences as one text, without its name."""
    return " ".join(parts[1:])


def load_bank(codes: tuple[str, ...], text_file: Path | None = None) -> DescriptorBank:
    """Descriptors with the embeddings beside them; the shipped ones where no file is named.

    Raises DescriptorError when the text has changed since, lacks a label, or is an unreviewed proposal.
    """
    text_file = shipped_descriptors() if text_file is None else text_file
    texts = read_texts(text_file)
    missing = [code for code in codes if code not in texts]
    if missing:
        raise DescriptorError(f"{text_file.name}: no text for {', '.join(missing)}")
    stored = text_file.with_name(f"{text_file.stem}.embeddings.json")
    again = f"run peace-model describe --embed --file {text_file.name}"
    if not stored.is_file():
        raise DescriptorError(f"{text_file.name} has no embeddings; {again}")
    description = json.loads(stored.read_text(encoding="utf-8"))
    if description["text_sha256"] != text_sha256(texts):
        raise DescriptorError(f"{text_file.name} has changed since its embeddings were computed; {again}")
    order = [description["labels"].index(code) for code in codes]
    embeddings = np.load(stored.with_suffix(".npy"))[order]
    return DescriptorBank(
        embeddings[:, 0], embeddings[:, 1:-1], embeddings[:, -1:], tuple(texts[code] for code in codes),
        description["text_sha256"], description["encoder"], description["encoder_sha256"])

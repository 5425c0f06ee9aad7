"""An experiment: asking a trained network about a text that is no label of its own."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from peace_model.ecg.signal.pipeline import ModelInput
from peace_model.networks.descriptor_bank import load_bank
from peace_model.networks.ecg_network import Encoded
from peace_model.networks.live_text import FrozenTextLayers
from peace_model.networks.peace import Peace
from peace_model.networks.sentence_encoder import encode_sentences, encoder_sha256, model_folder


class QueryError(Exception):
    """A question that this network cannot be asked; str() says why."""


@dataclass(frozen=True, eq=False)
class TextAnswer:
    """Uncalibrated scores, means over windows: of the text, and of each label by its name (C,). similarity: cosine of
    the text and each label's name (C,) before the network's projection."""

    score: float
    label_scores: NDArray[np.float64]
    similarity: NDArray[np.float64]


def embed_text(model: Peace, labels: tuple[str, ...], text: str, encoder: Path | None) -> Tensor:
    """Unit vector (E,) of a text as this network reads texts.

    encoder: folder of its text encoder; None = the installed package's. Raises QueryError when the network was not
    taught with that encoder, or with no texts at all.
    """
    if not text.strip():
        raise QueryError("the query is empty")
    if model.config.queries != "text":
        raise QueryError("this run is a control whose queries are random vectors; a text means nothing to it")
    folder = model_folder() if encoder is None else encoder
    live = model.config.live_text
    expected = load_bank(labels).encoder_sha256 if live is None else live.encoder_sha256
    if encoder_sha256(folder) != expected:
        raise QueryError("this run was taught with another text encoder; name its folder with --encoder")
    if live is None:
        return torch.from_numpy(encode_sentences([text], folder)[0])
    assert model.live is not None
    read = FrozenTextLayers(folder, frozen_layers=live.frozen_layers).read([text])
    with torch.inference_mode():
        return model.live.embed(read.hidden, read.words)[0]


def ask_beside_labels(
    model: Peace, embeddings: Tensor, encoded: Encoded, age_days: Tensor
) -> tuple[Tensor, Tensor]:
    """Logits of the labels (B, C), and of each text (K, E) asked beside them (B, K).

    Labels attend to one another, so each text is asked alone in their company and they are scored without it.
    """
    own = model.queries()
    asked = [model.read_with(torch.cat([own, query[None]]), encoded, age_days)[0][:, -1]
             for query in model.text(embeddings)]
    return model.read_with(own, encoded, age_days)[0], torch.stack(asked, dim=1)


@torch.inference_mode()
def ask_text(model: Peace, embedding: Tensor, given: ModelInput) -> TextAnswer:
    """The text's query beside those of the labels, on one recording. Leaves the network in evaluation mode.

    Raises QueryError for a recording without a usable lead.
    """
    if not given.lead_mask.any():
        raise QueryError("no standard lead of this recording carries a signal")
    model.eval()
    encoded = model.encode(*(torch.from_numpy(part) for part in (given.signal, given.lead_mask, given.valid_samples)))
    labels, asked = ask_beside_labels(model, embedding[None], encoded, torch.from_numpy(given.age_days))
    return TextAnswer(float(asked.sigmoid().mean()), labels.double().sigmoid().mean(dim=0).numpy(),
                      similarity(model, embedding[None])[0])


def similarity(model: Peace, embeddings: Tensor) -> NDArray[np.float64]:
    """Cosine of texts (K, E) and the labels' names: (K, C)."""
    names = model.names if model.live is None else model.live.names()
    return (embeddings @ names.T).double().numpy()

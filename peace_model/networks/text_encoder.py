"""From frozen sentence embeddings to the network's width: one trainable projection for names and descriptors."""

from torch import Tensor, nn


class TextProjection(nn.Module):
    """(..., text width) -> (..., width): Linear, GELU, Linear. The sentence encoder itself stays frozen and outside."""

    def __init__(self, text_width: int, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(text_width, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, embedding: Tensor) -> Tensor:
        # Unit vectors of a few hundred entries are tiny; this brings them to the scale the layers are initialised for.
        return self.layers(embedding * embedding.shape[-1] ** 0.5)

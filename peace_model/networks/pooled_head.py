"""A linear head on pooled features, beside the labels: a data set's own statements, or measured abnormalities.

The statements teach the encoder and are never exported; abnormalities are what a bundle calls associated findings.
"""

from torch import Tensor, nn

from peace_model.networks.masks import mean_max_token


class PooledHead(nn.Module):
    """deep features (B, d, U), padding (B, U) -> logits (B, S)."""

    def __init__(self, width: int, outputs: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(2 * width, outputs)

    def forward(self, deep: Tensor, padding: Tensor) -> Tensor:
        return self.out(self.dropout(mean_max_token(deep, padding)))

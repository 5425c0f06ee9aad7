"""Auxiliary head: a data set's own statements from pooled features. It teaches the encoder and is never exported."""

from torch import Tensor, nn

from peace_model.networks.masks import mean_max_token


class StatementsHead(nn.Module):
    """deep features (B, d, U), padding (B, U) -> logits (B, S)."""

    def __init__(self, width: int, statements: int, dropout: float = 0.2) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(2 * width, statements)

    def forward(self, deep: Tensor, padding: Tensor) -> Tensor:
        return self.out(self.dropout(mean_max_token(deep, padding)))

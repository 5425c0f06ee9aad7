"""Clinical context as an embedding: the tabular network of MDS-ED (arXiv 2407.17856), three hidden layers of 128.

A category arrives as one column a value: the first layer on those is the embedding that the original looks up.
"""

import torch
from torch import Tensor, nn


class TabularMlp(nn.Module):
    """values (B, F), standardised, any number where one is missing, and present (B, F), 0 there -> (B, width)."""

    def __init__(self, features: int, hidden: tuple[int, ...], dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        into = 2 * features
        for out in hidden:
            layers += [nn.Linear(into, out), nn.BatchNorm1d(out), nn.ReLU(), nn.Dropout(dropout)]
            into = out
        self.layers = nn.Sequential(*layers)
        self.width = into

    def forward(self, values: Tensor, present: Tensor) -> Tensor:
        return self.layers(torch.cat([values * present, present], dim=1))

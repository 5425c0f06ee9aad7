"""Conditioning the label queries on age by scaling and shifting (FiLM; Perez et al., 2018), unknown age included."""

import math

import torch
from torch import Tensor, nn

ADULT_DAYS = 6570.0
"""18 years: the logarithm of the age is measured in that of this one."""
BANDS = 4
AGE_DROPOUT = 0.2


class AgeFilm(nn.Module):
    """queries (C, d), age_days (B,) -> queries (B, C, d). NaN is the unknown age, a state learnt like any other.

    In training every fifth age is dropped, so that this state has been seen. Starts as the identity for every age.
    """

    def __init__(self, width: int, hidden: int = 32) -> None:
        super().__init__()
        self.hidden = nn.Linear(1 + 2 * BANDS, hidden)
        self.unknown = nn.Parameter(torch.randn(hidden) * 0.1)
        self.out = nn.Linear(hidden, 2 * width)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, queries: Tensor, age_days: Tensor) -> Tensor:
        unknown = torch.isnan(age_days)
        if self.training:
            unknown = unknown | (torch.rand(age_days.shape, device=age_days.device) < AGE_DROPOUT)
        known_days = torch.where(unknown, 0.0, age_days).clamp(min=0.0)
        state = torch.where(unknown[:, None], self.unknown, self.hidden(age_features(known_days)))
        scale, shift = self.out(nn.functional.gelu(state)).unsqueeze(1).chunk(2, dim=-1)
        return queries * (1 + scale) + shift


def age_features(age_days: Tensor) -> Tensor:
    """(B, 9): the logarithm of the age, 1 at 18 years, with sine and cosine at half a turn, one, two and four."""
    level = torch.log1p(age_days).unsqueeze(-1) / math.log1p(ADULT_DAYS)
    turns = level * torch.tensor([math.pi * 2**band for band in range(BANDS)], device=age_days.device)
    return torch.cat([level, turns.sin(), turns.cos()], dim=-1)

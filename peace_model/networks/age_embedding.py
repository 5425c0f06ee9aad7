"""The age as a vector that is put beside an ECG's: a learnt one for each band of ages, and one of its logarithm."""

import torch
from torch import Tensor, nn

from peace_model.ecg.age import AGE_BANDS
from peace_model.networks.age_film import AGE_DROPOUT

LOG_SCALE = 9.0
"""The logarithm of the age in days is divided by this, as in the pediatric ML journal."""


class AgeEmbedding(nn.Module):
    """age_days (B,) -> (B, width). NaN is the unknown age: a state of its own, never an age put in its place.

    In training every fifth age is dropped, so that this state has been seen.
    """

    starts: Tensor

    def __init__(self, width: int, hidden: int = 32) -> None:
        super().__init__()
        self.register_buffer("starts", torch.tensor([float(band.min_days) for band in AGE_BANDS[1:]]), persistent=False)
        self.bands = nn.Embedding(len(AGE_BANDS) + 1, width // 2)
        self.level = nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Linear(hidden, width - width // 2))

    def forward(self, age_days: Tensor) -> Tensor:
        unknown = torch.isnan(age_days)
        if self.training:
            unknown = unknown | (torch.rand(age_days.shape, device=age_days.device) < AGE_DROPOUT)
        days = torch.where(unknown, 0.0, age_days).clamp(min=0.0)
        band = torch.bucketize(days, self.starts, right=True).masked_fill(unknown, len(AGE_BANDS))
        level = torch.stack([days.log1p() / LOG_SCALE, (~unknown).to(days.dtype)], dim=1)
        return torch.cat([self.bands(band), self.level(level)], dim=1)

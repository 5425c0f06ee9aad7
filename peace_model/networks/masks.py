"""What a network may look at: recorded leads, samples before the padding, tokens over those samples."""

import torch
from torch import Tensor


def visible(signal: Tensor, lead_mask: Tensor, valid_samples: Tensor) -> Tensor:
    """signal (B, 12, N) with zeros in leads whose mask (B, 12) is 0 and from valid_samples (B,) on."""
    inside = torch.arange(signal.shape[-1], device=signal.device)[None, :] < valid_samples[:, None]
    return torch.where(inside[:, None, :], signal * lead_mask.unsqueeze(-1), 0.0)


def padding_tokens(count: int, stride: int, valid_samples: Tensor) -> Tensor:
    """(B, count) True where a token's centre lies at or behind the first padded sample; token 0 always stays."""
    centres = torch.arange(count, device=valid_samples.device) * stride
    return centres[None, :] >= valid_samples.clamp(min=1)[:, None]


def mean_token(features: Tensor, padding: Tensor) -> Tensor:
    """(B, d): mean of features (B, d, T) over the tokens that are not padding."""
    kept = (~padding).to(features.dtype).unsqueeze(1)
    return (features * kept).sum(dim=-1) / kept.sum(dim=-1).clamp(min=1.0)


def mean_weights(padding: Tensor, labels: int, *, like: Tensor) -> Tensor:
    """(B, labels, T): what each token counts in the mean over those that are not padding, the same for every label."""
    kept = (~padding).to(like.dtype)
    return (kept / kept.sum(dim=1, keepdim=True)).unsqueeze(1).expand(-1, labels, -1)


def mean_max_token(features: Tensor, padding: Tensor) -> Tensor:
    """(B, 2 d): mean and maximum of features (B, d, T), none below 0, over the tokens that are not padding."""
    greatest = features.masked_fill(padding.unsqueeze(1), 0.0).amax(dim=-1)
    return torch.cat([mean_token(features, padding), greatest], dim=1)

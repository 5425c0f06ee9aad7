"""Grad-CAM++ of each label on the encoder's last features (Chattopadhay et al., 2018)."""

import torch
from torch import Tensor

EPSILON = 1e-8


def gradcam_plus_plus(features: Tensor, gradient: Tensor, padding: Tensor) -> Tensor:
    """Maps (B, L, T), >= 0, zero on padding.

    features A (B, T, k), gradient g = d logit_l / d A (B, L, T, k), padding (B, T).
    alpha = g^2 / (2 g^2 + sum_t A g^3 + eps), w = sum_t alpha relu(g), map = relu(sum_k w_k A_k).
    """
    square = gradient * gradient
    spread = torch.einsum("btk,bltk->blk", features, square * gradient).unsqueeze(2)
    denominator = 2 * square + spread
    alpha = square / torch.where(denominator.abs() > EPSILON, denominator, torch.ones_like(denominator))
    weights = (alpha * gradient.relu()).sum(dim=2)  # (B, L, k)
    return (weights @ features.transpose(1, 2)).relu().masked_fill(padding.unsqueeze(1), 0.0)

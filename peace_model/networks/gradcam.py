"""Grad-CAM++ of each label on the encoder's last features (Chattopadhay et al., 2018)."""

from torch import Tensor


def gradcam_plus_plus(features: Tensor, gradient: Tensor, padding: Tensor) -> Tensor:
    """Maps (B, L, T), >= 0, zero on padding.

    features A (B, T, k) after a ReLU, gradient g = d logit_l / d A (B, L, T, k), padding (B, T).
    alpha = g^2 / (2 g^2 + (sum_t A) g^3), w = sum_t alpha relu(g), map = relu(sum_k w_k A_k). Only positive gradients
    count and A >= 0, so alpha is written 1 / (2 + (sum_t A) g): the same number, and never a division by zero.
    """
    kept = features.masked_fill(padding.unsqueeze(-1), 0.0)
    rising = gradient.relu()
    total = kept.sum(dim=1)[:, None, None, :]
    weights = (rising / (2 + total * rising)).sum(dim=2)  # (B, L, k)
    return (weights @ kept.transpose(1, 2)).relu()

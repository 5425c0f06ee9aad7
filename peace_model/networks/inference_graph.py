"""The network as the application runs it: label queries as constants, both maps beside the logits, no text."""

import copy

import torch
from torch import Tensor, nn

from peace_model.networks.gradcam import gradcam_plus_plus
from peace_model.networks.label_query_gradient import read_with_gradient
from peace_model.networks.masks import visible
from peace_model.networks.peace import Peace

CONSTANT = 1e-6
"""An input that moves less than this (in standard deviations of a lead) has nothing to point at: its map is zero."""


class InferenceGraph(nn.Module):
    """signal (B, 12, N), lead_mask (B, 12), valid_samples (B,), age_days (B,) ->
    logits (B, C), attention (B, C, T), gradcam (B, C, T), and logits (B, A) of abnormalities where the network has a
    head for them.

    age_days is part of the contract; a network that is not conditioned on age gives the same whatever it holds.
    """

    queries: Tensor

    def __init__(self, model: Peace) -> None:
        super().__init__()
        self.model = model
        with torch.inference_mode():
            queries = model.queries()
        self.register_buffer("queries", queries.clone())

    def frozen(self, n_samples: int) -> "InferenceGraph":
        """A copy for windows of n_samples in which everything that an exported graph cannot compute is a constant."""
        copied = copy.deepcopy(self)
        copied.model.encoder.freeze(n_samples)
        return copied

    def forward(
        self, signal: Tensor, lead_mask: Tensor, valid_samples: Tensor, age_days: Tensor
    ) -> tuple[Tensor, ...]:
        encoded = self.model.encode(signal, lead_mask, valid_samples)
        queries = self.model.at_age(self.queries, age_days)
        logits, attention, gradient = read_with_gradient(
            self.model.lqn, queries, self.model.memory(encoded.features), encoded.padding)
        if isinstance(self.model.adapt, nn.Linear):
            gradient = gradient @ self.model.adapt.weight
        seen = visible(signal, lead_mask, valid_samples)
        moves = (seen.amax(dim=-1) - seen.amin(dim=-1)).amax(dim=-1) > CONSTANT
        maps = gradcam_plus_plus(encoded.features.transpose(1, 2), gradient, encoded.padding)
        # Zero times the known ages keeps the input in every graph without letting it, or a NaN, reach the logits.
        unused = torch.where(torch.isnan(age_days), torch.zeros_like(age_days), age_days) * 0.0
        said = (logits + unused[:, None], attention, maps * moves[:, None, None].to(maps.dtype))
        return said if self.model.abnormalities is None else (*said, self.model.read_abnormalities(encoded))

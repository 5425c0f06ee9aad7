"""Logits of the label query network together with their gradients with respect to the memory, in closed form.

Automatic differentiation inside an exported graph is slow: every label needs its own backward pass through all tokens.
Written out, the gradients share the forward values, stay diagonal in the last layer (a logit depends on its own query
alone until the labels' self-attention) and reach the tokens through one small product a head. No dropout: inference.

Shapes: B windows, C labels, L = C logits being differentiated, H heads, T tokens, d width.
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from peace_model.networks.label_query_network import (
    Attention,
    DecoderLayer,
    LabelQueryNetwork,
    masked_scores,
    merge_heads,
)


@dataclass(frozen=True, eq=False)
class _Attended:
    """What an attention computed forward: q (B, H, C, e), k and v (B, H, S, e), weights (B, H, C, S)."""

    q: Tensor
    k: Tensor
    v: Tensor
    weights: Tensor
    out: Tensor


@dataclass(frozen=True, eq=False)
class _Passed:
    """Forward values of one layer: the three inputs of its norms, both attentions, the hidden units before GELU."""

    start: Tensor
    after_self: Tensor
    after_cross: Tensor
    self_attended: _Attended
    cross_attended: _Attended
    hidden: Tensor


def read_with_gradient(
    lqn: LabelQueryNetwork, queries: Tensor, memory: Tensor, blocked: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """logits (B, C), last-layer attention (B, C, T) and d logit_l / d memory (B, L, T, d).

    queries (C, d) or (B, C, d); memory (B, T, d) before the network's own norm; blocked (B, T) True on padding.
    """
    layers = cast(list[DecoderLayer], list(lqn.layers))
    normed = lqn.norm_memory(memory)
    x = queries.expand(memory.shape[0], -1, -1)
    passed = []
    for layer in layers:
        step = _forward(layer, x, normed, blocked)
        passed.append(step)
        x = step.after_cross + layer.narrow(functional.gelu(step.hidden))
    head = lqn.head
    before = head.hidden(head.norm(x))
    logits = head.out(functional.gelu(before)).squeeze(-1)

    # d logit_c / d x_c; other queries do not matter yet, so this is (B, C, d) and not (B, L, C, d).
    own = _norm_backward(head.norm, x, (_gelu_slope(before) * head.out.weight[0]) @ head.hidden.weight)
    last = len(passed) - 1
    gradient, to_memory = _layer_backward_diagonal(layers[last], passed[last], own)
    for index in range(last - 1, -1, -1):
        gradient, more = _layer_backward(layers[index], passed[index], gradient)
        to_memory = to_memory + more
    return logits, passed[last].cross_attended.weights.mean(dim=1), _norm_backward(
        lqn.norm_memory, memory.unsqueeze(1), to_memory)


def _forward(layer: DecoderLayer, x: Tensor, memory: Tensor, blocked: Tensor) -> _Passed:
    normed = layer.norm_self(x)
    own = _attend(layer.self_attention, normed, normed, None)
    after_self = x + own.out
    read = _attend(layer.cross_attention, layer.norm_cross(after_self), memory, blocked)
    after_cross = after_self + read.out
    return _Passed(x, after_self, after_cross, own, read, layer.widen(layer.norm_feed(after_cross)))


def _attend(attention: Attention, queries: Tensor, memory: Tensor, blocked: Tensor | None) -> _Attended:
    q, k, v = (attention.split(part(source)) for part, source in (
        (attention.query, queries), (attention.key, memory), (attention.value, memory)))
    weights = torch.softmax(masked_scores(q, k, blocked), dim=-1)
    return _Attended(q, k, v, weights, attention.out(merge_heads(weights @ v)))


def _layer_backward_diagonal(layer: DecoderLayer, passed: _Passed, own: Tensor) -> tuple[Tensor, Tensor]:
    """As `_layer_backward` while a logit depends on its own query alone: own (B, C, d), L = C."""
    own = own + _feed_backward(layer, passed, own)
    attention, read = layer.cross_attention, passed.cross_attended
    upstream = attention.split(own @ attention.out.weight)  # (B, H, C, e)
    score = _softmax_backward(read.weights, upstream @ read.v.transpose(-2, -1))
    value_rows, key_rows = _rows(upstream, attention.value), _rows(read.q * _scale(read.q), attention.key)
    # Label l's logit reaches the tokens through query l: (B, H, L, T) by (B, H, L, d).
    to_memory = (torch.einsum("bhlt,bhld->bltd", read.weights, value_rows)
                 + torch.einsum("bhlt,bhld->bltd", score, key_rows))
    to_query = merge_heads(score @ read.k) * _scale(read.q) @ attention.query.weight
    own = own + _norm_backward(layer.norm_cross, passed.after_self, to_query)
    eye = torch.eye(own.shape[1], dtype=own.dtype, device=own.device)
    full = own.unsqueeze(2) * eye[None, :, :, None]
    return full + _self_backward(layer, passed, full), to_memory


def _layer_backward(layer: DecoderLayer, passed: _Passed, gradient: Tensor) -> tuple[Tensor, Tensor]:
    """gradient (B, L, C, d) after the layer -> gradient before it (B, L, C, d) and to the memory (B, L, T, d)."""
    gradient = gradient + _feed_backward(layer, passed, gradient)
    attention, read = layer.cross_attention, passed.cross_attended
    upstream = attention.split(gradient @ attention.out.weight)  # (B, L, H, C, e)
    score = _softmax_backward(read.weights.unsqueeze(1), upstream @ read.v.unsqueeze(1).transpose(-2, -1))
    value_rows = _rows(upstream, attention.value)  # (B, L, H, C, d)
    key_rows = _rows(read.q * _scale(read.q), attention.key)  # (B, H, C, d)
    weights = read.weights.flatten(1, 2).transpose(1, 2).unsqueeze(1)  # (B, 1, T, H C)
    to_memory = (weights @ value_rows.flatten(2, 3)
                 + score.flatten(2, 3).transpose(2, 3) @ key_rows.flatten(1, 2).unsqueeze(1))
    to_query = merge_heads(score @ read.k.unsqueeze(1)) * _scale(read.q) @ attention.query.weight
    gradient = gradient + _norm_backward(layer.norm_cross, passed.after_self.unsqueeze(1), to_query)
    return gradient + _self_backward(layer, passed, gradient), to_memory


def _feed_backward(layer: DecoderLayer, passed: _Passed, gradient: Tensor) -> Tensor:
    hidden, before = passed.hidden, passed.after_cross
    if gradient.ndim == 4:
        hidden, before = hidden.unsqueeze(1), before.unsqueeze(1)
    inner = (gradient @ layer.narrow.weight) * _gelu_slope(hidden)
    return _norm_backward(layer.norm_feed, before, inner @ layer.widen.weight)


def _self_backward(layer: DecoderLayer, passed: _Passed, gradient: Tensor) -> Tensor:
    """Through the labels' self-attention: gradient (B, L, C, d) -> (B, L, C, d) before its norm."""
    attention, seen = layer.self_attention, passed.self_attended
    upstream = attention.split(gradient @ attention.out.weight)
    weights, scale = seen.weights.unsqueeze(1), _scale(seen.q)
    score = _softmax_backward(weights, upstream @ seen.v.unsqueeze(1).transpose(-2, -1))
    to_query = merge_heads(score @ seen.k.unsqueeze(1)) * scale @ attention.query.weight
    to_key = merge_heads(score.transpose(-2, -1) @ seen.q.unsqueeze(1)) * scale @ attention.key.weight
    to_value = merge_heads(weights.transpose(-2, -1) @ upstream) @ attention.value.weight
    return _norm_backward(layer.norm_self, passed.start.unsqueeze(1), to_query + to_key + to_value)


def _rows(per_head: Tensor, projection: nn.Linear) -> Tensor:
    """Each head's vectors (..., H, C, e) carried back through the projection's rows of that head: (..., H, C, d)."""
    heads = per_head.shape[-3]
    return per_head @ projection.weight.unflatten(0, (heads, -1))


def _scale(q: Tensor) -> float:
    return float(q.shape[-1]) ** -0.5


def _softmax_backward(weights: Tensor, upstream: Tensor) -> Tensor:
    return weights * (upstream - (weights * upstream).sum(dim=-1, keepdim=True))


def _gelu_slope(x: Tensor) -> Tensor:
    """d GELU(x) / dx = Phi(x) + x phi(x)."""
    return 0.5 * (1 + torch.erf(x * 0.5**0.5)) + x * torch.exp(-0.5 * x * x) * 0.3989422804014327


def _norm_backward(norm: nn.LayerNorm, x: Tensor, gradient: Tensor) -> Tensor:
    """Through LayerNorm over the last dimension; x may broadcast against the gradient."""
    centred = x - x.mean(dim=-1, keepdim=True)
    inverse = torch.rsqrt((centred * centred).mean(dim=-1, keepdim=True) + norm.eps)
    unit = centred * inverse
    scaled = gradient * norm.weight
    return inverse * (scaled - scaled.mean(dim=-1, keepdim=True) - unit * (scaled * unit).mean(dim=-1, keepdim=True))

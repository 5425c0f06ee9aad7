"""Label query network (LQN): label queries read a memory of tokens by cross-attention and give one logit a label.

Pre-norm transformer decoder over the queries (self-attention, cross-attention, feed-forward), written out so that
attention weights and the gradients of `label_query_gradient` are in plain sight.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class LqnConfig:
    """width is shared with the memory's tokens."""

    width: int = 256
    layers: int = 2
    heads: int = 4
    feed_forward: int = 512
    dropout: float = 0.1


class Attention(nn.Module):
    """Multi-head attention with its weights. queries (B, Q, d), memory (B, T, d), blocked (B, T) True where hidden."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, queries: Tensor, memory: Tensor, blocked: Tensor | None) -> tuple[Tensor, Tensor]:
        """Returns (B, Q, d) and the weights (B, heads, Q, T)."""
        q, k, v = self.split(self.query(queries)), self.split(self.key(memory)), self.split(self.value(memory))
        weights = torch.softmax(masked_scores(q, k, blocked), dim=-1)
        return self.out(merge_heads(weights @ v)), weights

    def split(self, x: Tensor) -> Tensor:
        """(B, S, d) -> (B, heads, S, d / heads)."""
        return x.unflatten(-1, (self.heads, -1)).transpose(-3, -2)


def masked_scores(q: Tensor, k: Tensor, blocked: Tensor | None) -> Tensor:
    """Scaled dot products (B, heads, Q, T); blocked tokens get a score no softmax can see."""
    scores = q @ k.transpose(-2, -1) * q.shape[-1] ** -0.5
    return scores if blocked is None else scores.masked_fill(blocked[:, None, None, :], -1e9)


def merge_heads(x: Tensor) -> Tensor:
    """(B, heads, S, d / heads) -> (B, S, d)."""
    return x.transpose(-3, -2).flatten(-2)


class DecoderLayer(nn.Module):
    """Self-attention among the queries, reading of the memory, feed-forward; each normalised before, added after."""

    def __init__(self, config: LqnConfig) -> None:
        super().__init__()
        self.norm_self = nn.LayerNorm(config.width)
        self.norm_cross = nn.LayerNorm(config.width)
        self.norm_feed = nn.LayerNorm(config.width)
        self.self_attention = Attention(config.width, config.heads)
        self.cross_attention = Attention(config.width, config.heads)
        self.widen = nn.Linear(config.width, config.feed_forward)
        self.narrow = nn.Linear(config.feed_forward, config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, memory: Tensor, blocked: Tensor | None) -> tuple[Tensor, Tensor]:
        normed = self.norm_self(x)
        x = x + self.dropout(self.self_attention(normed, normed, None)[0])
        read, weights = self.cross_attention(self.norm_cross(x), memory, blocked)
        x = x + self.dropout(read)
        hidden = functional.gelu(self.widen(self.norm_feed(x)))
        return x + self.dropout(self.narrow(self.dropout(hidden))), weights


class LabelHead(nn.Module):
    """One logit from each label's read-out: LayerNorm, Linear, GELU, Linear, shared by all labels."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.hidden = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(functional.gelu(self.hidden(self.norm(x)))).squeeze(-1)


class LabelQueryNetwork(nn.Module):
    """queries (C, d) or (B, C, d) and memory (B, T, d) -> logits (B, C) and last-layer attention (B, C, T), averaged
    over heads."""

    def __init__(self, config: LqnConfig) -> None:
        super().__init__()
        self.config = config
        self.norm_memory = nn.LayerNorm(config.width)
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.layers))
        self.head = LabelHead(config.width)

    def forward(self, queries: Tensor, memory: Tensor, blocked: Tensor | None = None) -> tuple[Tensor, Tensor]:
        memory = self.norm_memory(memory)
        x = queries.expand(memory.shape[0], -1, -1)
        weights = memory.new_zeros(())
        for layer in self.layers:
            x, weights = layer(x, memory, blocked)
        return self.head(x), weights.mean(dim=1)

"""Several processes training one network (torchrun), so that they take the steps that one process would take.

Every process works on its share of each batch. Outputs are gathered before the losses, so that losses over pairs of
recordings see the whole batch and every process computes the same losses and the same gate; the gradients of the
shares are summed. Batch norms average their statistics over the processes. What differs from one process is the order
of additions, and dropout, whose masks each process draws for its own share. The first process alone writes; stores,
teachers and runs to begin with must be readable at the same path on every host.

    torchrun --nproc-per-node 2 -m peace_model train --recipe pretrain --store STORE --out RUN
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


@contextmanager
def joined() -> Iterator[None]:
    """Join the processes that torchrun started, where it did; leave them at the end."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield
        return
    # One process may prepare or evaluate for hours while the others wait for it.
    dist.init_process_group("gloo", timeout=timedelta(days=2))
    try:
        yield
    finally:
        dist.destroy_process_group()


def processes() -> int:
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    return dist.get_rank() if dist.is_initialized() else 0


def share_of(count: int) -> slice:
    """This process's part of a batch of `count`, a multiple of the number of processes."""
    size = count // processes()
    return slice(rank() * size, (rank() + 1) * size)


def gathered(own: Tensor) -> Tensor:
    """The outputs (B, ...) of the whole batch from each process's own; gradients flow to the own ones."""
    return own if processes() == 1 else _Gather.apply(own)


def from_first(value: Any) -> Any:
    """What the first process holds, in every process."""
    if processes() == 1:
        return value
    held = [value]
    dist.broadcast_object_list(held, src=0)
    return held[0]


def sum_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Add up the gradients of the processes' shares, in one message."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if processes() == 1 or not gradients:
        return
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    dist.all_reduce(flat)
    for gradient, total in zip(gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True):
        gradient.copy_(total.view_as(gradient))


def share_norms(module: nn.Module) -> None:
    """Put norms over all processes in the place of batch norms; names and values in the state stay."""
    if processes() == 1:
        return
    for name, child in module.named_children():
        if isinstance(child, _BatchNorm):
            shared = SharedBatchNorm(child.num_features, eps=child.eps, momentum=child.momentum)
            shared.weight, shared.bias = child.weight, child.bias
            shared.load_state_dict(child.state_dict())
            setattr(module, name, shared.to(child.weight.device))
        else:
            share_norms(child)


class SharedBatchNorm(_BatchNorm):
    """Batch norm over the equal shares of all processes."""

    def _check_input_dim(self, input: Tensor) -> None:
        """Any (B, C, ...)."""

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.momentum is not None
        others = [axis for axis in range(input.ndim) if axis != 1]
        own = input.float()
        mean = own.mean(others)
        square = own.var(others, unbiased=False) + mean**2
        # In doubles, for a variance is taken here as a difference.
        mean, square = (_Sum.apply(torch.cat([mean, square]).double()) / processes()).chunk(2)
        variance = square - mean**2
        count = input.numel() // input.shape[1] * processes()
        with torch.no_grad():
            assert self.num_batches_tracked is not None
            self.num_batches_tracked.add_(1)
            self.running_mean.lerp_(mean.float(), self.momentum)
            self.running_var.lerp_((variance * count / (count - 1)).float(), self.momentum)
        shape = [1, -1] + [1] * (input.ndim - 2)
        scale = self.weight * (variance + self.eps).rsqrt().float()
        return input * scale.view(shape) + (self.bias - mean.float() * scale).view(shape)


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, own: Tensor) -> Tensor:
        ctx.own = slice(rank() * len(own), (rank() + 1) * len(own))
        parts = [torch.empty_like(own) for _ in range(processes())]
        dist.all_gather(parts, own.contiguous())
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        # Every process computes the same loss from the gathered outputs: its own slice is its whole gradient.
        return gradient[ctx.own]


class _Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, own: Tensor) -> Tensor:
        total = own.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.clone()
        dist.all_reduce(total)
        return total

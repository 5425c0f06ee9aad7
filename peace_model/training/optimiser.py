"""Which parameters are changed, at which rates, with or without decay."""

import torch
from torch import nn

from peace_model.networks.encoder import Encoder
from peace_model.training.config import TrainConfig, TrainingError


def freeze_others(model: nn.Module, trained: tuple[str, ...]) -> None:
    """Leave only parameters whose name starts with one of `trained` to be changed; what is frozen stays frozen.

    Raises TrainingError for a beginning that no parameter has.
    """
    names = [name for name, _ in model.named_parameters()]
    for start in trained:
        if not any(name.startswith(start) for name in names):
            raise TrainingError(f"trained: no parameter's name starts with {start!r}")
    for name, parameter in model.named_parameters():
        if trained and not name.startswith(trained):
            parameter.requires_grad_(False)


def freeze_depth(model: nn.Module, depth: int) -> None:
    """Leave the first `depth` parts of a network's encoder as they are. Raises TrainingError when it has fewer."""
    encoder = model.get_submodule("encoder")
    assert isinstance(encoder, Encoder)
    parts = encoder.depths()
    if not 0 <= depth <= len(parts):
        raise TrainingError(f"frozen_depth: {depth}; this encoder has {len(parts)} parts from the input on")
    for part in parts[:depth]:
        part.requires_grad_(False)


def to_training_mode(model: nn.Module) -> None:
    """Training mode for the parts that learn. A part without a trained parameter keeps its running statistics."""
    model.train()
    for part in model.modules():
        parameters = list(part.parameters())
        if parameters and not any(parameter.requires_grad for parameter in parameters):
            part.eval()


def build_optimiser(model: nn.Module, config: TrainConfig) -> torch.optim.AdamW:
    """AdamW with one group a rate and kind; `base` is the peak rate. Matrices are decayed; biases, norms and the
    temperature are not."""
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            starts = [start for start in config.rates if name.startswith(start)]
            rate = config.rates[max(starts, key=len)] if starts else config.rate
            groups.setdefault((rate, parameter.ndim >= 2), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": parameters, "base": rate, "lr": 0.0, "weight_decay": config.weight_decay if decayed else 0.0}
         for (rate, decayed), parameters in groups.items()], betas=config.betas)

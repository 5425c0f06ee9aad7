"""Curriculum gate (CAF): how strongly alignment may pull, from the smoothed classification loss and progress.

g = g_max * sigmoid(k_loss * (rho_0 - rho)) * sigmoid(k_progress * (p - p_0)) with rho = smoothed / reference loss.
Plain numbers, so nothing flows back through it and every process computes the same.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class GateConfig:
    """beta smooths the loss. reference: the mean of the first reference_steps losses, or, for fine-tuning from a good
    checkpoint, the cross-entropy of the label prior. fixed: this value throughout (the control without a gate)."""

    g_max: float = 1.0
    beta: float = 0.99
    reference: Literal["first_steps", "prior"] = "first_steps"
    reference_steps: int = 100
    loss_slope: float = 10.0
    loss_ratio: float = 0.8
    progress_slope: float = 20.0
    progress_start: float = 0.1
    fixed: float | None = None


class CurriculumGate:
    """Fed once a step with the classification loss. prior: the reference loss, asked for by reference = "prior"."""

    def __init__(self, config: GateConfig = GateConfig(), prior: float | None = None) -> None:
        if config.reference == "prior" and prior is None:
            raise ValueError("gate.reference is the label prior; its cross-entropy must be given")
        self.config = config
        self.prior = prior if config.reference == "prior" else None
        self.steps = 0
        self.smoothed = 0.0
        self.reference_sum = 0.0

    def update(self, loss: float, progress: float) -> float:
        """Record a step's loss and give the gate for it, in [0, g_max]. progress in [0, 1]."""
        if not math.isfinite(loss):
            raise ValueError(f"classification loss is {loss}")
        config = self.config
        self.smoothed = config.beta * self.smoothed + (1 - config.beta) * loss
        if self.steps < config.reference_steps:
            self.reference_sum += loss
        self.steps += 1
        if config.fixed is not None:
            return config.fixed
        return gate(config, ratio=self.ratio, progress=progress)

    @property
    def ratio(self) -> float:
        """Smoothed loss, corrected for its start at zero, over the reference loss."""
        corrected = self.smoothed / (1 - self.config.beta**self.steps)
        reference = self.prior
        if reference is None:
            reference = self.reference_sum / min(self.steps, self.config.reference_steps)
        return corrected / max(reference, 1e-12)

    def state_dict(self) -> dict[str, Any]:
        return {"steps": self.steps, "smoothed": self.smoothed, "reference_sum": self.reference_sum,
                "prior": self.prior}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.steps, self.smoothed = state["steps"], state["smoothed"]
        self.reference_sum, self.prior = state["reference_sum"], state["prior"]


def gate(config: GateConfig, *, ratio: float, progress: float) -> float:
    """The gate for a loss ratio and a progress."""
    return (config.g_max * _sigmoid(config.loss_slope * (config.loss_ratio - ratio))
            * _sigmoid(config.progress_slope * (progress - config.progress_start)))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

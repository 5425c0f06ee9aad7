"""Curriculum gate (CAF): how strongly alignment may pull, from the smoothed classification loss and progress.

g = g_max * sigmoid(k_loss * (rho_0 - rho)) * sigmoid(k_progress * (p - p_0)) with rho = smoothed / reference loss.
Plain numbers, so nothing flows back through it and every process computes the same.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class GateConfig:
    """beta smooths the loss; the reference is the mean of the first reference_steps losses."""

    g_max: float = 1.0
    beta: float = 0.99
    reference_steps: int = 100
    loss_slope: float = 10.0
    loss_ratio: float = 0.8
    progress_slope: float = 20.0
    progress_start: float = 0.1


class CurriculumGate:
    """Fed once a step with the classification loss. fixed_reference: for fine-tuning from a good checkpoint, the
    cross-entropy of the label prior; otherwise the gate would never open."""

    def __init__(self, config: GateConfig = GateConfig(), fixed_reference: float | None = None) -> None:
        self.config = config
        self.steps = 0
        self.smoothed = 0.0
        self.reference_sum = 0.0
        self.fixed_reference = fixed_reference

    def update(self, loss: float, progress: float) -> float:
        """Record a step's loss and give the gate for it, in [0, g_max]. progress in [0, 1]."""
        if not math.isfinite(loss):
            raise ValueError(f"classification loss is {loss}")
        config = self.config
        self.smoothed = config.beta * self.smoothed + (1 - config.beta) * loss
        if self.steps < config.reference_steps:
            self.reference_sum += loss
        self.steps += 1
        return gate(config, ratio=self.ratio, progress=progress)

    @property
    def ratio(self) -> float:
        """Smoothed loss, corrected for its start at zero, over the reference loss."""
        corrected = self.smoothed / (1 - self.config.beta**self.steps)
        reference = self.fixed_reference
        if reference is None:
            reference = self.reference_sum / min(self.steps, self.config.reference_steps)
        return corrected / max(reference, 1e-12)

    def state_dict(self) -> dict[str, Any]:
        return {"config": asdict(self.config), "steps": self.steps, "smoothed": self.smoothed,
                "reference_sum": self.reference_sum, "fixed_reference": self.fixed_reference}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "CurriculumGate":
        restored = cls(GateConfig(**state["config"]), state["fixed_reference"])
        restored.steps, restored.smoothed = state["steps"], state["smoothed"]
        restored.reference_sum = state["reference_sum"]
        return restored


def gate(config: GateConfig, *, ratio: float, progress: float) -> float:
    """The gate for a loss ratio and a progress."""
    return (config.g_max * _sigmoid(config.loss_slope * (config.loss_ratio - ratio))
            * _sigmoid(config.progress_slope * (progress - config.progress_start)))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

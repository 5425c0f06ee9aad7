"""The settings of one run of the loop. Every one can stand in a recipe and be changed with --set."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from peace_model.datasets.augment import AugmentConfig
from peace_model.labels.groups import WHOLE_PROFILE
from peace_model.training.curriculum import GateConfig
from peace_model.training.losses import AlignConfig

LOSSES = ("label", "statements", "know", "align", "distill", "distill_statements", "domain", "abnormalities", "joint")
LEADING = ("label", "abnormalities", "joint")
"""Losses of which a run needs one: the first it has is what its gate follows."""


class TrainingError(Exception):
    """A run that cannot begin or go on; str() says why and what to do."""


@dataclass(frozen=True)
class TrainConfig:
    """One run.

    rate: peak of the schedule; rates: other peaks for parameters whose name starts so (the longest match counts).
    trained: only parameters whose name starts so are changed, all when empty; a part of the network that is not
    trained keeps its running statistics too. frozen_depth: so many parts of the encoder from the input on
    (`Encoder.depths`) are not trained either. weights: the losses that are computed and how much each counts.
    average: decay of the running average of weights, which is what is judged and kept. positive_weight_cap: a positive
    counts min(negatives / positives, cap) times; None: once. choose_by: the group of labels (`labels.groups_of`) whose
    macro AUROC chooses the epoch, those of them with choose_least positives; looked at every choose_epochs epochs;
    patience: stop after so many looks without a better one, 0: never.
    """

    epochs: int
    batch: int = 64
    rate: float = 2e-3
    rates: Mapping[str, float] = field(default_factory=dict)
    trained: tuple[str, ...] = ()
    frozen_depth: int | None = None
    weight_decay: float = 0.05
    betas: tuple[float, float] = (0.9, 0.98)
    warm_up: float = 0.05
    final_rate: float = 0.002
    clip: float = 1.0
    average: float = 0.999
    precision: Literal["float32", "bfloat16"] = "float32"
    weights: Mapping[str, float] = field(default_factory=lambda: {"label": 1.0})
    positive_weight_cap: float | None = None
    align: AlignConfig = AlignConfig()
    gate: GateConfig = GateConfig()
    augment: AugmentConfig = AugmentConfig()
    choose_by: str = WHOLE_PROFILE
    choose_least: int = 10
    choose_epochs: int = 1
    patience: int = 0
    seed: int = 42
    checkpoint_steps: int = 100

    def __post_init__(self) -> None:
        for name in ("epochs", "batch", "choose_epochs", "checkpoint_steps"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1")
        unknown = sorted(set(self.weights) - set(LOSSES))
        if unknown or not set(LEADING) & set(self.weights):
            raise ValueError(f"weights: name {', '.join(LEADING[:-1])} or {LEADING[-1]} and any of "
                             f"{', '.join(LOSSES)}; not {', '.join(unknown)}")

    @property
    def leading(self) -> str:
        """The loss that says how far the run has come."""
        return next(name for name in LEADING if name in self.weights)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

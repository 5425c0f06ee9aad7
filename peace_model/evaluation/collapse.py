"""Signs that a joint embedding has collapsed: what its run kept of them, and what they say."""

import csv
from collections.abc import Mapping
from pathlib import Path

STD, RANK, DIAGONAL = "embedding_std", "effective_rank", "mean_diagonal"
"""As `training.barlow_twins.monitors` makes them."""
LEAST_STD, LEAST_RANK, LEAST_DIAGONAL = 0.1, 2.0, 0.05
"""Below any of them an embedding counts as collapsed: constant, of one direction, or without anything in common."""
EPOCHS = "log.csv"
"""Where a run keeps the figures of its epochs (`training.log`)."""


def collapse_text(figures: Mapping[str, float]) -> str:
    """What the monitors of an epoch say of a collapse, one sentence; "" where none shows."""
    limits = {STD: LEAST_STD, RANK: LEAST_RANK, DIAGONAL: LEAST_DIAGONAL}
    seen = [f"{name} {figures[name]:.3g} (at least {least:g})" for name, least in limits.items()
            if figures[name] < least]
    return f"the joint embedding has collapsed: {', '.join(seen)}; begin again with another rate" if seen else ""


def monitors_of(run: Path) -> dict[str, float] | None:
    """The monitors at a run's last look, means over the training steps since the look before; None where it keeps
    none, such as a run of another kind or one whose log is gone."""
    path = run / EPOCHS
    if not path.is_file():
        return None
    with path.open(newline="", encoding="utf-8") as file:
        looks = list(csv.DictReader(file))
    if not looks or not {STD, RANK, DIAGONAL} <= set(looks[-1]):
        return None
    return {name: float(looks[-1][name]) for name in (STD, RANK, DIAGONAL)}

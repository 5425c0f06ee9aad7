"""A run's best network as it is released."""

from pathlib import Path
from typing import Any

from peace_model.networks.building import fresh_peace as build
from peace_model.networks.label_query_network import LqnConfig
from peace_model.networks.peace import Peace, PeaceConfig
from peace_model.networks.release import released
from peace_model.training.runs import load_run

__all__ = ["TINY_NETWORK", "build", "load_best"]
TINY_NETWORK = PeaceConfig(
    encoder="xresnet1d_tiny", lqn=LqnConfig(width=32, layers=2, heads=2, feed_forward=64), align_width=16)


def load_best(folder: Path) -> tuple[Peace, dict[str, Any], str]:
    """The best network of a PEACE run in its released form, what the run says of it, the SHA-256 of its weights."""
    model, state, digest = load_run(folder)
    assert isinstance(model, Peace)
    return released(model), state, digest

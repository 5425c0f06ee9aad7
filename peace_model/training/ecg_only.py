"""The best network of a control's run."""

from pathlib import Path

from peace_model.networks.ecg_only import EcgOnly
from peace_model.training.runs import load_run


def load_best_ecg_only(folder: Path) -> EcgOnly:
    model = load_run(folder)[0]
    assert isinstance(model, EcgOnly)
    return model

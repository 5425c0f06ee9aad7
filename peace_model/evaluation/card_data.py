"""Which data a model card speaks of: what a bundle was learnt from and chosen on, as every section names it."""

from collections.abc import Mapping
from typing import Any

from peace_model.ecg.age import days_from_years

PTBXL = "ptbxl"
OWN_FOLD = "fold 9"
"""That of PTB-XL by which its own split is chosen."""


def dataset_of(bundle: Mapping[str, Any]) -> str:
    """The data set that was learnt from; bundles before 0.3 are all of PTB-XL and do not say so."""
    return str(bundle["run"].get("data", {}).get("dataset", PTBXL))


def chosen_on(bundle: Mapping[str, Any]) -> str:
    """Where epoch, calibration and thresholds come from."""
    own = bundle["run"].get("data", {}).get("split", "own") == "own"
    return OWN_FOLD if dataset_of(bundle) == PTBXL and own else "the choosing part"


def adult_trained(bundle: Mapping[str, Any]) -> bool:
    """Nobody under 18 was learnt from."""
    days = bundle["training"]["min_age_days"]
    return days is not None and days >= days_from_years(18)

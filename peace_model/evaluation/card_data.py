"""Which data a model card speaks of: what a bundle was learnt from and chosen on, as every section names it."""

from collections.abc import Mapping
from typing import Any

from peace_model.datasets import wfdb_folder
from peace_model.ecg.age import days_from_years

PTBXL = "ptbxl"


def dataset_of(bundle: Mapping[str, Any]) -> str:
    """The data set that was learnt from; bundles before 0.3 are all of PTB-XL and do not say so."""
    return str(bundle["run"].get("data", {}).get("dataset", PTBXL))


def chosen_on(bundle: Mapping[str, Any]) -> str:
    """Where epoch, calibration and thresholds come from."""
    return "fold 9" if dataset_of(bundle) == PTBXL else "the choosing part"


def adult_trained(bundle: Mapping[str, Any]) -> bool:
    """Nobody under 18 was learnt from."""
    days = bundle["training"]["min_age_days"]
    return days is not None and days >= days_from_years(18)


def begun_elsewhere(run: Mapping[str, Any]) -> bool:
    """It began with weights that had learnt from other recordings than its own, or from which ones is not known.

    run: of a bundle, or as `made` of the run that another one began with.
    """
    init = run.get("init")
    if init is None:
        return False
    made = init.get("made")
    return made is None or not _of_the_same_recordings(run, made) or begun_elsewhere(made)


def _of_the_same_recordings(run: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
    """A published data set is known by its name, a folder of one's own by its digest alone."""
    ours, theirs = ({name: value for name, value in one.get("data", {}).items() if value is not None}
                    for one in (run, made))
    digests = {one.get("data_sha256") for one in (run, made)}
    return bool(ours) and ours == theirs and (
        len(digests) == 1 if None not in digests else ours.get("dataset") != wfdb_folder.DATASET)

"""The model card's section on associated findings, the outputs of a head for abnormalities."""

from collections.abc import Mapping
from typing import Any

from peace_model.evaluation.card_data import PTBXL, dataset_of
from peace_model.evaluation.card_figures import interval, table


def abnormalities(bundle: Mapping[str, Any]) -> str:
    """"" for a bundle without such a head."""
    found = bundle.get("abnormalities")
    if found is None:
        return ""
    rows = [[head["name"], head["criterion"], str(figures["positives"]), str(figures["known"]),
             interval(figures["auroc"]), interval(figures["auprc"]), head["citation"]]
            for head in found["heads"] for figures in (found["metrics"][head["code"]],)]
    left_out = "" if not found["left_out"] else f" Left out, too few recordings: {', '.join(found['left_out'])}."
    return (
        "## Associated findings\n\n"
        "A second head reads the same embedding of the ECG and predicts abnormalities. They go together with the ECG "
        "in the recordings it learnt from: an association, never the cause of a diagnosis, no explanation of one and "
        f"no measurement.{_truth(bundle)} {found['data']}; intervals: {found['interval']}, seed {found['seed']}."
        f"{left_out}\n\n"
        + table(["finding", "criterion", "positives", "of", "AUROC", "AUPRC", "limit from"], rows))


def _truth(bundle: Mapping[str, Any]) -> str:
    """Where it is known from which recordings had a finding."""
    if dataset_of(bundle) != PTBXL:
        return ""
    return (f" What counts as the truth here are this program's own automatic measurements of the same recordings at "
            f"{bundle['pipeline']['fs_hz']:g} Hz, which nobody checked; QRS and QT run long there.")

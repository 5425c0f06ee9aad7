"""The model card's section on associated findings, the outputs of a head for abnormalities."""

from collections.abc import Mapping
from typing import Any

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
        f"no measurement. {found['data']}; intervals: {found['interval']}, seed {found['seed']}.{left_out}\n\n"
        + table(["finding", "criterion", "positives", "of", "AUROC", "AUPRC", "limit from"], rows))

"""The model card's section on maps: what the tests at export say of them."""

from collections.abc import Mapping
from typing import Any

from peace_model.evaluation.card_figures import interval, table
from peace_model.explanation.occlusion import METHOD as OCCLUSION

VERDICTS = ("supported", "unsupported", "not tested")
LEADS_NAMED = 3


def maps(bundle: Mapping[str, Any]) -> str:
    """Every method's result in words and label by label; bundles before 0.2 hold the words only."""
    evidence = bundle.get("explanation_evidence")
    lines = []
    for entry in bundle["explanation_checks"].values():
        lines.append(f"* {entry['text'].removesuffix('.')}.")
        for verdict in VERDICTS:
            codes = [code for code, said in entry.get("labels", {}).items() if said["verdict"] == verdict]
            if codes:
                lines.append(f"  * {verdict}: {', '.join(codes)}")
    if evidence is not None and OCCLUSION not in bundle["explanation_checks"]:
        lines.append("* Occlusion: not tested for any label.")
    told = "\n".join(lines)
    if evidence is None:
        return ("## Maps\n\nMaps tell when, not in which lead. Checks on fold 9 (weights shuffled; the marked fifth of "
                f"the signal set to the mean):\n\n{told}")
    return (
        "## Maps\n\nMaps made by the graph tell when, not in which lead; occlusion, made when it is asked for, tells "
        f"both. Tests on {evidence['recordings']} recordings of the choosing part, seed {evidence['seed']}. "
        f"{evidence['rule'].removesuffix('.')}.\n\n{told}\n\n{_agreement(evidence)}\n\n{_leads(evidence)}")


def _agreement(evidence: Mapping[str, Any]) -> str:
    rows = [[methods, str(entry["recordings"]), interval(entry["rank_correlation"])]
            for methods, entry in evidence["agreement"].items()]
    return "Agreement of two kinds of map over time:\n\n" + table(
        ["methods", "recordings", "mean rank correlation (95 % CI)"], rows)


def _leads(evidence: Mapping[str, Any]) -> str:
    rows = []
    for code, entry in evidence["lead_relevance"].items():
        drops = sorted(entry["logit_drop"].items(), key=lambda item: -item[1])[:LEADS_NAMED]
        rows.append([code, str(entry["recordings"]), ", ".join(f"{lead} {drop:+.2f}" for lead, drop in drops)])
    return (f"The {LEADS_NAMED} leads whose absence lowers a label's logit most, mean over recordings with the label:"
            "\n\n" + table(["label", "recordings", "leads"], rows))

"""The model card's sections on what was compared and tried: controls, seeds, configurations, what was not run."""

from collections.abc import Mapping, Sequence
from typing import Any

from peace_model.evaluation.ablation.claims import p_text
from peace_model.evaluation.card_data import adult_trained
from peace_model.evaluation.card_figures import interval, table
from peace_model.evaluation.metrics import FEW_POSITIVES
from peace_model.labels.groups import NINE

CONTROLS = ("ECG-only classifier", "random queries", "no LSBC", "no gate", "single descriptor", "shuffled descriptors")
PROXIES = {
    "A": "Proxy A: shared labels, trained on folds 1-8, judged on fold 9 (adults)",
    "B": "Proxy B: from adults of 40 and over to adults of 18-34, by labelled recordings per label",
    "C": "Proxy C: labels held out of training and asked for by their text",
    "G": "Proxy G: a simulated shift of known size",
}


def controls(bundle: Mapping[str, Any]) -> str:
    """Everything the model was compared with; says so where it was not."""
    metrics = bundle["metrics"]
    against, grid = metrics.get("against_control"), metrics.get("controls")
    if against is None and grid is None:
        return (f"## Controls\n\nNot run for this version: {', '.join(CONTROLS)}. Nothing here shows that the "
                "descriptors help.")
    parts = ["## Controls"]
    if against is not None:
        parts.append(_against(against, "this model") + _more_training(bundle["run"]))
    if grid is not None:
        parts.append(_grid(grid))
    else:
        parts.append(f"Not run: {', '.join(CONTROLS[1:])}; a gain from semantics is not claimed.")
    return "\n\n".join(parts)


def _more_training(run: Mapping[str, Any]) -> str:
    """What a distilled network had more than a control that was trained once."""
    made: Any = run
    while made is not None and not made.get("teachers"):
        made = made.get("init", {}).get("made")
    return "" if made is None else (
        f"\n\nThis model was distilled from {len(made['teachers'])} networks and the control was not: it is no "
        "comparison at equal budget, which the teachers' above is.")


def _against(against: Mapping[str, Any], ours: str) -> str:
    rows = [[name, f"{entry['recordings']:,}", interval(entry["macro_auroc"]),
             interval(entry["difference"], sign=True), _pairs(entry)] for name, entry in against["groups"].items()]
    head = ["group", "n", "macro AUROC of the control", f"{ours} minus the control", "per pair of runs"]
    return (f"{against['text']} Paired bootstrap of patients on shared draws, seed {against['seed']}; below a "
            f"difference of 0 the control is better.\n\n{table(head, rows)}")


def _pairs(entry: Mapping[str, Any]) -> str:
    if "pairs" not in entry:
        return "one pair"
    values = ", ".join(f"{value:+.3f}" for value in entry["pairs"])
    return f"{values} (sd {entry['sd_over_pairs']:.3f})"


def _grid(grid: Mapping[str, Any]) -> str:
    """The table of peace-model ablate: small networks, so its figures are not those of the bundle."""
    parts = [f"### Grid {grid['grid']}\n\n{grid['about']} {grid['figure']}. Bootstrap of patients with "
             f"{grid['bootstrap']['replicates']} replicates, seed {grid['bootstrap']['seed']}. {grid['comparisons']} "
             "comparisons, none corrected for their number: about one in twenty would lie outside 0 by chance."]
    for proxy in dict.fromkeys(row["proxy"] for row in grid["rows"]):
        rows = [row for row in grid["rows"] if row["proxy"] == proxy]
        name = PROXIES.get(proxy, f"Proxy {proxy}")
        if any(row.get("mean") is not None for row in rows):
            shown = _asked(rows) if any("label" in row for row in rows) else _arms(rows)
            parts.append(f"{name}{_judged_on(rows)}:\n\n{shown}")
        else:
            parts.append(f"{name}: {sum(row['state'] != 'not run' for row in rows)} of {len(rows)} entries run; what "
                         "they say stands below.")
    parts.append("\n".join(f"* {text}" for text in grid["statements"]))
    if grid["not_run"]:
        parts.append(f"Cells of the grid that were not run: {len(grid['not_run'])} "
                     f"({', '.join(grid['not_run'][:12])}{', ...' if len(grid['not_run']) > 12 else ''}).")
    return "\n\n".join(parts)


def _judged_on(rows: Sequence[Mapping[str, Any]]) -> str:
    """On how many recordings, and over which labels where every arm has the same."""
    labels = {tuple(row["labels"]) for row in rows if "labels" in row}
    recordings = {row["recordings"] for row in rows if "recordings" in row}
    return ("" if len(recordings) != 1 else f", {recordings.pop():,} recordings") + (
        "" if len(labels) != 1 else f", {', '.join(labels.pop())}")


def _arms(rows: Sequence[Mapping[str, Any]]) -> str:
    few = any("shots" in row for row in rows)
    lines = [[row["arm"], *([str(row.get("shots", ""))] if few else []), row["cells"],
              *([str(row.get("adapted", ""))] if few else []), _mean(row), *_apart(row)] for row in rows]
    return table(["arm", *(["N"] if few else []), "cells run", *(["adapted"] if few else []),
                  "macro AUROC, mean \N{PLUS-MINUS SIGN} sd over seeds", "PEACE minus this (95 % over patients)",
                  "95 % over seeds (t), p"], lines)


def _asked(rows: Sequence[Mapping[str, Any]]) -> str:
    """Labels held out of training, one seed each."""
    return table(
        ["label", "asked by", "queries", "AUROC, mean \N{PLUS-MINUS SIGN} sd over queries",
         "own text minus this (95 % over patients)"],
        [[row["label"], str(row.get("query", "")), str(row.get("queries", "")), _mean(row), _apart(row)[0]]
         for row in rows])


def _mean(row: Mapping[str, Any]) -> str:
    mean, sd = row.get("mean"), row.get("sd")
    return row["state"] if mean is None else f"{mean:.3f}" + (f" \N{PLUS-MINUS SIGN} {sd:.3f}" if sd else "")


def _apart(row: Mapping[str, Any]) -> tuple[str, str]:
    apart = row.get("difference")
    if apart is None:
        return "", ""
    return interval(apart, sign=True), "" if apart.get("seeds_p") is None else (
        f"{apart['seeds_low']:+.3f} to {apart['seeds_high']:+.3f}, p {p_text(apart['seeds_p'])}")


def seeds(bundle: Mapping[str, Any]) -> str:
    """Mean and spread over training seeds, of this network's runs or of those it was distilled from."""
    metrics = bundle["metrics"]
    found, teachers = metrics.get("seeds"), metrics.get("teachers")
    parts = []
    if found is not None:
        parts.append("Macro AUROC of runs that differ in their seed only; the first one is this bundle's.\n\n"
                     + _seeds(found))
    if teachers is not None:
        parts.append("Macro AUROC of the networks that this one was distilled from; they differ in their seed only."
                     f"\n\n{_seeds(teachers['seeds'])}")
        parts.append(f"Against them: {_against(teachers['against_control'], 'teachers')}")
    return "\n\n".join(["## Training seeds", *parts]) if parts else ""


def _seeds(found: Mapping[str, Any]) -> str:
    rows = [[name, *(f"{value:.4f}" if value is not None else "n/a" for value in entry["macro_auroc"]["values"]),
             "n/a" if entry["macro_auroc"]["mean"] is None else f"{entry['macro_auroc']['mean']:.4f}",
             "n/a" if entry["macro_auroc"]["sd"] is None else f"{entry['macro_auroc']['sd']:.4f}"]
            for name, entry in found["groups"].items()]
    return table(["group", *(f"seed {run['seed']}" for run in found["runs"]), "mean", "sd"], rows)


def configurations(bundle: Mapping[str, Any]) -> str:
    """Every configuration that was tried on the way here, also those that failed."""
    tried = bundle["metrics"].get("configurations")
    if not tried:
        return ""
    rows = [[entry["name"], "failed" if entry["figure"] is None else f"{entry['figure']:.4f}", str(entry["seed"]),
             f"`{entry['command']}`", entry["remark"]] for entry in tried]
    nine = bundle["metrics"]["choosing"]["groups"].get(NINE, {"labels": {}})
    rare = [f"{code} {entry['positives']}" for code, entry in nine["labels"].items()
            if entry["positives"] < FEW_POSITIVES]
    few = f" Few positives there: {', '.join(rare)}." if rare else ""
    return (f"## Every configuration tried\n\n{len(tried)} configurations were judged by their macro AUROC over the "
            f"nine shared labels on the choosing part, which is why its figures are slightly optimistic.{few}\n\n"
            + table(["name", "figure", "seed", "command", "remark"], rows))


def not_run(bundle: Mapping[str, Any]) -> str:
    """What a reader might look for here and does not find."""
    metrics = bundle["metrics"]
    if "groups" not in metrics["choosing"]:
        return ""
    missing = [
        "ZZU-pECG and MIMIC-IV-ECG: the data were not available, so the paper's protocol was not run on them",
        "fold 10 of PTB-XL: kept for an independent measurement",
        "children: no figure but the few recordings of proxy F",
    ] if adult_trained(bundle) else []
    missing += [text for name, text in (
        ("against_control", "the ECG-only classifier at equal budget"), ("controls", "the grid of controls"),
        ("seeds", "other training seeds"), ("proxy_e_ludb", "proxy E (LUDB)"),
        ("proxy_f_under_18", "proxy F (under 18)"), ("configurations", "a list of the configurations tried"),
    ) if metrics.get(name) is None and not (name == "seeds" and metrics.get("teachers") is not None)]
    grid = metrics.get("controls")
    if grid is not None:
        ran = {row["proxy"] for row in grid["rows"] if row["state"] != "not run"}
        missing += [text.partition(":")[0] for name, text in PROXIES.items() if name not in ran]
    missing.append("proxy D (site or device): too few recordings name one")
    return "## Not run\n\n" + "\n".join(f"* {text}." for text in missing)

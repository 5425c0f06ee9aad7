"""The table of a grid as a page of Markdown, made from its values alone."""

from typing import Any

from peace_model.evaluation.ablation.cells import apart, number, table_head, table_row
from peace_model.evaluation.ablation.grid import (
    AGE_SHIFT,
    ARMS,
    HELD_OUT,
    JOURNAL,
    SHARED_LABELS,
    SIMULATED,
    TRANSFER,
)
from peace_model.evaluation.ablation.journal_page import journal_tables
from peace_model.evaluation.ablation.transfer_page import transfer_tables

_HEADINGS = {
    SHARED_LABELS: "Proxy A: shared labels (adults)",
    AGE_SHIFT: "Proxy B: age shift between adults, label query network or head adapted",
    HELD_OUT: "Proxy C: whole labels held out",
    SIMULATED: "Proxy G: simulated shift",
    TRANSFER: "Proxy T: transfer of clinical knowledge (adults)",
    JOURNAL: "Proxy J: the pediatric ML journal's networks and others at one budget (adults)",
}
_FEW = ("- N = 0 is the source network as it is; adapted: in how many cells the target's choosing part preferred an "
        "adapted one. A label with fewer than N recordings gives all it has. With N = all "
        "the draws differ only in the order of the batches.")


def page(table: dict[str, Any]) -> str:
    """The whole page. table: as `build_table` makes it, with the command that made it where that is told."""
    bootstrap = table["bootstrap"]
    lines = [
        f"# Controls: {table['grid']}", "", table["about"], "",
        f"Figure: {table['figure']}. Differences are {table['differences']}, paired: 95 % over "
        f"{bootstrap['replicates']} bootstraps of patients (seed {bootstrap['seed']}) on shared draws, and Student's t "
        f"over training seeds. {table['comparisons']} comparisons, none corrected for their number: about one in "
        "twenty would lie outside 0 by chance.", "",
        *([f"Made with `{table['command']}`.", ""] if "command" in table else [])]
    for proxy in dict.fromkeys(row["proxy"] for row in table["rows"]):
        rows = [row for row in table["rows"] if row["proxy"] == proxy]
        if proxy == SIMULATED:
            shown = _responses(rows, table["responses"])
        elif proxy == TRANSFER:
            shown = transfer_tables(rows, table["settings"]["transfer"], table["joint_runs"])
        else:
            shown = _TABLES[proxy](rows)
        lines += [f"## {_HEADINGS[proxy]}", "", *shown, ""]
    if "simulated" in table["settings"]:
        lines += _shipped(table["shipped"])
    lines += ["## What these figures can and cannot support", "", *(f"- {text}" for text in table["statements"]), ""]
    if table["not_run"]:
        lines += [f"Not run ({len(table['not_run'])} cells): {', '.join(table['not_run'])}.", ""]
    return "\n".join(lines)


def _arms(rows: list[dict[str, Any]]) -> list[str]:
    few = "shots" in rows[0]
    lines = table_head(*(["N", "labelled"] if few else []), "arm", "cells", *(["adapted"] if few else []), "mean",
                       "sd over seeds", *(["sd over draws"] if few else []), "recordings", "PEACE minus this, patients",
                       "over seeds")
    for row in rows:
        lines.append(table_row(
            *([row["shots"], row.get("support_recordings", "")] if few else []), row["arm"],
            row["state"] if row["state"] == "not run" else row["cells"], *([row.get("adapted", "")] if few else []),
            number(row.get("mean")), number(row.get("sd")), *([number(row.get("draws_sd"))] if few else []),
            row.get("recordings", ""), *apart(row.get("difference"))))
    told = [f"- {arm}: {ARMS[arm]}" for arm in dict.fromkeys(row["arm"] for row in rows)]
    return [*lines, "", *told, *([_FEW] if few else [])]


def _queries(rows: list[dict[str, Any]]) -> list[str]:
    lines = table_head("label", "arm", "asked by", "queries", "AUROC", "sd over queries", "positives",
                  "own text minus this, patients")
    for row in rows:
        lines.append(table_row(
            row["label"], row["arm"], row.get("query", row["state"]), row.get("queries", ""),
            number(row.get("mean")), number(row.get("sd")), row.get("positives", ""),
            apart(row.get("difference"))[0]))
    return lines


def _responses(rows: list[dict[str, Any]], responses: list[dict[str, Any]]) -> list[str]:
    lines = table_head("band", "edit", "amount", "arm", "seed", "recordings (left out)", "labels in macro",
                       "macro before", "after", "after, told the band's age", "NORM logit", "mean change of logits",
                       "by age alone")
    for response in responses:
        lines.append(table_row(
            response["band"], response["edit"], response["amount"], response["arm"], response["seed"],
            f"{response['recordings']} ({response['left_out']})", ", ".join(response["macro_labels"]),
            *(number(response[name]) for name in ("macro_unedited", "macro_edited", "macro_edited_at_age")),
            *(number(response[name], "+.2f") for name in (
                "norm_logit_change", "logit_change", "logit_change_by_age"))))
    missing = [table_row("", "", "", row["arm"], row["seed"], row["state"], *[""] * 7)
               for row in rows if row["state"] == "not run"]
    return ["Simulated: adults' recordings edited by known amounts, no children. Labels that an edit touches are left "
            "out of the macro averages.", "", *lines, *missing]


_TABLES = {SHARED_LABELS: _arms, AGE_SHIFT: _arms, HELD_OUT: _queries, JOURNAL: journal_tables}


def _shipped(shipped: dict[str, Any] | None) -> list[str]:
    """Proxies E and F of the shipped bundle."""
    if shipped is None:
        return ["## Proxies E and F: the shipped graph", "", "Not run: name the bundle with --bundle.", ""]
    lines = [f"## Proxies E and F: the shipped graph ({shipped['name']} {shipped['version']})", ""]
    ludb, young = shipped["E"], shipped["F"]
    if ludb is None:
        lines += ["E (LUDB): not run.", ""]
    else:
        lines += ["E (LUDB, frozen, fold 9 thresholds):", "",
                  *table_head("label", "positives", "AUROC", "95 % over patients")]
        for label, entry in ludb["labels"].items():
            area = entry["auroc"]
            lines.append(table_row(label, entry["positives"], number(area["value"]),
                              f"{number(area['low'])} to {number(area['high'])}"))
        lines.append("")
    if young is None:
        return [*lines, "F (under 18): not run.", ""]
    found, block = young["normal_called_normal"], young["irbbb"]
    lines.append(f"F (PTB-XL under 18, {young['recordings']} recordings, {young['normal']} of them normal): "
                 f"{found['found']} of {found['of']} normal ones called normal; AUROC of IRBBB "
                 f"{number(block['auroc'])} ({number(block['low'])} to {number(block['high'])}, "
                 f"{block['positives']} positives).")
    lines += ["", *table_head("label", "false positives on normal", "of", "95 % (Wilson)")]
    for label, entry in young["false_positives_on_normal"].items():
        lines.append(table_row(label, entry["false_positives"], entry["of"],
                          f"{number(entry['low'])} to {number(entry['high'])}"))
    return [*lines, ""]

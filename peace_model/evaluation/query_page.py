"""The page on how well networks are asked in words, made from its values alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from peace_model.evaluation.ablation.cells import number, table_head, table_row
from peace_model.evaluation.ablation.grid import HELD_OUT

WAYS = {"shuffled": "another statement's text", "nearest": "the label with the closest name",
        "supervised": "an output taught that statement"}


def query_page(found: Mapping[str, Any]) -> str:
    """Markdown. found: figures of `query_figures`, with model, about, verdict, commands and, where a grid held labels
    out, its rows."""
    figures = found["figures"]
    ways = [way for way in WAYS if way in figures["ways"]]
    macro = table_head("asked by", "macro AUROC (95 % over patients)",
                       "the statement's own text minus this (95 % over patients)")
    macro.append(table_row("the statement's own text", _area(figures["macro_auroc"]), ""))
    for way in ways:
        entry = figures["ways"][way]
        macro.append(table_row(WAYS[way], _area(entry["macro_auroc"]), _interval(entry["difference"])))
    each = table_head("statement", "name", "positives", "text", *ways, "closest label")
    for code, row in figures["statements"].items():
        each.append(table_row(code, found["names"][code], row["positives"],
                              *(number(row[way], ".3f") for way in ("text", *ways)), row["label"]))
    lines = [
        f"# Asking {found['model']} in words", "", found["about"], "",
        f"{figures['recordings']:,} recordings, {len(figures['statements'])} statements with enough positives of which "
        f"no label is made; intervals over {figures['replicates']} bootstraps of patients, seed {figures['seed']}; "
        f"{figures['shuffles']} orders of other texts. Chance is .500.", "", *macro, "", found["verdict"], "",
        "## Each statement", "", *each, ""]
    if found["held_out"]:
        lines += ["## Labels that no recording showed in training", "", found["held_out_about"], "",
                  *_held_out(found["held_out"]), ""]
    return "\n".join([*lines, "## How it was made", "", "```", *found["commands"], "```", ""])


def held_out_rows(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of a grid's table on labels held out that were run."""
    return [row for row in table["rows"] if row["proxy"] == HELD_OUT and row["state"] == "run"]


def _held_out(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = table_head("label", "positives", "asked by", "AUROC", "own text minus this (95 % over patients)")
    for row in rows:
        apart = row.get("difference")
        lines.append(table_row(row["label"], row["positives"], row["query"], number(row["mean"], ".3f"),
                               "" if apart is None else _interval(apart)))
    return lines


def _interval(found: Mapping[str, Any]) -> str:
    return f"{found['value']:+.3f} ({found['low']:+.3f} to {found['high']:+.3f})"


def _area(found: Mapping[str, Any]) -> str:
    return f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})"

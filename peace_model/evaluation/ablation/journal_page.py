"""Proxy J as tables of a page: what an arm costs and does, then the same at each age and without V2, V4 and V6."""

from typing import Any

from peace_model.evaluation.ablation.cells import apart, number, table_head, table_row
from peace_model.evaluation.ablation.grid import JOURNAL_ARMS, PAIR


def journal_tables(given: list[dict[str, Any]]) -> list[str]:
    rows = [row for row in given if row.get("kind") != PAIR]
    further = {row["arm"]: row for row in given if row.get("kind") == PAIR}
    ran = [row for row in rows if row["state"] != "not run"]
    groups = list(ran[0]["groups"]) if ran else []
    lines = table_head("arm", "cells", "parameters", "training, min of one core", "one recording, ms",
                       *(f"{name}, AUROC" for name in groups), "sd over seeds", "this minus", "patients", "over seeds")
    for row in rows:
        if row["state"] == "not run":
            lines.append(table_row(row["arm"], "not run", *[""] * (7 + len(groups))))
            continue
        lines.append(table_row(
            row["arm"], row["cells"], f"{row['parameters']:,.0f}", f"{row['training_cpu_s'] / 60:.1f}",
            f"{row['inference_ms']:.1f}", *(_interval(row["groups"][name]) for name in groups), number(row["sd"]),
            row.get("against", ""), *apart(row.get("difference"))))
        if row["arm"] in further:
            pair = further[row["arm"]]
            lines.append(table_row(*[""] * (6 + len(groups)), pair["against"], *apart(pair.get("difference"))))
    told = [f"- {arm}: {JOURNAL_ARMS[arm]}" for arm in dict.fromkeys(row["arm"] for row in rows)]
    if not ran:
        return [*lines, "", *told]
    first = ran[0]
    about = [f"- {name}: {len(entry['labels'])} labels ({', '.join(entry['labels'])}), {entry['recordings']} recordings"
             for name, entry in first["groups"].items()]
    return [
        *lines, "", f"Learnt from {first['training_recordings']} recordings. Macro AUROC, in brackets 95 % over "
        "bootstraps of patients; labels with at least ten recordings that have them and ten that do not. Several seeds "
        "stand as their mean. Training and inference are processor time of one core, reading and augmenting "
        "included: of several seeds the least, which other work on the same computer disturbed least. A hybrid's "
        "leaves out measuring the recording, which it needs first.",
        "", *about, *told, "", "By age, whole profile, and what the loss of V2, V4 and V6 costs:", "",
        *_by_age(ran), "",
        "The labels that have enough recordings differ from band to band: compare arms within a column, not columns."]


def _by_age(ran: list[dict[str, Any]]) -> list[str]:
    lines = table_head("arm", *(f"{band['text']} ({band['recordings']} recordings, {len(band['labels'])} labels)"
                                for band in ran[0]["bands"]), "nine leads minus twelve")
    for row in ran:
        lost = row["nine_leads"]
        lines.append(table_row(row["arm"], *(_interval(band) for band in row["bands"]),
                               f"{lost['value']:+.4f} ({lost['low']:+.4f} to {lost['high']:+.4f})"))
    return lines


def _interval(entry: dict[str, Any]) -> str:
    found = entry["macro_auroc"]
    return "too few" if found is None else f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})"

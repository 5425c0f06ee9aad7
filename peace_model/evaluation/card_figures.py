"""The model card's sections of figures: on adults, on parts of them, on proxies E and F."""

from collections.abc import Mapping, Sequence
from typing import Any

from peace_model.evaluation.card_data import adult_trained, chosen_on

DASH = "\N{EN DASH}"
KINDS = {"age": "By age", "sex": "By sex", "leads": "By leads", "rail": "By rail"}


def figures(bundle: Mapping[str, Any]) -> str:
    """Macro figures of every group, then each label's own."""
    found = bundle["metrics"]["choosing"]
    return (
        f"## Figures{' on adults' if adult_trained(bundle) else ''}\n\n"
        f"{found['data']}. {found['recordings']:,} recordings of {found['patients']:,} patients. "
        f"Intervals: {found['interval']}, seed {bundle['metrics']['seed']}. F1 and balanced accuracy: "
        f"{found['decisions']}.{_measured_on(bundle)}\n\n{_macros(found)}\n\n{_labels(found)}")


def _measured_on(bundle: Mapping[str, Any]) -> str:
    if "groups" not in bundle["metrics"]["choosing"]:
        return ""
    if bundle["metrics"].get("graph_sha256") == bundle["graph"]["sha256"]:
        return " Measured on the shipped graph itself, as the application runs it."
    return " Measured on the network before its export, not on the shipped graph."


def _macros(found: Mapping[str, Any]) -> str:
    if "groups" not in found:
        return (f"Macro AUROC {interval(found['macro_auroc'])}, macro AUPRC {interval(found['macro_auprc'])} over "
                f"{', '.join(found['macro_labels'])}. The published figures of PEACE rest on other data and splits: "
                "not comparable.")
    rows = []
    for name, group in found["groups"].items():
        labels = f"{len(group['macro_labels'])} of {len(group['macro_labels']) + len(group['left_out'])}"
        rows.append([name, group["rule"], f"{group['recordings']:,}", labels, interval(group["macro_auroc"]),
                     interval(group["macro_auprc"]),
                     f"{interval(group['all']['macro_auroc'])}, {group['all']['labels']} labels"])
    head = ["group", "recordings taken", "n", "labels", "macro AUROC (95 % CI)", "macro AUPRC (95 % CI)",
            "macro AUROC of every label that occurs"]
    least = next(iter(found["groups"].values()))["least_positives"]
    left_out = found["groups"]["profile"]["left_out"]
    missing = f" Left out of the whole profile: {', '.join(left_out)}." if left_out else ""
    return (f"{table(head, rows)}\n\nA label counts in a macro figure with {least} positives or more.{missing} The "
            "published figures of PEACE rest on other data and splits: not comparable.")


def _labels(found: Mapping[str, Any]) -> str:
    rows = [[code, _count(entry), interval(entry["auroc"]), interval(entry["auprc"]),
             _decision(entry["f1"]), _decision(entry["balanced_accuracy"]),
             f"{_number(entry['ece_before'], 3)}, {_number(entry['ece_after'], 3)}",
             _number(entry["brier_skill_after"], 2)]
            for code, entry in found["labels"].items()]
    head = ["label", "n", "AUROC (95 % CI)", "AUPRC (95 % CI)", "F1", "balanced accuracy", "ECE before, after",
            "Brier skill"]
    return table(head, rows) + _few_note(found["labels"].values())


def test_part(bundle: Mapping[str, Any]) -> str:
    """Figures of a test part, where the data set has one of its own."""
    found = bundle["metrics"].get("test")
    if found is None:
        return ""
    return (f"## Test part\n\n{found['data']}. {found['recordings']:,} recordings of {found['patients']:,} patients; "
            f"{found['decisions']}.\n\n{_macros(found)}\n\n{_labels(found)}")


def subgroups(bundle: Mapping[str, Any]) -> str:
    """What the figures are on parts of the recordings, and without V2, V4 and V6."""
    found = bundle["metrics"]["choosing"]
    if "subgroups" not in found:
        return ""
    parts = [f"### {title}\n\n{_parts([part for part in found['subgroups'] if part['kind'] == kind])}"
             for kind, title in KINDS.items() if any(part["kind"] == kind for part in found["subgroups"])]
    least = found["subgroups"][0]["least_positives"]
    return (
        "## Parts of these recordings\n\n"
        f"AUROC of a label is given from {least} positives and {least} negatives on; * marks fewer than 50 positives "
        "(few records). Parts differ in their mix of labels: compare label by label, not macro figures.\n\n"
        + "\n\n".join(parts) + _nine_leads(found))


def _parts(parts: Sequence[Mapping[str, Any]]) -> str:
    """A table of the parts with figures; where fewer than two have any, only how many recordings there are."""
    judged = [part for part in parts if part["labels"]]
    counted = "; ".join(f"{part['text']}: {part['recordings']:,} recordings of {part['patients']:,} patients"
                        for part in parts if len(judged) < 2 or part not in judged)
    if len(judged) < 2:
        return f"Nothing to compare. {counted}."
    rows = [["recordings (patients)", *(f"{part['recordings']:,} ({part['patients']:,})" for part in judged)]]
    for name in judged[0]["groups"]:
        rows.append([f"macro AUROC, {name}", *(
            f"{interval(part['groups'][name]['macro_auroc'])}, {len(part['groups'][name]['labels'])} of "
            f"{part['groups'][name]['of']} labels" for part in judged)])
    for code in dict.fromkeys(code for part in judged for code in part["labels"]):
        rows.append([code, *(_cell(part["labels"].get(code)) for part in judged)])
    return table(["", *(part["text"] for part in judged)], rows) + (f"\n\nToo few: {counted}." if counted else "")


def _cell(entry: Mapping[str, Any] | None) -> str:
    if entry is None:
        return "too few"
    return f"{interval(entry['auroc'])} n {entry['positives']}{'*' if entry['few_records'] else ''}"


def _nine_leads(found: Mapping[str, Any]) -> str:
    lost = found.get("nine_leads")
    if lost is None:
        return ""
    return (f"\n\n### Without {', '.join(lost['leads_removed'])}\n\n"
            f"The same recordings with these leads taken away, as recordings of young children lack them: macro AUROC "
            f"over the nine shared labels changes by {interval(lost['difference'], sign=True)}, from "
            f"{interval(lost['macro_auroc'])} (paired on {lost['recordings']:,} recordings).")


def ludb(bundle: Mapping[str, Any]) -> str:
    """Proxy E."""
    proxy = bundle["metrics"].get("proxy_e_ludb")
    if proxy is None:
        return "## Other adults (proxy E)\n\nNot run for this version."
    rows = [[label, _count(entry), interval(entry["auroc"]), f"{entry['sensitivity']:.2f}",
             f"{entry['specificity']:.2f}"] for label, entry in proxy["labels"].items()]
    return (
        "## Other adults (proxy E)\n\n"
        f"{proxy['recordings']} recordings of LUDB (500 Hz, other definitions, hypertrophy in more than half), frozen "
        f"model, thresholds of {chosen_on(bundle)}. Its headers' gains contradict the limb leads' algebra; the stored "
        "numbers were read as microvolts, which no source states. Sensitivity and specificity show how thresholds move "
        "to another place; they are no claim. "
        f"Left out for fewer than ten positives or no such statement: "
        f"{', '.join(proxy['left_out'])}.\n\n"
        + table(["label", "n", "AUROC (95 % CI)", "sensitivity", "specificity"], rows)
        + _few_note(proxy["labels"].values()))


def under_18(bundle: Mapping[str, Any]) -> str:
    """Proxy F."""
    proxy = bundle["metrics"].get("proxy_f_under_18")
    if proxy is None:
        return ""
    found = proxy["normal_called_normal"]
    rows = [[label, f"{entry['false_positives']} of {entry['of']}",
             f"{100 * entry['rate']:.1f} % ({100 * entry['low']:.1f}{DASH}{100 * entry['high']:.1f})"
             if entry["rate"] is not None else "n/a"]
            for label, entry in proxy["false_positives_on_normal"].items()]
    return (
        "## Under 18 (proxy F)\n\n"
        f"{_under_18_alone(proxy)} took no part in training, choosing or calibrating. Adult thresholds on the "
        f"{proxy['normal']} called normal: {found['found']} of {found['of']} are called normal "
        f"({100 * found['low']:.1f}{DASH}{100 * found['high']:.1f} %). IRBBB AUROC "
        f"{interval({'value': proxy['irbbb']['auroc'], **proxy['irbbb']})} with {proxy['irbbb']['positives']} "
        "positives. This says nothing of infants, of sick children or of sensitivity.\n\n"
        + table(["label", "false positives", "rate (95 % Wilson)"], rows))


def _under_18_alone(proxy: Mapping[str, Any]) -> str:
    """The recordings of proxy F; bundles before 0.3 do not say where theirs are from: all of PTB-XL."""
    if "data" in proxy:
        return f"{proxy['data']}: {proxy['recordings']:,} recordings of {proxy['patients']:,} patients, who"
    return (f"The {proxy['recordings']} recordings under 18 in folds 1{DASH}9 ({proxy['patients']} patients, most of "
            "them 14 to 17 years old)")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a bar within a cell is escaped."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def interval(entry: Mapping[str, Any], *, sign: bool = False) -> str:
    """"0.951 (0.938-0.960)", with signs and "to" for differences."""
    if entry["value"] is None:
        return "n/a"
    form, between = ("+.3f", " to ") if sign else (".3f", DASH)
    if entry["low"] is None:
        return f"{entry['value']:{form}}"
    return f"{entry['value']:{form}} ({entry['low']:{form}}{between}{entry['high']:{form}})"


def _decision(entry: Mapping[str, Any] | float | None) -> str:
    """Figures of bundles before 0.2 stand without interval."""
    if isinstance(entry, Mapping):
        if entry["value"] is None:
            return "n/a"
        return f"{entry['value']:.2f} ({entry['low']:.2f}{DASH}{entry['high']:.2f})"
    return _number(entry, 2)


def _count(entry: Mapping[str, Any]) -> str:
    return f"{entry['positives']}{'*' if entry.get('few_records') else ''}"


def _few_note(entries: Any) -> str:
    few = any(entry.get("few_records") for entry in entries)
    return "\n\n\\* few records: fewer than 50 positives." if few else ""


def _number(value: float | None, digits: int) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"

"""The model card, written from bundle.json alone: every sentence and figure in it can be traced there."""

from collections.abc import Mapping
from typing import Any

_PREPARE = """peace-model prepare --data PTBXL --out STORE
peace-model train --store STORE --out RUN --epochs {epochs}
"""
_EVALUATE = "peace-model evaluate --store STORE --run RUN --ludb LUDB --seed {seed}"
_EXPORT = "\npeace-model export --store STORE --run RUN --out BUNDLE --name {name} --version {version}"
REMAKE = _PREPARE + _EVALUATE + _EXPORT
REMAKE_WITH_CONTROL = (_PREPARE + "peace-model train --store STORE --out CONTROL --recipe ecg-only --epochs {epochs}\n"
                       + _EVALUATE + " --control CONTROL" + _EXPORT)


def card_text(bundle: Mapping[str, Any]) -> str:
    """Markdown. Needs no torch."""
    parts = [
        f"# {bundle['name']} {bundle['version']}",
        bundle["intended_use"],
        _what(bundle), _training(bundle), _figures(bundle), _ludb(bundle), _under_18(bundle), _maps(bundle),
        _controls(bundle),
        "## Licence\n\n" + bundle["licence"],
        _remake(bundle),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _what(bundle: Mapping[str, Any]) -> str:
    pipeline, tokens, network = bundle["pipeline"], bundle["tokens"], bundle["network"]
    per_token_ms = 1000 * tokens["samples_per_token"] / pipeline["fs_hz"]
    field_s = tokens["receptive_field"] / pipeline["fs_hz"]
    return (
        "## What it is\n\n"
        f"A PEACE network ({network['encoder']} encoder, label query network of {network['lqn']['layers']} layers, "
        f"width {network['lqn']['width']}, {network['parameters']:,} parameters) reconstructed from the summaries of "
        "arXiv 2605.00647; its authors' code was not available. Text descriptors took part in training only; "
        "predictions use the ECG alone. "
        f"Input: 12 leads, {pipeline['window_s']:g} s at {pipeline['fs_hz']:g} Hz, "
        f"{pipeline['highpass_hz']:g}\N{EN DASH}{pipeline['lowpass_hz']:g} Hz with a {pipeline['notch_hz']:g} Hz notch "
        "where the recording's rate allows them. "
        f"A map has {tokens['count']} steps of {per_token_ms:.0f} ms; each sees {field_s:.1f} s around it. "
        "The network takes an age and is not conditioned on it (age_conditioned: "
        f"{str(network['age_conditioned']).lower()}).\n\n"
        f"Text: {bundle['text']['encoder']}. The descriptors are our own wording and no cardiologist has reviewed "
        f"them. Graph SHA-256: `{bundle['graph']['sha256']}`.")


def _training(bundle: Mapping[str, Any]) -> str:
    training, run = bundle["training"], bundle["run"]
    settings = run["training"]
    rows = ["| label | name | " + " | ".join(_bands(training)) + " |", "|---|---|" + "---|" * len(_bands(training))]
    for label in bundle["labels"]:
        counts = training["positives"][label["code"]]
        rows.append(f"| {label['code']} | {label['name']} | "
                    + " | ".join(str(counts.get(band, 0)) for band in _bands(training)) + " |")
    crop_s = settings["augment"]["crop_samples"] / bundle["pipeline"]["fs_hz"]
    return (
        "## Training data\n\n"
        f"{training['data']}. {training['records']:,} recordings of {training['patients']:,} patients, youngest "
        f"{training['min_age_days'] / 365.25:.0f} years; label profile {training['profile']}. "
        "Positives per label and age band (bands that are not listed have none):\n\n" + "\n".join(rows) + "\n\n"
        f"Settings: {settings['epochs']} epochs of batch {settings['batch']}, AdamW, peak rates "
        f"{settings['encoder_rate']:g} (encoder) and {settings['rate']:g}, seed {settings['seed']}, random crops of "
        f"{crop_s:g} s, weights averaged ({settings['average']:g}). The epoch with the best macro AUROC on fold 9 was "
        f"kept: epoch {run['epoch'] + 1}.")


def _bands(training: Mapping[str, Any]) -> list[str]:
    return sorted({band for counts in training["positives"].values() for band in counts})


def _figures(bundle: Mapping[str, Any]) -> str:
    figures = bundle["metrics"]["choosing"]
    rows = ["| label | n | AUROC (95 % CI) | AUPRC (95 % CI) | F1 | balanced accuracy | ECE before, after | "
            "Brier skill |", "|---|---|---|---|---|---|---|---|"]
    for label, entry in figures["labels"].items():
        rows.append(
            f"| {label} | {entry['positives']} | {_interval(entry['auroc'])} | {_interval(entry['auprc'])} | "
            f"{entry['f1']:.2f} | {_number(entry['balanced_accuracy'])} | "
            f"{entry['ece_before']:.3f}, {entry['ece_after']:.3f} | {_number(entry['brier_skill_after'])} |")
    return (
        "## Figures on adults\n\n"
        f"{figures['data']}. {figures['recordings']:,} recordings of {figures['patients']:,} patients. "
        f"Intervals: {figures['interval']}, seed {bundle['metrics']['seed']}. F1 and balanced accuracy: "
        f"{figures['decisions']}.\n\n"
        f"Macro AUROC {_interval(figures['macro_auroc'])}, macro AUPRC {_interval(figures['macro_auprc'])} over "
        f"{', '.join(figures['macro_labels'])}. The published figures of PEACE rest on other data and splits: "
        "not comparable.\n\n" + "\n".join(rows))


def _ludb(bundle: Mapping[str, Any]) -> str:
    proxy = bundle["metrics"].get("proxy_e_ludb")
    if proxy is None:
        return "## Other adults (proxy E)\n\nNot run for this version."
    rows = ["| label | n | AUROC (95 % CI) | sensitivity | specificity |", "|---|---|---|---|---|"]
    for label, entry in proxy["labels"].items():
        rows.append(f"| {label} | {entry['positives']} | {_interval(entry['auroc'])} | {entry['sensitivity']:.2f} | "
                    f"{entry['specificity']:.2f} |")
    return (
        "## Other adults (proxy E)\n\n"
        f"{proxy['recordings']} recordings of LUDB (500 Hz, other definitions, hypertrophy in more than half), frozen "
        "model, thresholds of fold 9. Its headers' gains contradict the limb leads' algebra; the stored numbers were "
        "read as microvolts, which no source states. Sensitivity and specificity show how thresholds move to another "
        "place; they are no claim. "
        f"Left out for fewer than ten positives or no such statement: "
        f"{', '.join(proxy['left_out'])}.\n\n" + "\n".join(rows))


def _under_18(bundle: Mapping[str, Any]) -> str:
    proxy = bundle["metrics"].get("proxy_f_under_18")
    if proxy is None:
        return ""
    found = proxy["normal_called_normal"]
    rows = ["| label | false positives | rate (95 % Wilson) |", "|---|---|---|"]
    for label, entry in proxy["false_positives_on_normal"].items():
        rows.append(f"| {label} | {entry['false_positives']} of {entry['of']} | {100 * entry['rate']:.1f} % "
                    f"({100 * entry['low']:.1f}\N{EN DASH}{100 * entry['high']:.1f}) |")
    return (
        "## Under 18 (proxy F)\n\n"
        f"The {proxy['recordings']} recordings under 18 in folds 1\N{EN DASH}9 ({proxy['patients']} patients, most of "
        "them 14 to 17 years old) took no part in training, choosing or calibrating. Adult thresholds on the "
        f"{proxy['normal']} called normal: {found['found']} of {found['of']} are called normal "
        f"({100 * found['low']:.1f}\N{EN DASH}{100 * found['high']:.1f} %). IRBBB AUROC "
        f"{_interval({'value': proxy['irbbb']['auroc'], **proxy['irbbb']})} with {proxy['irbbb']['positives']} "
        "positives. This says nothing of infants, of sick children or of sensitivity.\n\n" + "\n".join(rows))


def _maps(bundle: Mapping[str, Any]) -> str:
    lines = [f"* {entry['text']}." for entry in bundle["explanation_checks"].values()]
    return ("## Maps\n\n"
            "Maps tell when, not in which lead. Checks on fold 9 (weights shuffled; the marked fifth of the signal "
            "set to the mean):\n\n" + "\n".join(lines))


def _controls(bundle: Mapping[str, Any]) -> str:
    control = bundle["controls"]["ecg_only_linear_head"]
    if control is None:
        return ("## Controls\n\nNot run for this version: ECG-only classifier, random queries, no LSBC, no gate, "
                "single descriptor, shuffled descriptors. Nothing here shows that the descriptors help.")
    return (
        "## Controls\n\n"
        f"ECG-only classifier (same encoder, schedule and seed, linear head on the mean token): macro AUROC "
        f"{_interval(control['macro_auroc'])}; PEACE minus it {_interval(control['difference'])} "
        "(paired bootstrap of patients). One seed each. Not run: random queries, no LSBC, no gate, single descriptor, "
        "shuffled descriptors; a gain from semantics is not claimed.")


def _remake(bundle: Mapping[str, Any]) -> str:
    control = bundle["controls"]["ecg_only_linear_head"]
    template = REMAKE if control is None else REMAKE_WITH_CONTROL
    commands = template.format(
        epochs=bundle["run"]["training"]["epochs"], name=bundle["name"], version=bundle["version"],
        seed=bundle["metrics"]["seed"])
    return f"## How every figure was made\n\n```\n{commands}\n```"


def _interval(entry: Mapping[str, Any]) -> str:
    if entry["value"] is None:
        return "n/a"
    if entry["low"] is None:
        return f"{entry['value']:.3f}"
    return f"{entry['value']:.3f} ({entry['low']:.3f}\N{EN DASH}{entry['high']:.3f})"


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.2f}"

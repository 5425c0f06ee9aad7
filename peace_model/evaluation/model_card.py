"""The model card, written from bundle.json alone: every sentence and figure in it can be traced there."""

import shlex
from collections.abc import Mapping
from typing import Any

from peace_model.datasets.lineage import of_the_same_recordings
from peace_model.evaluation.card_abnormalities import abnormalities
from peace_model.evaluation.card_controls import configurations, controls, not_run, seeds
from peace_model.evaluation.card_data import PTBXL, adult_trained, chosen_on, dataset_of
from peace_model.evaluation.card_figures import figures, ludb, subgroups, table, test_part, under_18
from peace_model.evaluation.card_maps import maps

DATA = {PTBXL: "PTBXL"}
HEAD = "abnormalities."
"""The parameters of the head for abnormalities, where nothing else was trained."""
WITH_CONTEXT = ("joint", "explain")


def card_text(bundle: Mapping[str, Any]) -> str:
    """Markdown. Needs no torch."""
    parts = [
        f"# {bundle['name']} {bundle['version']}",
        bundle["intended_use"],
        _what(bundle), _training(bundle), figures(bundle), test_part(bundle), subgroups(bundle), seeds(bundle),
        ludb(bundle), under_18(bundle), abnormalities(bundle), maps(bundle), controls(bundle),
        configurations(bundle), not_run(bundle),
        _limits(bundle),
        "## Licence\n\n" + bundle["licence"],
        _remake(bundle),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _what(bundle: Mapping[str, Any]) -> str:
    pipeline, tokens, network = bundle["pipeline"], bundle["tokens"], bundle["network"]
    per_token_ms = 1000 * tokens["samples_per_token"] / pipeline["fs_hz"]
    field_s = tokens["receptive_field"] / pipeline["fs_hz"]
    age = ("The age conditions the label queries; an unknown age is a state of its own." if network["age_conditioned"]
           else "The network takes an age and is not conditioned on it (age_conditioned: false).")
    return (
        "## What it is\n\n"
        f"A PEACE network ({network['encoder']} encoder, label query network of {network['lqn']['layers']} layers, "
        f"width {network['lqn']['width']}, {network['parameters']:,} parameters) reconstructed from the summaries of "
        "arXiv 2605.00647; its authors' code was not available. Text descriptors took part in training only; "
        "predictions use the ECG alone. "
        f"Input: 12 leads, {pipeline['window_s']:g} s at {pipeline['fs_hz']:g} Hz, "
        f"{_filters(pipeline)}. "
        f"A map has {tokens['count']} steps of {per_token_ms:.0f} ms; each sees {field_s:.1f} s around it. "
        f"{age}{_eight_bits(bundle)}\n\n"
        f"Text: {bundle['text']['encoder']}. The descriptors are our own wording and no cardiologist has reviewed "
        f"them. Graph SHA-256: `{bundle['graph']['sha256']}`.")


def _eight_bits(bundle: Mapping[str, Any]) -> str:
    gate = bundle.get("quantisation")
    if gate is None:
        return ""
    return (f" Its convolutions compute in 8 bits: macro AUROC {gate['auroc_int8']:.4f} instead of "
            f"{gate['auroc_float']:.4f} on {gate['recordings']:,} recordings of the choosing part, "
            f"{100 * gate['flipped']:.1f} % of positive decisions flip.")


def _filters(pipeline: Mapping[str, Any]) -> str:
    low, high, notch = (pipeline[name] for name in ("highpass_hz", "lowpass_hz", "notch_hz"))
    band = f"{0 if low is None else low:g}\N{EN DASH}{high:g} Hz" if high is not None else f"from {low or 0:g} Hz"
    hum = "" if notch is None else f" with a {notch:g} Hz notch"
    return f"{band}{hum} where the recording's rate allows them"


def _youngest(training: Mapping[str, Any]) -> str:
    days = training["min_age_days"]
    return "of unknown age" if days is None else f"{days / 365.25:.0f} years"


def _training(bundle: Mapping[str, Any]) -> str:
    training = bundle["training"]
    bands = sorted({band for counts in training["positives"].values() for band in counts})
    rows = [[label["code"], label["name"], *(str(training["positives"][label["code"]].get(band, 0)) for band in bands)]
            for label in bundle["labels"]]
    return (
        "## Training data\n\n"
        f"{training['data']}. {training['records']:,} recordings of {training['patients']:,} patients, youngest "
        f"{_youngest(training)}; label profile {training['profile']}. "
        "Positives per label and age band (bands that are not listed have none):\n\n"
        + table(["label", "name", *bands], rows) + f"\n\n{_made(bundle, bundle['run'])}")


def _made(bundle: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    """How the network was trained, and before it the one that it began with."""
    init, settings = run.get("init"), _settings(bundle, run)
    if init is None:
        return settings
    which = f"the run {init['run']} (SHA-256 {init['weights_sha256'][:12]})"
    if (made := init.get("made")) is None or not of_the_same_recordings(run, made):
        return (f"It began with the weights of {which}, which had learnt from other or more recordings, or other "
                f"labels, before. {settings}")
    before = f"which had learnt from the same recordings: {_made(bundle, made)}"
    if run["training"].get("trained") == [HEAD]:
        return (f"Its diagnoses are those of {which}, {before} Then the head for abnormalities was taught alone, "
                f"everything else left as it was: {settings}")
    return f"It began with the weights of {which}, {before} Then: {settings}"


def _settings(bundle: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    settings, recipe = run["training"], run.get("recipe")
    augment = settings["augment"]
    crop_s = augment["crop_s"] if "crop_s" in augment else augment["crop_samples"] / bundle["pipeline"]["fs_hz"]
    rates = ", ".join([f"peak rate {settings['rate']:g}", *(
        f"{rate:g} of the {part.rstrip('.')}" for part, rate in settings.get("rates", {}).items())])
    named = f"Recipe {recipe['name']} (version {recipe['version']}, method {recipe['method']}). " if recipe else ""
    window = f"random crops of {crop_s:g} s" if crop_s else "whole windows"
    teachers = f", after {len(run['teachers'])} teachers" if run.get("teachers") else ""
    of = " of the findings" if settings.get("trained") == [HEAD] else ""
    stands = ("The last epoch stands." if recipe and recipe["method"] == "joint" else
              f"The epoch with the best macro AUROC{of} on {chosen_on({'run': run})} was kept: epoch "
              f"{run['epoch'] + 1}.")
    return (f"{named}Settings: {settings['epochs']} epochs of batch {settings['batch']}{teachers}, AdamW, {rates}, "
            f"seed {settings['seed']}, {window}, weights averaged ({settings['average']:g}). {stands}")


def _limits(bundle: Mapping[str, Any]) -> str:
    """What every reader of a figure above must know; in the words of the data it was trained on."""
    choosing = bundle["metrics"]["choosing"]
    if "groups" not in choosing:
        return ""
    few = [code for code, entry in choosing["labels"].items() if entry["few_records"]]
    lines = [
        f"Trained on {bundle['training']['data']}; the youngest is {_youngest(bundle['training'])}."
        + (" How it does on children is unknown." if adult_trained(bundle) else ""),
        "Figures are of the data set it was trained on; elsewhere recorders, people and definitions of the labels are "
        "others.",
        f"At {bundle['pipeline']['fs_hz']:g} Hz nothing above {bundle['pipeline']['fs_hz'] / 2:g} Hz is seen: "
        "notches and high R waves of infants are blunted.",
        "A label's threshold gives the best F1 among these recordings; where the label is rarer or commoner, another "
        "one would.",
    ]
    if few:
        lines.append(f"Few records (fewer than 50 positives on {chosen_on(bundle)}): {', '.join(few)}.")
    return "## Limits\n\n" + "\n".join(f"* {line}" for line in lines)


def _remake(bundle: Mapping[str, Any]) -> str:
    return "## How every figure was made\n\n```\n" + "\n".join(_commands(bundle)) + "\n```"


def _commands(bundle: Mapping[str, Any]) -> list[str]:
    """From the published data to this card, with the names that these files have in the documents."""
    metrics, run = bundle["metrics"], bundle["run"]
    export = (f"peace-model export --store STORE --run RUN --out BUNDLE --name {bundle['name']} --version "
              f"{bundle['version']}")
    if "groups" not in metrics["choosing"]:
        return ["peace-model prepare --data PTBXL --out STORE",
                f"peace-model train --store STORE --out RUN --epochs {run['training']['epochs']}",
                f"peace-model evaluate --store STORE --run RUN --ludb LUDB --seed {metrics['seed']}", export]
    seed = f"--seed {metrics['seed']} --replicates {metrics['replicates']}"
    others = "".join(f" {word}" for word, name in (
        ("OTHER-RUNS", "seeds"), (f"--control {_controls(metrics)}", "against_control"),
        ("--teachers TEACHERS-EVALUATION", "teachers"), ("--controls-table TABLE", "controls")
    ) if metrics.get(name) is not None)
    context = "" if bundle.get("abnormalities") is None else " --context CONTEXT"
    ludb = "" if metrics.get("proxy_e_ludb") is None else " --ludb LUDB"
    if (tested := bundle.get("explanation_evidence")) is not None:
        export += (f" --map-tests {tested['per_label']} --occlusion-tests {tested['occlusion_per_label']} --seed "
                   f"{tested['seed']}")
    dataset = dataset_of(bundle)
    data = f"--dataset {dataset} --data {DATA.get(dataset, 'DATA')}"
    taught = metrics.get("teachers", metrics)
    against = taught.get("against_control") or {}
    before = [line for number, made in enumerate(against.get("runs", ()), start=1)
              for line in _trainings(made, f"CONTROL-{number}")]
    if metrics.get("teachers") is not None:
        named = " ".join(f"TEACHER-{number}" for number, _ in enumerate(taught["seeds"]["runs"], start=1))
        before.append(f"peace-model evaluate --store STORE --run {named} --control {_controls(taught)}    "
                      "# TEACHERS-EVALUATION is the first one's evaluation.json")
    if metrics.get("controls") is not None:
        before.append("peace-model ablate --grid resources/ablation/controls.json --store STORE --out CONTROLS "
                      "--resume    # TABLE is CONTROLS/table.json")
    return [
        f"peace-model prepare {data} --out STORE",
        *([f"peace-model context {data} --out CONTEXT"] if context else ()),
        *_trainings(run, "RUN"),
        *before,
        f"peace-model evaluate --store STORE --run RUN{others}{context} {seed}",
        export + (" --int8" if bundle.get("quantisation") else ""),
        f"peace-model evaluate --store STORE --bundle BUNDLE{ludb} {seed} --record"]


def _controls(measured: Mapping[str, Any]) -> str:
    """The names of the control runs, as many as there were; before 0.3 nobody counted them."""
    runs = (measured.get("against_control") or {}).get("runs", ())
    return " ".join(f"CONTROL-{number}" for number, _ in enumerate(runs, start=1)) or "CONTROL-RUNS"


def _trainings(run: Mapping[str, Any], out: str) -> list[str]:
    """The commands that train a network into the folder `out`, after those of what it begins with and follows."""
    recipe = run.get("recipe", {"name": "RECIPE", "method": ""})
    changes = [*recipe.get("changes", ()), f"training.seed={run['training']['seed']}"]
    init, teachers, before, given = run.get("init"), run.get("teachers", ()), [], ""
    if init is not None:
        given = f" --init FIRST-{out}"
        if (made := init.get("made")) is None or not of_the_same_recordings(run, made):
            before.append(f"# FIRST-{out} is the run {init['run']}, SHA-256 {init['weights_sha256'][:12]}")
        else:
            before += _trainings(made, f"FIRST-{out}")
    if recipe["method"] == "distill":
        named = [f"TEACHER-{number}" for number, _ in enumerate(teachers, start=1)]
        given = f" --teachers {','.join(named) or 'TEACHERS'}"
        for teacher, name in zip(teachers, named, strict=True):
            before += _trainings(teacher["made"], name) if "made" in teacher else [
                f"# {name} is the run {teacher['run']}, SHA-256 {teacher['weights_sha256'][:12]}"]
    if recipe["method"] in WITH_CONTEXT:
        given += " --context CONTEXT"
    return [*before, f"peace-model train --recipe {recipe['name']}"
            + "".join(f" --set {shlex.quote(change)}" for change in dict.fromkeys(changes))
            + f"{given} --store STORE --out {out}"]

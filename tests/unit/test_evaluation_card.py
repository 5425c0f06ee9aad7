"""The card tells what the bundle holds, says what is missing, and invents nothing."""

import copy
import json
import re
from typing import Any

import pytest
from evaluation_store import evaluation_store, lead_answer
from tiny_bundle import description

pytest.importorskip("torch", reason="needs the extra 'train'")

from peace_model.datasets.lineage import learnt_elsewhere
from peace_model.datasets.splits import own_split
from peace_model.evaluation.model_card import card_text
from peace_model.evaluation.report import evaluate, training_counts
from peace_model.evaluation.scoring import judge
from peace_model.evaluation.seeds import against_control, seeds_summary
from peace_model.inference.bundle import default_bundle_folder
from peace_model.labels import groups_of, load_profile

STORE = evaluation_store(900, children=60)
SPLIT = own_split(STORE)


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """A bundle.json with everything that an evaluation can put into one."""
    found = evaluate(lead_answer, STORE, SPLIT, seed=7, replicates=30)
    judged = judge(lead_answer, STORE, SPLIT.choose)
    control = judge(lead_answer, STORE, SPLIT.choose, without=["I"])
    metrics = copy.deepcopy(found.metrics)
    metrics["seeds"] = seeds_summary([found, found], [("a", 11), ("b", 12)])
    metrics["against_control"] = {"text": "ECG-only classifier.", "runs": [
        {"recipe": {"name": "train", "method": "train"}, "training": {"seed": 4}}],
        "seed": 7, "groups": against_control(
            [judged, judged], [control, control], groups_of("peace12"), seed=7, replicates=30)}
    metrics["configurations"] = [
        {"name": "wide", "command": "peace-model train --recipe wide", "figure": 0.91234, "seed": 3, "remark": "kept"},
        {"name": "deep", "command": "peace-model train --recipe deep", "figure": None, "seed": 3,
         "remark": "diverged | at once"}]
    metrics["controls"] = {
        "grid": "controls", "about": "Small networks.", "figure": "macro AUROC", "not_run": ["A-age-seed3"],
        "bootstrap": {"seed": 7, "replicates": 30, "unit": "patient"},
        "rows": [
            {"proxy": "A", "arm": "peace", "cells": "3 of 3", "state": "run", "mean": 0.941, "sd": 0.002},
            {"proxy": "A", "arm": "shuffled", "cells": "2 of 3", "state": "partly run", "mean": 0.94, "sd": None,
             "difference": {"value": 0.001, "low": -0.002, "high": 0.004, "seeds_low": -0.01, "seeds_high": 0.012,
                            "seeds_p": 0.71}},
            {"proxy": "B", "arm": "dann", "cells": "0 of 15", "state": "not run", "shots": "10"}],
        "statements": ["Proxy A: texts help: not shown here."], "comparisons": 1}
    metrics["proxy_e_ludb"] = {
        "recordings": 120, "left_out": ["RVH"], "labels": {"LVH": {
            "positives": 64, "few_records": False, "auroc": {"value": 0.6, "low": 0.5, "high": 0.7},
            "sensitivity": 0.25, "specificity": 0.98}}}
    fields = description()
    return {
        **fields, "labels": [{"code": label.code, "name": label.name} for label in load_profile("peace12").labels],
        "calibration": found.calibration, "training": training_counts(STORE, SPLIT), "metrics": metrics,
        "network": {"encoder": "resnet1d_pyramid", "lqn": {"layers": 2, "width": 256}, "parameters": 4_000_000,
                    "age_conditioned": False},
        "text": {"encoder": "all-MiniLM-L6-v2"},
        "run": {"epoch": 4, "recipe": {"name": "distill", "version": "1", "method": "distill"}, "training": {
            "epochs": 24, "batch": 64, "rate": 0.002, "seed": 11, "average": 0.999, "augment": {"crop_s": 7.5}}}}


def cells(card: str, first: str) -> list[str]:
    """The cells of the first table row that begins with a cell."""
    line = next(line for line in card.splitlines() if line.startswith(f"| {first} |"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_every_label_stands_with_its_figure_and_interval(whole: dict[str, Any]) -> None:
    card = card_text(whole)
    figures = card[card.index("## Figures on adults"):]
    for code, entry in whole["metrics"]["choosing"]["labels"].items():
        found = cells(figures, code)
        assert found[1] == f"{entry['positives']}{'*' if entry['positives'] < 50 else ''}"
        assert found[2].startswith(f"{entry['auroc']['value']:.3f} ({entry['auroc']['low']:.3f}")
        assert found[6].endswith(f"{entry['ece_after']:.3f}")
    for name, group in whole["metrics"]["choosing"]["groups"].items():
        assert cells(figures, name)[4].startswith(f"{group['macro_auroc']['value']:.3f}")
    counts = whole["training"]["positives"]
    assert cells(card, "LVH")[2] == str(counts["LVH"]["18y+"])


def test_data_folds_profile_text_and_rate_are_named(whole: dict[str, Any]) -> None:
    card = card_text(whole)
    for words in ("PTB-XL 1.0.3 at 100 Hz, folds 1-8", "fold 9, adults", "profile peace12", "all-MiniLM-L6-v2",
                  "at 100 Hz", "seed 7", "30 bootstraps of patients", "Recipe distill", "slightly optimistic"):
        assert words in card


def test_it_says_whether_the_shipped_graph_was_measured(whole: dict[str, Any]) -> None:
    assert "not on the shipped graph" in card_text(whole)
    shipped = {**whole, "metrics": {**whole["metrics"], "graph_sha256": whole["graph"]["sha256"]}}
    assert "Measured on the shipped graph itself" in card_text(shipped)


def test_verdicts_on_maps_stand_label_by_label(whole: dict[str, Any]) -> None:
    gate = {"auroc_int8": 0.9501, "auroc_float": 0.951, "recordings": 2000, "flipped": 0.01}
    tested = {**whole, "quantisation": gate,
              "explanation_checks": {"gradcam": {"text": "Grad-CAM++: one of two labels", "labels": {
                  "NORM": {"verdict": "supported"}, "LVH": {"verdict": "unsupported"},
                  "RVH": {"verdict": "not tested"}}}},
              "explanation_evidence": {
                  "rule": "supported: by the rule", "seed": 4, "recordings": 48, "per_label": 24,
                  "occlusion_per_label": 0,
                  "agreement": {"gradcam, attention": {"recordings": 48, "rank_correlation": {
                      "value": 0.4, "low": 0.3, "high": 0.5}}},
                  "lead_relevance": {"LVH": {"recordings": 24, "logit_drop": {"I": 0.5, "V1": 2.0, "V5": 3.25,
                                                                             "V6": -1.0}}}}}
    card = card_text(tested)
    for words in ("* Grad-CAM++: one of two labels.\n  * supported: NORM\n  * unsupported: LVH\n  * not tested: RVH",
                  "supported: by the rule.", "| gradcam, attention | 48 | 0.400 (0.300",
                  "V5 +3.25, V1 +2.00, I +0.50 |",
                  "* Occlusion: not tested for any label.", "--map-tests 24 --occlusion-tests 0 --seed 4 --int8",
                  "macro AUROC 0.9501 instead of 0.9510"):
        assert words in card, words


def test_parts_controls_seeds_and_everything_tried_are_told(whole: dict[str, Any]) -> None:
    card = card_text(whole)
    for words in ("### By sex", "### Without V2, V4, V6", "0.940 |", "+0.001 (-0.002 to +0.004)", "p = 0.710",
                  "not run", "Proxy A: texts help: not shown here.", "A-age-seed3", "seed 11",
                  "| wide | 0.9123 | 3 | `peace-model train --recipe wide` | kept |",
                  "| deep | failed |", "diverged \\| at once |", "--set training.seed=11 --teachers TEACHERS",
                  "RUN OTHER-RUNS --control CONTROL-1 --controls-table TABLE",
                  "--out CONTROLS --resume    # TABLE is CONTROLS/table.json",
                  "2 configurations were judged", "Few positives there: "):
        assert words in card, words
    by_rail = card[card.index("### By rail"):]
    assert by_rail.splitlines()[2].startswith("Nothing to compare. clean: ")


def test_of_a_distilled_network_the_seeds_and_controls_are_those_of_its_teachers(whole: dict[str, Any]) -> None:
    metrics = copy.deepcopy(whole["metrics"])
    metrics["teachers"] = {name: metrics.pop(name) for name in ("seeds", "against_control")}
    card = card_text({**whole, "metrics": metrics})
    seeds = card.partition("## Training seeds")[2].partition("\n## ")[0]
    for words in ("that this one was distilled from", "seed 11", "ECG-only classifier.", "teachers minus the control"):
        assert words in seeds, words
    assert "other training seeds" not in card
    assert "the ECG-only classifier at equal budget" in card.partition("## Not run")[2], "not held against this network"
    assert "--teachers TEACHERS-EVALUATION" in card
    assert ("--run TEACHER-1 TEACHER-2 --control CONTROL-1    # TEACHERS-EVALUATION is the first one's "
            "evaluation.json") in card


def test_the_commands_name_every_change_of_the_recipe_once(whole: dict[str, Any]) -> None:
    recipe = {"name": "pretrain", "version": "1", "method": "pretrain", "changes": [
        "training.epochs=20", 'network={"kind": "peace"}', "training.seed=11"]}
    card = card_text({**whole, "run": {**whole["run"], "recipe": recipe}})
    assert ("peace-model train --recipe pretrain --set training.epochs=20 --set 'network={\"kind\": \"peace\"}' "
            "--set training.seed=11 --store STORE") in card


DATA = {"dataset": "ptbxl", "split": "own", "kept": "all"}


def headed(whole: dict[str, Any], *, made: dict[str, Any] | None, data: dict[str, Any]) -> dict[str, Any]:
    """The network of `whole` with a head for abnormalities that was taught after it."""
    teacher = {"recipe": {"name": "pretrain", "version": "2", "method": "pretrain"}, "data": DATA,
               "training": {"seed": 8}}
    first = {**whole["run"], "data": DATA, "teachers": [
        {"run": "a", "weights_sha256": "12" * 32, "made": teacher}, {"run": "b", "weights_sha256": "34" * 32}],
    } if made is None else made
    return {**whole, "run": {
        "epoch": 2, "data": data, "recipe": {"name": "transfer_explain", "version": "1", "method": "explain"},
        "training": {**whole["run"]["training"], "epochs": 3, "seed": 5, "trained": ["abnormalities."],
                     "augment": {"crop_s": 0}},
        "init": {"run": "distill-1", "weights_sha256": "ab" * 32, "made": first}}}


def test_a_head_taught_after_the_diagnoses_leaves_their_training_told(whole: dict[str, Any]) -> None:
    card = card_text(headed(whole, made=None, data={**DATA, "share": None}))
    assert ("Its diagnoses are those of the run distill-1 (SHA-256 abababababab), which had learnt from the same "
            "recordings: Recipe distill (version 1, method distill). Settings: 24 epochs of batch 64, after 2 teachers"
            in card)
    assert "the head for abnormalities was taught alone" in card
    assert "whole windows" in card
    assert "random crops of 7.5 s" in card
    assert "it is no comparison at equal budget" in card
    lines = card.partition("## How every figure was made")[2].splitlines()
    trained = [line for line in lines if line.startswith(("peace-model train ", "#"))]
    assert trained[:-1] == [
        "peace-model train --recipe pretrain --set training.seed=8 --store STORE --out TEACHER-1",
        "# TEACHER-2 is the run b, SHA-256 343434343434",
        "peace-model train --recipe distill --set training.seed=11 --teachers TEACHER-1,TEACHER-2 --store STORE "
        "--out FIRST-RUN",
        "peace-model train --recipe transfer_explain --set training.seed=5 --init FIRST-RUN --context CONTEXT "
        "--store STORE --out RUN"]
    assert trained[-1] == "peace-model train --recipe train --set training.seed=4 --store STORE --out CONTROL-1"


@pytest.mark.parametrize("made", [
    {}, {"data": {**DATA, "dataset": "wfdb_folder"}, "training": {}},
    {"data": DATA, "epoch": 1, "training": {"epochs": 2, "batch": 4, "rate": 1, "seed": 3, "average": 0.9,
                                            "augment": {"crop_s": 5}},
     "init": {"run": "older", "weights_sha256": "cd" * 32}}])
def test_weights_that_came_from_elsewhere_or_from_who_knows_where_are_told_so(
    whole: dict[str, Any], made: dict[str, Any]
) -> None:
    card = card_text(headed(whole, made=made, data=DATA))
    start = "older (SHA-256 cdcdcdcdcdcd)" if "init" in made else "distill-1 (SHA-256 abababababab)"
    assert f"began with the weights of the run {start}, which had learnt from other or more recordings" in card
    assert learnt_elsewhere(headed(whole, made=made, data=DATA)["run"])


def test_rates_of_parts_of_the_network_are_told(whole: dict[str, Any]) -> None:
    training = {**whole["run"]["training"], "rates": {"encoder.": 0.004}}
    card = card_text({**whole, "run": {**whole["run"], "training": training}})
    assert "peak rate 0.002, 0.004 of the encoder, seed 11" in card


def test_recordings_of_ones_own_are_the_same_by_their_digest_alone(whole: dict[str, Any]) -> None:
    own = {**DATA, "dataset": "wfdb_folder"}
    for digests, same in ((("1", "1"), True), (("1", "2"), False), ((None, None), False)):
        run = headed(whole, made={"data": own, "data_sha256": digests[0]}, data=own)["run"]
        assert learnt_elsewhere({**run, "data_sha256": digests[1]}) is not same


def test_all_tables_are_whole(whole: dict[str, Any]) -> None:
    blocks = re.findall(r"(?:^\|.*\n)+", card_text(whole), flags=re.MULTILINE)
    assert len(blocks) > 10
    for block in blocks:
        assert len({line.replace("\\|", "").count("|") for line in block.splitlines()}) == 1


def test_what_was_not_run_is_said_and_what_was_is_not(whole: dict[str, Any]) -> None:
    everything = card_text(whole).partition("## Not run")[2].partition("\n## ")[0]
    assert "ZZU-pECG" in everything
    assert "fold 10" in everything
    assert "Proxy B" in everything
    assert "Proxy A" not in everything
    bare = copy.deepcopy(whole)
    for name in ("seeds", "against_control", "controls", "configurations", "proxy_e_ludb"):
        del bare["metrics"][name]
    card = card_text(bare)
    missing = card.partition("## Not run")[2]
    for words in ("ECG-only classifier at equal budget", "grid of controls", "other training seeds", "proxy E",
                  "configurations tried"):
        assert words in missing
        assert words not in everything
    assert "Nothing here shows that the descriptors help" in card


def test_adults_only_is_a_limit_wherever_figures_stand(whole: dict[str, Any]) -> None:
    limits = card_text(whole).partition("## Limits")[2].partition("\n## ")[0]
    assert "How it does on children is unknown" in limits
    few = [code for code, entry in whole["metrics"]["choosing"]["labels"].items() if entry["positives"] < 50]
    assert f"Few records (fewer than 50 positives on fold 9): {', '.join(few)}" in limits


def test_a_card_of_other_data_claims_no_fold_of_ptbxl(whole: dict[str, Any]) -> None:
    own = copy.deepcopy(whole)
    own["run"]["data"] = {"dataset": "wfdb_folder"}
    own["metrics"]["proxy_f_under_18"] |= {"data": "Own recordings at 100 Hz, test part of the split patients 8:1:1"}
    card = card_text(own)
    proxy_e = card.partition("## Other adults (proxy E)")[2].partition("\n## ")[0]
    assert "thresholds of the choosing part." in proxy_e
    assert "fold" not in proxy_e
    proxy_f = card.partition("## Under 18 (proxy F)")[2].partition("\n## ")[0]
    assert "Own recordings at 100 Hz, test part of the split patients 8:1:1: 60 recordings of " in proxy_f
    assert "folds" not in proxy_f
    assert "14 to 17" not in proxy_f


def test_a_bundle_of_the_first_version_keeps_its_card() -> None:
    folder = default_bundle_folder()
    written = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    assert (folder / "card.md").read_text(encoding="utf-8") == card_text(written)

"""Proxy T as tables of a page: arms beside the signal alone, arms in pairs, joint embeddings, and what was given."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from peace_model.datasets.augment import AugmentConfig
from peace_model.evaluation.ablation.cells import apart, number, table_head, table_row
from peace_model.evaluation.ablation.grid import (
    PAIR,
    SHUFFLED,
    TRANSFER_ARMS,
    TRANSFER_REFERENCE,
    joint_run,
    transfer_steps,
)
from peace_model.evaluation.collapse import DIAGONAL, RANK, STD, collapse_text


def transfer_tables(
    rows: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], joint: Sequence[Mapping[str, Any]]
) -> list[str]:
    """rows, joint: as `transfer_rows` and `joint_runs` make them. settings: of proxy T in the grid."""
    own = [row for row in rows if row.get("kind") != PAIR]
    pairs = [row for row in rows if row.get("kind") == PAIR]
    arms = list(dict.fromkeys(row["arm"] for row in own))
    return [
        *_arms(own), "", *(f"- {arm}: {TRANSFER_ARMS[arm]}" for arm in arms), "",
        *(["Arms against each other, each at its share:", "", *_pairs(pairs), ""] if pairs else []),
        *(["The joint embeddings that arms begin with, at the end of their training:", "", *_joint(joint), ""]
          if joint else []),
        "What the arms were given:", "", *(f"- {text}" for text in budget(own, settings))]


def budget(rows: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> list[str]:
    """Recordings, steps and labels of each share and what only some arms had, in sentences. rows: of arms."""
    ran = [row for row in rows if row["state"] != "not run"]
    said = []
    if ran:
        said.append(
            f"All arms share one subset of {ran[0]['subset_recordings']:,} of the {ran[0]['all_recordings']:,} "
            "recordings of folds 1-8. Of it a share is learnt from with its labels. The labelled patients are drawn "
            "anew with each seed, the same for every arm: the spread over seeds is of the draw too.")
    for share in dict.fromkeys(row["share"] for row in ran):
        of_share = [row for row in ran if row["share"] == share]
        counts = {count for row in of_share for count in row["labelled_recordings"]}
        given = [transfer_steps(settings, count) for count in counts]
        left_out = of_share[0]["not_taught"]
        said.append(
            f"{100 * share:g} % is {_either(counts)} labelled recordings, learnt from for "
            f"{_either({one.per_epoch * one.epochs for one in given})} steps in batches of "
            f"{_either({one.batch for one in given})}. Its figure is of {len(of_share[0]['labels'])} labels"
            + (f"; {', '.join(left_out)} have enough in fold 9, but not every run of this share was taught them."
               if left_out else "."))
    begun = [arm for arm in dict.fromkeys(row["arm"] for row in rows) if joint_run(arm, 0) is not None]
    if begun:
        training = settings["joint_training"]
        said.append(
            f"{', '.join(begun)} begin with a joint embedding, learnt in {training['epochs']} epochs of the whole "
            f"subset in batches of {training['batch']}. The other arms have nothing in its place: what is gained "
            "over them may be the further training." + (
                f" {SHUFFLED} has that training too, as long and on the same ECGs: what is gained over it is not, "
                "where neither embedding has collapsed." if SHUFFLED in begun else ""))
    crops = [{**asdict(AugmentConfig()), **settings[part].get("augment", {})}["crop_s"]
             for part in ("training", "joint_training")]
    said.append(f"Training reads {_crop(crops[0])}, the joint embedding's {_crop(crops[1])}; judging reads whole "
                "windows.")
    return said


def _arms(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = table_head("share of labels", "labelled", "arm", "cells", "mean", "sd over seeds", "recordings", "labels",
                       f"this minus {TRANSFER_REFERENCE}, patients", "over seeds")
    for row in rows:
        lines.append(table_row(
            f"{100 * row['share']:g} %", _either(row.get("labelled_recordings", ())), row["arm"],
            row["state"] if row["state"] == "not run" else row["cells"], number(row.get("mean")),
            number(row.get("sd")), row.get("recordings", ""), len(row["labels"]) if "labels" in row else "",
            *apart(row.get("difference"))))
    return lines


def _pairs(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = table_head("share of labels", "arm", "minus", "pairs", "patients", "over seeds")
    for row in rows:
        lines.append(table_row(
            f"{100 * row['share']:g} %", row["arm"], row["against"],
            row["state"] if row["state"] == "not run" else row["cells"], *apart(row.get("difference"))))
    return lines


def _joint(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = table_head("run", "arms", STD, RANK, DIAGONAL, "collapsed")
    for run in runs:
        figures = run["monitors"]
        lines.append(table_row(run["run"], ", ".join(run["arms"]), *(
            ["log gone", "", "", "not known"] if figures is None else
            [*(number(figures[name], ".3f") for name in (STD, RANK, DIAGONAL)),
             "yes" if collapse_text(figures) else "no"])))
    return lines


def _either(values: Any) -> str:
    return " or ".join(f"{value:,}" for value in sorted(values))


def _crop(crop_s: float) -> str:
    return f"crops of {crop_s:g} s" if crop_s else "whole windows"

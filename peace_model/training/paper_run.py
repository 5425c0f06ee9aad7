"""The paper's whole run (arXiv 2605.00647), stage by stage: MIMIC-IV-ECG -> zero-shot, few-shot and full ZZU-pECG.

Every stage leaves what it made in the run's folder and a line in state.json; a run that was killed begins again with
the stage it was in, and a training stage with its last checkpoint. Figures are of the test part of ZZU-pECG, with
calibration and thresholds from its choosing part.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from peace_model.datasets import mimic_iv_ecg, zzu_pecg
from peace_model.datasets.prepare import Progress, prepare
from peace_model.datasets.source import Source
from peace_model.datasets.standard import calibrated_spec
from peace_model.datasets.store import Store, open_store
from peace_model.evaluation.report import evaluate
from peace_model.labels.groups import WHOLE_PROFILE
from peace_model.networks.live_text import LiveTextConfig
from peace_model.networks.peace import Peace
from peace_model.networks.release import released
from peace_model.training.checkpoint import CheckpointError, write_durably
from peace_model.training.config import TrainConfig
from peace_model.training.judged import judged_on
from peace_model.training.log import Moment
from peace_model.training.parallel import from_first, rank
from peace_model.training.recipe import DataConfig, PaperRecipe, Recipe
from peace_model.training.run_recipe import run_recipe, split_of
from peace_model.training.runs import load_run

STATE, EVALUATION, REPORT = "state.json", "evaluation.json", "report.json"
FORMAT = 1


@dataclasses.dataclass(frozen=True)
class Told:
    """Who is told of progress: lines for a reader, every step of a training, every recording prepared."""

    say: Callable[[str], None]
    watch: Callable[[Moment], None]
    progress: Progress | None = None


def paper_run(
    recipe: PaperRecipe, folder: Path, *, mimic: Path, zzu: Path, told: Told, text_encoder: Path | None = None,
    device: str = "cpu", jobs: int = 1,
) -> dict[str, Any]:
    """Take every stage that has not been taken and return the report, which is written to report.json.

    text_encoder: folder of BioClinicalBERT, or another BERT; without it the shipped embeddings stand in, and the
    report says so. jobs: processes that read recordings. Raises CheckpointError when the folder holds another run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stages = Stages(folder, dataclasses.asdict(recipe), told.say)
    stores = folder / "stores"

    def prepared(source: Callable[[], Source], name: str) -> Store:
        def work() -> dict[str, Any]:
            if rank() == 0:
                _, summary = prepare(source(), stores / name, fs_hz=recipe.fs_hz, windows="first",
                                     profile=recipe.profile, jobs=jobs, progress=told.progress)
                for line in summary.lines():
                    told.say(line)
            return {}

        stages.take(f"prepare {name}", work)
        return open_store(stores / name, recipe.profile)

    def trained(stage: str, method: str, config: TrainConfig, store: Store, **more: Any) -> Path:
        data = {name: more.pop(name) for name in ("per_label", "support_seed") if name in more}
        one = Recipe(
            name=f"{recipe.name}/{stage}", version=recipe.version, method=method, about=recipe.about,  # type: ignore[arg-type]
            data=DataConfig(recipe.profile, kept="labelled_12_lead", **data), training=config,
            network=recipe.network if method == "pretrain" else None)

        def work() -> dict[str, Any]:
            run = run_recipe(one, store, folder / stage, device=device, say=told.say, watch=told.watch, **more)
            return {"steps": run.step, "best": run.best, "stopped_early": run.stopped}

        stages.take(f"train {stage}", work)
        return folder / stage

    def evaluated(stage: str, run: Path, store: Store) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            return _evaluated(run, store, folder / stage / EVALUATION, recipe) if rank() == 0 else {}

        return stages.take(f"evaluate {stage}", work)

    mimic_store = prepared(lambda: mimic_iv_ecg.source(mimic), mimic_iv_ecg.DATASET)
    zzu_store = prepared(lambda: zzu_pecg.source(zzu), zzu_pecg.DATASET)
    kept = DataConfig(recipe.profile, kept="labelled_12_lead")
    zzu_store = zzu_store.with_spec(calibrated_spec(
        mimic_store, split_of(kept, mimic_store).train, zzu_store, split_of(kept, zzu_store).train))
    source = trained("pretrain", "pretrain", recipe.pretrain, mimic_store, text_encoder=text_encoder)
    report: dict[str, Any] = {
        "recipe": {"name": recipe.name, "version": recipe.version}, "profile": recipe.profile,
        "text": _text_of(source),
        "zero_shot": evaluated("zero_shot", source, zzu_store), "few_shot": []}
    for draw in range(recipe.draws):
        stage = f"few_shot_{draw}"
        run = trained(stage, "few_shot", dataclasses.replace(recipe.few_shot, seed=recipe.few_shot.seed + draw),
                      zzu_store, init=source, per_label=recipe.per_label, support_seed=draw)
        report["few_shot"].append(evaluated(stage, run, zzu_store))
    run = trained("full", "finetune", recipe.full, zzu_store, init=source)
    report["full"] = evaluated("full", run, zzu_store)
    report["few_shot_summary"] = _over_draws(report["few_shot"])
    if rank() == 0:
        write_durably(folder / REPORT, json.dumps(report, indent=1, allow_nan=False) + "\n")
    return report


class Stages:
    """state.json: what this run is, and what each finished stage found."""

    def __init__(self, folder: Path, recipe: Mapping[str, Any], say: Callable[[str], None]) -> None:
        self.path, self.say = folder / STATE, say
        whole = json.loads(json.dumps({"format": FORMAT, "recipe": recipe}))
        stored = from_first(json.loads(self.path.read_text(encoding="utf-8")) if self.path.is_file() else None)
        if stored is not None and any(stored.get(key) != value for key, value in whole.items()):
            raise CheckpointError(f"{folder.name} was begun with another recipe; use a new folder or the old recipe")
        self.state: dict[str, Any] = {**whole, "stages": {}} if stored is None else stored

    def take(self, stage: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What the stage found; taken now, by every process, unless it was finished before."""
        done = self.state["stages"]
        if stage in done:
            self.say(f"{stage}: done before")
            return dict(done[stage])
        self.say(f"{stage} ...")
        done[stage] = from_first(work())
        if rank() == 0:
            write_durably(self.path, json.dumps(self.state, indent=1, allow_nan=False) + "\n")
        return dict(done[stage])


def _evaluated(run: Path, store: Store, out: Path, recipe: PaperRecipe) -> dict[str, Any]:
    """Write the evaluation of a run's released network; the macro figures of its test part."""
    model, state, digest = load_run(run)
    assert isinstance(model, Peace)
    split = split_of(DataConfig(recipe.profile, kept="labelled_12_lead"), store)
    found = evaluate(released(model), store, split, seed=recipe.seed, replicates=recipe.replicates)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_durably(out, json.dumps({
        "calibration": found.calibration, "metrics": found.metrics, "weights_sha256": digest,
        "data": judged_on(state, store, split)}, indent=1, allow_nan=False) + "\n")
    test = found.metrics["test"]
    return {"run": state["recipe"]["name"], "recordings": test["recordings"],
            "macro_auroc": test["groups"][WHOLE_PROFILE]["all"]["macro_auroc"],
            "labels": test["groups"][WHOLE_PROFILE]["all"]["labels"]}


def _text_of(run: Path) -> str:
    live = load_run(run)[1]["network"]["live_text"]
    return "the shipped sentence embeddings, which stay as they are" if live is None else LiveTextConfig(**live).told()


def _over_draws(found: list[dict[str, Any]]) -> dict[str, float | None]:
    values = [entry["macro_auroc"]["value"] for entry in found if entry["macro_auroc"]["value"] is not None]
    return {"mean": round(float(np.mean(values)), 5) if values else None,
            "sd": round(float(np.std(values, ddof=1)), 5) if len(values) > 1 else None}

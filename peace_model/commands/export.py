"""peace-model export: a run -> a bundle."""

import argparse
import json
from pathlib import Path

ABOUT = ("Write a run's best network as a bundle: model.onnx, bundle.json, card.md, and its weights to train on from; "
         "its maps are tested on the way.")
EVALUATION = "evaluation.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, required=True, help="the store that the run learnt from")
    parser.add_argument("--run", type=Path, required=True, help="a run that peace-model evaluate has measured")
    parser.add_argument("--out", type=Path, required=True, help="folder of the bundle")
    parser.add_argument("--name", default="peace-ptbxl", help="of the bundle (default: %(default)s)")
    parser.add_argument("--version", required=True, help="of the bundle, as 0.2.0")
    parser.add_argument("--int8", action="store_true",
                        help="compute convolutions in 8 bits; refused when it costs too much on the choosing part")
    parser.add_argument("--map-tests", type=int, default=24, metavar="N",
                        help="recordings of each label on which maps are tested (default: %(default)s)")
    parser.add_argument("--occlusion-tests", type=int, default=10, metavar="N",
                        help="of these, those on which occlusion is tested too, some 1,200 passes each; below 10 its "
                             "maps stand as not tested (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=42, help="of the tests (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="where maps are tested (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of torch (default: %(default)s)")


def run(arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.commands.progress import progress_bar
    from peace_model.datasets.store import open_store
    from peace_model.ecg.signal.pipeline import PipelineSpec
    from peace_model.export.bundle import ExportError, MapTests, write_bundle
    from peace_model.networks.peace import Peace
    from peace_model.networks.release import released
    from peace_model.training.judged import judged_on
    from peace_model.training.run_recipe import split_of_run
    from peace_model.training.runs import load_run

    torch.set_num_threads(arguments.threads)
    model, state, digest = load_run(arguments.run)
    if not isinstance(model, Peace):
        raise ExportError("only a PEACE network can be exported: the graph has a map for every label, and no input for "
                          f"measurements; this run is of the kind {state['kind']}")
    path = arguments.run / EVALUATION
    evaluation = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if evaluation.get("weights_sha256") != digest:
        raise ExportError("the run's best weights have no evaluation of their own; run peace-model evaluate first")
    store = open_store(arguments.store, state["profile"]).with_spec(PipelineSpec.from_dict(state["pipeline"]))
    kept = ("recipe", "step", "epoch", "macro_auroc", "training", "data", "data_sha256", "init", "teachers", "seen")
    split = split_of_run(state, store)
    if evaluation.get("data") != judged_on(state, store, split):
        raise ExportError("the run's thresholds and calibration were not chosen in its own split of this store; run "
                          "peace-model evaluate with the store that it learnt from and without --split")
    facts = {key: value for key, value in state.items() if key in kept}
    written = write_bundle(
        released(model), store, split, evaluation, facts, arguments.out, name=arguments.name,
        version=arguments.version, start=arguments.run, int8=arguments.int8, device=arguments.device, say=print,
        tests=MapTests(arguments.map_tests, arguments.occlusion_tests, arguments.seed),
        told=progress_bar("windows for the tests of maps"))
    print(f"{written['name']} {written['version']}: graph {written['graph']['sha256'][:12]}, "
          f"{written['graph']['bytes'] / 1e6:.1f} MB, largest logit difference to torch "
          f"{written['parity']['logits']:.1e}; written to {arguments.out}")
    for check in written["explanation_checks"].values():
        print(check["text"])

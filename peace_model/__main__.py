"""The command line of the model package: prepare, train, evaluate, export, card, describe."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

EXTRA = "needs the extra 'train': pip install 'peace-desktop[train]'"
TRAIN_MODULES = {"torch", "safetensors", "onnx", "onnxscript", "transformers", "onnxruntime"}
EVALUATION = "evaluation.json"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when done, 1 when the work failed (one line says why), 2 on wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.run_command(arguments)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in TRAIN_MODULES:
            raise
        print(f"peace-model {arguments.command} {EXTRA} ({missing} is missing)", file=sys.stderr)
        return 1
    except _expected_errors() as error:
        print(f"peace-model {arguments.command}: {error}", file=sys.stderr)
        return 1
    return 0


def prepare(arguments: argparse.Namespace) -> None:
    from peace_model.datasets.store import prepare_ptbxl
    from peace_model.labels import load_profile

    def progress(done: int, total: int) -> None:
        if done % 500 == 0 or done + 1 == total:
            print(f"\r{done + 1} of {total}", end="", file=sys.stderr, flush=True)

    store = prepare_ptbxl(arguments.data, arguments.out, load_profile(arguments.profile), progress=progress)
    print(file=sys.stderr)
    for part in sorted(set(store.parts)):
        print(f"{part}: {int((store.parts == part).sum())} recordings")


def train(arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.datasets.store import open_store
    from peace_model.training.ecg_only import train_ecg_only
    from peace_model.training.loop import TrainConfig
    from peace_model.training.pretrain import NETWORKS, pretrain

    torch.set_num_threads(arguments.threads)
    config = TrainConfig(epochs=arguments.epochs, batch=arguments.batch, seed=arguments.seed)
    store, network = open_store(arguments.store), NETWORKS[arguments.network]
    if arguments.recipe == "ecg-only":
        train_ecg_only(store, arguments.out, encoder=network.encoder, config=config,
                       stop_after=arguments.stop_after, say=_say)
    else:
        pretrain(store, arguments.out, network=network, config=config, stop_after=arguments.stop_after, say=_say)


def _say(line: str) -> None:
    print(line, flush=True)


def evaluate(arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.datasets.store import open_store
    from peace_model.evaluation.control import compare_with_control
    from peace_model.evaluation.external import ludb_report
    from peace_model.evaluation.report import evaluate as evaluate_network
    from peace_model.evaluation.report import nan_to_null
    from peace_model.training.ecg_only import load_best_ecg_only
    from peace_model.training.pretrain import load_best

    torch.set_num_threads(arguments.threads)
    model, _, digest = load_best(arguments.run)
    store = open_store(arguments.store)
    found = evaluate_network(model, store, seed=arguments.seed, replicates=arguments.replicates)
    if arguments.ludb is not None:
        found["metrics"]["proxy_e_ludb"] = nan_to_null(ludb_report(
            model, store.spec, arguments.ludb, profile=store.profile, calibration=found["calibration"],
            seed=arguments.seed))
    if arguments.control is not None:
        found["ecg_only_linear_head"] = compare_with_control(
            model, load_best_ecg_only(arguments.control), store, seed=arguments.seed, replicates=arguments.replicates)
    out = arguments.run / EVALUATION
    out.write_text(json.dumps({**found, "weights_sha256": digest}, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    area = found["metrics"]["choosing"]["macro_auroc"]
    print(f"macro AUROC {area['value']} ({area['low']} to {area['high']}); written to {out}")


def export(arguments: argparse.Namespace) -> None:
    import torch

    from peace_model.datasets.store import StoreError, open_store
    from peace_model.export.bundle import write_bundle
    from peace_model.training.pretrain import load_best

    torch.set_num_threads(arguments.threads)
    model, state, digest = load_best(arguments.run)
    path = arguments.run / EVALUATION
    evaluation = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if evaluation.get("weights_sha256") != digest:
        raise StoreError("the run's best weights have no evaluation of their own; run peace-model evaluate first")
    run = {key: state[key] for key in ("step", "epoch", "macro_auroc", "training")}
    written = write_bundle(model, open_store(arguments.store), evaluation, run, arguments.out,
                           name=arguments.name, version=arguments.version)
    print(f"{written['name']} {written['version']}: graph {written['graph']['sha256'][:12]}, "
          f"largest logit difference to torch {written['parity']['logits']:.1e}; written to {arguments.out}")


def card(arguments: argparse.Namespace) -> None:
    from peace_model.evaluation.model_card import card_text

    text = card_text(json.loads((arguments.bundle / "bundle.json").read_text(encoding="utf-8")))
    if arguments.stdout:
        print(text, end="")
    else:
        (arguments.bundle / "card.md").write_text(text, encoding="utf-8")


def describe(arguments: argparse.Namespace) -> None:
    from peace_model.labels import load_profile
    from peace_model.networks.descriptor_bank import write_embeddings
    from peace_model.networks.sentence_encoder import model_folder
    from peace_model.resources import resource

    text_file = resource("descriptors", f"{arguments.name}.json")
    folder = arguments.out or text_file.parent
    write_embeddings(text_file, load_profile(arguments.name).codes, arguments.encoder or model_folder(), folder)
    print(f"written to {folder / f'{arguments.name}.embeddings.npy'}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="peace-model", description="Train, evaluate and export the model.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, work: object, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run_command=work)
        return added

    one = command("prepare", prepare, "Run the signal path over PTB-XL and write a store for training.")
    one.add_argument("--data", type=Path, required=True, help="folder with ptbxl_database.csv and records100/")
    one.add_argument("--out", type=Path, required=True, help="folder of the store to write")
    one.add_argument("--profile", default="peace12_full", help="label profile (default: %(default)s)")

    one = command("train", train, "Train a network on a store, or go on where its last checkpoint stands.")
    one.add_argument("--store", type=Path, required=True)
    one.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoint/, best/, log.jsonl")
    one.add_argument("--network", default="peace", choices=("peace", "tiny"), help="default: %(default)s")
    one.add_argument("--recipe", default="pretrain", choices=("pretrain", "ecg-only"),
                     help="ecg-only is the control without text (default: %(default)s)")
    one.add_argument("--epochs", type=int, default=14)
    one.add_argument("--batch", type=int, default=128)
    one.add_argument("--seed", type=int, default=42)
    one.add_argument("--threads", type=int, default=1)
    one.add_argument("--stop-after", type=int, help="stop after so many steps of the run; resume with the same command")

    one = command("evaluate", evaluate, "Calibrate a run's best network, choose thresholds and measure it.")
    one.add_argument("--store", type=Path, required=True)
    one.add_argument("--run", type=Path, required=True)
    one.add_argument("--seed", type=int, default=42)
    one.add_argument("--control", type=Path, help="run of the recipe ecg-only: adds a paired comparison")
    one.add_argument("--ludb", type=Path, help="folder of LUDB: adds an external test (proxy E)")
    one.add_argument("--replicates", type=int, default=1000, help="bootstraps of patients (default: %(default)s)")
    one.add_argument("--threads", type=int, default=1)

    one = command("export", export, "Write a run's best network as a bundle: model.onnx, bundle.json, card.md.")
    one.add_argument("--store", type=Path, required=True)
    one.add_argument("--run", type=Path, required=True)
    one.add_argument("--out", type=Path, required=True, help="folder of the bundle")
    one.add_argument("--name", default="peace-ptbxl")
    one.add_argument("--version", required=True)
    one.add_argument("--threads", type=int, default=1)

    one = command("card", card, "Write card.md from a bundle's bundle.json.")
    one.add_argument("--bundle", type=Path, required=True)
    one.add_argument("--stdout", action="store_true", help="print it instead")

    one = command("describe", describe, "Recompute the sentence embeddings of label names and descriptors.")
    one.add_argument("--name", default="peace12", help="descriptor file (default: %(default)s)")
    one.add_argument("--encoder", type=Path, help="folder of the sentence encoder (default: the installed package's)")
    one.add_argument("--out", type=Path, help="folder for the embeddings (default: beside the descriptors)")
    return parser


def _expected_errors() -> tuple[type[Exception], ...]:
    """Errors that say in one line what is wrong; anything else is a fault of the program and keeps its traceback."""
    from peace_model.ecg.recording import RecordingError
    from peace_model.labels import LabelError

    known: list[type[Exception]] = [RecordingError, LabelError, FileNotFoundError]
    for module, name in (("peace_model.datasets.store", "StoreError"),
                         ("peace_model.networks.descriptor_bank", "DescriptorError"),
                         ("peace_model.networks.sentence_encoder", "TextEncoderMissing"),
                         ("peace_model.training.checkpoint", "CheckpointError"),
                         ("peace_model.export.parity", "ParityError")):
        loaded = sys.modules.get(module)
        if loaded is not None:
            known.append(getattr(loaded, name))
    return tuple(known)


if __name__ == "__main__":
    sys.exit(main())

"""peace-model train: a store -> a run."""

import argparse
from pathlib import Path

ABOUT = "Train a network on a store, or go on where its last checkpoint stands."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoint/, best/, log.jsonl")
    parser.add_argument("--network", default="peace", choices=("peace", "tiny"), help="default: %(default)s")
    parser.add_argument("--recipe", default="pretrain", choices=("pretrain", "ecg-only"),
                        help="ecg-only is the control without text (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--stop-after", type=int,
                        help="stop after so many steps of the run; resume with the same command")


def run(arguments: argparse.Namespace) -> None:
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

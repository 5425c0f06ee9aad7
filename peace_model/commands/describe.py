"""peace-model describe: texts -> their embeddings."""

import argparse
from pathlib import Path

ABOUT = "Recompute the sentence embeddings of label names and descriptors."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="peace12", help="descriptor file (default: %(default)s)")
    parser.add_argument("--encoder", type=Path,
                        help="folder of the sentence encoder (default: the installed package's)")
    parser.add_argument("--out", type=Path, help="folder for the embeddings (default: beside the descriptors)")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.labels import load_profile
    from peace_model.networks.descriptor_bank import write_embeddings
    from peace_model.networks.sentence_encoder import model_folder
    from peace_model.resources import resource

    text_file = resource("descriptors", f"{arguments.name}.json")
    folder = arguments.out or text_file.parent
    write_embeddings(text_file, load_profile(arguments.name).codes, arguments.encoder or model_folder(), folder)
    print(f"written to {folder / f'{arguments.name}.embeddings.npy'}")

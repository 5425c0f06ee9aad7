"""peace-model describe: texts -> their embeddings."""

import argparse
from pathlib import Path

ABOUT = "Sentence embeddings of label names and descriptors."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", type=Path, help="descriptor file (default: the shipped one)")
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--embed", action="store_true", help="recompute the sentence embeddings beside the file")
    parser.add_argument("--encoder", type=Path,
                        help="with --embed: folder of the sentence encoder (default: the installed package's)")
    parser.add_argument("--out", type=Path, help="with --embed: folder for the embeddings (default: beside the file)")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.networks.descriptor_bank import shipped_descriptors, write_embeddings
    from peace_model.networks.sentence_encoder import model_folder

    file = arguments.file or shipped_descriptors()
    print(f"written to {write_embeddings(file, arguments.encoder or model_folder(), arguments.out or file.parent)}")

"""peace-model card: a bundle -> its card."""

import argparse
import json
from pathlib import Path

ABOUT = "Write card.md from a bundle's bundle.json."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bundle", type=Path, required=True, help="folder of the bundle")
    parser.add_argument("--stdout", action="store_true", help="print it instead")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.evaluation.model_card import card_text

    text = card_text(json.loads((arguments.bundle / "bundle.json").read_text(encoding="utf-8")))
    if arguments.stdout:
        print(text, end="")
    else:
        (arguments.bundle / "card.md").write_text(text, encoding="utf-8")

"""peace-model describe: texts -> their embeddings; for holders of a key, texts that a language model proposes."""

import argparse
from pathlib import Path

from peace_model.commands import UsageError

ABOUT = "Embed the label descriptors; or propose new ones through a language model, and accept a reviewed proposal."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--embed", action="store_true", help="recompute the sentence embeddings beside the texts")
    action.add_argument("--provider", choices=("gemini", "openai"),
                        help="ask this language model for texts (openai: any server that speaks its form) and write "
                             "them as an unreviewed proposal; the key comes from GEMINI_API_KEY or OPENAI_API_KEY")
    action.add_argument("--accept", type=Path, metavar="FILE", help="mark a proposal as reviewed; needs --reviewer")
    parser.add_argument("--file", type=Path,
                        help="descriptor file to embed, or whose labels to describe anew (default: the shipped one)")
    parser.add_argument("--out", type=Path,
                        help="with --embed: folder for the embeddings (default: beside the file); with --provider: "
                             "proposal to write, which must not exist")
    parser.add_argument("--encoder", type=Path,
                        help="with --embed: folder of the sentence encoder (default: the installed package's)")
    parser.add_argument("--model", help="with --provider: the model to ask")
    parser.add_argument("--url", help="with --provider: base address of the API, where it is not the provider's own")
    parser.add_argument("--prompt", type=Path, help="with --provider: prompt to send (default: the shipped one)")
    parser.add_argument("--timeout-s", type=float, default=180.0, help="with --provider (default: %(default)s)")
    parser.add_argument("--reviewer", help="with --accept: who has read the texts")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.networks.descriptor_bank import shipped_descriptors

    file = arguments.file or shipped_descriptors()
    if arguments.embed:
        _embed(file, arguments)
    elif arguments.accept is not None:
        _accept(arguments)
    else:
        _propose(file, arguments)


def _embed(file: Path, arguments: argparse.Namespace) -> None:
    from peace_model.networks.descriptor_bank import write_embeddings
    from peace_model.networks.sentence_encoder import model_folder

    print(f"written to {write_embeddings(file, arguments.encoder or model_folder(), arguments.out or file.parent)}")


def _accept(arguments: argparse.Namespace) -> None:
    from peace_model.networks.descriptor_proposal import accept

    if arguments.reviewer is None:
        raise UsageError("--accept needs --reviewer NAME: who has read the texts")
    accept(arguments.accept, arguments.reviewer)
    print(f"{arguments.accept} accepted; its embeddings: peace-model describe --embed --file {arguments.accept}")


def _propose(file: Path, arguments: argparse.Namespace) -> None:
    from peace_model.networks.descriptor_bank import read_texts
    from peace_model.networks.descriptor_proposal import propose, shipped_prompt, write_table
    from peace_model.networks.language_model import PROVIDERS

    if arguments.out is None:
        raise UsageError("--provider needs --out FILE: the proposal to write")
    if arguments.out.exists():
        raise UsageError(f"{arguments.out} exists; a proposal never replaces a file")
    provider = PROVIDERS[arguments.provider]
    if arguments.model is None and provider.model is None:
        raise UsageError(f"--provider {provider.name} needs --model")
    names = {code: parts[0] for code, parts in read_texts(file).items()}
    proposal = propose(names, arguments.prompt or shipped_prompt(), provider, model=arguments.model,
                       base_url=arguments.url, timeout_s=arguments.timeout_s)
    write_table(arguments.out, proposal)
    print(f"unreviewed proposal for {len(names)} labels written to {arguments.out}; read and correct it, then: "
          f"peace-model describe --accept {arguments.out} --reviewer NAME")

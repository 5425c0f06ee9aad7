"""peace-model: finds the command, imports its file alone, and says in one line what went wrong."""

import argparse
import sys
from collections.abc import Sequence

from peace_model.commands import UsageError, command_names, load_command

EXTRA_OF = {
    **dict.fromkeys(("torch", "safetensors", "onnx", "onnxscript", "transformers", "matplotlib"), "train"),
    "onnxruntime": "cpu"}
"""Modules that not every installation has, and the extra that brings them."""
WRONG_USAGE = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when done, 1 when the work failed (one line says why), 2 on wrong usage, 130 when interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    names = command_names()
    if not words or words[0] not in names:
        _overview(names).parse_args(words)
        return WRONG_USAGE
    name = words[0]
    command = load_command(name)
    parser = argparse.ArgumentParser(prog=f"peace-model {name}", description=command.ABOUT)
    command.add_arguments(parser)
    arguments = parser.parse_args(words[1:])
    try:
        command.run(arguments)
    except UsageError as error:
        parser.error(str(error))
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in EXTRA_OF:
            raise
        extra = EXTRA_OF[missing]
        print(f"peace-model {name} needs the extra '{extra}': pip install 'peace-desktop[{extra}]' ({missing} is "
              "missing)", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"peace-model {name}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if not _says_what_is_wrong(error):
            raise
        print(f"peace-model {name}: {error}", file=sys.stderr)
        return 1
    return 0


def _overview(names: Sequence[str]) -> argparse.ArgumentParser:
    """The help of peace-model itself; anything but a known command ends here with help or with wrong usage."""
    parser = argparse.ArgumentParser(prog="peace-model", description="Train, evaluate and export the model.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in names:
        commands.add_parser(name, help=load_command(name).ABOUT)
    return parser


def _says_what_is_wrong(error: Exception) -> bool:
    """Files that cannot be read, and errors that this package defines, carry a sentence for the reader.

    Anything else is a fault of the program and keeps its traceback.
    """
    return isinstance(error, OSError) or type(error).__module__.startswith("peace_model.")


if __name__ == "__main__":
    sys.exit(main())

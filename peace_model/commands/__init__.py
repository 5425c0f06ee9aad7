"""The commands of peace-model, one file each: ``ABOUT``, ``add_arguments(parser)`` and ``run(arguments)``.

Importing a command's file must be quick: what is heavy (numpy, scipy, torch) is imported inside ``run``.
"""

import argparse
import importlib
import pkgutil
from typing import Protocol, cast

NOT_COMMANDS = frozenset({"live", "progress"})


class UsageError(Exception):
    """Arguments that cannot go together; str() says which and what to write instead. Ends the program with 2."""


class Command(Protocol):
    """What the file of a command holds."""

    ABOUT: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> None: ...


def command_names() -> tuple[str, ...]:
    """Every command there is: the files of this folder."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in NOT_COMMANDS))


def load_command(name: str) -> Command:
    return cast(Command, importlib.import_module(f"{__name__}.{name}"))

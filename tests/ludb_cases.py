"""LUDB for tests and oracles: the scoring tool, a fixed split of its records in halves, and marks to be scored."""

import importlib.util
import random
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

SPLIT_SEED = 20261121


def evaluator(path: Path) -> ModuleType:
    """The tool whose reference and matching rules are the definition, from its file."""
    spec = importlib.util.spec_from_file_location("ludb_evaluator", path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path.name}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def halves(records: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The records drawn into two halves, the same for the same records."""
    order = sorted(records, key=int)
    random.Random(SPLIT_SEED).shuffle(order)
    return tuple(order[:len(order) // 2]), tuple(order[len(order) // 2:])

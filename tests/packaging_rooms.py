"""The files of packaging/, which are commands and no package: loaded for tests as their commands load each other."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

PACKAGING = Path(__file__).resolve().parent.parent / "packaging"


def packaging_module(name: str) -> ModuleType:
    """A file of packaging/ by its name without .py."""
    if str(PACKAGING) not in sys.path:
        sys.path.append(str(PACKAGING))
    return importlib.import_module(name)

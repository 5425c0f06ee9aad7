"""The slow beginnings, done in the work lane after the window's first paint instead of at the reader's first click."""

import ctypes
import gc
import importlib
import sys
from pathlib import Path

from peace_model.inference.bundle import default_bundle_folder, load_bundle
from peace_model.inference.predictor import Predictor
from peace_model.inference.session import Provider

SLOW_MODULES = ("scipy.signal", "reportlab.pdfgen.canvas")
"""Imported inside the functions that use them, 0.1 to 1 s each; named as text because only their rooms import them.

wfdb is none of them: files are decoded in a process of their own, and it brings pandas and 60 MB along.
"""


def warm_imports() -> None:
    """Import the slow modules, so that opening, filtering and printing find them ready."""
    for name in SLOW_MODULES:
        importlib.import_module(name)
    # The modules' hundred thousands of objects stay: looking through them for garbage stops the window for 0.2 s.
    gc.freeze()
    give_back_memory()


def open_predictor(folder: Path | None = None, *, provider: Provider = "auto") -> Predictor:
    """Load a bundle (None: the built-in one) and start its session, warmed up.

    Raises BundleError for a bundle that cannot be used, FileNotFoundError when there is no built-in one.
    """
    predictor = Predictor(load_bundle(folder if folder is not None else default_bundle_folder()), provider=provider)
    give_back_memory()
    return predictor


def give_back_memory() -> None:
    """What loading needed and nothing needs any more goes back to the system, where the C library can be told to."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)

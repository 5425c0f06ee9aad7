"""The slow beginnings, done in the work lane after the window's first paint instead of at the reader's first click."""

import gc
import importlib
from pathlib import Path

from peace_model.inference.bundle import default_bundle_folder, load_bundle
from peace_model.inference.predictor import Predictor
from peace_model.inference.session import Provider

SLOW_MODULES = ("scipy.signal", "wfdb", "reportlab.pdfgen.canvas")
"""Imported inside the functions that use them, 0.1 to 1 s each; named as text because only their rooms import them."""


def warm_imports() -> None:
    """Import the slow modules, so that opening, filtering and printing find them ready."""
    for name in SLOW_MODULES:
        importlib.import_module(name)
    # The modules' hundred thousands of objects stay: looking through them for garbage stops the window for 0.2 s.
    gc.freeze()


def open_predictor(folder: Path | None = None, *, provider: Provider = "auto") -> Predictor:
    """Load a bundle (None: the built-in one) and start its session, warmed up.

    Raises BundleError for a bundle that cannot be used, FileNotFoundError when there is no built-in one.
    """
    return Predictor(load_bundle(folder if folder is not None else default_bundle_folder()), provider=provider)

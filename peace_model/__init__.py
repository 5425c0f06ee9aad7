"""Turns ECG recordings into numbers; knows nothing of windows, databases or readers."""

__version__ = "0.1.0"

"""`peace-desktop analyze`: recordings in, one JSON and one PDF each out, without a window."""

from peace_desktop.analyze.command import main

__all__ = ["main"]

"""`peace-desktop`: the window, or one of the commands that need none."""

import argparse
import multiprocessing
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from peace_desktop import __version__
from peace_desktop.texts import _, listed

_EPILOG = """\
commands (each with its own --help):
  analyze PATH ... --out DIR   one JSON and PDF a recording, without a window
  library ACTION ...           verify, back up, restore, exchange and count a library
  self-test                    open the demo offscreen, predict, explain, report; exit 0 or 1
  demo-pictures --out DIR      pictures of the demo's window and its reports

exit status of the window: 0 closed, 1 not opened (the library is in use, the notice was declined), 2 wrong usage
"""


def _analyze(argv: Sequence[str]) -> int:
    from peace_desktop.analyze import main as analyze

    return analyze(argv)


def _library(argv: Sequence[str]) -> int:
    from peace_desktop.library.cli import main as library

    return library(argv)


def _self_test(argv: Sequence[str]) -> int:
    argparse.ArgumentParser(prog="peace-desktop self-test", description=_(
        "Open the demo offscreen, predict, explain, write a report; print what ran.")).parse_args(argv)
    from peace_desktop.start import self_test

    return self_test()


def _demo_pictures(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="peace-desktop demo-pictures", description=_(
        "Write pictures of the demo's window and its reports into a folder."))
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=_("folder of the pictures"))
    folder: Path = parser.parse_args(argv).out
    from peace_desktop.start import demo_pictures

    return demo_pictures(folder)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "analyze": _analyze,
    "library": _library,
    "self-test": _self_test,
    "demo-pictures": _demo_pictures,
}


def _window(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="peace-desktop", description=_("Review children's ECGs offline. Research use only."), epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=_("recordings or folders to import"))
    parser.add_argument("--demo", action="store_true", help=_("open simulated recordings in a temporary library"))
    parser.add_argument("--library", type=Path, metavar="DIR", help=_("folder of the library"))
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help=_("folder of settings, log and library"))
    parser.add_argument("--safe-mode", action="store_true", help=_("default settings and no model"))
    parser.add_argument("--provider", choices=("auto", "cpu", "cuda", "directml", "coreml"),
                        help=_("where the model runs; overrides the setting"))
    parser.add_argument("--version", action="version", version=f"PEACE Desktop {__version__}")
    given = parser.parse_args(argv)
    if given.demo and given.paths:
        parser.error(_("the demo takes no recordings; leave out --demo to open your own"))
    missing = [path.name for path in given.paths if not path.exists()]
    if missing:
        parser.error(_("not found: {names}").format(names=listed(missing)))
    from peace_desktop.app import Options
    from peace_desktop.start import run

    return run(Options(paths=tuple(given.paths), is_demo=given.demo, library=given.library, data_dir=given.data_dir,
                       safe_mode=given.safe_mode, provider=given.provider))


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command, or the window; returns the exit status."""
    multiprocessing.freeze_support()  # As an installed program: a process that reads files begins here too.
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    return _window(arguments)


if __name__ == "__main__":
    raise SystemExit(main())

"""What every command of this folder does: say a step, run it, make a virtual environment. Standard library only."""

import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SetupError(Exception):
    """A set-up step that cannot go on; the text says what to do."""


def say(text: str) -> None:
    print(f"[peace] {text}", flush=True)


def run(command: Sequence[str | Path], *, what: str, env: Mapping[str, str] | None = None) -> None:
    """Runs a command in the repository's folder. Raises SetupError when it fails."""
    say(what)
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=env, check=False)
    if done.returncode:
        raise SetupError(f"{what}: failed (exit code {done.returncode}); the lines above say why")


def environment(folder: Path) -> Path:
    """The environment's Python; makes the environment when it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        say(f"make the virtual environment {folder.name}")
        try:
            venv.EnvBuilder(with_pip=True, clear=folder.exists()).create(folder)
        except (subprocess.CalledProcessError, ImportError) as error:
            version = f"{sys.version_info[0]}.{sys.version_info[1]}"
            raise SetupError("Python's venv module is incomplete; on Debian and Ubuntu run:\n"
                             f"    sudo apt-get install -y python{version}-venv\nand then run this again") from error
    return python

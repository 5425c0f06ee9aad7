"""A wheelhouse: a folder with every wheel an installation needs, so that it needs no network. Standard library only.

It holds the wheels, `requirements.txt` with name, version and SHA-256 of each, and `wheelhouse.json` with what they
are for. It serves computers with the same system and the same Python (major.minor) as the one it was collected on.
The application itself is not in it: it is installed from the checkout that bootstrap.py lies in.
"""

import hashlib
import json
import os
import sys
import sysconfig
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from steps import ROOT, SetupError, environment, run, say

REQUIREMENTS, FACTS = "requirements.txt", "wheelhouse.json"
_EDITABLE_NEEDS = ("editables",)
"""What hatchling asks for when a checkout is installed in place."""


@dataclass(frozen=True)
class Facts:
    """What the wheels of a wheelhouse are for."""

    python: str
    system: str
    provider: str
    extras: tuple[str, ...]


def here(*, provider: str, extras: Sequence[str]) -> Facts:
    return Facts(python=f"{sys.version_info[0]}.{sys.version_info[1]}", system=sysconfig.get_platform(),
                 provider=provider, extras=tuple(sorted(extras)))


def wanted(*, provider: str, extras: Sequence[str]) -> list[str]:
    """Requirements of the application with its extras, and of installing it, as pyproject.toml has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    optional = project["project"]["optional-dependencies"]
    return [*project["build-system"]["requires"], *_EDITABLE_NEEDS, *project["project"]["dependencies"],
            *(line for extra in (provider, *extras) for line in optional[extra])]


def collect(folder: Path, *, provider: str, extras: Sequence[str]) -> None:
    """Fill a folder, which may be there but empty or a wheelhouse already; other folders are refused.

    Raises SetupError.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / FACTS).is_file():
        raise SetupError(f"{folder} holds other files; name a new folder, or an empty one")
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("*.whl"), folder / REQUIREMENTS, folder / FACTS):
        old.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="peace-wheelhouse-") as place:
        python = environment(Path(place) / "environment")
        run([python, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--wheel-dir", folder,
             *wanted(provider=provider, extras=extras)], what="collect the wheels (minutes)")
    wheels = sorted(folder.glob("*.whl"))
    (folder / REQUIREMENTS).write_text("".join(f"{line}\n" for line in locked(wheels)), "utf-8")
    facts = here(provider=provider, extras=extras)
    (folder / FACTS).write_text(json.dumps(asdict(facts), indent=2) + "\n", "utf-8")
    size_mb = sum(wheel.stat().st_size for wheel in wheels) / 1e6
    say(f"{len(wheels)} wheels, {size_mb:.0f} MB, for Python {facts.python} on {facts.system}: {folder}")


def locked(wheels: Sequence[Path]) -> list[str]:
    """A line of requirements for every wheel: what its name says, and the hash of what it holds."""
    lines = []
    for wheel in wheels:
        name, version, *_tags = wheel.name.split("-")
        lines.append(f"{name.replace('_', '-')}=={version} "
                     f"--hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}")
    return lines


def facts_of(folder: Path) -> Facts:
    """What a wheelhouse is for. Raises SetupError for a folder that is none, or not for this computer."""
    try:
        stored = json.loads((folder / FACTS).read_text("utf-8"))
        facts = Facts(stored["python"], stored["system"], stored["provider"], tuple(stored["extras"]))
    except (OSError, ValueError, KeyError) as error:
        raise SetupError(f"{folder} is no wheelhouse ({FACTS} is missing or damaged); make one on a computer with a "
                         "network: python3 packaging/bootstrap.py wheelhouse FOLDER") from error
    same = here(provider=facts.provider, extras=facts.extras)
    if facts != same:
        raise SetupError(f"the wheels in {folder} are for Python {facts.python} on {facts.system}; this is Python "
                         f"{same.python} on {same.system}. Collect them on a computer like this one")
    return facts


def install(python: Path, folder: Path) -> None:
    """Lay the wheels and the checkout into an environment. Nothing is asked for anywhere else; hashes must agree."""
    # Settings of the person's own pip could name an index or other folders.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    env["PIP_CONFIG_FILE"] = os.devnull
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-index", "--no-deps"]
    run([*pip, "--find-links", folder, "--require-hashes", "-r", folder / REQUIREMENTS],
        what=f"install the wheels of {folder.name} (a minute)", env=env)
    run([*pip, "--no-build-isolation", "-e", "."], what="install PEACE Desktop itself", env=env)

#!/usr/bin/env python3
"""The installable folder: PEACE Desktop with its own Python, for computers without Python and without a network.

    python3 packaging/build.py                     dist/peace-desktop, its size, licences and bill of materials
    python3 packaging/build.py --wheelhouse DIR    from wheels alone (bootstrap.py wheelhouse DIR --for package)
    python3 packaging/build.py --twice             build a second time elsewhere; list and hashes must be the same

The same on Linux, Windows and macOS: each builds for itself (packaging/README.md). The environment of the build lies
in build/environment and holds what the folder needs and nothing of training. Standard library only.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import same
from bootstrap import EXTRAS, install
from contents import MODULES_OUT, WITH_DEBUG_DATA
from steps import ROOT, SetupError, environment, run, say

NAME = "peace-desktop"
LIMIT_MB = 400
_WORK = ROOT / "build"
_BEFORE_GIT = 1_767_225_600
"""2026-01-01, the time a build bears where the sources are no git checkout."""
_NEVER_INSIDE = frozenset(MODULES_OUT[:MODULES_OUT.index("matplotlib") + 1])


def version() -> str:
    text = (ROOT / "peace_desktop" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise SetupError("peace_desktop/__init__.py names no version")
    return found[1]


def epoch_s() -> int:
    """The time of the newest commit: what a build bears instead of the clock."""
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(asked.stdout) if asked.returncode == 0 and asked.stdout.strip() else _BEFORE_GIT


def build(python: Path, place: Path, work: Path) -> Path:
    """One build: the finished folder `place`/peace-desktop. Raises SetupError."""
    drawn, inside, audit = work / "icons", work / "inside.json", _WORK / "audit.json"
    work.mkdir(parents=True, exist_ok=True)
    # Python's sets take their order from a seed, files their time from the clock: both are said here.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {
        "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": str(epoch_s()), "PYTHONNOUSERSITE": "1", "OMP_NUM_THREADS": "1",
        "QT_QPA_PLATFORM": "offscreen", "PEACE_ICONS": str(drawn), "PEACE_INSIDE": str(inside),
        "PEACE_VERSION": version()}
    tools = ROOT / "packaging"
    run([python, tools / "icon.py", "--out", drawn], what="draw the icon", env=env)
    if sys.platform == "win32":
        run([python, tools / "windows" / "file_version.py", version(), work / "version.txt"], what="name the version",
            env=env)
        env["PEACE_WINDOWS_VERSION"] = str(work / "version.txt")
    run([python, "-m", "PyInstaller", "--clean", "--noconfirm", "--log-level", "WARN", "--distpath", place,
         "--workpath", work, tools / "peace_desktop.spec"], what="gather the folder (minutes)", env=env)
    folder = place / NAME
    if not audit.exists():
        run([python, tools / "vulnerabilities.py", inside, "--out", audit], what="ask for known vulnerabilities",
            env=env)
    run([python, tools / "finish.py", folder, "--inside", inside, "--audit", audit, "--version", version(),
         "--epoch", str(epoch_s())], what="licences, third parties, bill of materials", env=env)
    if sys.platform == "linux":
        _without_debug_data(folder / "_internal")
        _for_the_desktop(folder, drawn)
    return folder


def _without_debug_data(inside: Path) -> None:
    """Where the building computer has strip; without it the folder is larger, which the check of its size says."""
    tool = shutil.which("strip")
    files = sorted(file for pattern in WITH_DEBUG_DATA for file in inside.glob(pattern))
    if tool is not None:
        run([tool, "--strip-debug", *files], what=f"take the debugger's data out of {len(files)} libraries")


def _for_the_desktop(folder: Path, drawn: Path) -> None:
    """What a Linux desktop asks for: starter, file types, icons, and the script that puts them in place."""
    share = folder / "share"
    for picture in drawn.glob("*.png"):
        size_px = picture.stem.rsplit("-", 1)[1]
        target = share / "icons" / "hicolor" / f"{size_px}x{size_px}" / "apps"
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, target / f"{NAME}.png")
    scalable = share / "icons" / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(drawn / f"{NAME}.svg", scalable / f"{NAME}.svg")
    for name, place in ((f"{NAME}.desktop", "applications"), (f"{NAME}.xml", "mime/packages")):
        (share / place).mkdir(parents=True)
        shutil.copyfile(ROOT / "packaging" / "linux" / name, share / place / name)
    for name in ("install.sh", "uninstall.sh"):
        shutil.copyfile(ROOT / "packaging" / "linux" / name, folder / name)
        (folder / name).chmod(0o755)


def check(folder: Path) -> None:
    """Says the folder's size and largest parts. Raises SetupError where it is too large or holds what it must not."""
    sizes: dict[str, int] = {}
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            part = file.relative_to(folder).parts
            sizes[part[1] if part[0] == "_internal" and len(part) > 2 else part[0]] = (
                sizes.get(part[1] if part[0] == "_internal" and len(part) > 2 else part[0], 0) + file.stat().st_size)
    mb = sum(sizes.values()) / 1e6
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:8]
    say(f"{folder}: {mb:.0f} MB; " + ", ".join(f"{name} {size / 1e6:.0f}" for name, size in largest))
    forbidden = sorted(_NEVER_INSIDE & {path.name for path in (folder / "_internal").iterdir()})
    if forbidden:
        raise SetupError(f"the folder holds {', '.join(forbidden)}, which the application must not reach (contents.py)")
    if mb > LIMIT_MB:
        raise SetupError(f"{mb:.0f} MB are more than the {LIMIT_MB} allowed; see what is new above (contents.py)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheelhouse", type=Path, metavar="DIR", help="install from these wheels alone, no network")
    parser.add_argument("--twice", action="store_true", help="build a second time and compare")
    args = parser.parse_args()
    try:
        python = environment(_WORK / "environment")
        install(python, provider="cpu", extras=EXTRAS["package"],
                wheels=args.wheelhouse.resolve() if args.wheelhouse else None)
        (_WORK / "audit.json").unlink(missing_ok=True)
        folder = build(python, ROOT / "dist", _WORK / "frozen")
        check(folder)
        if args.twice:
            again = build(python, _WORK / "again", _WORK / "frozen-again")
            if differences := same.differences(folder, again):
                raise SetupError("two builds of the same sources differ:\n" + "\n".join(differences))
            say(f"two builds are the same: {len(same.hashes(folder))} files, the same names and hashes")
            shutil.rmtree(_WORK / "again")
    except SetupError as error:
        print(f"[peace] {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

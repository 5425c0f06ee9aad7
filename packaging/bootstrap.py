#!/usr/bin/env python3
"""Set PEACE Desktop up on a fresh machine and start it, or check it. Python's standard library only.

    python3 packaging/bootstrap.py demo      virtual environment, application with carts' formats; then the window opens
    python3 packaging/bootstrap.py test      the same with every extra; then every check runs
    python3 packaging/bootstrap.py install   only the set-up
    python3 packaging/bootstrap.py wheelhouse DIR            every wheel with its hash, for computers without a network
    python3 packaging/bootstrap.py demo --wheelhouse DIR     set up from these wheels alone; also install and test

Everything goes into .venv beside this folder; nothing else on the machine is touched, except that missing
system libraries are installed on Debian and Ubuntu when this runs as root (otherwise, and from a wheelhouse, they
are named). What a wheelhouse is for, demo, test or package, is said with --for when it is made.
"""

import argparse
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # An isolated Python leaves this folder out.

import wheelhouse
from steps import ROOT, SetupError, environment, run, say

MINIMUM = (3, 11)
EXTRAS = {
    "demo": ("formats",),
    "install": ("formats",),
    "package": ("formats", "encrypted", "package"),
    "test": ("formats", "encrypted", "train", "text", "dev"),
}
WHEELS = {"cpu": "onnxruntime", "cuda": "onnxruntime-gpu", "directml": "onnxruntime-directml"}
# What the Qt wheels load from the system on Linux, and the Debian package that carries it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
# Only a window on an X11 screen needs these; offscreen work does not.
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
}


def has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def system_libraries(*, window: bool, network: bool = True) -> None:
    """Name the Debian packages Qt lacks, or install them as root where there is a network."""
    if not sys.platform.startswith("linux"):
        return
    wanted = QT_LIBRARIES | (X11_LIBRARIES if window else {})
    missing = [package for library, package in wanted.items() if not loads(library)]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise SetupError("Qt needs system libraries that are missing here; on Debian they are called "
                         + " ".join(missing) + ". Install your distribution's equivalents and run this again")
    if os.geteuid() != 0 or not network:
        raise SetupError("Qt needs system libraries that are missing here. Run:\n    sudo apt-get install -y "
                         + " ".join(missing) + "\nand then this command again")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], what="refresh the package lists", env=env)
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
        what="install system libraries: " + " ".join(missing), env=env)


def installed_wheels(python: Path) -> set[str]:
    listing = subprocess.run([str(python), "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"],
                             capture_output=True, text=True, check=True).stdout
    names = {line.split("==")[0].strip().lower().replace("_", "-") for line in listing.splitlines()}
    return names & set(WHEELS.values())


def install(python: Path, *, provider: str, extras: tuple[str, ...], wheels: Path | None = None) -> None:
    """Install the application with its extras and exactly one onnxruntime wheel; from a wheelhouse what that holds."""
    if wheels is not None:
        facts = wheelhouse.facts_of(wheels)
        provider = facts.provider
        if missing := sorted(set(extras) - set(facts.extras)):
            raise SetupError(f"the wheelhouse {wheels} lacks the extras {', '.join(missing)}; it was made for another "
                             "command. Make one with --for (see --help)")
        extras = facts.extras
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    chosen = WHEELS[provider]
    others = installed_wheels(python) - {chosen}
    stamp = python.parent.parent / "peace-installed"
    source = "" if wheels is None else (wheels / wheelhouse.REQUIREMENTS).read_text("utf-8")
    wanted = hashlib.sha256("\n".join([(ROOT / "pyproject.toml").read_text("utf-8"), provider, *sorted(extras),
                                       str(ROOT), *source.splitlines()]).encode()).hexdigest()
    if not others and stamp.exists() and stamp.read_text("utf-8") == wanted:
        say("everything is installed already")
        return
    if others:
        # The wheels share one folder: after removing one the other is broken and must be laid down anew.
        run([*pip, "uninstall", "-y", "-q", *sorted(others), chosen], what="remove " + ", ".join(sorted(others)))
    if wheels is None:
        names = ",".join((provider, *extras))
        # The checks load a tenth of this and compile only that; a person's first start must not wait for it.
        compiled = ["--no-compile"] if "dev" in extras else []
        run([*pip, "install", "-q", *compiled, "-e", f".[{names}]"],
            what=f"install PEACE Desktop with {names} (minutes, once)")
    else:
        wheelhouse.install(python, wheels)
    stamp.write_text(wanted, "utf-8")


def start_demo(python: Path) -> int:
    if has_display():
        say("open the demo library (simulated recordings)")
        return subprocess.run([str(python), "-m", "peace_desktop", "--demo"], cwd=ROOT, check=False).returncode
    out = ROOT / "peace-demo"
    say(f"this machine has no display: the demo's reports and pictures of the window go to {out.name}/")
    return subprocess.run([str(python), "-m", "peace_desktop", "demo-pictures", "--out", str(out)], cwd=ROOT,
                          env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, check=False).returncode


def run_checks(python: Path) -> int:
    """Every check of the project; the tests come last so that their closing line ends the output."""
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    checks: dict[str, list[str]] = {
        "style (ruff)": ["-m", "ruff", "check", "."],
        "types (mypy)": ["-m", "mypy", "peace_model", "peace_desktop"],
        "tests (pytest)": ["-m", "pytest", "-n", "2", "--dist", "worksteal"],
    }
    failed = []
    for name, command in checks.items():
        say(name)
        if subprocess.run([str(python), *command], cwd=ROOT, env=env, check=False).returncode:
            failed.append(name)
    if failed:
        say("failed: " + ", ".join(failed))
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("demo", "test", "install", "wheelhouse"))
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="with wheelhouse: where the wheels go")
    parser.add_argument("--for", dest="purpose", choices=("demo", "test", "package"), default="demo",
                        help="with wheelhouse: whose wheels; package is for packaging/build.py (default demo)")
    parser.add_argument("--wheelhouse", type=Path, metavar="DIR", help="install from these wheels alone, no network")
    parser.add_argument("--provider", choices=tuple(WHEELS), default="cpu",
                        help="which onnxruntime wheel to install: cpu (default), cuda (NVIDIA), directml (Windows)")
    args = parser.parse_args()
    if sys.version_info < MINIMUM:
        parser.error(f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed; this is {sys.version.split()[0]}")
    if args.provider == "directml" and sys.platform != "win32":
        parser.error("--provider directml exists on Windows only; choose cpu or cuda")
    if (args.command == "wheelhouse") != (args.folder is not None):
        parser.error("wheelhouse needs the folder the wheels go to; the other commands take none")
    try:
        if args.command == "wheelhouse":
            wheelhouse.collect(args.folder.resolve(), provider=args.provider, extras=EXTRAS[args.purpose])
            return 0
        wheels = args.wheelhouse.resolve() if args.wheelhouse else None
        system_libraries(window=args.command != "test" and has_display(), network=wheels is None)
        python = environment(ROOT / ".venv")
        install(python, provider=args.provider, extras=EXTRAS[args.command], wheels=wheels)
        if args.command == "demo":
            return start_demo(python)
        if args.command == "test":
            return run_checks(python)
    except SetupError as error:
        print(f"[peace] {error}", file=sys.stderr)
        return 1
    say("ready: .venv/bin/peace-desktop" if os.name != "nt" else r"ready: .venv\Scripts\peace-desktop.exe")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

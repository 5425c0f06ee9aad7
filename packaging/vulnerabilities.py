"""Known vulnerabilities of the packages inside, asked of pip-audit's service where that can be reached.

    python packaging/vulnerabilities.py INSIDE.json --out AUDIT.json

The answer is kept in a file with the day it was asked. Where the service was out of reach the file says so, and so does
the list made of it: no answer is not "none known". Libraries that are no Python packages are never asked about.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PATIENCE_S = 180
NOT_ASKED = "not asked"


def ask(packages: Mapping[str, str]) -> dict[str, Any]:
    """What the service says of packages (name -> version): {"asked": day, "problem": "", "found": {name: [ids]}}."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    with tempfile.TemporaryDirectory(prefix="peace-audit-") as folder:
        pins = Path(folder) / "requirements.txt"
        pins.write_text("".join(f"{name}=={version}\n" for name, version in sorted(packages.items())), "utf-8")
        command = [sys.executable, "-m", "pip_audit", "-r", str(pins), "--no-deps", "--disable-pip", "--format", "json",
                   "--progress-spinner", "off", "--timeout", "10"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            return _silent(day, f"no answer within {PATIENCE_S} s")
    return read_answer(done.stdout, day, packages)


def read_answer(answer: str, day: str, packages: Iterable[str]) -> dict[str, Any]:
    """pip-audit's JSON; anything else, and packages it skipped, count as not asked."""
    try:
        listed = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _silent(day, "the service was out of reach")
    found = {_plain(item["name"]): [fault["id"] for fault in item["vulns"]] for item in listed if "vulns" in item}
    if not found:
        return _silent(day, "the service answered nothing")
    missing = sorted(name for name in packages if _plain(name) not in found)
    return {"asked": day, "problem": f"no answer about {', '.join(missing)}" if missing else "", "found": found}


def in_words(audit: Mapping[str, Any], name: str, *, is_package: bool) -> str:
    """What the list says of one component."""
    if not is_package:
        return f"{NOT_ASKED}: no Python package"
    if _plain(name) not in audit["found"]:
        return f"{NOT_ASKED}: {audit['problem']} on {audit['asked']}"
    ids = audit["found"][_plain(name)]
    return f"**{', '.join(ids)}**" if ids else f"none known on {audit['asked']}"


def _silent(day: str, problem: str) -> dict[str, Any]:
    return {"asked": day, "problem": problem, "found": {}}


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inside", type=Path, help="what PyInstaller put in, as packaging/build.py keeps it")
    parser.add_argument("--out", type=Path, required=True, help="file of the answer")
    args = parser.parse_args()
    from third_party import third_parties

    packages = {item.name: item.version for item in third_parties(args.inside) if item.is_package}
    audit = ask(packages)
    args.out.write_text(json.dumps(audit, indent=1, sort_keys=True) + "\n", "utf-8")
    faulty = {name: ids for name, ids in audit["found"].items() if ids}
    print(f"asked about {len(packages)} packages: {audit['problem'] or 'every one answered'}; "
          f"{len(faulty)} with known vulnerabilities {sorted(faulty) or ''}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

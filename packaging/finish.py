"""The last step of a build: licences, list of third parties and bill of materials into the folder PyInstaller made.

    python packaging/finish.py FOLDER --inside INSIDE.json --audit AUDIT.json --version V --epoch SECONDS
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import third_party
import vulnerabilities
from licence_policy import LicenceError
from sbom import SbomError, as_cyclonedx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
_HEADING = """\
# Third parties in PEACE Desktop {version}

Every licence stands in the folder of its name beside this file. Qt is used under the LGPL 3: its libraries are files
of their own under `_internal/PySide6` and may be replaced by others that fit; the LGPL and the GPL it refers to lie in
`Qt`. Its source is what the Qt project publishes under the version given here, unchanged.

Vulnerabilities are asked for by name and version of Python packages; what they carry inside is not asked about."""
_QT = "PySide6_Essentials"


def finish(folder: Path, *, inside: Path, audit: Path, version: str, epoch_s: int) -> None:
    """Raises LicenceError and SbomError."""
    components = third_party.third_parties(inside)
    asked = json.loads(audit.read_text("utf-8"))
    texts = folder / "licences"
    shutil.rmtree(texts, ignore_errors=True)
    texts.mkdir()
    shutil.copyfile(ROOT / "LICENSE", texts / "LICENSE-PEACE-Desktop.txt")
    (texts / "Qt").mkdir()
    for text in sorted((HERE / "licences").glob("*.txt")):
        shutil.copyfile(text, texts / "Qt" / text.name)
    for name in third_party.copy_texts(components, texts):
        _common_text(next(item for item in components if item.name == name), texts)
    words = {item.name: vulnerabilities.in_words(asked, item.name, is_package=item.is_package) for item in components}
    (texts / "third-party.md").write_text(
        third_party.as_markdown(components, words, _HEADING.format(version=version)), "utf-8")
    (folder / "sbom.cdx.json").write_text(as_cyclonedx(components, version=version, epoch_s=epoch_s), "utf-8")
    print(f"{len(components)} third parties; vulnerabilities: {asked['problem'] or 'every package answered'}, "
          f"{asked['asked']}")


def _common_text(item: third_party.Component, texts: Path) -> None:
    """For a package that brings no text along: the common one of its licence. Raises LicenceError without one."""
    if item.licence == "Apache-2.0":
        (texts / item.name).mkdir()
        shutil.copyfile(ROOT / "LICENSE", texts / item.name / "LICENSE.txt")
    elif not item.name.startswith(("PySide6", "shiboken6")) and item.licence not in ("blessing",):
        own = HERE / "licences" / "own" / f"{item.name}.txt"
        if not own.is_file():
            raise LicenceError(f"{item.name} brings no licence text along; put it into packaging/licences/own")
        (texts / item.name).mkdir()
        shutil.copyfile(own, texts / item.name / own.name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--inside", type=Path, required=True)
    parser.add_argument("--audit", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--epoch", type=int, required=True)
    args = parser.parse_args()
    try:
        finish(args.folder, inside=args.inside, audit=args.audit, version=args.version, epoch_s=args.epoch)
    except (LicenceError, SbomError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

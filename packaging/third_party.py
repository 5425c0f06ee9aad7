"""The third parties inside the installable folder: each with version, licence, purpose and the texts of its licence.

Made from what PyInstaller put in (build/inside.json) and the notes in third_party.toml; what has no note, no licence,
or one that may not enter ends the build.
"""

import fnmatch
import functools
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

import licence_policy

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
_TEXT_NAMES = ("LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*", "*[Ll]icen[cs]e*.txt", "ThirdPartyNotices*")


@dataclass(frozen=True)
class Component:
    """One third party. within: the component that carries it, empty for one of its own."""

    name: str
    version: str
    licence: str
    purpose: str
    purl: str = ""
    within: str = ""
    texts: tuple[Path, ...] = ()

    @property
    def is_package(self) -> bool:
        return self.purl.startswith("pkg:pypi/")


def third_parties(inside: Path) -> list[Component]:
    """Every third party of a build. Raises LicenceError naming all that are unknown or may not enter."""
    built = json.loads(inside.read_text("utf-8"))
    notes = tomllib.loads((HERE / "third_party.toml").read_text("utf-8"))
    owners, packages = _owners(), _Packages(notes["package"])
    found: dict[tuple[str, str], Component] = {}
    wrong: list[str] = []
    for name, source in (*built["modules"], *built["files"]):
        try:
            part = _component(name, Path(source), owners, packages, notes)
        except licence_policy.LicenceError as error:
            wrong.append(str(error))
            continue
        for component in part:
            found[component.name, component.within] = component
    found["Python", ""] = _python()
    for component in found.values():
        try:
            licence_policy.judge(component.name, component.licence)
        except licence_policy.LicenceError as error:
            wrong.append(str(error))
    if wrong:
        raise licence_policy.LicenceError("\n".join(sorted(set(wrong))))
    return sorted(found.values(), key=lambda component: (component.within.lower(), component.name.lower()))


def _component(name: str, source: Path, owners: Mapping[str, Distribution], packages: "_Packages",
               notes: Mapping[str, Any]) -> tuple[Component, ...]:
    """Whose a file is: a package's (and a library's it carries), the building computer's, or nobody else's."""
    if noted := _noted(source.as_posix(), notes["part"]):
        return (Component(noted["name"], noted["version"], noted["licence"], noted["purpose"]),)
    if owner := owners.get(os.path.realpath(source)):
        package = packages[owner]
        carried = _noted(name, notes["within"])
        if carried is None and Path(name).parent.name.endswith(".libs"):
            raise licence_policy.LicenceError(f"{name}: carried by {package.name}, not noted in third_party.toml")
        if carried is None:
            return (package,)
        return package, Component(carried["name"], "as in " + package.version, carried["licence"], carried["purpose"],
                                  within=package.name)
    if source.is_relative_to(ROOT):
        noted = _noted(name.replace("\\", "/"), notes["resource"])
        if noted is None:
            return ()
        return (Component(noted["name"], noted["version"], noted["licence"], noted["purpose"],
                          texts=_texts_beside(source, noted["files"][0])),)
    noted = _noted(source.name, (*notes["system"], *notes["within"]))
    if noted is None and any(source.resolve().is_relative_to(folder) for folder in _python_folders()):
        return ()
    if noted is None:
        raise licence_policy.LicenceError(f"{name}: a library of this computer, not noted in third_party.toml")
    version, texts = _debian(source)
    return (Component(noted["name"], version, noted["licence"], noted["purpose"], texts=texts),)


@functools.cache
def _python_folders() -> tuple[Path, ...]:
    return tuple({Path(sysconfig.get_path("stdlib")).resolve(), Path(sys.base_prefix).resolve()})


def _owners() -> dict[str, Distribution]:
    """Which package each installed file belongs to."""
    return {os.path.join(os.path.realpath(str(owner.locate_file(""))), file): owner
            for owner in distributions() for file in owner.files or ()}


class _Packages:
    """Components of installed packages, each made once."""

    def __init__(self, notes: Mapping[str, Any]) -> None:
        self._notes, self._made = notes, dict[str, Component]()

    def __getitem__(self, owner: Distribution) -> Component:
        """Raises LicenceError for a package without a note, or without a known licence."""
        name = owner.metadata["Name"]
        if name not in self._made:
            if name not in self._notes:
                raise licence_policy.LicenceError(f"{name} {owner.version}: inside, but not noted in third_party.toml")
            self._made[name] = _package(owner, self._notes[name])
        return self._made[name]


def _package(owner: Distribution, note: Mapping[str, str]) -> Component:
    name = owner.metadata["Name"]
    texts = tuple(sorted({Path(str(owner.locate_file(file))) for file in owner.files or ()
                          if "licenses" in file.parts
                          or any(fnmatch.fnmatchcase(file.name, pattern) for pattern in _TEXT_NAMES)
                          if file.suffix.lower() not in (".py", ".pyc", ".pyi", ".h")}))
    return Component(name, owner.version, licence_policy.declared(name, owner.metadata, noted=note.get("licence")),
                     note["purpose"], texts=texts,
                     purl=f"pkg:pypi/{name.lower().replace('_', '-')}@{owner.version}")


def _noted(name: str, notes: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((note for note in notes if any(fnmatch.fnmatchcase(name, pattern) for pattern in note["files"])), None)


def _texts_beside(source: Path, pattern: str) -> tuple[Path, ...]:
    stem = pattern.rsplit("/", 1)[1].rstrip("*")
    return tuple(sorted(source.parent.glob(f"LICENSE-{stem}*")))


@functools.cache
def _debian(source: Path) -> tuple[str, tuple[Path, ...]]:
    """Version and copyright file of the Debian package a library comes from; elsewhere only that it is the system's."""
    if shutil.which("dpkg-query") is None:
        return "as on the building computer", ()
    real = source.resolve()
    # Where /lib is a link to /usr/lib, the package may name either.
    outside = real.relative_to("/usr" if real.is_relative_to("/usr") else "/")
    for path in (Path("/usr") / outside, Path("/") / outside):
        asked = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            package = asked.stdout.split(":")[0]
            version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True,
                                     check=True).stdout
            copyright_file = Path("/usr/share/doc") / package / "copyright"
            return f"{version} (Debian)", (copyright_file,) if copyright_file.is_file() else ()
    return "as on the building computer", ()


def _python() -> Component:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    texts = tuple(place / "LICENSE.txt" for place in places if (place / "LICENSE.txt").is_file())[:1]
    return Component("Python", platform.python_version(), "PSF-2.0", "the interpreter and its standard library",
                     texts=texts)


def as_markdown(components: Iterable[Component], known_faults: Mapping[str, str], heading: str) -> str:
    """The list as a table; known_faults: what is said of each component by name (vulnerabilities.py)."""
    lines = [heading, "", "| name | version | licence | what for | known vulnerabilities |",
             "| --- | --- | --- | --- | --- |"]
    for item in components:
        name = f"{item.name} (in {item.within})" if item.within else item.name
        lines.append(f"| {name} | {item.version} | {item.licence} | {item.purpose} | {known_faults[item.name]} |")
    return "\n".join(lines) + "\n"


def copy_texts(components: Iterable[Component], folder: Path) -> list[str]:
    """The licence texts into one folder a component; returns the names of those that bring none along."""
    silent = []
    for item in components:
        if item.within:
            continue
        if not item.texts:
            silent.append(item.name)
        place = folder / item.name
        for text in item.texts:
            place.mkdir(parents=True, exist_ok=True)
            target = place / text.name
            number = 2
            while target.exists():
                target = place / f"{text.stem}-{number}{text.suffix}"
                number += 1
            shutil.copyfile(text, target)
    return silent

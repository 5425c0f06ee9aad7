"""packaging/wheelhouse.py: what a folder of wheels says of itself, and for whom it is refused."""

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from packaging_rooms import packaging_module


@pytest.fixture
def wheelhouse() -> ModuleType:
    return packaging_module("wheelhouse")


def _house(wheelhouse: ModuleType, folder: Path, **changed: object) -> Path:
    folder.mkdir()
    facts = wheelhouse.here(provider="cpu", extras=("formats",))
    stored = {"python": facts.python, "system": facts.system, "provider": "cpu", "extras": ["formats"]} | changed
    (folder / wheelhouse.FACTS).write_text(json.dumps(stored), "utf-8")
    return folder


def test_every_wheel_has_its_line_with_the_hash_of_what_it_holds(wheelhouse: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "Some_Thing-1.2+cpu-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    assert wheelhouse.locked([wheel]) == [
        f"Some-Thing==1.2+cpu --hash=sha256:{hashlib.sha256(b'wheel').hexdigest()}"]


def test_the_application_and_what_installs_it_are_asked_for(wheelhouse: ModuleType) -> None:
    wanted = wheelhouse.wanted(provider="cpu", extras=("formats",))
    names = {line.split(">")[0].split("=")[0].split(",")[0] for line in wanted}
    assert {"hatchling", "editables", "numpy", "onnxruntime", "ecgdatakit"} <= names
    assert not names & {"torch", "pytest", "onnxruntime-gpu"}


def test_wheels_of_another_python_or_system_are_refused_with_both_named(
        wheelhouse: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(wheelhouse.SetupError, match=r"for Python 3\.2 on .* this is Python 3"):
        wheelhouse.facts_of(_house(wheelhouse, tmp_path / "other", python="3.2"))
    with pytest.raises(wheelhouse.SetupError, match="on amiga"):
        wheelhouse.facts_of(_house(wheelhouse, tmp_path / "system", system="amiga"))
    assert wheelhouse.facts_of(_house(wheelhouse, tmp_path / "same")).extras == ("formats",)


def test_any_other_folder_is_no_wheelhouse_and_is_never_filled(wheelhouse: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(wheelhouse.SetupError, match="bootstrap.py wheelhouse"):
        wheelhouse.facts_of(tmp_path)
    with pytest.raises(wheelhouse.SetupError, match="other files"):
        wheelhouse.collect(tmp_path, provider="cpu", extras=())
    assert (tmp_path / "letter.txt").read_text("utf-8") == "mine"


def test_a_wheel_that_was_changed_is_not_installed(wheelhouse: ModuleType, tmp_path: Path) -> None:
    """pip itself, asked as `install` asks it, but into a folder of its own."""
    wheel = tmp_path / "thing-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as parts:
        parts.writestr("thing.py", "")
        parts.writestr("thing-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1\n")
        parts.writestr("thing-1.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\n"
                                                  "Tag: py3-none-any\n")
        parts.writestr("thing-1.dist-info/RECORD", "")
    lines = tmp_path / "requirements.txt"
    lines.write_text("\n".join(wheelhouse.locked([wheel])), "utf-8")
    command = [sys.executable, "-m", "pip", "--isolated", "install", "-q", "--no-index", "--no-deps", "--find-links",
               str(tmp_path), "--require-hashes", "-r", str(lines), "--target", str(tmp_path / "place")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    with zipfile.ZipFile(wheel, "a") as parts:
        parts.writestr("more.py", "")
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "DO NOT MATCH" in done.stderr


def test_a_wheelhouse_for_less_than_is_asked_is_refused(wheelhouse: ModuleType, tmp_path: Path) -> None:
    house = _house(wheelhouse, tmp_path / "house")
    bootstrap = packaging_module("bootstrap")
    with pytest.raises(bootstrap.SetupError, match="lacks the extras train"):
        bootstrap.install(tmp_path / "bin" / "python", provider="cpu", extras=("formats", "train"), wheels=house)

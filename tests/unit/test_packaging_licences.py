"""packaging/licence_policy.py and third_party.py: nothing enters the installable folder that may not, or is unknown."""

import json
import sys
from email.message import Message
from pathlib import Path
from types import ModuleType

import pytest
from packaging_rooms import packaging_module


@pytest.fixture
def policy() -> ModuleType:
    return packaging_module("licence_policy")


def _metadata(**fields: str) -> Message:
    message = Message()
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize("expression", ["GPL-3.0-only", "AGPL-3.0-or-later", "LGPL-3.0-only", "MIT AND GPL-2.0-only",
                                        "MPL-2.0", "GPL-3.0-or-later WITH GCC-exception-3.1", "SSPL-1.0", "Rubbish"])
def test_copyleft_and_unknown_licences_are_refused(policy: ModuleType, expression: str) -> None:
    with pytest.raises(policy.LicenceError, match="planted"):
        policy.judge("planted", expression)


@pytest.mark.parametrize("expression", ["MIT", "Apache-2.0 OR GPL-3.0-only", "BSD-3-Clause AND 0BSD AND Zlib"])
def test_permissive_ones_and_a_choice_of_one_enter(policy: ModuleType, expression: str) -> None:
    policy.judge("planted", expression)


def test_the_lgpl_is_for_qt_alone(policy: ModuleType) -> None:
    expression = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"
    policy.judge("PySide6_Essentials", expression)
    with pytest.raises(policy.LicenceError):
        policy.judge("svglib", expression)


def test_a_note_never_overrules_the_package_itself(policy: ModuleType) -> None:
    assert policy.declared("a", _metadata(License_Expression="AGPL-3.0-only"), noted="MIT") == "AGPL-3.0-only"
    with pytest.raises(policy.LicenceError, match="GPLv3"):
        policy.declared("b", _metadata(License="GPLv3"), noted="MIT")
    with pytest.raises(policy.LicenceError, match="Affero"):
        policy.declared("c", _metadata(Classifier="License :: OSI Approved :: GNU Affero General Public License v3"),
                        noted="MIT")
    assert policy.declared("d", _metadata(License="see LICENSE"), noted="MIT") == "MIT"
    assert policy.declared("d", _metadata(License="BSD license, Copyright (c) 2000"), noted="BSD-3-Clause") == (
        "BSD-3-Clause")
    assert policy.declared("e", _metadata(Classifier="License :: OSI Approved :: MIT License"), noted=None) == "MIT"


def test_no_licence_is_no_permission(policy: ModuleType) -> None:
    with pytest.raises(policy.LicenceError, match="no licence is known"):
        policy.declared("planted", _metadata(), noted=None)


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `planted` under the AGPL on Python's path, and a build that holds its one module."""
    facts = tmp_path / "site" / "planted-1.dist-info"
    facts.mkdir(parents=True)
    (tmp_path / "site" / "planted.py").write_text("", "utf-8")
    (facts / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: planted\nVersion: 1\nLicense-Expression: AGPL-3.0-only\n", "utf-8")
    (facts / "RECORD").write_text("planted.py,,\nplanted-1.dist-info/METADATA,,\n", "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site")])
    inside = tmp_path / "inside.json"
    inside.write_text(json.dumps({"modules": [["planted", str(tmp_path / "site" / "planted.py")]], "files": []}),
                      "utf-8")
    return inside


def test_a_build_with_an_unknown_package_inside_is_refused(planted: Path) -> None:
    room = packaging_module("third_party")
    with pytest.raises(room.licence_policy.LicenceError, match="planted 1: inside, but not noted"):
        room.third_parties(planted)


def test_a_build_with_copyleft_inside_is_refused(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = packaging_module("third_party")
    real = room.tomllib.loads
    monkeypatch.setattr(room.tomllib, "loads", lambda text: real(text) | {
        "package": {"planted": {"purpose": "a trap", "licence": "MIT"}}})
    with pytest.raises(room.licence_policy.LicenceError, match=r"planted: licence 'AGPL-3\.0-only' may not enter"):
        room.third_parties(planted)


def test_silence_of_the_service_is_never_none_known() -> None:
    room = packaging_module("vulnerabilities")
    silent = room.read_answer("", "2026-11-22", ["numpy"])
    assert room.in_words(silent, "numpy", is_package=True) == (
        "not asked: the service was out of reach on 2026-11-22")
    skipped = room.read_answer('{"dependencies": [{"name": "numpy", "skip_reason": "not found"}]}', "2026-11-22",
                               ["numpy"])
    assert room.in_words(skipped, "numpy", is_package=True) == (
        "not asked: the service answered nothing on 2026-11-22")
    answer = json.dumps({"dependencies": [{"name": "numpy", "version": "2", "vulns": []},
                                          {"name": "some-thing", "version": "1", "vulns": [{"id": "CVE-1"}]},
                                          {"name": "own", "skip_reason": "not there"}]})
    told = room.read_answer(answer, "2026-11-22", ["numpy", "Some_Thing", "own"])
    assert room.in_words(told, "numpy", is_package=True) == "none known on 2026-11-22"
    assert room.in_words(told, "Some_Thing", is_package=True) == "**CVE-1**"
    assert "not asked: no answer about own" in room.in_words(told, "own", is_package=True)
    assert room.in_words(told, "Qt", is_package=False) == "not asked: no Python package"

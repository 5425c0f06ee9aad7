"""The recipes for Linux, Windows and macOS: what can be checked of them without these systems."""

import plistlib
import re
import runpy
import struct
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging_rooms import PACKAGING, packaging_module

from peace_desktop import __version__
from peace_model.ecg.formats.registry import FORMATS

KNOWN = {suffix for form in FORMATS for suffix in form.suffixes}
_MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def _bundle_facts() -> Mapping[str, Any]:
    facts: Mapping[str, Any] = runpy.run_path(str(PACKAGING / "macos" / "bundle_facts.py"))["facts"]("1.2.3")
    return facts


def test_only_formats_that_are_read_are_offered_anywhere() -> None:
    mime = ET.parse(PACKAGING / "linux" / "peace-desktop.xml").getroot()
    linux = {glob.attrib["pattern"].removeprefix("*") for glob in mime.iter(f"{_MIME}glob")}
    setup = (PACKAGING / "windows" / "peace_desktop.iss").read_text("utf-8")
    windows = set(re.findall(r"Classes\\(\.\w+)\\OpenWithProgids", setup))
    macos = {f".{ending}" for kind in _bundle_facts()["UTImportedTypeDeclarations"]
             for ending in kind["UTTypeTagSpecification"]["public.filename-extension"]}
    assert {".hea", ".edf", ".scp"} <= linux <= KNOWN
    assert {".hea", ".edf", ".scp", ".dcm"} <= windows <= KNOWN
    assert {".hea", ".edf", ".scp", ".dcm"} <= macos <= KNOWN


def test_the_starter_offers_the_types_that_are_declared() -> None:
    starter = dict(line.split("=", 1) for line in
                   (PACKAGING / "linux" / "peace-desktop.desktop").read_text("utf-8").splitlines() if "=" in line)
    mime = ET.parse(PACKAGING / "linux" / "peace-desktop.xml").getroot()
    declared = {kind.attrib["type"] for kind in mime.iter(f"{_MIME}mime-type")}
    assert set(starter["MimeType"].strip(";").split(";")) == declared | {"application/dicom"}
    assert starter["Exec"].endswith(" %F")
    assert starter["Icon"] == starter["StartupWMClass"] == "peace-desktop"


def test_nobody_is_made_the_default_for_other_peoples_files() -> None:
    assert {kind["LSHandlerRank"] for kind in _bundle_facts()["CFBundleDocumentTypes"]} == {"Alternate"}
    setup = (PACKAGING / "windows" / "peace_desktop.iss").read_text("utf-8")
    assert not re.search(r'Subkey: "Software\\Classes\\\.\w+"', setup)


def test_every_file_a_recipe_names_is_there() -> None:
    setup = (PACKAGING / "windows" / "peace_desktop.iss").read_text("utf-8")
    for name in re.findall(r"^(?:LicenseFile|InfoAfterFile)=(.+)$", setup, re.MULTILINE):
        assert (PACKAGING / "windows" / name.replace("{#Root}", "../..").replace("\\", "/")).is_file(), name
    script = (PACKAGING / "macos" / "make_dmg.sh").read_text("utf-8")
    for name in re.findall(r"\$root/(packaging/[\w./]+)", script):
        assert (PACKAGING.parent / name).is_file(), name
    assert plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert plistlib.loads(plistlib.dumps(dict(_bundle_facts())))["CFBundleShortVersionString"] == "1.2.3"


def test_removal_says_on_every_system_what_stays() -> None:
    for name in ("linux/uninstall.sh", "windows/peace_desktop.iss", "windows/after_setup.txt"):
        text = (PACKAGING / name).read_text("utf-8")
        assert "peace-desktop" in text
        assert "delete" in text, name


@pytest.mark.parametrize(("version", "numbers"), [("0.1.0", "(0, 1, 0, 0)"), ("2.3", "(2, 3, 0, 0)")])
def test_windows_is_told_the_version_in_four_numbers(version: str, numbers: str) -> None:
    made = runpy.run_path(str(PACKAGING / "windows" / "file_version.py"))["resource"](version)
    assert f"filevers={numbers}" in made
    assert f"'{version}'" in made


def test_the_build_names_the_version_of_the_application() -> None:
    assert packaging_module("build").version() == __version__
    project = tomllib.loads((PACKAGING.parent / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == __version__


def test_what_may_never_enter_is_shut_out_by_name() -> None:
    build, contents = packaging_module("build"), packaging_module("contents")
    assert {"torch", "transformers", "matplotlib", "onnx", "pytest"} <= build._NEVER_INSIDE
    assert {"readline", "aiohttp", "zstandard"} <= set(contents.MODULES_OUT)
    for name, stays in (("ecgdatakit/processing/nn/weights/a.onnx", False), ("PySide6/Qt/plugins/tls/libqx.so", False),
                        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
                        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
                        ("PySide6/Qt/translations/qtbase_fr.qm", False)):
        assert contents.is_wanted(name, name) is stays, name


def test_training_data_stays_out_and_help_goes_in() -> None:
    contents = packaging_module("contents")
    inside = {place for _file, place in contents.resources(PACKAGING.parent)}
    assert {"resources/help/en", "resources/help/zh_CN", "resources/norms", "resources/fonts"} <= inside
    assert not any(place.startswith(("resources/descriptors", "resources/ablation")) for place in inside)
    names = {Path(file).name for file, _place in contents.migrations(PACKAGING.parent)}
    assert {"env.py", "m0001_first_library.py"} <= names


def test_two_folders_are_held_against_each_other(tmp_path: Path) -> None:
    same = packaging_module("same")
    for name, text in (("one", "a"), ("other", "a")):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "file").write_text(text, "utf-8")
        (tmp_path / name / "link").symlink_to("deep/file")
    assert same.differences(tmp_path / "one", tmp_path / "other") == []
    (tmp_path / "other" / "deep" / "file").write_text("b", "utf-8")
    (tmp_path / "other" / "more").write_text("", "utf-8")
    assert same.differences(tmp_path / "one", tmp_path / "other") == ["only in other: more", "not the same: deep/file"]


def test_the_icons_containers_hold_every_picture() -> None:
    icon = packaging_module("icon")
    pictures = {size: icon.drawn(size) for size in icon.SIZES_PX}
    for size, picture in pictures.items():
        assert struct.unpack(">II", picture[16:24]) == (size, size)
    ico, icns = icon.as_ico(pictures), icon.as_icns(pictures)
    count = struct.unpack("<HHH", ico[:6])[2]
    for number in range(count):
        length, start = struct.unpack("<II", ico[6 + 16 * number + 8:6 + 16 * number + 16])
        assert ico[start:start + length].startswith(b"\x89PNG")
    assert struct.unpack(">I", icns[4:8])[0] == len(icns)
    assert icns.count(b"\x89PNG") == 6

"""The installed commands, without Python, checkout or network in reach."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from installed_program import PATIENCE_S, ROOT, Installed, older_library

pytestmark = [pytest.mark.long, pytest.mark.timeout(2 * PATIENCE_S)]


def test_the_self_test_passes_and_opens_nothing_of_python_or_the_checkout(
        installed: Installed, tmp_path: Path) -> None:
    if sys.platform != "linux" or shutil.which("strace") is None:
        done, opened = installed.run("self-test"), ""
    else:
        trace = tmp_path / "trace"
        done = subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=open,openat,execve", "-o", str(trace),
             *installed.command("self-test")],
            env=installed.surroundings(), cwd=installed.home, text=True, capture_output=True, check=False,
            timeout=PATIENCE_S)
        opened = "\n".join(line for line in trace.read_text("utf-8", "replace").splitlines() if " = -1 " not in line)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line[:2] for line in done.stdout.splitlines()] == ["ok"] * 5
    for foreign in (str(ROOT), os.path.realpath(sys.base_prefix) + "/lib", "site-packages", "/lib/python"):
        assert f'"{foreign}' not in opened
        assert "site-packages" not in opened


def test_a_recording_becomes_json_and_pdf(installed: Installed, data_dir: Path, tmp_path: Path) -> None:
    child = next((data_dir / "zzu_pecg").rglob("*.hea"))
    done = installed.run("analyze", child, "--out", tmp_path / "out", "--json", "--pdf", "--language", "zh_CN")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "out" / f"{child.stem}.json").read_text("utf-8"))
    assert len(found["predictions"]) == 24
    assert found["explanations"]
    assert (tmp_path / "out" / f"{child.stem}.pdf").read_bytes().startswith(b"%PDF")


def test_carts_files_are_read(installed: Installed, data_dir: Path, tmp_path: Path) -> None:
    """Every decoder is inside: what the checkout reads, the installed program reads."""
    from peace_model.ecg.formats.registry import find_recordings

    files = sorted(found.path for found in find_recordings([data_dir / "formats"]))[:12]
    done = installed.run("analyze", *files, "--out", tmp_path / "out", "--json")
    assert "ModuleNotFoundError" not in done.stderr
    assert "unexpected error" not in done.stderr
    assert list((tmp_path / "out").glob("*.json"))


def test_an_older_library_is_brought_up_to_date_and_a_newer_one_refused(installed: Installed, tmp_path: Path) -> None:
    folder = older_library("0003", tmp_path / "library")
    # Any command that may write brings it up to date first, also one that then finds nothing to bring in.
    assert installed.run("library", "import", "--library", folder, tmp_path / "absent.zip").returncode == 1
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert revision > "0003"
        assert list((folder / "backups").glob("before-*-from-0003-*.sqlite"))
        sound = installed.run("library", "verify", "--library", folder)
        assert sound.returncode == 0, sound.stdout + sound.stderr
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    refused = installed.run("library", "verify", "--library", folder)
    assert refused.returncode == 1
    assert "newer version" in refused.stderr


def test_an_encrypted_library_is_made_and_opened(installed: Installed, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse battery staple\n", "utf-8")
    made = installed.run("library", "create", "--library", tmp_path / "library", "--encrypted",
                         "--new-passphrase-file", secret)
    assert made.returncode == 0, made.stderr
    assert not (tmp_path / "library" / "library.sqlite").read_bytes().startswith(b"SQLite format")
    sound = installed.run("library", "verify", "--library", tmp_path / "library", "--library-passphrase-file", secret)
    assert sound.returncode == 0, sound.stderr


def test_the_folder_is_small_and_says_what_is_in_it(copied: Path) -> None:
    files = [file for file in copied.rglob("*") if file.is_file() and not file.is_symlink()]
    assert sum(file.stat().st_size for file in files) < 400e6
    names = {file.name for file in (copied / "_internal").iterdir()}
    assert not names & {"torch", "transformers", "matplotlib", "aiohttp", "tkinter"}
    assert not any(re.search(r"readline|gtk-3|libqtls|openssl-backend", file.name) for file in files)
    bill = json.loads((copied / "sbom.cdx.json").read_text("utf-8"))
    listed = (copied / "licences" / "third-party.md").read_text("utf-8")
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    for name in ("numpy", "onnxruntime", "PySide6_Essentials", "OpenSSL", "Python", "sqlcipher3"):
        assert any(part["name"] == name for part in bill["components"]), name
        assert f"| {name} |" in listed
    assert (copied / "licences" / "Qt" / "LGPL-3.0.txt").is_file()
    for package in ("numpy", "scipy", "reportlab", "onnxruntime"):
        assert any((copied / "licences" / package).iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="a script for Linux desktops")
def test_installed_and_removed_again_on_linux(installed: Installed, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    env = installed.surroundings(PATH="/usr/bin:/bin")
    subprocess.run([str(installed.folder / "install.sh"), str(prefix)], env=env, check=True, timeout=PATIENCE_S)
    starter = (prefix / "share" / "applications" / "peace-desktop.desktop").read_text("utf-8")
    program = re.search(r"^Exec=(\S+) %F$", starter, re.MULTILINE)
    assert program is not None
    said = subprocess.run([program[1], "--version"], env=env, capture_output=True, text=True, check=True)
    assert said.stdout.startswith("PEACE Desktop ")
    assert (prefix / "share" / "icons" / "hicolor" / "48x48" / "apps" / "peace-desktop.png").is_file()
    own = installed.home / ".local" / "share" / "peace-desktop"
    own.mkdir(parents=True)
    (own / "settings.ini").write_text("[General]\n", "utf-8")
    gone = subprocess.run([str(prefix / "lib" / "peace-desktop" / "uninstall.sh")], env=env, check=True,
                          capture_output=True, text=True)
    assert "~/.local/share/peace-desktop" in gone.stdout
    assert (own / "settings.ini").is_file()
    assert not [file for file in prefix.rglob("*peace-desktop*") if file.is_file()]

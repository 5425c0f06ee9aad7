"""packaging/bootstrap.py: what it says and does on machines that lack something."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "bootstrap.py"


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_only_the_standard_library_is_imported() -> None:
    """A fresh machine has nothing else."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "demo" in done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian packages exist on Linux only")
def test_missing_qt_libraries_are_named_exactly(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.SetupError, match=r"apt-get install -y libegl1\n"):
        bootstrap.system_libraries(window=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian packages exist on Linux only")
def test_root_installs_what_is_missing(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "loads", lambda library: library != "libxcb-cursor.so.0")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap, "run", lambda command, **_: commands.append(command))
    bootstrap.system_libraries(window=False)
    assert commands == [], "the window's libraries are not needed without a window"
    bootstrap.system_libraries(window=True)
    assert commands[-1][-1] == "libxcb-cursor0"


def test_another_inference_wheel_is_removed_first(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch,
                                                  tmp_path: Path) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "installed_wheels", lambda python: {"onnxruntime"})
    monkeypatch.setattr(bootstrap, "run", lambda command, **_: commands.append([str(part) for part in command]))
    bootstrap.install(tmp_path / "bin" / "python", provider="cuda", extras=())
    (tmp_path / "peace-installed").unlink()
    assert "uninstall" in commands[0]
    assert "onnxruntime" in commands[0]
    assert commands[1][-1] == ".[cuda]"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 and Wayland can be absent")
def test_no_display_means_pictures(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not bootstrap.has_display()
    monkeypatch.setenv("DISPLAY", ":0")
    assert bootstrap.has_display()

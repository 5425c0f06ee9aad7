"""The installable folder under test: built once, copied to another place."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from installed_program import ROOT, Installed


@pytest.fixture(scope="session")
def built() -> Path:
    """PEACE_FROZEN names a folder that is built already; without it the folder is built (minutes)."""
    if given := os.environ.get("PEACE_FROZEN"):
        return Path(given)
    subprocess.run([sys.executable, str(ROOT / "packaging" / "build.py")], cwd=ROOT, check=True)
    return ROOT / "dist" / "peace-desktop"


@pytest.fixture(scope="session")
def copied(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built, tmp_path_factory.mktemp("elsewhere") / "a place 儿童", symlinks=True))


@pytest.fixture
def installed(copied: Path, tmp_path: Path) -> Installed:
    home = tmp_path / "home"
    home.mkdir()
    return Installed(copied, home)

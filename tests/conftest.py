"""What every test stands on: no display, a home of its own, no example store left behind, and the real recordings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Before anything asks platformdirs, QSettings or expanduser: no test may read or write the person's own folders.
_HOME = Path(tempfile.mkdtemp(prefix="peace-tests-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ["HOME"] = str(_HOME)
os.environ["USERPROFILE"] = str(_HOME)
os.environ["APPDATA"] = str(_HOME / "AppData" / "Roaming")
os.environ["LOCALAPPDATA"] = str(_HOME / "AppData" / "Local")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
    _folder = _HOME / _name.lower()
    _folder.mkdir(mode=0o700)
    os.environ[_name] = str(_folder)

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

settings.register_profile(
    "project", deadline=None, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real recordings: PEACE_DATA_DIR, else ../shared/data beside the checkout; skips when absent."""
    folder = Path(os.environ.get("PEACE_DATA_DIR", REPOSITORY.parent / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip("no real recordings: PEACE_DATA_DIR names no folder and ../shared/data does not exist")
    return folder

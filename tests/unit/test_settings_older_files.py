"""Settings files that earlier versions wrote (tests/golden/settings): read without loss, and kept where unknown."""

import shutil
from pathlib import Path

import pytest

from peace_desktop.settings import Settings, changed
from peace_desktop.ui.settings_store import SettingsStore

KEPT = Path(__file__).parents[1] / "golden" / "settings"
READ = {
    # Before readers, libraries elsewhere and bundles could be chosen.
    "2026-09-first.ini": Settings(reader_name="Dr. Älter", intended_use_accepted=True, gain_mm_per_mv=5.0,
                                  layout="6x2", map_method="gradcam", theme="dark"),
    # Today's keys, a choice that a later version took back, and one that only a newer version knows.
    "2026-11-all.ini": Settings(
        language="zh_CN", reader_name="李医生", lock_after_minutes=30.0, intended_use_accepted=True,
        library_folder="D:/ECG/library", speed_mm_per_s=50.0, half_standard=True, layout="cabrera", filter="mains50",
        map_method="off", map_opacity=0.2, paper="letter", provider="cpu", bundle="ward-2", pixels_per_mm_x=3.8,
        pixels_per_mm_y=3.75),
}


@pytest.mark.parametrize("name", sorted(READ))
def test_an_older_settings_file_is_read(name: str, tmp_path: Path) -> None:
    shutil.copyfile(KEPT / name, tmp_path / "settings.ini")
    assert SettingsStore(tmp_path / "settings.ini").settings == READ[name]


def test_what_a_newer_version_kept_is_still_there_after_a_change(tmp_path: Path) -> None:
    """Who goes back to an older version and forward again loses nothing."""
    file = tmp_path / "settings.ini"
    shutil.copyfile(KEPT / "2026-11-all.ini", file)
    store = SettingsStore(file)
    store.write(changed(store.settings, "gain_mm_per_mv", 20.0))
    del store
    text = file.read_text("utf-8")
    assert "ruler_colour=teal" in text
    assert SettingsStore(file).settings == changed(READ["2026-11-all.ini"], "gain_mm_per_mv", 20.0)


def test_every_kept_file_is_tried() -> None:
    assert {file.name for file in KEPT.glob("*.ini")} == set(READ)

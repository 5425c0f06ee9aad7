"""The one table of settings: every setting has a line, every stored value is checked."""

from dataclasses import asdict, fields
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from peace_desktop.report.paper import LayoutKind
from peace_desktop.settings import SETTINGS, Settings, changed, from_mapping
from peace_desktop.ui.display import filter_setting, layout_kind, next_choice
from peace_desktop.ui.settings_store import SettingsStore
from peace_model.ecg.leads import PEDIATRIC_15, STANDARD_12


def test_table_and_record_hold_the_same_settings() -> None:
    assert {line.key for line in SETTINGS} == {field.name for field in fields(Settings)}
    for line in SETTINGS:
        choices = [value for value, _words in line.choices]
        assert not choices or getattr(Settings(), line.key) in choices


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.ini")
    wanted = Settings(reader_name="Dr. Ä", gain_mm_per_mv=5.0, half_standard=True, layout="cabrera", map_opacity=0.3)
    store.write(wanted)
    assert SettingsStore(tmp_path / "settings.ini").settings == wanted


def test_safe_mode_looks_like_new_forgets_nothing_and_keeps_what_is_changed_in_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    own = Settings(reader_name="Dr. Ä", library_folder="elsewhere", intended_use_accepted=True, language="zh_CN",
                   gain_mm_per_mv=5.0, layout="cabrera", theme="dark", provider="cuda")
    SettingsStore(file).write(own)
    safe = SettingsStore(file, safe_mode=True)
    assert safe.settings == Settings(reader_name="Dr. Ä", library_folder="elsewhere", intended_use_accepted=True,
                                     language="zh_CN")
    safe.write(changed(safe.settings, "provider", "cpu"))
    assert SettingsStore(file).settings == changed(own, "provider", "cpu")


@given(st.dictionaries(st.sampled_from([line.key for line in SETTINGS] + ["unknown"]), st.text()))
def test_nonsense_on_disk_never_becomes_a_setting(stored: dict[str, object]) -> None:
    settings = from_mapping(stored)
    for line in SETTINGS:
        value = asdict(settings)[line.key]
        assert type(value) is type(getattr(Settings(), line.key))
        assert not line.choices or value in [choice for choice, _words in line.choices]


def test_stepping_comes_back_to_the_start() -> None:
    settings = Settings()
    for _step in range(3):
        settings = next_choice(settings, "gain_mm_per_mv")
    assert settings == Settings()


def test_every_choice_of_the_trace_can_be_drawn() -> None:
    kinds = set()
    for line in SETTINGS:
        for value, _words in line.choices:
            settings = changed(Settings(), line.key, value)
            kinds.add(layout_kind(settings))
            filter_setting(settings)
    assert next_choice(changed(Settings(), "layout", "3x4+rhythm"), "layout", STANDARD_12).layout == "6x2"
    assert next_choice(changed(Settings(), "layout", "3x4+rhythm"), "layout", PEDIATRIC_15).layout == "3x5+rhythm"
    assert kinds == set(LayoutKind) - {LayoutKind.STRIP}, "a long recording has its own"

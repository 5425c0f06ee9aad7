"""How the ECG is drawn, from the settings to the words of the trace and back: pure functions."""

from peace_desktop.report.arrangement import LayoutKind, offered
from peace_desktop.settings import Settings, Value, changed, setting
from peace_model.ecg.signal.filters import FilterSetting

_FILTERS = {
    "off": None,
    "baseline": FilterSetting(highpass_hz=0.5, lowpass_hz=None, notch_hz=None),
    "mains50": FilterSetting(highpass_hz=None, lowpass_hz=None, notch_hz=50.0),
    "mains60": FilterSetting(highpass_hz=None, lowpass_hz=None, notch_hz=60.0),
    "lowpass40": FilterSetting(highpass_hz=None, lowpass_hz=40.0, notch_hz=None),
}


def filter_setting(settings: Settings) -> FilterSetting | None:
    """The display filter, None when it is off."""
    return _FILTERS[settings.filter]


def layout_kind(settings: Settings) -> LayoutKind:
    return LayoutKind(settings.layout)


def may_choose(key: str, value: Value, leads: tuple[str, ...]) -> bool:
    """Whether a choice of the toolbar makes sense for what is shown; leads: () where nothing is."""
    return key != "layout" or offered(LayoutKind(str(value)), leads)


def next_choice(settings: Settings, key: str, leads: tuple[str, ...] = ()) -> Settings:
    """The settings with one of them at its next choice, the first after the last. leads: of what is shown."""
    now = getattr(settings, key)
    choices = [value for value, _words in setting(key).choices if value == now or may_choose(key, value, leads)]
    following = choices[(choices.index(now) + 1) % len(choices)]
    return changed(settings, key, following)

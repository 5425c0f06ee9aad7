"""How the ECG is drawn, from the settings to the words of the trace and back: pure functions."""

from peace_desktop.report.paper import LayoutKind
from peace_desktop.settings import Settings, changed, setting
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


def next_choice(settings: Settings, key: str) -> Settings:
    """The settings with one of them at its next choice, the first after the last."""
    choices = [value for value, _words in setting(key).choices]
    place = choices.index(getattr(settings, key))
    return changed(settings, key, choices[(place + 1) % len(choices)])

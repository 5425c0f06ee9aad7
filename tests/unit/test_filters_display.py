"""Display filters: named as written on the paper, zero phase, and silent about what was not recorded."""

import numpy as np
import pytest

from peace_model.ecg.signal.filters import FilterSetting, display_filter

FS_HZ = 500.0
T_S = np.arange(5000) / FS_HZ


def sine(frequency_hz: float) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * T_S).astype(np.float32)[None]


def left(frequency_hz: float, setting: FilterSetting) -> float:
    """Share of a sine's amplitude that passes, away from the ends."""
    return float(np.abs(display_filter(sine(frequency_hz), FS_HZ, setting=setting)[0, 1000:-1000]).max())


@pytest.mark.parametrize(("setting", "label"), [
    (FilterSetting(0.5, 40, 50), "0.5–40 Hz, 50 Hz notch"), (FilterSetting(0.05, 150), "0.05–150 Hz"),
    (FilterSetting(lowpass_hz=40), "≤ 40 Hz"), (FilterSetting(highpass_hz=0.5), "≥ 0.5 Hz"),
    (FilterSetting(notch_hz=60), "60 Hz notch"), (FilterSetting(), "")])
def test_the_label_names_every_filter(setting: FilterSetting, label: str) -> None:
    assert setting.label() == label
    assert setting.active == bool(label)


@pytest.mark.parametrize("corners", [(40, 0.5, None), (0, None, None), (None, -1, None), (None, None, 0), (5, 5, None)])
def test_impossible_corners_are_refused(corners: tuple[float | None, float | None, float | None]) -> None:
    with pytest.raises(ValueError, match="filter|band"):
        FilterSetting(*corners)


def test_each_filter_removes_its_band_and_leaves_the_rest() -> None:
    setting = FilterSetting(0.5, 40, 50)
    assert left(10, setting) == pytest.approx(1, abs=0.03)
    assert left(100, setting) < 0.05
    assert left(50, FilterSetting(notch_hz=50)) < 0.1
    assert left(10, FilterSetting(notch_hz=50)) == pytest.approx(1, abs=0.01)
    drift = display_filter((0.0 * sine(1) + 3).astype(np.float32), FS_HZ, setting=setting)
    assert np.abs(drift).max() < 0.05


def test_no_wave_moves() -> None:
    wave = np.exp(-0.5 * ((T_S - 5) / 0.02) ** 2).astype(np.float32)[None]
    assert np.argmax(display_filter(wave, FS_HZ, setting=FilterSetting(0.5, 40))) == np.argmax(wave)


def test_what_was_not_recorded_stays_so() -> None:
    signal = np.vstack((sine(8), np.full((1, 5000), np.nan, np.float32)))
    signal[0, 700:900] = np.nan
    out = display_filter(signal, FS_HZ, setting=FilterSetting(0.5, 40))
    np.testing.assert_array_equal(np.isnan(out), np.isnan(signal))
    assert out.dtype == np.float32


def test_nothing_to_filter_leaves_the_signal() -> None:
    signal = sine(20)
    np.testing.assert_array_equal(display_filter(signal, FS_HZ, setting=FilterSetting()), signal)
    np.testing.assert_array_equal(display_filter(signal, 100.0, setting=FilterSetting(notch_hz=50, lowpass_hz=150)),
                                  signal)
    short = signal[:, :10]
    np.testing.assert_array_equal(display_filter(short, FS_HZ, setting=FilterSetting(0.5, 40)), short)

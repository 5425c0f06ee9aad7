"""Names of the QRS deflections, on shapes drawn by hand."""

import numpy as np
import pytest

from peace_model.ecg.measurement.deflections import QrsWaves, deflections, qrs_waves

FS_HZ = 500.0


def drawn(*heights_mv: float, tail_mv: float = 0.0) -> np.ndarray:
    """Triangles of 20 ms one after another between 20 ms of rest, then a straight way to the level of ST."""
    triangle = np.concatenate((np.linspace(0, 1, 6), np.linspace(0.8, 0, 5)))
    parts = [np.zeros(10), *(height * triangle for height in heights_mv)]
    return np.concatenate((*parts, np.linspace(0, tail_mv, 8), np.full(20, tail_mv)))


def waves(beat: np.ndarray, noise_mv: float = 0.0, last: int | None = None) -> QrsWaves:
    return qrs_waves(deflections(beat, FS_HZ, first=9, last=len(beat) - 21 if last is None else last,
                                 noise_mv=noise_mv))


@pytest.mark.parametrize(("heights", "q", "r", "s", "second"), [
    ((1.0,), 0, 1.0, 0, 0), ((-0.2, 1.0, -0.4), 0.2, 1.0, 0.4, 0), ((0.3, -1.2), 0, 0.3, 1.2, 0),
    ((0.2, -0.9, 0.6), 0, 0.6, 0.9, 0.6), ((-0.8,), 0, 0, 0.8, 0), ((-0.3, 0.9), 0.3, 0.9, 0, 0),
    ((0.8, -0.3, 0.2, -0.1), 0, 0.8, 0.3, 0.2)])
def test_deflections_have_their_names(heights: tuple[float, ...], q: float, r: float, s: float,
                                      second: float) -> None:
    found = waves(drawn(*heights))
    assert (found.q_mv, found.r_mv, found.s_mv, found.second_r_mv) == pytest.approx((q, r, s, second))
    assert (found.r_peak is None) == (r == 0)


def test_a_raised_st_segment_is_no_second_r() -> None:
    assert waves(drawn(0.3, -1.0, tail_mv=0.3)).second_r_mv == 0


def test_what_noise_makes_is_no_deflection() -> None:
    assert waves(drawn(0.015, -1.0)).r_mv == 0
    assert waves(drawn(0.05, -1.0), noise_mv=0.03).r_mv == 0
    assert waves(drawn(0.05, -1.0)).r_mv == pytest.approx(0.05)

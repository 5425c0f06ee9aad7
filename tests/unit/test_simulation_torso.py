"""The lead matrix is Dower's, and the fitted loops are what the fit gives."""

import json

import numpy as np
import pytest

from peace_model.ecg.simulation.age_parameters import leads_of_torso, limits_for, qrs_vectors
from peace_model.ecg.simulation.fit_loops import LEADS, MID_GROUP_DAYS, least_squares, published_target
from peace_model.ecg.simulation.morphology import axis_deg, healthy_qrs, signal_in, with_axis
from peace_model.ecg.simulation.waves import fractions, loop
from peace_model.resources import resource


def test_dower_rows_and_the_published_limb_rows_agree():
    vectors = leads_of_torso()
    assert tuple(vectors["V1"]) == (-0.515, 0.157, -0.917)
    # Dower's own printed row of aVF, which here is computed from I and II.
    assert np.allclose(vectors["II"] - vectors["I"] / 2, (-0.081, 1.184, -0.162), atol=0.002)


def test_right_and_posterior_leads_continue_the_precordial_row():
    vectors = leads_of_torso()
    assert vectors["V4R"] @ vectors["V4"] < 0
    assert np.linalg.norm(vectors["V4R"]) < np.linalg.norm(vectors["V3R"]) < np.linalg.norm(vectors["V1"])
    assert np.linalg.norm(vectors["V7"]) < np.linalg.norm(vectors["V6"])
    assert vectors["V7"][2] > 0


@pytest.mark.parametrize("age_days", MID_GROUP_DAYS)
def test_fitted_median_voltages_are_near_the_published_medians(age_days):
    content = json.loads(resource("demo", "heart_vector.json").read_text(encoding="utf-8"))
    shape = loop(*((c, w, w, v) for (c, w), v in zip(content["bells"], qrs_vectors(age_days), strict=True)))
    target = published_target(age_days)
    for lead in ("V1", "V2", "V4", "V6"):
        wanted = target.amplitude_mv["R", lead]
        assert signal_in(lead, shape).max() == pytest.approx(wanted, rel=0.30)
    assert axis_deg(shape) == pytest.approx(target.axis_deg, abs=12)
    assert {lead for _, lead in target.amplitude_mv} <= set(LEADS)


def test_a_loop_turns_to_the_axis_asked():
    qrs = healthy_qrs(3000, 60, np.random.default_rng(1))
    for wanted in (-60, 0, 45, 110, 170):
        assert axis_deg(with_axis(qrs, wanted)) == pytest.approx(wanted, abs=1)


def test_bells_begin_and_end_at_zero_and_must_fit_their_wave():
    wave = loop((0.5, 0.5, 0.5, (1.0, 0.0, 0.0)))
    assert np.abs(wave.at(np.array([-0.1, 0.0, 1.0, 1.1]))).max() < 1e-12
    assert wave.at(fractions())[0].max() == pytest.approx(1, abs=0.001)
    with pytest.raises(ValueError, match="outside its wave"):
        loop((0.3, 0.4, 0.1, (1.0, 0.0, 0.0)))


def test_least_squares_finds_the_minimum():
    found = least_squares(lambda x: np.array([x[0] - 3, 10 * (x[1] - x[0] ** 2)]), np.array([0.0, 0.0]))
    assert found == pytest.approx([3, 9], abs=1e-3)


def test_limits_outside_the_table_are_the_documented_assumptions():
    assert limits_for("qrs_axis", age_days=3, sex="F")[1] == 119
    assert limits_for("heart_rate", age_days=12_000, sex="M")[1] == 70
    with pytest.raises(ValueError, match="no limits"):
        limits_for("heart_rate", age_days=90_000, sex="M")

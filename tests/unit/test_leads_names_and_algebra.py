"""Lead names in every spelling become one; the algebra of the limb leads agrees with their definitions."""

import numpy as np
import pytest

from peace_model.ecg.leads import LIMB_FROM_I_AND_II, PEDIATRIC_9, PEDIATRIC_15, STANDARD_12, canonical_lead


@pytest.mark.parametrize(("spelling", "lead"), [
    ("AVR", "aVR"), ("avl", "aVL"), ("v1", "V1"), (" II ", "II"), ("Lead II", "II"), ("lead_aVF", "aVF"),
    ("ECG V5", "V5"), ("mlii", "MLII"), ("v4r", "V4R"), ("VX", "Vx")])
def test_spellings(spelling: str, lead: str) -> None:
    assert canonical_lead(spelling) == lead


@pytest.mark.parametrize("name", ["", "Resp", "V10", "IV", "aVX", "lead", "ABP"])
def test_what_is_no_lead(name: str) -> None:
    assert canonical_lead(name) is None


def test_every_set_is_made_of_canonical_names() -> None:
    for lead in (*STANDARD_12, *PEDIATRIC_15, *PEDIATRIC_9):
        assert canonical_lead(lead.upper()) == lead


def test_the_limb_leads_follow_from_the_electrodes() -> None:
    right, left, foot = np.random.default_rng(0).normal(size=(3, 100))
    first, second = left - right, foot - right
    expected = {"III": foot - left, "aVR": right - (left + foot) / 2, "aVL": left - (right + foot) / 2,
                "aVF": foot - (right + left) / 2}
    for lead, (of_first, of_second) in LIMB_FROM_I_AND_II.items():
        np.testing.assert_allclose(of_first * first + of_second * second, expected[lead])

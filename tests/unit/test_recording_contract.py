"""A recording is whole, consistent and cannot be changed."""

from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.recording import DeclaredFilters, Finding, Recording, RecordingError, RoleKind, Source, roles_of


def recording(leads: tuple[str, ...] = ("I", "V1"), n_samples: int = 1000, fs_hz: float = 500) -> Recording:
    return Recording(np.zeros((len(leads), n_samples), np.float32), fs_hz, leads, roles_of(leads), None, None, None, "",
                     Source(Path("made.hea"), "made", "0" * 64, ()))


def test_it_cannot_be_changed() -> None:
    made = recording()
    with pytest.raises(ValueError, match="read-only"):
        made.signal_mv[0, 0] = 1
    with pytest.raises(FrozenInstanceError):
        made.fs_hz = 250  # type: ignore[misc]


def test_what_does_not_fit_is_refused() -> None:
    good = recording()
    for change in ({"signal_mv": np.zeros((2, 10))}, {"leads": ("I",)}, {"leads": ("I", "I")}, {"fs_hz": 0.0},
                   {"fs_hz": float("nan")}, {"signal_mv": np.zeros(10, np.float32)}):
        with pytest.raises(ValueError, match="fs_hz|signal_mv|lead names"):
            replace(good, **change)


def test_leads_and_roles() -> None:
    made = recording()
    assert made.duration_s == 2
    assert made.lead("V1").shape == (1000,)
    assert made.absent_leads == ("II", "III", "aVR", "aVL", "aVF", "V2", "V3", "V4", "V5", "V6")
    assert [role.kind for role in made.roles[:2]] == [RoleKind.RECORDED, RoleKind.RECORDED]
    with pytest.raises(KeyError, match="V2"):
        made.lead("V2")


def test_a_person_entered_by_the_reader_changes_nothing_else() -> None:
    made = recording()
    entered = made.with_person(age=Age(30, Precision.DAY, "entered by reader"), sex="F")
    assert (made.age, made.sex) == (None, None)
    assert entered.sex == "F"
    assert entered.signal_mv is made.signal_mv


@pytest.mark.parametrize("corner_hz", [0.0, -1.0, float("inf"), float("nan")])
def test_a_filter_corner_that_is_no_frequency_says_nothing(corner_hz: float) -> None:
    assert DeclaredFilters(low_cut_hz=corner_hz, high_cut_hz=150.0) == DeclaredFilters(high_cut_hz=150.0)
    assert not DeclaredFilters(notch_hz=corner_hz)


def test_an_error_is_one_line_without_the_folder() -> None:
    error = RecordingError(Path("/home/somebody/child.hea"), "gain", "it is zero", "restore it")
    assert str(error) == "child.hea: gain: it is zero; restore it"


def test_a_finding_fills_its_sentence() -> None:
    assert Finding("x", ("V1",), "{leads}: flat", (("leads", "V1"),)).text == "V1: flat"

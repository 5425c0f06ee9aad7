"""What is true of the input is named, lead by lead, and a clean recording is left alone."""

from dataclasses import replace

import numpy as np
import pytest

from peace_model.ecg.recording import Recording, RoleKind, roles_of
from peace_model.ecg.signal.lead_truth import with_seen_roles
from peace_model.ecg.signal.quality import input_findings
from peace_model.ecg.simulation import Disturbances, SimulationSpec, simulate

CHILD = SimulationSpec(2500, "F", 3, disturbances=Disturbances(muscle_noise_mv=0.01))


@pytest.fixture(scope="module")
def clean() -> Recording:
    return replace(simulate(CHILD).recording, simulated=False, warnings=())


def found(recording: Recording) -> dict[str, tuple[str, ...]]:
    return {finding.code: finding.leads for finding in input_findings(recording)}


def changed(recording: Recording, **leads: np.ndarray) -> Recording:
    signal = recording.signal_mv.copy()
    for lead, samples in leads.items():
        signal[recording.leads.index(lead)] = samples
    return replace(recording, signal_mv=signal)


def without(recording: Recording, *leads: str) -> Recording:
    kept = tuple(lead for lead in recording.leads if lead not in leads)
    return replace(recording, signal_mv=np.stack([recording.lead(lead) for lead in kept]), leads=kept,
                   roles=roles_of(kept))


def test_a_clean_recording_has_no_findings(clean: Recording) -> None:
    assert input_findings(clean) == ()


def test_every_sentence_can_be_filled(clean: Recording) -> None:
    worst = changed(clean, V1=clean.lead("V1") * 60, V2=clean.lead("V3"), V4=np.zeros(clean.n_samples),
                    III=-clean.lead("III"), V6=np.full(clean.n_samples, np.nan))
    worst = replace(without(worst, "V5"), age=None, sex=None, simulated=True, fs_hz=400.0)
    for finding in input_findings(worst):
        assert finding.text
        assert "{" not in finding.text
        assert all(lead in finding.text for lead in finding.leads)


@pytest.mark.parametrize("value", [0.0, -0.35, 26.6])
def test_a_flat_lead(clean: Recording, value: float) -> None:
    assert found(changed(clean, V2=np.full(clean.n_samples, value)))["flat_lead"] == ("V2",)


def test_a_lead_beyond_20_millivolts_is_on_the_rail(clean: Recording) -> None:
    assert found(changed(clean, V3=clean.lead("V3") * 30))["saturated"] == ("V3",)


def test_a_clipped_lead_is_on_the_rail(clean: Recording) -> None:
    tall = clean.lead("V4") * 3
    assert found(changed(clean, V4=np.clip(tall, -1.5, 1.5)))["saturated"] == ("V4",)
    assert "saturated" not in found(changed(clean, V4=tall))


def test_more_than_a_heart_makes(clean: Recording) -> None:
    scaled = clean.lead("V3") * (15 / np.abs(clean.lead("V3")).max())
    assert found(changed(clean, V3=scaled))["implausible_voltage"] == ("V3",)


def test_runs_of_nothing_recorded(clean: Recording) -> None:
    holes = clean.lead("aVL").copy()
    holes[1000:1600] = np.nan
    finding = next(item for item in input_findings(changed(clean, aVL=holes)) if item.code == "nan_run")
    assert finding.leads == ("aVL",)
    assert "1.2 s" in finding.text


def test_a_lead_that_falls_off(clean: Recording) -> None:
    off = clean.lead("V5").copy()
    off[2000:2600] = off[2000]
    assert found(changed(clean, V5=off))["lead_off"] == ("V5",)


def test_missing_leads_of_a_newborn_set() -> None:
    nine = simulate(replace(CHILD, lead_set=9)).recording
    assert found(nine)["missing_leads"] == ("V2", "V4", "V6")


def test_repeated_leads_are_named_with_their_original(clean: Recording) -> None:
    noise = np.random.default_rng(0).normal(scale=0.001, size=clean.n_samples)
    repeated = changed(clean, V2=clean.lead("V1"), V6=clean.lead("V5") + noise)
    finding = next(item for item in input_findings(repeated) if item.code == "duplicate_leads")
    assert finding.leads == ("V2", "V6")
    assert "V2 = V1" in finding.text
    roles = {role.lead: role for role in with_seen_roles(repeated).roles}
    assert (roles["V2"].kind, roles["V2"].of) == (RoleKind.DUPLICATE, "V1")
    assert roles["V1"].kind is RoleKind.RECORDED
    assert with_seen_roles(clean) is clean


def test_limb_leads_equal_by_algebra_are_no_duplicates(clean: Recording) -> None:
    """With lead I flat II, III and aVF are one and the same, because an arm electrode fell off."""
    second = clean.lead("II")
    fallen = changed(clean, I=np.zeros_like(second), III=second, aVR=-second / 2, aVL=-second / 2, aVF=second)
    assert "duplicate_leads" not in found(fallen)
    assert found(fallen)["flat_lead"] == ("I",)


def test_broken_algebra_of_the_limb_leads(clean: Recording) -> None:
    assert found(changed(clean, III=-clean.lead("III")))["limb_algebra"] == ("III",)
    assert found(changed(clean, aVR=clean.lead("aVF"), aVF=clean.lead("aVR")))["limb_algebra"] == ("aVR", "aVF")


@pytest.mark.parametrize("age_days", [60, 800, 2500, 4500])
def test_exchanged_arms_are_told(age_days: int) -> None:
    spec = replace(CHILD, age_days=age_days, seed=0, disturbances=Disturbances(arms_swapped=True))
    told = ["limb_leads_swapped" in found(simulate(replace(spec, seed=seed)).recording) for seed in range(10)]
    assert sum(told) >= 5


@pytest.mark.parametrize("age_days", [0, 3, 12, 60, 800, 4500])
def test_healthy_children_are_never_called_exchanged(age_days: int) -> None:
    for seed in range(10):
        assert "limb_leads_swapped" not in found(simulate(SimulationSpec(age_days, "M", seed)).recording)


def test_rate_length_age_and_sex(clean: Recording) -> None:
    slow = simulate(replace(CHILD, fs_hz=250.0)).recording
    short = simulate(replace(CHILD, duration_s=5.0)).recording
    assert "low_rate" in found(slow)
    assert "short_recording" in found(short)
    assert "short_recording" not in found(simulate(replace(CHILD, duration_s=9.98)).recording)
    assert found(clean.with_person(age=None, sex=None)).keys() == {"age_unknown", "sex_unknown"}
    assert found(replace(clean, simulated=True)).keys() == {"simulated"}


@pytest.mark.parametrize(("disturbance", "code"), [
    (Disturbances(mains_mv=0.3), "mains"), (Disturbances(mains_mv=0.3, mains_hz=60), "mains"),
    (Disturbances(muscle_noise_mv=0.15), "noise"), (Disturbances(wander_mv=1.5), "baseline_wander")])
def test_disturbances_are_named(disturbance: Disturbances, code: str) -> None:
    assert code in found(simulate(replace(CHILD, disturbances=disturbance)).recording)


def test_an_empty_or_very_short_recording_is_judged_without_failing(clean: Recording) -> None:
    for n_samples in (1, 5, 40, 300):
        cut = replace(clean, signal_mv=clean.signal_mv[:, :n_samples].copy())
        assert "short_recording" in found(cut)

"""What may be asked of the simulation, and what the recording then says of itself."""

import pytest

from peace_desktop.jobs.case import case_findings
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import PEDIATRIC_9, PEDIATRIC_15, STANDARD_12
from peace_model.ecg.recording import RoleKind
from peace_model.ecg.simulation import Disturbances, Pathology, SimulationSpec, simulate

P = Pathology


@pytest.mark.parametrize("pair", [
    (P.SVT, P.ATRIAL_FIBRILLATION), (P.IRBBB, P.CRBBB), (P.WPW, P.FIRST_DEGREE_AV_BLOCK), (P.WPW, P.CRBBB),
    (P.RVH, P.LAFB), (P.LOW_VOLTAGE, P.LVH), (P.SVT, P.PAC), (P.ATRIAL_FIBRILLATION, P.RAE), (P.SVT, P.LONG_QT),
])
def test_contradictory_pathologies_are_refused_by_name(pair):
    with pytest.raises(ValueError, match="contradict each other") as refusal:
        SimulationSpec(age_days=1000, sex="F", seed=0, pathologies=frozenset(pair))
    assert all(pathology.value in str(refusal.value) for pathology in pair)


@pytest.mark.parametrize("pair", [(P.RAE, P.LAE), (P.RVH, P.LVH), (P.CRBBB, P.FIRST_DEGREE_AV_BLOCK), (P.PAC, P.PVC),
                                  (P.LVH, P.STT_CHANGE), (P.FIRST_DEGREE_AV_BLOCK, P.PAC)])
def test_pathologies_that_go_together_are_drawn_together(pair):
    recording = simulate(SimulationSpec(age_days=1000, sex="F", seed=0, pathologies=frozenset(pair))).recording
    assert set(recording.source_statements) == {pathology.value for pathology in pair}


@pytest.mark.parametrize(("field", "value"), [
    ("age_days", -1), ("age_days", 10**6), ("sex", "X"), ("seed", -1), ("fs_hz", 99.0), ("fs_hz", 2001.0),
    ("fs_hz", float("nan")), ("duration_s", 0.0), ("lead_set", 8),
])
def test_what_cannot_be_drawn_is_refused(field, value):
    asked = {"age_days": 100, "sex": "F", "seed": 1, field: value}
    with pytest.raises(ValueError, match=r"age_days|sex|seed|fs_hz|duration_s|lead_set"):
        SimulationSpec(**asked)


def test_disturbed_leads_must_be_among_those_asked():
    with pytest.raises(ValueError, match="V2"):
        SimulationSpec(age_days=3, sex="F", seed=1, lead_set=9, disturbances=Disturbances(leads_off=("V2",)))
    with pytest.raises(ValueError, match="mains"):
        SimulationSpec(age_days=3, sex="F", seed=1, fs_hz=100.0, disturbances=Disturbances(mains_mv=0.1))
    with pytest.raises(ValueError, match="not negative"):
        Disturbances(wander_mv=-1)


@pytest.mark.parametrize(("lead_set", "leads"), [(9, PEDIATRIC_9), (12, STANDARD_12), (15, PEDIATRIC_15)])
def test_recording_is_marked_as_simulated_and_knows_its_leads(lead_set, leads):
    recording = simulate(SimulationSpec(age_days=40, sex="M", seed=2, lead_set=lead_set)).recording
    assert recording.simulated
    assert [finding.code for finding in case_findings(recording)].count("simulated") == 1
    assert recording.leads == leads
    assert recording.absent_leads == tuple(lead for lead in STANDARD_12 if lead not in leads)
    assert all(role.kind is RoleKind.RECORDED for role in recording.roles[:len(leads)])
    assert recording.age == Age(40, Precision.DAY, "simulation")
    assert recording.sex == "M"
    assert recording.patient_key.startswith("SIM-")
    assert recording.source.format == "simulated"
    assert len(recording.source.sha256) == 64
    assert (recording.fs_hz, recording.n_samples) == (500.0, 5000)


def test_unknown_age_and_sex_stay_unknown_on_the_same_heart():
    known = simulate(SimulationSpec(age_days=900, sex="F", seed=6)).recording
    unknown = simulate(SimulationSpec(age_days=900, sex="F", seed=6, age_known=False, sex_known=False)).recording
    assert unknown.age is None
    assert unknown.sex is None
    assert (unknown.signal_mv == known.signal_mv).all()

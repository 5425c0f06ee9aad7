"""Exchanged electrodes, impossible gains, derived leads, and what each finding means."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from peace_model import ecg
from peace_model.ecg.leads import PRECORDIAL
from peace_model.ecg.measurement import measure
from peace_model.ecg.recording import LeadRole, Recording, RoleKind
from peace_model.ecg.signal import quality
from peace_model.ecg.signal.consequences import CONSEQUENCES, SAY_IT_ALL
from peace_model.ecg.signal.lead_quality import lead_quality
from peace_model.ecg.signal.quality import input_findings
from peace_model.ecg.simulation import Disturbances, SimulationSpec, simulate

CHILD = SimulationSpec(2500, "F", 3, disturbances=Disturbances(muscle_noise_mv=0.01))


def heart(**changes: int) -> Recording:
    return replace(simulate(replace(CHILD, **changes)).recording, simulated=False, warnings=())


def from_electrodes(recording: Recording, **places: str) -> Recording:
    """The recording as it would be with electrodes on other limbs: R, L, F, N of the limb each one sits on.

    The legs are nearly at one potential; the chest's reference moves with the limbs.
    """
    one, two = (recording.lead(lead).astype(np.float64) for lead in ("I", "II"))
    limb = {"R": -(one + two) / 3, "L": (2 * one - two) / 3, "F": (2 * two - one) / 3}
    limb["N"] = limb["F"] + 0.03 * limb["R"]
    r, left, f = (limb[places.get(name, name)] for name in "RLF")
    terminal = (r + left + f) / 3
    signal = {"I": left - r, "II": f - r, "III": f - left, "aVR": r - (left + f) / 2, "aVL": left - (r + f) / 2,
              "aVF": f - (r + left) / 2}
    signal |= {lead: recording.lead(lead) - terminal for lead in PRECORDIAL}
    return replace(recording, signal_mv=np.stack([signal[lead] for lead in recording.leads]).astype(np.float32))


def codes(recording: Recording) -> dict[str, str]:
    return {finding.code: finding.text for finding in input_findings(recording)}


def test_electrodes_in_their_places_are_left_alone() -> None:
    assert codes(from_electrodes(heart())).keys() == codes(heart()).keys() == set()


@pytest.mark.parametrize(("places", "words"), [
    ({"R": "L", "L": "R"}, "Right and left arm"), ({"R": "F", "F": "R"}, "Right arm and left leg"),
    ({"R": "N"}, "Lead II is nearly flat"), ({"L": "N"}, "Lead III is nearly flat"),
    ({"R": "N", "L": "F", "F": "R"}, "Lead I is nearly flat")])
def test_exchanges_of_limb_electrodes_are_named(places: dict[str, str], words: str) -> None:
    told = [codes(from_electrodes(heart(seed=seed), **places)).get("limb_leads_swapped", "") for seed in range(6)]
    assert sum(words in text for text in told) >= 3
    assert all(words in text for text in told if text)


def test_no_axis_from_exchanged_electrodes() -> None:
    wrong = from_electrodes(heart(), R="N")
    assert "limb_leads_swapped" in codes(wrong)
    axis = next(item for item in measure(wrong) if item.name == "qrs_axis_deg")
    assert (axis.value, axis.reason) == (None, "limb electrodes look exchanged")


def test_exchanged_chest_electrodes_are_named() -> None:
    told = []
    for seed in range(6):
        plain = heart(seed=seed)
        signal = plain.signal_mv.copy()
        first, second = (plain.leads.index(lead) for lead in ("V2", "V5"))
        signal[[first, second]] = signal[[second, first]]
        told.append(codes(replace(plain, signal_mv=signal)).get("chest_leads_swapped", ""))
        assert "chest_leads_swapped" not in codes(plain)
    assert sum(text.startswith("V2, V5") for text in told) >= 4


@pytest.mark.parametrize("age_days", [1, 40, 400, 2500, 12_000])
def test_healthy_hearts_of_every_age_have_nothing_exchanged(age_days: int) -> None:
    for seed in range(5):
        assert not codes(heart(age_days=age_days, seed=seed)).keys() & {
            "limb_leads_swapped", "chest_leads_swapped", "gain_suspected"}


@pytest.mark.parametrize(("factor", "words"), [(0.1, "only"), (6.0, "taller than")])
def test_a_gain_that_cannot_be_right(factor: float, words: str) -> None:
    wrong = heart()
    wrong = replace(wrong, signal_mv=(wrong.signal_mv * factor).astype(np.float32))
    assert words in codes(wrong)["gain_suspected"]


def test_derived_leads_are_said() -> None:
    plain = heart()
    roles = tuple(LeadRole(role.lead, RoleKind.DERIVED, "I and II") if role.lead == "aVR" else role
                  for role in plain.roles)
    assert codes(replace(plain, roles=roles))["derived_leads"].startswith("aVR")


PASS_ON = {"quality.py", "header_comments.py", "stored_form.py", "deidentification.py"}
"""Where a code goes through a name: functions that make findings, the exchanges of electrodes, copies of findings."""
EXCHANGES = {"limb_leads_swapped", "chest_leads_swapped"}


def codes_in(file: Path) -> set[str]:
    """The codes of the findings that a module gives."""
    found = set()
    gives = {"Finding", "age_finding", *(("_leads",) if file.name == "quality.py" else ())}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in gives:
            code = node.args[0]
            if isinstance(code, ast.IfExp):
                found |= {part.value for part in (code.body, code.orelse) if isinstance(part, ast.Constant)}
            elif isinstance(code, ast.Constant):
                found.add(code.value)
            else:
                assert file.name in PASS_ON, f"{file.name}:{node.lineno}: a code that this test cannot see"
    return found


def test_every_finding_says_what_it_means() -> None:
    given = set().union(*map(codes_in, Path(ecg.__path__[0]).rglob("*.py"))) | EXCHANGES
    assert given == set(CONSEQUENCES) | SAY_IT_ALL
    assert not set(CONSEQUENCES) & SAY_IT_ALL
    assert all(means.measurement for means in CONSEQUENCES.values())
    assert quality.__doc__ is not None
    named = quality.__doc__.partition("Codes:")[2].partition(". What")[0].replace("\n", " ").split(",")
    assert {code.strip() for code in named} == codes_in(Path(quality.__file__)) | EXCHANGES


def test_the_quality_of_a_lead_falls_with_what_disturbs_it() -> None:
    plain = heart()
    good = {item.lead: item for item in lead_quality(plain)}
    assert all(item.index > 0.8 for item in good.values())
    signal = plain.signal_mv.copy()
    generator = np.random.default_rng(0)
    signal[plain.leads.index("V2")] += generator.normal(scale=0.1, size=plain.n_samples).astype(np.float32)
    signal[plain.leads.index("V3")] = 0
    signal[plain.leads.index("V4"), : plain.n_samples // 2] = np.nan
    worse = {item.lead: item for item in lead_quality(replace(plain, signal_mv=signal))}
    assert worse["V2"].index < 0.5 < worse["V2"].noise_mv / 0.1
    assert worse["V3"].index == 0
    assert worse["V4"].index <= 0.5
    assert worse["I"] == good["I"]

"""What window and report say of measurements and rules, as pure functions."""

from dataclasses import replace

import pytest
from report_samples import content_of, draft, prediction

from peace_desktop.ui.findings.measurement_view import axis_view, lead_table, measurement_rows, shape_lines
from peace_desktop.ui.findings.rule_view import rules_view
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.measurement import Measurement, apply_rules, measure
from peace_model.ecg.measurement.rule_result import RuleResult
from peace_model.ecg.measurement.value import Note
from peace_model.ecg.recording import Recording
from peace_model.ecg.simulation import Disturbances, Pathology, SimulationSpec, simulate

SICK = SimulationSpec(1500, "M", 1, duration_s=6, pathologies=frozenset({Pathology.RVH, Pathology.CRBBB}),
                      disturbances=Disturbances(muscle_noise_mv=0.005))


@pytest.fixture(scope="module")
def heart() -> Recording:
    return simulate(SICK).recording


@pytest.fixture(scope="module")
def measured(heart: Recording) -> tuple[Measurement, ...]:
    return measure(heart)


def test_a_row_has_its_value_strip_flag_and_source_one_click_away(measured: tuple[Measurement, ...]) -> None:
    rows = {row.name: row for row in measurement_rows(measured)}
    qrs = rows["QRS duration"]
    assert qrs.value_text.endswith("ms")
    assert qrs.strip is not None
    assert "above the 98th percentile for age and sex (Rijnbeek 2001); check by hand" in qrs.flag_text
    assert any("Eur Heart J 2001;22:702" in line for line in qrs.detail)
    assert any(line.startswith("Approximate z") for line in qrs.detail)
    assert any(line.startswith("Younger group") for line in qrs.detail)
    assert rows["Rhythm"].value_text == "regular"
    assert "no published limit (age 4 y)" in rows["QTc (Hodges)"].limit_text
    assert rows["P duration"].limit_text.startswith("for reading only")
    assert "Premature beats" not in rows
    assert "R peak time in V1" not in rows
    assert any(line.startswith("R peak time in V1: ") for line in shape_lines(measured))


def test_a_newborn_outside_the_table_is_told_so_before_what_is_for_reading(heart: Recording) -> None:
    rows = {row.name: row for row in measurement_rows(measure(heart.with_person(
        age=Age(6, Precision.DAY, "test"), sex="M")))}
    for name in ("Heart rate", "PR interval", "QRS duration", "QRS axis"):
        assert rows[name].limit_text.startswith("no published limit (age 6 d); for reading only: "), name
        assert rows[name].limit_text.endswith("(Chicago teaching table)")
        assert rows[name].flag_text == ""
        assert rows[name].strip is None
    assert rows["QTc (Fridericia)"].strip is not None


def test_near_a_boundary_both_groups_are_named(heart: Recording) -> None:
    near = heart.with_person(age=Age(1060, Precision.DAY, "test"), sex="M")
    words = {row.name: row.limit_text for row in measurement_rows(measure(near))}["Heart rate"]
    assert "1 to under 3 years, boys" in words
    assert "3 to under 5 years, boys" in words


def test_an_unknown_age_leaves_values_without_limits(heart: Recording) -> None:
    rows = {row.name: row for row in measurement_rows(measure(heart.with_person(age=None, sex=None)))}
    assert rows["QRS duration"].strip is None
    assert rows["QRS duration"].flag_text == ""
    assert "the age is unknown" in rows["QRS duration"].limit_text


def test_the_dial_holds_the_axes_and_the_arc_for_age(measured: tuple[Measurement, ...]) -> None:
    view = axis_view(measured)
    assert view is not None
    assert dict(view.axes).keys() == {"P", "QRS", "T"}
    assert view.arc == (7, 112)
    assert "QRS axis for age 7–112" in view.text
    assert axis_view(()) is None


def test_the_table_has_a_row_a_lead_and_a_reason_for_a_dash(heart: Recording) -> None:
    kept = [lead for lead in heart.leads if lead != "V4"]
    roles = tuple(role for role in heart.roles if role.lead != "V4")
    short = replace(heart, leads=tuple(kept), roles=(*roles, type(roles[0])("V4", type(roles[0].kind)("absent"))),
                    signal_mv=heart.signal_mv[[heart.leads.index(lead) for lead in kept]])
    table = lead_table(measure(short))
    assert [lead for lead, _cells in table.rows] == list(STANDARD_12)
    cells = dict(table.rows)
    assert all(len(row) == len(table.heads) - 1 for row in cells.values())
    assert set(cells["V4"]) == {("\N{EN DASH}", "the lead was not recorded")}
    assert cells["I"][-1][0] in ("upright", "inverted", "flat", "upright, then inverted", "inverted, then upright")
    assert "Two transcriptions agree" in cells["V1"][2][1]


def test_what_is_remarked_of_a_rule_is_said_where_it_is_not_met_too() -> None:
    rule = RuleResult("tall", "Tall R", "R above {limit}", (("limit", "20"),), 17.0, "mV", 20.0, "", None, False, None,
                      (Note("close", "Another limit is passed."),))
    assert rules_view([rule]).not_met_lines == ("Tall R: R above 20; here 17.00 mV (Another limit is passed)",)


def test_rules_are_met_not_met_or_open_and_cited(heart: Recording, measured: tuple[Measurement, ...]) -> None:
    results = apply_rules(heart, measured)
    view = rules_view(results)
    assert {"Wide QRS", "Right axis deviation for age", "Complete right bundle branch block pattern"} <= {
        rule.name for rule in view.met}
    assert all(any(line.startswith("Source: ") for line in rule.detail) for rule in view.met)
    counted = [sum(item.positive is state for item in results) for state in (False, None)]
    assert [words.split()[0] for words in (view.not_met, view.open)] == [str(count) for count in counted]
    assert any("no published limit at this age" in line for line in view.open_lines)
    assert any("beside a right bundle branch block pattern" in line for line in view.open_lines)


def test_a_blind_readers_page_has_no_rule_result(heart: Recording, measured: tuple[Measurement, ...]) -> None:
    printed = content_of(heart, measurements=measured, result=prediction(), reading=None, blind=True)
    assert (printed.rules, printed.measurements != ()) == ((), True)
    assert "Blind" in printed.rules_note
    shown = content_of(heart, measurements=measured, result=prediction(), reading=draft())
    assert {"Wide QRS"} <= {row.name for row in shown.rules}

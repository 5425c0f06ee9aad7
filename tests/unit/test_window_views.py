"""The words of the side column, as pure functions."""

from datetime import date

import pytest
from window_cases import SmallPredictor

from peace_desktop.library.records import Person
from peace_desktop.review.reading import new_draft, with_statement
from peace_desktop.review.statements import Presence, Statement
from peace_desktop.ui.findings.age_entry import AgeUnit, age_from_dates, age_from_number
from peace_desktop.ui.findings.person_view import person_view
from peace_desktop.ui.findings.prediction_view import LabelName, banner_words, percent, prediction_rows
from peace_desktop.ui.message_area import explain
from peace_desktop.ui.worklist.filter_view import finding_words
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.consequences import CONSEQUENCES, SAY_IT_ALL
from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.labels.profile import READERS_PROFILE, load_profile

LABELS = tuple(LabelName(label.code, label.name) for label in load_profile(READERS_PROFILE).labels)


def test_a_key_means_the_same_label_before_and_after_the_prediction() -> None:
    result = SmallPredictor().predict(simulate(SimulationSpec(age_days=400, sex="F", seed=1)).recording)
    before = {row.key: row.label for row in prediction_rows(LABELS, None, None)}
    after = prediction_rows(LABELS, result, None)
    assert {row.key: row.label for row in after} == before
    assert [row.positive for row in after] == sorted((row.positive for row in after), reverse=True)


def test_child_gets_the_banner_and_adult_does_not() -> None:
    child = SmallPredictor().predict(simulate(SimulationSpec(age_days=400, sex="F", seed=1)).recording)
    adult = SmallPredictor().predict(simulate(SimulationSpec(age_days=15_000, sex="F", seed=1)).recording)
    assert "adults only" in banner_words(child)
    assert banner_words(adult) == ""
    assert banner_words(None) == ""


def test_statement_is_said_in_words() -> None:
    reading = with_statement(new_draft("a" * 64, "R"), Statement(LABELS[2].code, Presence.NOT_ASSESSABLE))
    row = next(row for row in prediction_rows(LABELS, None, reading) if row.label == LABELS[2].code)
    assert "your statement: Not assessable" in row.accessible


@pytest.mark.parametrize(("share", "words"), [
    (0.0, "<1%"), (0.004, "<1%"), (0.5, "50%"), (0.999, ">99%"), (1.0, ">99%")])
def test_no_probability_claims_certainty(share: float, words: str) -> None:
    assert percent(share).replace("\N{NARROW NO-BREAK SPACE}", "") == words


def test_unknown_age_is_said_and_has_no_limits() -> None:
    view = person_view(Person(None, None, corrected=False, file_age=None, file_sex=None), ())
    assert view.headline == "Age unknown · Sex unknown"
    assert not view.known
    assert view.limits == ""


def test_age_from_dates_is_a_calendar_difference() -> None:
    assert age_from_dates(date(2024, 2, 28), date(2024, 3, 1)).age == Age(2, Precision.DAY, "birth date")
    assert age_from_dates(date(2024, 3, 2), date(2024, 3, 1)).problem
    assert age_from_dates(date(1800, 1, 1), date(2024, 3, 1)).problem


def test_age_is_known_as_finely_as_it_was_entered() -> None:
    assert age_from_number(3, AgeUnit.YEARS).age == Age(1096, Precision.YEAR, "entered by reader")
    assert age_from_number(9000, AgeUnit.YEARS).problem


def test_messages_take_plain_sentences_and_hide_strange_ones() -> None:
    plain = explain("The file was not read.", RecordingError("x.hea", "gain", "is zero", "export it again"))
    assert "x.hea: gain: is zero; export it again" in plain.text
    strange = explain("The file was not read.", ValueError("Anna Smith"))
    assert "Smith" not in strange.text + strange.details
    assert "ValueError" in strange.details


def test_every_finding_has_a_name_of_its_own_in_the_filter() -> None:
    codes = {*CONSEQUENCES, *SAY_IT_ALL}
    names = {code: finding_words(code) for code in codes}
    assert [code for code in codes if names[code] == code.replace("_", " ")] == []
    assert len(set(names.values())) == len(codes)
    assert finding_words("not_known_yet") == "not known yet"

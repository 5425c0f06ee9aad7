"""Gestational age beside the age: on the card and in the report, while the child is under two years."""

import pytest
from report_samples import content_of, printed_text, spikes

from peace_desktop.library.records import Person
from peace_desktop.report.gestation import born_words
from peace_desktop.ui.findings.person_view import person_view
from peace_model.ecg.age import Age, Precision, days_from_years
from peace_model.ecg.measurement import measure
from peace_model.ecg.simulation import SimulationSpec, simulate

DAY, MONTH, YEAR = Precision


@pytest.mark.parametrize(("weeks", "age", "words"), [
    (31, Age(105, DAY, ""), "Born at 31 weeks; corrected age 6 weeks"),
    (31, Age(63, DAY, ""), "Born at 31 weeks; corrected age 0 weeks"),
    (31, Age(62, DAY, ""), "Born at 31 weeks; postmenstrual age 39 weeks"),
    (31, Age(300, DAY, ""), "Born at 31 weeks; corrected age 7 months"),
    (31, Age(152, MONTH, ""), "Born at 31 weeks; corrected age at least 2 months"),
    (31, Age(30, MONTH, ""), "Born at 31 weeks"),
    (31, Age(365, YEAR, ""), "Born at 31 weeks; corrected age at least 9 months"),
    (39, Age(105, DAY, ""), "Born at 39 weeks"),
    (31, None, "Born at 31 weeks"),
    (31, Age(days_from_years(2), DAY, ""), ""),
    (None, Age(105, DAY, ""), "")])
def test_corrected_age_is_told_as_finely_as_it_is_known(weeks: int | None, age: Age | None, words: str) -> None:
    assert born_words(weeks, age) == words


def test_card_and_report_tell_it_and_that_limits_go_by_the_chronological_age(tmp_path) -> None:
    recording = simulate(SimulationSpec(age_days=105, sex="F", seed=1)).recording
    measurements = measure(recording)
    person = Person(recording.age, "F", corrected=False, file_age=None, file_sex=None, gestational_age_weeks=31)
    view = person_view(person, measurements)
    assert view.headline == "3 months 14 days · Female"
    assert view.born == ("Born at 31 weeks; corrected age 6 weeks",
                         "Limits are for the chronological age.")
    assert view.born[0] in view.accessible
    printed = printed_text(tmp_path, content_of(recording, measurements=measurements, gestational_age_weeks=31))
    assert "Born at 31 weeks; corrected age 6 weeks" in printed
    assert "Limits are for the chronological age." in printed


def test_of_an_older_child_nothing_is_told() -> None:
    older = spikes(age_days=2740)
    assert content_of(older, gestational_age_weeks=31).person == content_of(older).person

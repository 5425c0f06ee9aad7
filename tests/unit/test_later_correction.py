"""A person corrected after a signature: window and report say so beside it."""

from datetime import timedelta

from report_samples import PRINTED_AT, content_of, draft, signed

from peace_desktop.library.records import Person
from peace_desktop.ui.findings.later_correction import later_correction
from peace_desktop.ui.findings.reading_view import reading_view
from peace_model.ecg.age import Age, Precision

FILE = Person(Age(213, Precision.MONTH, "file header"), "M", corrected=False, file_age=None, file_sex=None)


def corrected(hours: float, *, age: Age | None = FILE.age, by: str = "Dr. Noor") -> Person:
    """A correction so many hours after the signature."""
    return Person(age, "F", corrected=True, file_age=None, file_sex=None, corrected_by=by,
                  corrected_at=PRINTED_AT + timedelta(hours=hours), reason="passport")


def test_window_and_report_tell_who_corrected_what_after_the_signature() -> None:
    history, reading = (FILE, corrected(-1), corrected(2, age=Age(12, Precision.DAY, "birth date"))), signed()
    line = reading_view(reading, (), history=history).line
    printed = " ".join(content_of(reading=reading, corrected=later_correction(history, reading)).signature)
    for words in (line, printed):
        assert "by Dr. Noor, after this signature: age. Signed for: 7 months \N{MIDDLE DOT} Female." in words
    assert "Corrected on 2026-03-04 16:06:07 UTC" in printed
    earlier = reading_view(draft(reading_id="fedcba98"), (reading,), history=history).earlier
    assert earlier[0].endswith("Corrected since: age")


def test_nothing_is_told_of_corrections_before_the_signature_or_taken_back() -> None:
    for history in ((FILE,), (FILE, corrected(-1)), (FILE, corrected(-2), corrected(1, age=None), corrected(2))):
        assert later_correction(history, signed()) is None
    assert later_correction((FILE, corrected(2)), draft()) is None


def test_a_corrector_who_must_not_be_told_is_another_reader() -> None:
    history = (FILE, corrected(2, by=""))
    assert "by another reader, after this signature: sex." in reading_view(signed(), (), history=history).line

"""What an import says: one line of counts, the pace, the reasons."""

from collections import Counter
from pathlib import Path

from peace_desktop.jobs.import_outcomes import Fate, Outcome, Sight
from peace_desktop.ui.import_.summary import headline, lines, looked_headline, pace_words, trouble_words
from peace_model.ecg.formats.registry import FoundFile


def outcome(name: str, fate: Fate, said: str = "") -> Outcome:
    return Outcome(FoundFile(Path(name), "", Path(name)), fate, said=said)


def test_the_first_look_says_that_nothing_is_imported() -> None:
    numbers = Counter({Fate.NEW: 1938, Fate.DUPLICATE: 3, Fate.REFUSED: 1, Fate.ASKS: 2})
    assert looked_headline(numbers) == (
        "1,938 new recordings, 3 known already, 1 refused, 2 need an answer. Nothing is imported yet.")


def test_rate_and_rest_are_told_once_they_are_steady() -> None:
    assert pace_words(12, 2000, begun_at=0, elapsed_s=0.2) == "12 of 2,000 files"
    assert pace_words(312, 2000, begun_at=12, elapsed_s=6) == "312 of 2,000 files, 50 a second, about 34 s left"
    assert pace_words(20, 2000, begun_at=0, elapsed_s=10).endswith("2.0 a second, about 16 min left")


def test_the_end_says_what_stays_and_what_is_left() -> None:
    outcomes = (outcome("a", Fate.IMPORTED), outcome("b", Fate.REFUSED, "b: broken"), outcome("c", Fate.DUPLICATE))
    assert headline(outcomes, cancelled=True, left=1200) == (
        "1 recording imported, 1 was in the library already, 1 refused. "
        "Cancelled: what was imported stays in the library, 1,200 files are left.")
    assert trouble_words("The disk is full.", outcomes) == (
        "The disk is full. 1 recording of this import is in the library, whole; nothing is in by half.")
    assert lines(outcomes) == ("b: broken", "c: in the library already")
    assert headline((), cancelled=False).startswith("No recording was found.")
    assert headline(outcomes[1:2], cancelled=False) == "Nothing imported, 1 refused"


def test_a_name_is_in_no_representation() -> None:
    assert "Erika" not in repr(Outcome(FoundFile(Path("a"), "", Path("a")), Fate.NEW, seen=Sight("Erika", None, "F")))

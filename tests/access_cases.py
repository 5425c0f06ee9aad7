"""Libraries whose readers have passphrases, for tests: scrypt at a cost that tests can afford."""

import pytest

from peace_desktop.library import passphrases
from peace_desktop.library.access import Access
from peace_desktop.library.passphrases import Cost
from peace_desktop.library.repository import Library
from peace_desktop.review.access import Role

CHIEF, CHIEF_WORDS = "Dr Chief", "correct horse battery"
READER, READER_WORDS = "Dr A", "staple and anchor"
JUDGE, JUDGE_WORDS = "Dr J", "third reader decides"


@pytest.fixture
def cheap_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "COST", Cost(1 << 4, 8, 1))


def with_three_readers(library: Library) -> Access:
    """An administrator, who is signed in, a reader and an adjudicator."""
    access = Access(library)
    access.begin(CHIEF, CHIEF_WORDS)
    access.add(READER, Role.READER, READER_WORDS, by=CHIEF)
    access.add(JUDGE, Role.ADJUDICATOR, JUDGE_WORDS, by=CHIEF)
    return access

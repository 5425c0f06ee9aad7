"""Who may do what in a library whose readers have passphrases, and how long a wrong passphrase keeps one waiting.

A library without passphrases asks nobody: whoever sits at the computer may do everything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peace_desktop.texts import mark


class Role(StrEnum):
    """What a reader is in this library; every role reads."""

    READER = mark("reader")
    ADJUDICATOR = mark("adjudicator")
    ADMINISTRATOR = mark("administrator")


class Right(StrEnum):
    """What a role may be needed for. READ: drafts, signatures, corrections, imports: everything not named here."""

    READ = "read"
    ADJUDICATE = "adjudicate"
    LEAD_STUDIES = "lead studies"
    MANAGE_READERS = "manage readers"


_NEEDED = {
    Right.READ: frozenset(Role),
    Right.ADJUDICATE: frozenset({Role.ADJUDICATOR, Role.ADMINISTRATOR}),
    Right.LEAD_STUDIES: frozenset({Role.ADMINISTRATOR}),
    Right.MANAGE_READERS: frozenset({Role.ADMINISTRATOR}),
}

@dataclass(frozen=True)
class Reader:
    """One reader of a library. active: False keeps what was read and lets nobody sign in under the name."""

    name: str
    role: Role = Role.READER
    active: bool = True
    has_passphrase: bool = False


FREE_FAILURES = 4
"""So many wrong passphrases in a row cost nothing but the time to type them."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 30, 3600


def may(role: Role, right: Right) -> bool:
    """Whether a role has a right."""
    return role in _NEEDED[right]


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many wrong passphrases in a row: 30 s after the fifth, then doubled, at most 1 h."""
    beyond = failures - FREE_FAILURES - 1
    if beyond < 0:
        return timedelta()
    # Beyond ten doublings the hour is reached anyway, and 2 ** failures would grow without end.
    return timedelta(seconds=min(_FIRST_WAIT_S * 2 ** min(beyond, 10), _LONGEST_WAIT_S))


def still_to_wait(failures: int, failed_at: datetime | None, now: datetime) -> timedelta:
    """What is left of the wait. Both times aware.

    A clock that was set back since the last failure shortens nothing: the whole wait is left.
    """
    if failed_at is None:
        return timedelta()
    whole = wait_after(failures)
    return max(whole - max(now - failed_at, timedelta()), timedelta())

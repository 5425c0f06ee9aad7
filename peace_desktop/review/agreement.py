"""Agreement is derived, never stored: a statement held against a decision."""

from typing import Literal

from peace_desktop.review.statements import Presence, Statement

Agreement = Literal["agrees", "disagrees", "none"]


def agreement_of(statement: Statement | None, *, positive: bool) -> Agreement:
    """How a statement stands to a bundle's decision on the same label.

    "none" without a statement, and for uncertain and not assessable: they neither agree nor disagree.
    """
    if statement is None or statement.presence not in (Presence.PRESENT, Presence.ABSENT):
        return "none"
    return "agrees" if (statement.presence is Presence.PRESENT) == positive else "disagrees"

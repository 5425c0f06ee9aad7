"""Whether the computer's clock can be believed: held against the newest entry of the audit trail."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from peace_desktop.library.repository import Library
from peace_desktop.library.tables import AuditRow

TOLERATED = timedelta(minutes=5)
"""Clocks are put right by a little every day."""


def clock_behind(library: Library) -> timedelta:
    """How far the clock is behind the latest time in the audit trail; zero within what is tolerated."""
    with library.read() as session:
        latest = session.scalar(select(func.max(AuditRow.at_utc)))
    behind = datetime.fromisoformat(latest) - library.now() if latest is not None else timedelta()
    return behind if behind > TOLERATED else timedelta()

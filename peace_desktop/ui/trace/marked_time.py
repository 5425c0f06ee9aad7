"""A stretch of time that a reader marked on the paper."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MarkedTime:
    """Seconds of the recording, start_s <= end_s; lead: on which it was marked, "" for none."""

    start_s: float
    end_s: float
    lead: str

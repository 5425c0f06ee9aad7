"""A reader's remark on a stretch of a recording; part of the reading and signed with it."""

import math
from dataclasses import dataclass

from peace_desktop.review.errors import ReadingError
from peace_desktop.texts import _


@dataclass(frozen=True)
class TimeNote:
    """start_s, end_s: from the start of the recording. lead: "" for all leads.

    Raises ReadingError without words, or when the stretch does not run forward from a time in the recording.
    """

    start_s: float
    end_s: float
    text: str
    lead: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ReadingError(_("A remark on a stretch of time needs words."))
        if not (math.isfinite(self.end_s) and 0 <= self.start_s <= self.end_s):
            raise ReadingError(_("A remark begins at or after the start of the recording and ends after it begins."))

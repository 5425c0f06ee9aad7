"""Small pictures of recordings for the worklist: one lead's first seconds as the extremes of each column.

They stand in the library's own file, so those of an encrypted library are encrypted too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from peace_desktop.library.tables import ThumbnailRow
from peace_model.ecg.recording import Recording, RoleKind

COLUMNS = 160
SHOWN_S = 4.0
"""A few beats of an adult, ten of a newborn: more would run together at the width of a list."""
STEP_MV = 0.02
_GAP = -128
"""Nothing was recorded in this column."""
_LEADS = ("II", "I", "III", "aVF", "aVL", "aVR")


@dataclass(frozen=True)
class Thumbnail:
    """lead: "" where no limb lead was recorded; then there is nothing to draw.

    points: int8 (COLUMNS, 2), least and greatest of each column around the median in steps of STEP_MV.
    """

    lead: str
    points: bytes

    @property
    def extremes_mv(self) -> NDArray[np.float32]:
        """float32 (COLUMNS, 2), NaN where nothing was recorded."""
        steps = np.frombuffer(self.points, dtype=np.int8).reshape(COLUMNS, 2)
        return np.where(steps == _GAP, np.float32(np.nan), steps * np.float32(STEP_MV)).astype(np.float32)


def thumbnail_of(recording: Recording) -> Thumbnail:
    """The first seconds of lead II, or of the first limb lead that was recorded; a short recording leaves a gap."""
    kinds = {role.lead: role.kind for role in recording.roles}
    lead = next((lead for lead in _LEADS if kinds.get(lead) is RoleKind.RECORDED), "")
    extremes = np.full((COLUMNS, 2), np.nan, dtype=np.float32)
    if not lead:
        return Thumbnail("", _packed(extremes))
    n_shown = max(COLUMNS, round(SHOWN_S * recording.fs_hz))
    start = np.asarray(recording.signal_mv[recording.leads.index(lead), :n_shown], dtype=np.float32)
    if np.isfinite(start).any():
        start = start - np.nanmedian(start)
    edges = np.linspace(0, n_shown, COLUMNS + 1).round().astype(int)[:-1]
    edges = edges[edges < len(start)]
    for place, extreme in enumerate((np.fmin, np.fmax)):
        # With the sample before, so that a steep stroke is not torn between two columns.
        extremes[:len(edges), place] = extreme(extreme.reduceat(start, edges), start[np.maximum(edges - 1, 0)])
    return Thumbnail(lead, _packed(extremes))


def keep(session: Session, sha256: str, thumbnail: Thumbnail) -> None:
    """Stores a recording's thumbnail; it follows from the samples, so that it is not in the audit trail."""
    session.execute(insert(ThumbnailRow).values(
        recording_sha256=sha256, lead=thumbnail.lead, points=thumbnail.points).on_conflict_do_nothing())


def of(session: Session, sha256s: list[str]) -> dict[str, Thumbnail]:
    """The thumbnails there are of these recordings."""
    rows = session.scalars(select(ThumbnailRow).where(ThumbnailRow.recording_sha256.in_(sha256s)))
    return {row.recording_sha256: Thumbnail(row.lead, row.points) for row in rows}


def _packed(extremes_mv: NDArray[np.float32]) -> bytes:
    steps = np.clip(np.round(extremes_mv / STEP_MV), -127, 127)
    return np.where(np.isfinite(steps), steps, _GAP).astype(np.int8).tobytes()

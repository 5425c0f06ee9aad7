"""What bundles said of the recordings: one summary per bundle, kept so that agreement can be counted later."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import sha256_of
from peace_desktop.library.recordings import require
from peace_desktop.library.records import StoredPrediction
from peace_desktop.library.tables import PredictionRow

_SAME_PROBABILITY = 1e-6
"""Providers differ in the last bits; that is no new prediction."""


def of_recording(session: Session, sha256: str) -> tuple[StoredPrediction, ...]:
    """All stored predictions of a recording, each bundle's labels in the bundle's order."""
    rows = session.scalars(select(PredictionRow).where(PredictionRow.recording_sha256 == sha256)
                           .order_by(PredictionRow.bundle_sha256, PredictionRow.position))
    return tuple(StoredPrediction(row.label, row.probability, row.threshold, row.positive, row.bundle_sha256)
                 for row in rows)


def summary_sha256(predictions: Sequence[StoredPrediction]) -> str:
    """Hash of one bundle's predictions for one recording."""
    return sha256_of([[item.label, item.probability, item.threshold, item.positive] for item in predictions])


def _same(old: Sequence[StoredPrediction], new: Sequence[StoredPrediction]) -> bool:
    return len(old) == len(new) and all(
        (before.label, before.positive) == (after.label, after.positive)
        and abs(before.probability - after.probability) <= _SAME_PROBABILITY
        and abs(before.threshold - after.threshold) <= _SAME_PROBABILITY
        for before, after in zip(old, new, strict=True))


def store(session: Session, act: Act, sha256: str, bundle_sha256: str, new: Sequence[StoredPrediction]) -> None:
    """Replaces what this bundle said of the recording; writes nothing when it says the same."""
    require(session, sha256)
    old = [item for item in of_recording(session, sha256) if item.bundle_sha256 == bundle_sha256]
    if _same(old, new):
        return
    session.execute(delete(PredictionRow).where(PredictionRow.recording_sha256 == sha256,
                                                PredictionRow.bundle_sha256 == bundle_sha256))
    session.execute(insert(PredictionRow), [
        {"recording_sha256": sha256, "bundle_sha256": bundle_sha256, "label": item.label, "position": position,
         "probability": item.probability, "threshold": item.threshold, "positive": item.positive}
        for position, item in enumerate(new)])
    append(session, act, action="prediction.stored", subject=sha256,
           payload={"bundle_sha256": bundle_sha256, "summary_sha256": summary_sha256(new)})

"""What bundles said of the recordings: one summary per bundle, kept so that agreement can be counted later.

The associated findings of a bundle are kept with it, each as a document that holds its evidence.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import canonical_json, sha256_of
from peace_desktop.library.recordings import require
from peace_desktop.library.records import StoredPrediction
from peace_desktop.library.tables import AssociatedFindingRow, PredictionRow
from peace_model.inference.associated import AssociatedFinding, finding_from

_SAME_PROBABILITY = 1e-6
"""Providers differ in the last bits; that is no new prediction."""


def of_recording(session: Session, sha256: str) -> tuple[StoredPrediction, ...]:
    """All stored predictions of a recording, each bundle's labels in the bundle's order."""
    rows = session.scalars(select(PredictionRow).where(PredictionRow.recording_sha256 == sha256)
                           .order_by(PredictionRow.bundle_sha256, PredictionRow.position))
    return tuple(StoredPrediction(row.label, row.probability, row.threshold, row.positive, row.bundle_sha256)
                 for row in rows)


def associated_of(session: Session, sha256: str, bundle_sha256: str) -> tuple[AssociatedFinding, ...]:
    """A bundle's associated findings of a recording, in the bundle's order."""
    rows = session.scalars(select(AssociatedFindingRow.document).where(
        AssociatedFindingRow.recording_sha256 == sha256, AssociatedFindingRow.bundle_sha256 == bundle_sha256
    ).order_by(AssociatedFindingRow.position))
    return tuple(finding_from(json.loads(document)) for document in rows)


def summary_sha256(predictions: Sequence[StoredPrediction], associated: Sequence[AssociatedFinding] = ()) -> str:
    """Hash of what one bundle said of one recording; without associated findings that of earlier versions."""
    labels = [[item.label, item.probability, item.threshold, item.positive] for item in predictions]
    return sha256_of({"labels": labels, "associated": [asdict(item) for item in associated]} if associated else labels)


def _same_findings(old: Sequence[AssociatedFinding], new: Sequence[AssociatedFinding]) -> bool:
    return len(old) == len(new) and all(
        abs(before.probability - after.probability) <= _SAME_PROBABILITY
        and replace(before, probability=after.probability) == after
        for before, after in zip(old, new, strict=True))


def _same(old: Sequence[StoredPrediction], new: Sequence[StoredPrediction]) -> bool:
    return len(old) == len(new) and all(
        (before.label, before.positive) == (after.label, after.positive)
        and abs(before.probability - after.probability) <= _SAME_PROBABILITY
        and abs(before.threshold - after.threshold) <= _SAME_PROBABILITY
        for before, after in zip(old, new, strict=True))


def store(session: Session, act: Act, sha256: str, bundle_sha256: str, new: Sequence[StoredPrediction],
          associated: Sequence[AssociatedFinding] = ()) -> None:
    """Replaces what this bundle said of the recording; writes nothing when it says the same."""
    require(session, sha256)
    old = [item for item in of_recording(session, sha256) if item.bundle_sha256 == bundle_sha256]
    if _same(old, new) and _same_findings(associated_of(session, sha256, bundle_sha256), associated):
        return
    _remove(session, sha256, bundle_sha256)
    session.execute(insert(PredictionRow), [
        {"recording_sha256": sha256, "bundle_sha256": bundle_sha256, "label": item.label, "position": position,
         "probability": item.probability, "threshold": item.threshold, "positive": item.positive}
        for position, item in enumerate(new)])
    for position, item in enumerate(associated):
        session.execute(insert(AssociatedFindingRow).values(
            recording_sha256=sha256, bundle_sha256=bundle_sha256, code=item.code, position=position,
            document=canonical_json(asdict(item))))
    append(session, act, action="prediction.stored", subject=sha256,
           payload={"bundle_sha256": bundle_sha256, "summary_sha256": summary_sha256(new, associated)})


def forget(session: Session, act: Act, sha256: str) -> None:
    """Drops what every bundle said of a recording, because what it was told of the person no longer holds."""
    for bundle_sha256 in dict.fromkeys(item.bundle_sha256 for item in of_recording(session, sha256)):
        _remove(session, sha256, bundle_sha256)
        append(session, act, action="prediction.dropped", subject=sha256,
               payload={"bundle_sha256": bundle_sha256, "summary_sha256": summary_sha256(())})


def _remove(session: Session, sha256: str, bundle_sha256: str) -> None:
    for table in (PredictionRow, AssociatedFindingRow):
        session.execute(delete(table).where(table.recording_sha256 == sha256, table.bundle_sha256 == bundle_sha256))

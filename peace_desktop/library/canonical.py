"""One spelling for every document that is hashed, so that the same content always has the same SHA-256."""

import hashlib
import json
from datetime import UTC, datetime

from peace_desktop.review.reading import Reading


def canonical_json(document: object) -> str:
    """JSON with sorted keys, no spaces, Unicode as it is; NaN and infinity are refused (ValueError)."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(document: object) -> str:
    """SHA-256 of the canonical JSON in UTF-8."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def utc_text(at: datetime) -> str:
    """A moment as ISO 8601 in UTC with microseconds, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def reading_document(reading: Reading) -> dict[str, object]:
    """Everything a reading holds, as JSON values; statements in the reader's order.

    What schema 0004 added stands in it only where there is some: earlier readings keep their hash.
    """
    document: dict[str, object] = {
        "reading_id": reading.reading_id,
        "recording_sha256": reading.recording_sha256,
        "reader": reading.reader,
        "mode": reading.mode,
        "state": reading.state.value,
        "statements": [
            {
                "label": statement.label,
                "presence": statement.presence.value,
                "via": statement.via,
                "bundle_sha256": statement.bundle_sha256,
                "model_positive": statement.model_positive,
            }
            for statement in reading.statements
        ],
        "comment": reading.comment,
        "confidence": reading.confidence,
        "meaning": reading.meaning.value if reading.meaning is not None else None,
        "signed_at": utc_text(reading.signed_at) if reading.signed_at is not None else None,
        "amends": reading.amends,
        "amendment_reason": reading.amendment_reason,
        "bundle_sha256": reading.bundle_sha256,
        "revision": reading.revision,
    }
    if reading.study_id:
        document["study_id"] = reading.study_id
    if reading.locked is not None:
        document["locked"] = {
            "statements": [[item.label, item.presence.value] for item in reading.locked.statements],
            "comment": reading.locked.comment,
            "confidence": reading.locked.confidence,
            "at": utc_text(reading.locked.at),
        }
    if reading.map_ratings:
        document["map_ratings"] = [[item.label, item.method, item.rating.value, item.bundle_sha256]
                                   for item in reading.map_ratings]
    if reading.notes:
        document["notes"] = [[note.start_s, note.end_s, note.lead, note.text] for note in reading.notes]
    return document


def changes(before: Reading | None, after: Reading) -> dict[str, object]:
    """What an audit entry says changed: answers with old and new value, free text only by the fact that it changed."""
    old = {} if before is None else {item.label: item.presence.value for item in before.statements}
    new = {item.label: item.presence.value for item in after.statements}
    changed: dict[str, object] = {}
    answers = {label: [old.get(label), new.get(label)] for label in sorted(old.keys() | new.keys())
               if old.get(label) != new.get(label)}
    if answers:
        changed["statements"] = answers
    if (before.confidence if before is not None else None) != after.confidence:
        changed["confidence"] = [before.confidence if before is not None else None, after.confidence]
    if (before.comment if before is not None else "") != after.comment:
        changed["comment"] = True
    if (before.notes if before is not None else ()) != after.notes:
        changed["notes"] = True
    old_maps = {} if before is None else {(item.label, item.method): item.rating.value for item in before.map_ratings}
    new_maps = {(item.label, item.method): item.rating.value for item in after.map_ratings}
    if maps := {"/".join(name): [old_maps.get(name), new_maps.get(name)]
                for name in sorted(old_maps.keys() | new_maps.keys()) if old_maps.get(name) != new_maps.get(name)}:
        changed["map_ratings"] = maps
    if (before.state.value if before is not None else None) != after.state.value:
        changed["state"] = [before.state.value if before is not None else None, after.state.value]
    return changed

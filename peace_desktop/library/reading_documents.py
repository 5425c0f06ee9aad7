"""A reading's document on its way between libraries: read back as a reading, and told without free text.

`canonical.reading_document` writes it. Comments, reasons and notes are words in which a name may stand.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from peace_desktop.review.map_ratings import MapRating, Rating
from peace_desktop.review.reading import Locked, Meaning, Reading, ReadingState
from peace_desktop.review.statements import Presence, Statement
from peace_desktop.review.time_notes import TimeNote
from peace_desktop.texts import _

FREE_TEXT = ("comment", "amendment_reason")


def without_free_text(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with null in place of comments and reasons, and notes without their words."""
    bare = {**document, **dict.fromkeys(FREE_TEXT)}
    if "locked" in document:
        bare["locked"] = {**document["locked"], "comment": None}
    if "notes" in document:
        bare["notes"] = [[start_s, end_s, lead, None] for start_s, end_s, lead, _text in document["notes"]]
    return bare


def reading_from(document: Mapping[str, Any]) -> Reading:
    """A reading from its document; a reason that did not come along is said to be missing.

    Raises KeyError, TypeError, ValueError or ReadingError for anything else.
    """
    confidence, amends = document["confidence"], document["amends"]
    reason = document["amendment_reason"]
    if reason is None:
        reason = "" if amends is None else _not_exported()
    meaning, signed_at = document["meaning"], document["signed_at"]
    return Reading(
        str(document["reading_id"]), str(document["recording_sha256"]), str(document["reader"]),
        "blind" if document["mode"] == "blind" else "open", ReadingState(document["state"]),
        tuple(map(_statement, _rows(document["statements"]))), str(document["comment"] or ""), _number(confidence),
        None if meaning is None else Meaning(meaning),
        None if signed_at is None else datetime.fromisoformat(str(signed_at)),
        None if amends is None else str(amends), str(reason),
        None if document["bundle_sha256"] is None else str(document["bundle_sha256"]), int(document["revision"]),
        str(document.get("study_id", "")), _locked(document.get("locked")),
        tuple(MapRating(str(label), str(method), Rating(rating), str(bundle))
              for label, method, rating, bundle in _rows(document.get("map_ratings", []))),
        tuple(TimeNote(float(start_s), float(end_s), str(text or _not_exported()), str(lead))
              for start_s, end_s, lead, text in _rows(document.get("notes", []))))


def with_words_of(known: Reading, coming: Reading) -> Reading:
    """A reading from elsewhere with the words of its comment and notes that did not come along but stand here."""
    words = defaultdict(list)
    for note in known.notes:
        words[note.start_s, note.end_s, note.lead].append(note.text)

    def whole(note: TimeNote) -> TimeNote:
        here = words[note.start_s, note.end_s, note.lead]
        return replace(note, text=here.pop(0)) if here and note.text == _not_exported() else note

    return replace(coming, comment=coming.comment or known.comment, notes=tuple(map(whole, coming.notes)))


def _not_exported() -> str:
    return _("(not exported)")


def _rows(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("a list is needed")
    return value


def _number(value: object) -> int | None:
    if not (value is None or isinstance(value, int)):
        raise TypeError("confidence")
    return value


def _statement(document: Mapping[str, Any]) -> Statement:
    via, bundle, positive = document["via"], document["bundle_sha256"], document["model_positive"]
    return Statement(
        str(document["label"]), Presence(document["presence"]),
        "agree" if via == "agree" else "disagree" if via == "disagree" else "direct",
        None if bundle is None else str(bundle), None if positive is None else bool(positive))


def _locked(document: Mapping[str, Any] | None) -> Locked | None:
    if document is None:
        return None
    return Locked(tuple(Statement(str(label), Presence(presence)) for label, presence in _rows(document["statements"])),
                  str(document["comment"] or ""), _number(document["confidence"]),
                  datetime.fromisoformat(str(document["at"])))

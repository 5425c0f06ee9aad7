"""What surrounded readings, in the library: one document a reading and stage, kept for good."""

import json
from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from peace_desktop.library.audit import Act, append
from peace_desktop.library.canonical import canonical_json, sha256_of
from peace_desktop.library.people import age_of, sex_of
from peace_desktop.library.tables import CircumstancesRow, ReadingRow
from peace_desktop.review.circumstances import Circumstances, Display, PersonThen, Shown, Versions

_LATER = ("drawn_layout", "drawn_leads", "own_gains", "measured_with", "associated_findings")


def circumstances_document(item: Circumstances) -> dict[str, object]:
    """Everything that surrounded a reading, as JSON values.

    What came later stands in it only where there is some: earlier documents keep their hash.
    """
    shown, display = ({name: value for name, value in asdict(part).items() if name not in _LATER or value}
                      for part in (item.shown, item.display))
    whole = {name: value for name, value in asdict(item).items() if name != "person" or value is not None}
    return json.loads(json.dumps({**whole, "shown": shown, "display": display}))  # type: ignore[no-any-return]  # lists


def circumstances_from(document: dict[str, object]) -> Circumstances:
    """From its document. Raises KeyError, TypeError or ValueError for anything else."""
    shown, display, versions = document["shown"], document["display"], document["versions"]
    if not (isinstance(shown, dict) and isinstance(display, dict) and isinstance(versions, dict)):
        raise TypeError("shown, display or versions")
    position, seed = document["position"], document["order_seed"]
    return Circumstances(
        str(document["reading_id"]), "locked" if document["stage"] == "locked" else "signed",
        float(str(document["seconds"])), None if position is None else int(str(position)),
        None if seed is None else int(str(seed)), shown_from(shown),
        _display(display), Versions(**versions), _person(document.get("person")))


def shown_from(document: dict[str, object]) -> Shown:
    """What was shown, from its part of the document. Raises as `circumstances_from`."""
    maps = document["maps"]
    if not isinstance(maps, list):
        raise TypeError("maps")
    return Shown(**{**document, "maps": tuple(map(str, maps))})  # type: ignore[arg-type]  # as they were written


def _person(document: object) -> PersonThen | None:
    if document is None:
        return None
    if not isinstance(document, dict):
        raise TypeError("person")
    age, weeks = document["age"], document["gestational_age_weeks"]
    return PersonThen(age_of(age["days"], age["precision"], age["origin"]) if age is not None else None,
                      sex_of(document["sex"]), None if weeks is None else int(weeks))


def _display(document: dict[str, object]) -> Display:
    leads, gains = document.get("drawn_leads", []), document.get("own_gains", [])
    if not isinstance(leads, list) or not isinstance(gains, list):
        raise TypeError("drawn_leads or own_gains")
    return Display(**{  # type: ignore[arg-type]  # as they were written
        **document, "drawn_leads": tuple(map(str, leads)),
        "own_gains": tuple((str(lead), float(factor)) for lead, factor in gains)})


def store(session: Session, act: Act, item: Circumstances) -> None:
    """Keeps what surrounded a reading at one stage, with its audit entry."""
    document = circumstances_document(item)
    session.execute(insert(CircumstancesRow).values(
        reading_id=item.reading_id, stage=item.stage, document=canonical_json(document)))
    append(session, act, action="reading.circumstances", subject=item.reading_id,
           payload={"stage": item.stage, "circumstances_sha256": sha256_of(document)})


def of_reading(session: Session, reading_id: str) -> tuple[Circumstances, ...]:
    """What surrounded a reading when it was locked and when it was signed, as far as it came."""
    rows = session.scalars(select(CircumstancesRow).where(CircumstancesRow.reading_id == reading_id)
                           .order_by(CircumstancesRow.stage))
    return tuple(circumstances_from(json.loads(row.document)) for row in rows)


def signed_with(session: Session, sha256: str) -> dict[str, str]:
    """Signed reading of a recording -> what it was measured with when it was signed, of those that say so."""
    rows = session.execute(select(CircumstancesRow.reading_id, CircumstancesRow.document).join(
        ReadingRow, ReadingRow.reading_id == CircumstancesRow.reading_id).where(
            ReadingRow.recording_sha256 == sha256, CircumstancesRow.stage == "signed"))
    said = {reading_id: circumstances_from(json.loads(document)).display for reading_id, document in rows}
    return {reading_id: display.measured_with for reading_id, display in said.items() if display.measured_with}

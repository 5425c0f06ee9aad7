"""Whether flags and kept filters are those the audit trail recorded: what `verify` adds to its report.

They are a reader's own, and acts like any other: with them somebody decides what is looked at, and in which order.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library.audited import Audited
from peace_desktop.library.canonical import sha256_of
from peace_desktop.library.tables import FlagRow, KeptFilterRow
from peace_desktop.texts import _


def name_sha256(name: str) -> str:
    """What the trail says in place of a filter's name, in which anything may stand."""
    return sha256_of(name)


def filter_sha256(name: str, document: str) -> str:
    """Hash of a kept filter. document: canonical JSON."""
    return sha256_of({"name": name, "document": document})


def kept_problems(session: Session, audited: Audited) -> list[str]:
    """A sentence for every reader whose flags or filters differ.

    Of filters that were kept before schema 0007 a missing one, and one put back as it once was, are not found.
    """
    flags = {(row.reader, row.recording_sha256) for row in session.scalars(select(FlagRow))}
    flagged = {reader for reader, _sha256 in flags ^ audited.flags}
    filters = {(row.reader, name_sha256(row.name)): filter_sha256(row.name, row.document)
               for row in session.scalars(select(KeptFilterRow))}
    filtered = {reader for reader, name in filters.keys() | audited.filters.keys()
                if not _as_recorded(audited, reader, name, filters.get((reader, name)))}
    return [
        *(_("the flags of reader {name} differ from what the audit trail recorded").format(name=name)
          for name in sorted(flagged)),
        *(_("the kept filters of reader {name} differ from what the audit trail recorded").format(name=name)
          for name in sorted(filtered))]


def _as_recorded(audited: Audited, reader: str, name: str, stored: str | None) -> bool:
    if (reader, name) in audited.filters:
        return stored == audited.filters[reader, name]
    return stored in audited.nameless.get(reader, set())

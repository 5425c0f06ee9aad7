"""What the audit trail says is stored: the last hash of everything it speaks of, gathered entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from peace_desktop.library.tables import AuditRow


@dataclass
class Audited:
    """Subject -> hash, of what the names say; predictions also by bundle, circumstances by stage.

    flags: (reader, recording). filters: (reader, hash of the name) -> hash. nameless: reader -> hashes of filters that
    were kept before schema 0007; its entries do not say which of them were replaced or forgotten later.
    """

    readings: dict[str, str] = field(default_factory=dict)
    recordings: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    predictions: dict[tuple[str, str], str] = field(default_factory=dict)
    edits: dict[str, str] = field(default_factory=dict)
    studies: dict[str, str] = field(default_factory=dict)
    adjudications: dict[str, str] = field(default_factory=dict)
    circumstances: dict[tuple[str, str], str] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    flags: set[tuple[str, str]] = field(default_factory=set)
    filters: dict[tuple[str, str], str] = field(default_factory=dict)
    nameless: dict[str, set[str]] = field(default_factory=dict)

    def take(self, row: AuditRow, payload: Mapping[str, str]) -> None:
        """The next entry. Raises KeyError for one that is not whole."""
        of_subject = {
            "reading_sha256": self.readings, "identity_sha256": self.recordings, "person_sha256": self.people,
            "edit_sha256": self.edits, "design_sha256": self.studies, "adjudication_sha256": self.adjudications,
            "access_sha256": self.access}
        for name, known in of_subject.items():
            if name in payload:
                known[row.subject] = payload[name]
                return
        if "discarded_sha256" in payload:
            self.readings.pop(row.subject, None)
        elif "summary_sha256" in payload:
            self.predictions[row.subject, payload["bundle_sha256"]] = payload["summary_sha256"]
        elif "circumstances_sha256" in payload:
            self.circumstances[row.subject, payload["stage"]] = payload["circumstances_sha256"]
        elif row.action == "recording.flagged":
            self.flags.add((row.actor, row.subject))
        elif row.action == "recording.unflagged":
            self.flags.discard((row.actor, row.subject))
        elif row.action == "filter.kept" and "name_sha256" in payload:
            self.filters[row.actor, payload["name_sha256"]] = payload["filter_sha256"]
        elif row.action == "filter.kept":
            self.nameless.setdefault(row.actor, set()).add(payload["filter_sha256"])
        elif row.action == "filter.forgotten" and "name_sha256" in payload:
            self.filters.pop((row.actor, payload["name_sha256"]), None)

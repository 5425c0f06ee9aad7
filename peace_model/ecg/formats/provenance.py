"""Where an exported file comes from, as comment lines: what a WFDB header has no fields for, written and read back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.recording import DeclaredFilters, LeadRole, Recording, RoleKind, Source

_EXPORTED = "Exported from"
_RECORDER = "Recorder"
_FILTERS = "Filters"
_DERIVED = "Derived leads"
_LINE = re.compile(rf"({_EXPORTED}|{_RECORDER}|{_FILTERS}|{_DERIVED}): (.+)")
_NO_HASH = "unhashed"
_OWN = re.compile(rf"\w+ (?:[0-9a-f]{{64}}|{_NO_HASH})", re.ASCII)
"""Only beside such an origin are the other lines ours: elsewhere "Recorder" may name a person."""
_FILTER = re.compile(r"(low|high|notch) (\d{1,6}(?:\.\d{1,6})?) Hz", re.ASCII)
_DERIVATION = re.compile(r"(\S+) of ([^;]*)")


@dataclass(frozen=True)
class Provenance:
    """What the lines tell; empty where they are silent. derived: pairs of a lead and the leads it was computed from."""

    exported_from: str
    producer: str
    filters: DeclaredFilters
    derived: tuple[tuple[str, str], ...]

    def told(self, source: Source) -> Source:
        """The same source with what the lines add."""
        return replace(source, exported_from=self.exported_from, producer=self.producer, filters=self.filters)

    def roles(self, roles: tuple[LeadRole, ...]) -> tuple[LeadRole, ...]:
        """The same roles with the derived leads marked."""
        of = dict(self.derived)
        return tuple(LeadRole(role.lead, RoleKind.DERIVED, of[role.lead] or None)
                     if role.lead in of and role.kind is RoleKind.RECORDED else role for role in roles)


def exported_from(recording: Recording) -> str:
    """Format and SHA-256 of the file a recording was read from: nothing that tells whose it is."""
    return f"{recording.source.format} {recording.source.sha256 or _NO_HASH}"


def lines_of(recording: Recording) -> list[str]:
    """The lines for a recording about to be written."""
    source = recording.source
    filters = [f"{kind} {value:g} Hz" for kind, value in (
        ("low", source.filters.low_cut_hz), ("high", source.filters.high_cut_hz), ("notch", source.filters.notch_hz))
        if value is not None]
    derived = [f"{role.lead} of {role.of or 'others'}" for role in recording.roles if role.kind is RoleKind.DERIVED]
    told = {_EXPORTED: exported_from(recording), _RECORDER: " ".join(source.producer.split()),
            _FILTERS: "; ".join(filter(None, (*filters, " ".join(source.filters.other.split())))),
            _DERIVED: "; ".join(derived)}
    return [f"{key}: {words}" for key, words in told.items() if words]


def read_lines(comments: Iterable[str]) -> tuple[Provenance, tuple[str, ...]]:
    """What the lines among a header's comments tell, and the comments that are none."""
    told: dict[str, str] = {}
    rest = []
    comments = tuple(comments)
    if not any(_OWN.fullmatch(line.removeprefix(f"{_EXPORTED}: ")) for line in comments):
        return Provenance("", "", DeclaredFilters(), ()), comments
    for line in comments:
        match = _LINE.fullmatch(line)
        if match is None or match[1] in told:
            rest.append(line)
        else:
            told[match[1]] = match[2]
    return Provenance(told.get(_EXPORTED, ""), told.get(_RECORDER, ""), _filters(told.get(_FILTERS, "")),
                      _derived(told.get(_DERIVED, ""))), tuple(rest)


def _filters(words: str) -> DeclaredFilters:
    corners: dict[str, float] = {}
    other = []
    for part in filter(None, map(str.strip, words.split(";"))):
        match = _FILTER.fullmatch(part)
        if match is None or match[1] in corners:
            other.append(part)
        else:
            corners[match[1]] = float(match[2])
    return DeclaredFilters(corners.get("low"), corners.get("high"), corners.get("notch"), "; ".join(other))


def _derived(words: str) -> tuple[tuple[str, str], ...]:
    found = []
    for lead, sources in _DERIVATION.findall(words):
        named = [canonical_lead(one) for one in sources.split(",")]
        if canonical_lead(lead) is not None:
            found.append((canonical_lead(lead) or "", ", ".join(one for one in named if one)))
    return tuple(found)

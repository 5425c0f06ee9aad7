"""DICOM ECG objects (12-lead, General, Ambulatory and General 32-bit ECG): decoded by pydicom, judged here."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from peace_model.ecg.formats import large
from peace_model.ecg.formats.contract import Format, ReadOptions, check_duration
from peace_model.ecg.formats.dicom_dataset import decoding_errors, ecg_kind, open_ecg, quiet, sha256
from peace_model.ecg.formats.dicom_groups import Group, chosen_group, groups_of, lead_places, shown_groups
from peace_model.ecg.formats.dicom_mark import is_dicom
from peace_model.ecg.formats.dicom_person import person_of
from peace_model.ecg.formats.dicom_samples import Channel, channels_of, fill, padding_digit, raw_samples
from peace_model.ecg.formats.dicom_values import first_item, items, text
from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.recording import (
    DeclaredFilters,
    Finding,
    LeadRole,
    Recording,
    RecordingError,
    RoleKind,
    Source,
    roles_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

NAME = "dicom"
ACQUISITION_EQUIPMENT = "109101"
"""DCM code: the purpose under which an exporting program names the recorder."""
EXPORTED_FROM = "Exported from "
"""Begins the contribution's description in our own exports."""
UNKNOWN_RECORDER = "Unknown"
"""Stands in our own exports where the recording does not tell its recorder: the standard wants a name there."""


@dataclass(frozen=True)
class _Part:
    """The leads that one group gives to the recording, from its sample `start` on."""

    place: int
    group: Group
    channels: tuple[Channel, ...]
    start: int


def read(path: Path, _options: ReadOptions) -> Recording:
    """Read one DICOM ECG object. Raises RecordingError."""
    path = path.absolute()
    with quiet():
        dataset = open_ecg(path)
        try:
            return _recording(path, dataset)
        except decoding_errors() as error:
            raise RecordingError(path, "data set", "it holds values that cannot be decoded",
                                 "export the recording again from the recorder or archive") from error


def _recording(path: Path, dataset: "Dataset") -> Recording:
    groups = groups_of(dataset)
    chosen = chosen_group(groups)
    if chosen is None:
        raise _nothing_chosen(path, groups)
    parts = _parts(path, groups, lead_places(groups, chosen))
    signal_mv = _signal(path, parts, little_endian=dataset.original_encoding[1] is not False)
    channels = [channel for part in parts for channel in part.channels]
    leads = tuple(channel.name.lead or "" for channel in channels)
    taken = tuple(part.place for part in parts)
    person = person_of(dataset)
    filters, filters_differ = _filters(channels)
    return Recording(
        signal_mv=signal_mv, fs_hz=chosen.fs_hz, leads=leads, roles=_roles(channels), age=person.age, sex=person.sex,
        recorded_at=person.recorded_at, patient_key=person.patient_key, identity=person.identity,
        source=Source(path, NAME, sha256(path), (path,), version=ecg_kind(dataset), producer=_producer(dataset),
                      quantum_mv=tuple(abs(channel.step_mv) for channel in channels), filters=filters,
                      groups=shown_groups(groups, taken), exported_from=_exported_from(dataset)),
        source_statements=person.statements, simulated=person.simulated,
        warnings=(*_warnings(groups, chosen, channels, taken), *filters_differ, *person.warnings))


def _nothing_chosen(path: Path, groups: tuple[Group, ...]) -> RecordingError:
    if any(group.leads for group in groups):
        return RecordingError(path, "Multiplex Group Label", "the object holds median beats only",
                              "export the rhythm data with it")
    return RecordingError(path, "leads", "no channel bears the name of an ECG lead",
                          "export the 12-lead or general ECG of the study")


def _parts(path: Path, groups: tuple[Group, ...], places: dict[str, tuple[int, int]]) -> tuple[_Part, ...]:
    """The groups that give leads, in the file's order, with the leads they give."""
    starts = dict(sorted(set(places.values())))
    first = min(starts.values())
    return tuple(
        _Part(place, groups[place], tuple(channel for channel in channels_of(path, groups[place])
                                          if places[channel.name.lead or ""][0] == place), start - first)
        for place, start in starts.items())


def _signal(path: Path, parts: tuple[_Part, ...], *, little_endian: bool) -> "NDArray[np.float32]":
    n_samples = max(part.start + part.group.n_samples for part in parts)
    n_leads = sum(len(part.channels) for part in parts)
    check_duration(path, n_samples=n_samples, n_signals=n_leads, fs_hz=parts[0].group.fs_hz)
    digits = [raw_samples(path, part.group, little_endian=little_endian) for part in parts]
    signal_mv = large.room_for(path, (n_leads, n_samples))
    if any(part.group.n_samples != n_samples for part in parts):
        signal_mv[:] = np.nan
    row = 0
    for part, held in zip(parts, digits, strict=True):
        into = signal_mv[row:row + len(part.channels), part.start:part.start + part.group.n_samples]
        fill(path, into, held, part.channels, padding_digit(path, part.group, held.dtype))
        row += len(part.channels)
    return signal_mv


def _roles(channels: list[Channel]) -> tuple[LeadRole, ...]:
    """Recorded, or derived where the channel's code or description says so."""
    leads = tuple(channel.name.lead or "" for channel in channels)
    own = [LeadRole(lead, RoleKind.DERIVED, _named_leads(channel.derived_from))
           if channel.name.derived or channel.derived_from else LeadRole(lead, RoleKind.RECORDED)
           for lead, channel in zip(leads, channels, strict=True)]
    return (*own, *roles_of(leads)[len(leads):])


def _named_leads(words: str) -> str | None:
    """The leads named in a derivation's description: "Derived from I, II" -> "I, II"."""
    named = [canonical_lead(word) for word in words.replace(",", " ").split()]
    return ", ".join(filter(None, named)) or None


def _filters(channels: list[Channel]) -> tuple[DeclaredFilters, tuple[Finding, ...]]:
    """The narrowest of all leads; a finding where they are not filtered alike."""
    lows = {channel.low_cut_hz for channel in channels}
    highs = {channel.high_cut_hz for channel in channels}
    notches = {channel.notch_hz for channel in channels}
    filters = DeclaredFilters(max(filter(None, lows), default=None), min(filter(None, highs), default=None),
                              min(filter(None, notches), default=None))
    if max(map(len, (lows, highs, notches))) == 1:
        return filters, ()
    return filters, (Finding("filters_differ", (), "The file declares different filters for different leads; the "
                             "narrowest are shown."),)


def _warnings(
        groups: tuple[Group, ...], chosen: Group, channels: list[Channel], taken: tuple[int, ...]) -> list[Finding]:
    found = []
    left_out = [name.shown for place in taken for name in groups[place].names if name.lead is None]
    if left_out:
        found.append(Finding("channels_left_out", (), "Channels that are no known ECG lead were left out: {channels}.",
                             (("channels", ", ".join(left_out)),)))
    contradicted = tuple(one.name.lead or "" for one in channels if one.name.contradicted)
    if contradicted:
        found.append(Finding("lead_names_contradict", contradicted, "{leads}: the file's code and its words name "
                             "different leads; the code is used.", (("leads", ", ".join(contradicted)),)))
    inverted = tuple(one.name.lead or "" for one in channels if one.step_mv < 0)
    if inverted:
        found.append(Finding("negative_gain", inverted, "{leads}: the header gives a negative gain, which turns the "
                             "stored signal upside down.", (("leads", ", ".join(inverted)),)))
    if not chosen.original:
        found.append(Finding("signal_derived", (), "The file says that this signal was computed from another one that "
                             "it does not hold."))
    if len(taken) > 1:
        joined = ", ".join(groups[place].label for place in taken)
        found.append(Finding("groups_joined", (), "The leads come from several groups of the file, each at its own "
                             "time: {groups}.", (("groups", joined),)))
    return found


def _producer(dataset: "Dataset") -> str:
    """Maker, model and software of the recorder, which an exporting program names among the contributors."""
    keywords = ("Manufacturer", "ManufacturerModelName", "SoftwareVersions")
    for item in items(dataset, "ContributingEquipmentSequence"):
        purpose = first_item(item, "PurposeOfReferenceCodeSequence")
        if purpose is not None and text(purpose, "CodeValue") == ACQUISITION_EQUIPMENT:
            told = " ".join(filter(None, (text(item, keyword) for keyword in keywords)))
            return "" if told == UNKNOWN_RECORDER else told
    return " ".join(filter(None, (text(dataset, keyword) for keyword in keywords)))


def _exported_from(dataset: "Dataset") -> str:
    told = (text(item, "ContributionDescription")[:200] for item in items(dataset, "ContributingEquipmentSequence"))
    return next((words for words in told if words.startswith(EXPORTED_FROM)), "").removeprefix(EXPORTED_FROM)


def _claims(_path: Path, head: bytes) -> bool:
    return is_dicom(head)


FORMAT = Format(name=NAME, title="DICOM ECG", suffixes=(".dcm", ".dicom", ".dic"), claims=_claims, read=read)

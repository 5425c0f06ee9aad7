"""The multiplex groups of a DICOM ECG: what each holds, and which one is the recording.

Two programs are known to have drawn the median beat because it stood in the wrong place; a group is never chosen by its
position, but by what the file says of it: original before derived, rhythm before anything else, then the most leads and
the longest. Groups that share a clock and a rate with the chosen one, as those of a strip chart, lend it their leads.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peace_model.ecg.formats.dicom_leads import ChannelName, channel_name
from peace_model.ecg.formats.dicom_values import count, items, number, text
from peace_model.ecg.recording import GroupKind, SignalGroup

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_MEDIAN = re.compile(r"median|average|\bmean\b|represent|template|beat|complex", re.IGNORECASE)
_A_BEAT_S = 2.0
"""A derived group as short as this is a beat, whatever its label."""
_MANY_LEADS = 8
_ON_THE_GRID = 0.02
"""How far, in samples, groups of one clock may lie beside each other's samples."""
_LONGEST_GAP_S = 1.0


@dataclass(frozen=True, eq=False)
class Group:
    """One multiplex group. names: one a channel. offset_ms: None where the file gives none."""

    item: "Dataset"
    label: str
    kind: GroupKind
    original: bool
    fs_hz: float
    n_samples: int
    offset_ms: float | None
    names: tuple[ChannelName, ...]

    @property
    def leads(self) -> tuple[str, ...]:
        return tuple(name.lead for name in self.names if name.lead is not None)

    @property
    def duration_s(self) -> float:
        return self.n_samples / self.fs_hz if self.fs_hz > 0 else 0.0


def groups_of(dataset: "Dataset") -> tuple[Group, ...]:
    """All groups in the file's order, whatever they are worth."""
    return tuple(_group(item, place) for place, item in enumerate(items(dataset, "WaveformSequence"), start=1))


def _group(item: "Dataset", place: int) -> Group:
    names = tuple(channel_name(channel, position)
                  for position, channel in enumerate(items(item, "ChannelDefinitionSequence"), start=1))
    label = text(item, "MultiplexGroupLabel")[:40]
    original = text(item, "WaveformOriginality").upper() != "DERIVED"
    fs_hz, n_samples = number(item, "SamplingFrequency") or 0.0, count(item, "NumberOfWaveformSamples")
    short = not original and fs_hz > 0 and n_samples / fs_hz < _A_BEAT_S
    if short or _MEDIAN.search(label):
        kind = GroupKind.MEDIAN
    else:
        kind = GroupKind.RHYTHM if original or "RHYTHM" in label.upper() else GroupKind.OTHER
    shown = label or f"{'ORIGINAL' if original else 'DERIVED'} {place}"
    return Group(item, shown, kind, original, fs_hz, n_samples, number(item, "MultiplexGroupTimeOffset"), names)


def chosen_group(groups: tuple[Group, ...]) -> Group | None:
    """The recording's own group; None where every group is a median beat or holds no ECG lead."""
    possible = [group for group in groups if group.kind is not GroupKind.MEDIAN and group.leads]
    return max(possible, default=None, key=lambda group: (
        group.original, group.kind is GroupKind.RHYTHM, min(_MANY_LEADS, len(set(group.leads))), group.duration_s,
        len(set(group.leads))))


def lead_places(groups: tuple[Group, ...], chosen: Group) -> dict[str, tuple[int, int]]:
    """Where each lead comes from: lead -> (place of its group, that group's first sample on the chosen one's clock).

    Other groups lend leads that the chosen one lacks, and to a strip chart's few leads their longer copies. Only groups
    of the same rate and originality do, whose own time offset puts their samples on the chosen one's grid.
    """
    found = {lead: (groups.index(chosen), 0) for lead in chosen.leads}
    of_a_strip_chart = len(found) < _MANY_LEADS
    first, last = 0, chosen.n_samples
    for place, group in enumerate(groups):
        start = _start(group, chosen)
        if group is chosen or start is None:
            continue
        lent = {lead: (place, start) for lead in group.leads if lead not in found or (
            of_a_strip_chart and group.n_samples > groups[found[lead][0]].n_samples)}
        gap = max(first - (start + group.n_samples), start - last)
        if lent and gap <= _LONGEST_GAP_S * chosen.fs_hz:
            found |= lent
            first, last = min(first, start), max(last, start + group.n_samples)
    return found


def _start(group: Group, chosen: Group) -> int | None:
    same = (group.original, group.fs_hz, group.kind) == (chosen.original, chosen.fs_hz, chosen.kind)
    if not same or not group.n_samples or chosen.offset_ms is None or group.offset_ms is None:
        return None
    start = (group.offset_ms - chosen.offset_ms) * chosen.fs_hz / 1000
    return round(start) if abs(start) < 1e12 and abs(start - round(start)) <= _ON_THE_GRID else None


def shown_groups(groups: tuple[Group, ...], taken: tuple[int, ...]) -> tuple[SignalGroup, ...]:
    """All groups as the recording lists them; `taken` holds the places of those it is made of."""
    return tuple(
        SignalGroup(group.label, group.kind, group.leads, group.fs_hz, group.n_samples, place in taken)
        for place, group in enumerate(groups))

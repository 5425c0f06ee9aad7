"""How a recording was made and read, in words: what a reader must know before believing what it shows.

Nothing here says what the recording shows: no diagnosis of a machine or header, so that a blind reader may see it all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from peace_desktop.report.terms import format_title, origin_words
from peace_desktop.report.wording import DOT, duration_words, filter_words
from peace_desktop.texts import _, age_words, as_fact, aside, in_clauses, listed, mark, put_together, render
from peace_model.ecg.age import Precision
from peace_model.ecg.formats.stored_form import DOCUMENT
from peace_model.ecg.recording import GroupKind, Origin, Recording, RoleKind, Source

_ORIGIN = {
    Origin.FILE: mark("stated by the file"),
    Origin.FORMAT: mark("fixed by the format"),
    Origin.PROFILE: mark("from the table's profile"),
    Origin.HAND: mark("entered by hand"),
}
_KIND = {GroupKind.RHYTHM: mark("rhythm"), GroupKind.MEDIAN: mark("median beat"), GroupKind.OTHER: mark("other")}
_PRECISION = {
    Precision.DAY: mark("known to the day"),
    Precision.MONTH: mark("known to the month"),
    Precision.YEAR: mark("known to the year"),
}


@dataclass(frozen=True)
class Fact:
    """One line of what is known; warning: it lessens what can be believed."""

    name: str
    value: str
    warning: bool = False


@dataclass(frozen=True)
class GroupRow:
    """One group of channels of the file in words."""

    name: str
    kind: str
    leads: str
    rate: str
    length: str
    chosen: bool


def about_facts(recording: Recording, *, kept: str = "") -> tuple[Fact, ...]:
    """Everything but the groups. kept: what the library keeps of the person, in words, "" where that is not told."""
    source = recording.source
    facts = [
        Fact(_("Format"), format_words(source)),
        Fact(_("Recorder"), source.producer or _("not stated")),
        *_file_facts(source),
        Fact(_("Sampling rate"), _("{rate} Hz, {origin}").format(
            rate=f"{recording.fs_hz:g}", origin=_(_ORIGIN[source.rate_origin]))),
        Fact(_("Gain"), _(_ORIGIN[source.gain_origin])),
        Fact(_("Step of the samples"), step_words(recording)),
        Fact(_("Recorder's filters"), filter_words(source.filters) or _("none declared")),
        *_lead_facts(recording),
        Fact(_("Length"), _("{duration}, {count} samples a lead").format(
            duration=duration_words(recording.duration_s), count=recording.n_samples)),
        Fact(_("Recorded"), _recorded(recording)),
        Fact(_("Age"), _age(recording)),
    ]
    if kept:
        facts.append(Fact(_("Identity"), kept))
    facts += [Fact(_("Warning"), render(finding), warning=True) for finding in recording.warnings]
    return tuple(facts)


def group_rows(recording: Recording) -> tuple[GroupRow, ...]:
    """The groups the file holds, in its order; () where its format knows only one."""
    return tuple(
        GroupRow(group.name or _("unnamed"), _(_KIND[group.kind]), str(len(group.leads)),
                 _("{rate} Hz").format(rate=f"{group.fs_hz:g}"), duration_words(group.n_samples / group.fs_hz),
                 group.chosen)
        for group in recording.source.groups)


def about_lines(recording: Recording) -> tuple[str, ...]:
    """The same facts in short, for print; leads, length and age stand elsewhere on the page."""
    source = recording.source
    parts = [
        DOT.join(part for part in (format_words(source), source.producer) if part),
        _("rate {origin}").format(origin=_(_ORIGIN[source.rate_origin])) + DOT
        + _("gain {origin}").format(origin=_(_ORIGIN[source.gain_origin])) + DOT
        + _("step {step}").format(step=step_words(recording)),
        _("Recorder's filters: {filters}").format(filters=filter_words(source.filters) or _("none declared")),
    ]
    parts += [_("Groups in the file: {groups}").format(groups=in_clauses(
        put_together(row.name, row.kind, row.length) + (_(" (shown)") if row.chosen else "")
        for row in rows))] if (rows := group_rows(recording)) else []
    parts += [as_fact(fact.name, fact.value) for fact in _lead_facts(recording)]
    parts += [_("SHA-256 {hash}").format(hash=source.sha256)]
    return tuple(parts)


def format_words(source: Source) -> str:
    """The format as people call it, with its version."""
    title = format_title(source.format)
    return f"{title}, {source.version}" if source.version else title


def step_words(recording: Recording) -> str:
    """One step of the samples in microvolts, of each lead where they differ."""
    steps = list(zip(recording.leads, recording.source.quantum_mv, strict=False))
    if not any(step for _lead, step in steps):
        return _("not told by the file")
    by_step = [(step, [lead for lead, _step in run]) for step, run in groupby(
        sorted(steps, key=lambda item: item[1] or 0.0), key=lambda item: item[1])]
    if len(by_step) == 1:
        return _step(by_step[0][0])
    return in_clauses(_step(step) + aside(listed(leads)) for step, leads in by_step)


def _step(step_mv: float | None) -> str:
    return _("{step} µV").format(step=f"{1000 * step_mv:.4g}") if step_mv else _("not told by the file")


def _file_facts(source: Source) -> Iterable[Fact]:
    names = [file.name for file in source.files]
    if names and names[0] != DOCUMENT:
        yield Fact(_("Files"), listed(names))
    elif names:
        yield Fact(_("Files"), _("the library's own copy, {files}").format(files=listed(names)))
    yield Fact(_("SHA-256"), source.sha256)
    if source.exported_from:
        yield Fact(_("Exported from"), source.exported_from)


def _lead_facts(recording: Recording) -> list[Fact]:
    roles = recording.roles
    recorded = [role.lead for role in roles if role.kind in (RoleKind.RECORDED, RoleKind.DUPLICATE)]
    facts = [Fact(_("Leads recorded"), listed(recorded) or _("none"))]
    derived = [_("{lead} of {sources}").format(lead=role.lead, sources=role.of) if role.of else role.lead
               for role in roles if role.kind is RoleKind.DERIVED]
    repeated = [_("{lead} repeats {other}").format(lead=role.lead, other=role.of)
                for role in roles if role.kind is RoleKind.DUPLICATE]
    if derived:
        facts.append(Fact(_("Leads derived"), in_clauses(derived)))
    if repeated:
        facts.append(Fact(_("Leads repeated"), in_clauses(repeated), warning=True))
    if recording.absent_leads:
        facts.append(Fact(_("Leads not recorded"), listed(recording.absent_leads)))
    return facts


def _recorded(recording: Recording) -> str:
    if recording.recorded_at is None:
        return _("time unknown")
    when = recording.recorded_at.strftime("%Y-%m-%d %H:%M")
    return f"{when} {_('(date shifted)')}" if recording.date_shifted else when


def _age(recording: Recording) -> str:
    age = recording.age
    if age is None:
        return age_words(None)
    return put_together(age_words(age), origin_words(age.origin), _(_PRECISION[age.precision]))

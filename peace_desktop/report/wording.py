"""What a report says of the person, the recording and the reading, in words."""

from datetime import UTC, datetime

from peace_desktop.report.clock import elapsed
from peace_desktop.report.gestation import born_words
from peace_desktop.report.later_correction import LaterCorrection, correction_short
from peace_desktop.report.printed import Status
from peace_desktop.report.terms import origin_words, reading_words, sex_words
from peace_desktop.review.reading import Reading, ReadingState
from peace_desktop.texts import _, listed, put_together
from peace_model.ecg.age import Age, age_band
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import DeclaredFilters, Recording, RoleKind, Sex
from peace_model.ecg.signal.section import SECTIONED_FROM_S, Section

DOT = " \N{MIDDLE DOT} "
DASH = "\N{EN DASH}"


def person_lines(age: Age | None, sex: Sex | None, gestational_age_weeks: int | None) -> tuple[str, ...]:
    """Sex and age band, then gestational age and where the age comes from."""
    born = born_words(gestational_age_weeks, age)
    if age is None:
        return (DOT.join(filter(None, (sex_words(sex), born))),
                _("No limits and no age-dependent verdict without an age."))
    band = _("age band {band}").format(band=_(age_band(age.days).text))
    origin = _("Age {origin}").format(origin=origin_words(age.origin))
    return (sex_words(sex) + DOT + band, DOT.join(filter(None, (born, origin))))


def recording_lines(recording: Recording) -> tuple[str, ...]:
    """Patient key; time; source with hash; rate, length and leads; leads that are derived, repeated or missing."""
    when = recording.recorded_at
    recorded = _("recorded {time}").format(time=when.strftime("%Y-%m-%d %H:%M")) if when is not None else _(
        "time of recording unknown")
    if recording.date_shifted:
        recorded += " " + _("(date shifted)")
    source = recording.source
    lines = [
        _("Patient key {key}").format(key=recording.patient_key or _("unknown")),
        recorded[:1].upper() + recorded[1:],
        _("Source file {format}, SHA-256 {hash}").format(format=source.format.upper(), hash=source.sha256[:12]),
        _("{count} leads, {rate} Hz, {duration}").format(
            count=len(recording.leads), rate=f"{recording.fs_hz:g}", duration=duration_words(recording.duration_s))
        + (DOT + _("recorder's filters: {filters}").format(filters=filter_words(source.filters))
           if source.filters else ""),
    ]
    told = [text for text in (_derived(recording), _missing(recording)) if text]
    return (*lines, DOT.join(told)) if told else tuple(lines)


def filter_words(filters: DeclaredFilters) -> str:
    """The recorder's filters in a few words: "0.05 to 150 Hz, mains 50 Hz"."""
    low, high = filters.low_cut_hz, filters.high_cut_hz
    band = (_("{low} to {high} Hz").format(low=f"{low:g}", high=f"{high:g}") if low is not None and high is not None
            else _("from {low} Hz").format(low=f"{low:g}") if low is not None
            else _("up to {high} Hz").format(high=f"{high:g}") if high is not None else "")
    notch = _("mains {hz} Hz").format(hz=f"{filters.notch_hz:g}") if filters.notch_hz is not None else ""
    return put_together(band, notch, filters.other)


def duration_words(duration_s: float) -> str:
    """How long a recording is: seconds, or hours, minutes and seconds of a long one."""
    if duration_s <= SECTIONED_FROM_S:
        return _("{seconds} s").format(seconds=f"{duration_s:.1f}")
    return _("{time} h").format(time=elapsed(duration_s))


def page_words(start_s: float, end_s: float, duration_s: float) -> str:
    """Which seconds of the recording a page shows."""
    if duration_s <= SECTIONED_FROM_S:
        return _("seconds {start}{dash}{end} of {all}").format(
            start=f"{start_s:.1f}", dash=DASH, end=f"{end_s:.1f}", all=f"{duration_s:.1f}")
    return _("time {start}{dash}{end} of {all}").format(
        start=elapsed(start_s, decimals=1), dash=DASH, end=elapsed(end_s, decimals=1), all=elapsed(duration_s))


def section_short(section: Section) -> str:
    """When a section was, beside a number."""
    return f"{elapsed(section.start_s)}{DASH}{elapsed(section.end_s)}"


def section_words(section: Section, duration_s: float) -> str:
    """What of a long recording the numbers concern."""
    return _("Analysed: {section} of {all}; nothing is said of the rest.").format(
        section=section_short(section), all=elapsed(duration_s))


def _derived(recording: Recording) -> str:
    derived = [role.lead for role in recording.roles if role.kind is RoleKind.DERIVED]
    repeated = [f"{role.lead} = {role.of}" for role in recording.roles if role.kind is RoleKind.DUPLICATE]
    words = [_("derived: {leads}").format(leads=listed(derived))] if derived else []
    return DOT.join(words + ([_("repeated: {leads}").format(leads=listed(repeated))] if repeated else []))


def _missing(recording: Recording) -> str:
    missing = [lead for lead in STANDARD_12 if lead not in recording.leads]
    return _("not recorded: {leads}").format(leads=listed(missing)) if missing else ""


def lead_notes(recording: Recording) -> dict[str, str]:
    """What stands beside the name of a lead that was not simply recorded."""
    notes = {}
    for role in recording.roles:
        if role.kind is RoleKind.DERIVED:
            notes[role.lead] = _("derived")
        elif role.kind is RoleKind.DUPLICATE:
            notes[role.lead] = f"= {role.of}"
    return notes


def status_of(reading: Reading | None, *, superseded: bool, corrected: LaterCorrection | None, printed_at: datetime
              ) -> Status:
    """PRELIMINARY until signed, FINAL, or AMENDED for a signed amendment and for a reading that one replaces.

    Short lines, of which the page has room for three; the reading's own block on the page says all of it.
    """
    if reading is None:
        return Status(_("PRELIMINARY"), (_("Not read by a person."),), False)
    amended = () if reading.amends is None else (
        _("Amends reading {reading}").format(reading=reading.amends[:12]),)
    if reading.signed_at is None:
        words = _("Not signed: {state} of {reader}.").format(state=reading_words(reading.state), reader=reading.reader)
        return Status(_("PRELIMINARY"), (words, *amended), False)
    signed = (_("Signed by {reader}").format(reader=reading.reader), time_words(reading.signed_at, printed_at))
    if superseded or (reading.state is ReadingState.AMENDED and reading.amends is None):
        return Status(_("AMENDED"), (_("A later reading replaces this one."), *signed), True)
    since = (correction_short(corrected),) if corrected is not None else ()
    return Status(_("FINAL") if reading.amends is None else _("AMENDED"), (*signed, *since, *amended), True)


def time_words(moment: datetime, printed_at: datetime) -> str:
    """A time in UTC and in the zone of the printing, when that is another."""
    utc = moment.astimezone(UTC)
    local = moment.astimezone(printed_at.tzinfo)
    text = utc.strftime("%Y-%m-%d %H:%M:%S UTC")
    if local.utcoffset() == utc.utcoffset():
        return text
    return _("{utc} ({local} local, UTC{offset})").format(
        utc=text, local=local.strftime("%H:%M"), offset=local.strftime("%z"))

"""Where a table's leads and time stand, in which unit and at which rate: from its header row, or from a profile.

What a file says is never overridden: a profile that contradicts the header row does not fit the file.
"""

from dataclasses import dataclass
from pathlib import Path

from peace_model.ecg.formats.contract import ReadOptions, mv_per_unit
from peace_model.ecg.formats.csv_header import CsvHeader, LeadColumn, TimeColumn, parse_csv_header, split_name, time_of
from peace_model.ecg.formats.csv_profile import COUNTS, IGNORED, SECONDS_PER_TIME_UNIT, TIME, CsvProfile
from peace_model.ecg.leads import canonical_lead
from peace_model.ecg.recording import Finding, Origin, RecordingError
from peace_model.words import mark, worded

CHOOSE_ANOTHER = mark("choose another profile, or make one for this table")


@dataclass(frozen=True)
class Scale:
    """millivolts: of one in the table, a lead each. rate_hz: None where a time column tells. quantum_mv: () if real."""

    millivolts: tuple[float, ...]
    gain_origin: Origin
    rate_hz: float | None
    rate_origin: Origin
    quantum_mv: tuple[float | None, ...]
    warnings: tuple[Finding, ...]


def header_of(path: Path, names: list[str], profile: CsvProfile | None) -> CsvHeader:
    """names: the header cells, or as many empty ones as there are columns. Raises RecordingError."""
    return parse_csv_header(path, names) if profile is None else _header_by_profile(path, names, profile)


def scale_of(path: Path, header: CsvHeader, options: ReadOptions, *, file_rate: bool = False) -> Scale:
    """Raises RecordingError with field "unit" or "sampling rate" where nobody tells them.

    file_rate: the file states its rate beside the table.
    """
    profile = options.profile
    unit = profile.unit if profile is not None and profile.unit else options.unit
    by_profile = profile is not None and profile.unit != "" and profile.name != ""
    millivolts = tuple(_millivolts(path, lead, unit, profile) for lead in header.leads)
    named = [lead.unit for lead in header.leads if lead.unit]
    warnings = []
    if len(named) < len(millivolts):
        without = tuple(lead.lead for lead in header.leads if not lead.unit)
        warnings.append(_unit_finding(without, unit or "", profile))
    rate_hz = profile.fs_hz if profile is not None and profile.fs_hz is not None else options.fs_hz
    rate_by_profile = profile is not None and profile.fs_hz is not None and profile.name != ""
    if header.time is None and rate_hz is None and not file_rate:
        raise no_rate(path)
    return Scale(
        millivolts=millivolts, warnings=tuple(warnings),
        gain_origin=Origin.FILE if len(named) == len(millivolts) else Origin.PROFILE if by_profile else Origin.HAND,
        rate_hz=rate_hz, rate_origin=Origin.PROFILE if rate_by_profile else Origin.HAND,
        quantum_mv=millivolts if unit == COUNTS else ())


def no_rate(path: Path) -> RecordingError:
    return RecordingError(path, "sampling rate", "the table gives no rate", "give the rate in samples per second")


def rate_finding(rate_hz: float, profile: CsvProfile | None) -> Finding:
    """That the rate was not the file's."""
    if profile is not None and profile.fs_hz is not None and profile.name:
        return Finding("rate_given_by_user", (), mark(
            "The file gives no sampling rate; {rate} Hz was taken from the profile '{profile}'."),
            (("rate", f"{rate_hz:g}"), ("profile", profile.name)))
    return Finding("rate_given_by_user", (), "The file gives no sampling rate; {rate} Hz was entered by hand.",
                   (("rate", f"{rate_hz:g}"),))


def _unit_finding(leads: tuple[str, ...], unit: str, profile: CsvProfile | None) -> Finding:
    shown = f"{profile.counts_per_mv:g} counts per mV" if profile is not None and unit == COUNTS else unit
    if profile is None or not profile.unit or not profile.name:
        return Finding("unit_given_by_user", leads, "The file gives no unit; {unit} was entered by hand.",
                       (("unit", shown),))
    return Finding("unit_given_by_user", leads, mark(
        "The file gives no unit; {unit} was taken from the profile '{profile}'."),
        (("unit", shown), ("profile", profile.name)))


def _millivolts(path: Path, lead: LeadColumn, unit: str | None, profile: CsvProfile | None) -> float:
    if not lead.unit and unit == COUNTS and profile is not None and profile.counts_per_mv:
        return 1 / profile.counts_per_mv
    chosen = lead.unit or unit
    if not chosen:
        raise RecordingError(
            path, "unit", worded("the column of lead {lead} names no unit", lead=lead.lead), "give the unit (mV or uV)")
    factor = mv_per_unit(chosen)
    if factor is None:
        raise RecordingError(
            path, worded("unit of lead {lead}", lead=lead.lead),
            worded("'{chosen}' is no voltage", chosen=chosen[:20]), "write mV, uV, nV or V in the header row")
    return factor


def _header_by_profile(path: Path, names: list[str], profile: CsvProfile) -> CsvHeader:
    """The profile's roles, checked against whatever the header cells say themselves."""
    if len(names) != len(profile.columns):
        raise misfit(path, profile, worded(
            "the table has {count} rows, {expected} are expected" if profile.transposed else
            "the table has {count} columns, {expected} are expected", count=len(names), expected=len(profile.columns)))
    leads: list[LeadColumn] = []
    left_out: list[str] = []
    time: TimeColumn | None = None
    for column, role in enumerate(profile.columns):
        cell = names[column].strip()
        name, unit = split_name(cell)
        said = canonical_lead(name)
        if said is not None and said != role and role != IGNORED:
            raise misfit(path, profile, worded(
                "row {place} is named {said}, {role} is expected" if profile.transposed else
                "column {place} is named {said}, {role} is expected", place=column + 1, said=said, role=role))
        if role == TIME:
            time = _time_by_profile(path, profile, name, unit, column)
        elif role == IGNORED:
            left_out += [cell[:30]] if cell else []
        else:
            leads.append(_lead_by_profile(path, profile, role, unit, column))
    return CsvHeader(tuple(leads), time, tuple(left_out))


def _lead_by_profile(path: Path, profile: CsvProfile, role: str, unit: str | None, column: int) -> LeadColumn:
    told = mv_per_unit(unit) if unit else None
    if told is not None and profile.unit and told != mv_per_unit(profile.unit):
        raise misfit(path, profile, worded(
            "lead {role} is in {unit}, {expected} is expected", role=role, unit=unit, expected=profile.unit))
    return LeadColumn(role, column, unit if told is not None else None)


def _time_by_profile(path: Path, profile: CsvProfile, name: str, unit: str | None, column: int) -> TimeColumn:
    told = time_of(name, unit) or None
    seconds = SECONDS_PER_TIME_UNIT.get(profile.time_unit)
    if told is not None and seconds is not None and told != seconds:
        raise misfit(path, profile, worded("its time column is not in {unit}", unit=profile.time_unit))
    return TimeColumn(column, told or seconds)


def misfit(path: Path, profile: CsvProfile, problem: str) -> RecordingError:
    """The error of a table that the profile was not made for."""
    what = worded("the profile '{name}'", name=profile.name) if profile.name else mark("what was told of another table")
    return RecordingError(
        path, "profile", worded("{what} does not fit: {problem}", what=what, problem=problem), CHOOSE_ANOTHER)

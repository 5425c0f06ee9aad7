"""Measurements and beats as rows of files: the same names and order as everywhere, null for what is not known."""

from collections.abc import Iterable, Sequence
from typing import Any

from peace_model.ecg.measurement.catalogue import catalogue
from peace_model.ecg.measurement.marks import Delineation, WaveMarks
from peace_model.ecg.measurement.rule_result import RuleResult
from peace_model.ecg.measurement.value import Measurement
from peace_model.ecg.recording import Finding, Recording
from peace_model.ecg.signal.lead_quality import lead_quality

BOUNDARIES = ("r", "p_on", "p_off", "qrs_on", "qrs_off", "t_on", "t_off")
ABOUT = ("recording", "sha256", "age_days", "sex", "fs_hz", "duration_s", "leads", "lead_quality", "findings", "flags",
         "unavailable")
RULE = "rule_"
_DECIMALS = {"ms": 1, "bpm": 1, "deg": 1, "mV": 4}
_SAMPLE_DECIMALS = 2

Cell = str | int | float | None


def table_row(name: str, recording: Recording, findings: Iterable[Finding], measurements: Sequence[Measurement],
              rules: Iterable[RuleResult]) -> dict[str, Cell]:
    """One recording: what it is, every measurement under its name, every rule as 1, 0 or nothing (not assessable).

    flags names what lies outside cross-checked limits, unavailable what has no value with the reason, once for each.
    """
    reasons: dict[str, list[str]] = {}
    for item in measurements:
        if item.value is None:
            reasons.setdefault(item.reason, []).append(item.name)
    row: dict[str, Cell] = {
        "recording": name, "sha256": recording.source.sha256,
        "age_days": recording.age.days if recording.age is not None else None, "sex": recording.sex,
        "fs_hz": recording.fs_hz, "duration_s": round(recording.duration_s, 3), "leads": " ".join(recording.leads),
        "lead_quality": " ".join(f"{item.lead}:{item.index:.2f}" for item in lead_quality(recording)),
        "findings": " ".join(dict.fromkeys(finding.code for finding in findings)),
        "flags": " ".join(f"{item.name}:{item.flag}" for item in measurements if item.flag in ("above", "below")),
        "unavailable": "; ".join(f"{reason}: {' '.join(names)}" for reason, names in reasons.items())}
    row |= {item.name: round(item.value, _DECIMALS.get(item.unit, 2)) if item.value is not None else None
            for item in measurements}
    return row | {f"{RULE}{rule.code}": None if rule.positive is None else int(rule.positive) for rule in rules}


def columns(rows: Sequence[dict[str, Cell]]) -> tuple[str, ...]:
    """All columns of a table: about the recording, the catalogue's order, further leads' as they come, the rules."""
    measured = [*(entry.name for entry in catalogue(())), *(name for row in rows for name in row)]
    rules = dict.fromkeys(name for row in rows for name in row if name.startswith(RULE))
    return (*ABOUT, *(name for name in dict.fromkeys(measured) if name not in ABOUT and name not in rules), *rules)


def beats_record(delineation: Delineation) -> dict[str, Any]:
    """The boundaries of every beat in samples, beat by beat in equal lists: over all leads, and in each under `leads`.

    A boundary that is not given is null.
    """
    leads = {lead: _lists([beat.leads[lead] for beat in delineation.beats]) for lead in delineation.leads}
    return _lists([beat.overall for beat in delineation.beats]) | {"leads": leads}


def _lists(marks: Sequence[WaveMarks]) -> dict[str, Any]:
    return {name: [None if (at := getattr(one, name)) is None else round(float(at), _SAMPLE_DECIMALS) for one in marks]
            for name in BOUNDARIES}

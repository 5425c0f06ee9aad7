"""One analysed recording as a JSON object, after resources/schema/analyze-1.json.

Null means unknown or unavailable, always with a reason beside it where there is one; NaN is never written.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from peace_desktop.jobs.case import CaseAnalysis
from peace_desktop.jobs.measured_record import measurements_record, quality_record, rules_record
from peace_desktop.texts import _, age_words, in_words, render
from peace_model.ecg.measurement import RuleResult, apply_rules
from peace_model.ecg.measurement.conventions import load_conventions
from peace_model.ecg.norms import Norms
from peace_model.ecg.recording import Finding, Recording
from peace_model.ecg.signal.consequences import CONSEQUENCES
from peace_model.explanation.trust import trust_of
from peace_model.inference.associated_here import findings_here
from peace_model.inference.bundle import Bundle
from peace_model.inference.prediction import PredictionResult, Reason

SCHEMA_VERSION = 1
MAP_DECIMALS = 4
"""A map is drawn in at most 256 shades; four decimals keep every one of them."""


def analysis_record(case: CaseAnalysis, *, source_name: str, bundle: Bundle | None, norms: Norms,
                    application_version: str) -> dict[str, Any]:
    """The JSON object of one recording. source_name: the file as the person named it, relative to what they gave."""
    result, conventions = case.prediction, load_conventions()
    rules = apply_rules(case.part, case.measurements)
    return {
        "schema_version": SCHEMA_VERSION,
        "recording": _recording(case.recording, source_name),
        "section": {"start_s": case.section.start_s, "end_s": case.section.end_s} if case.section is not None else None,
        "findings": [_finding(finding) for finding in case.findings],
        "lead_quality": quality_record(case.quality),
        "measurements": measurements_record(case.measurements, dict(norms.citations)),
        "rules": rules_record(rules),
        "predictions": _predictions(result),
        "associated_findings": _associated(result, rules),
        "prediction_error": case.prediction_error or None,
        "windows_s": [list(window) for window in result.windows_s] if result is not None else [],
        "explanations": _explanations(result),
        "versions": {
            "application": application_version,
            "pipeline": result.pipeline_version if result is not None else None,
            "bundle": _bundle(bundle, result),
            "norms": {"version": norms.version, "sha256": norms.sha256},
            "conventions": {"version": conventions.version, "sha256": conventions.sha256},
        },
    }


def record_text(record: dict[str, Any]) -> str:
    """The record as JSON text; ValueError should a number in it not be finite."""
    return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _recording(recording: Recording, source_name: str) -> dict[str, Any]:
    age = recording.age
    return {
        "source_file": source_name,
        "source_format": recording.source.format,
        "sha256": recording.source.sha256,
        "patient_key": recording.patient_key or None,
        "age_days": age.days if age is not None else None,
        "age_text": age_words(age),
        "age_precision": str(age.precision) if age is not None else None,
        "age_origin": age.origin if age is not None else None,
        "sex": recording.sex,
        "recorded_at": recording.recorded_at.isoformat() if recording.recorded_at is not None else None,
        "date_shifted": recording.date_shifted,
        "leads": [{"name": role.lead, "role": str(role.kind), "of": role.of} for role in recording.roles],
        "fs_hz": recording.fs_hz,
        "n_samples": recording.n_samples,
        "duration_s": recording.duration_s,
        "declared_filters": asdict(recording.source.filters) if recording.source.filters else None,
        "simulated": recording.simulated,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    means = CONSEQUENCES.get(finding.code)
    return {"code": finding.code, "leads": list(finding.leads), "text": render(finding),
            "means": {"measurement": _(means.measurement) or None, "model": _(means.model) or None}
            if means is not None else None}


def _predictions(result: PredictionResult | None) -> list[dict[str, Any]]:
    if result is None:
        return []
    return [
        {
            "label": item.label,
            "name": item.name,
            "probability": item.probability,
            "threshold": item.threshold,
            "positive": item.positive,
            "reasons": [*_reasons(result.general_reasons, "all labels"), *_reasons(item.reasons, "this label")],
        }
        for item in result.predictions
    ]


def _associated(result: PredictionResult | None, rules: Iterable[RuleResult]) -> list[dict[str, Any]]:
    if result is None:
        return []
    return [
        {
            "code": item.finding.code,
            "name": in_words(item.finding.name),
            "criterion": in_words(item.finding.criterion),
            "citation": item.finding.citation,
            "probability": item.finding.probability,
            "threshold": item.finding.threshold,
            "positive": item.finding.positive,
            "evidence": asdict(item.finding.evidence),
            "rule": item.rule.code if item.rule is not None else None,
            "standing": str(item.standing),
            "reasons": _reasons(result.general_reasons, "all labels"),
        }
        for item in findings_here(result.associated, rules)
    ]


def _reasons(reasons: Iterable[Reason], concerns: str) -> list[dict[str, str]]:
    return [{"code": reason.code, "concerns": concerns, "text": render(reason)} for reason in reasons]


def _explanations(result: PredictionResult | None) -> dict[str, dict[str, Any]]:
    """Label -> method -> map; a map of single leads has a row of values a lead."""
    if result is None:
        return {}
    by_label: dict[str, dict[str, Any]] = {}
    for label, method in dict.fromkeys((item.label, item.method) for item in result.explanations):
        maps = result.maps(label, method)
        rows = [[round(float(value), MAP_DECIMALS) for value in item.values] for item in maps]
        trust = trust_of(result, label, method)
        by_label.setdefault(label, {})[method] = {
            "values": rows if maps[0].lead is not None else rows[0],
            "start_s": maps[0].start_s,
            "step_s": maps[0].step_s,
            "lead": [item.lead for item in maps] if maps[0].lead is not None else None,
            "verdict": str(trust.verdict),
            "agreement": _number(trust.agreement),
            "trust": [render(sentence) for sentence in trust.sentences],
        }
    return by_label


def _bundle(bundle: Bundle | None, result: PredictionResult | None) -> dict[str, Any] | None:
    if bundle is None:
        return None
    return {
        "name": bundle.name,
        "version": bundle.version,
        "sha256": bundle.sha256,
        "description_sha256": bundle.description_sha256,
        "provider": result.provider if result is not None else None,
    }


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None

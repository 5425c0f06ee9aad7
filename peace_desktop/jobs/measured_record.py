"""The measured part of an analysis record: measurements with limits and strips, rule results, quality of the leads."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from peace_desktop.texts import _, render
from peace_model.ecg.measurement import Measurement, Note, RuleResult, percentile_strips, quantity
from peace_model.ecg.norms import Limit, LimitAnswer
from peace_model.ecg.signal.lead_quality import LeadQuality

QUALITY_DECIMALS = 3


def measurements_record(measurements: Iterable[Measurement], citations: Mapping[str, str]) -> dict[str, Any]:
    """Name -> measurement, in the catalogue's order."""
    return {item.name: _measurement(item, citations) for item in measurements}


def rules_record(results: Iterable[RuleResult]) -> list[dict[str, Any]]:
    """Every rule's result, those that cannot be assessed with the reason."""
    return [
        {
            "code": item.code,
            "name": _(item.name),
            "criterion": render(item),
            "value": _number(item.value),
            "unit": item.unit,
            "limit": _number(item.limit),
            "citation": item.citation,
            "kind": item.kind,
            "positive": item.positive,
            "reason": render(item.why) if item.why is not None else None,
            "notes": _notes(item.notes),
        }
        for item in results
    ]


def quality_record(quality: Iterable[LeadQuality]) -> dict[str, Any]:
    """Lead -> quality index and the levels it comes from."""
    return {
        item.lead: {"index": round(item.index, QUALITY_DECIMALS), "noise_mv": round(item.noise_mv, QUALITY_DECIMALS),
                    "mains_mv": round(item.mains_mv, QUALITY_DECIMALS),
                    "wander_mv": round(item.wander_mv, QUALITY_DECIMALS)}
        for item in quality
    }


def _measurement(item: Measurement, citations: Mapping[str, str]) -> dict[str, Any]:
    entry = quantity(item.name, item.lead)
    return {
        "name": _(entry.text),
        "lead": item.lead,
        "value": _number(item.value),
        "unit": item.unit,
        "word": (_(entry.word(item.value)) or None) if item.value is not None else None,
        "origin": item.origin,
        "confidence": _number(item.confidence),
        "reason": _(item.reason) or None,
        "notes": _notes(item.notes),
        "flag": item.flag,
        "limit": _answer(item.limit, citations) if item.limit is not None else None,
        "reference": _answer(item.reference, citations) if item.reference is not None else None,
        "strips": [
            {
                "source": strip.own.name,
                "may_flag": strip.may_flag,
                "approximate_z": _number(strip.approximate_z),
                "younger": _band(strip.younger),
                "own": _band(strip.own),
                "older": _band(strip.older),
            }
            for strip in percentile_strips(item)
        ],
    }


def _band(limit: Limit | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {"p02": _number(limit.p02), "p50": _number(limit.p50), "p98": _number(limit.p98),
            "age_min_days": limit.age_min_days, "age_max_days": limit.age_max_days}


def _answer(answer: LimitAnswer, citations: Mapping[str, str]) -> dict[str, Any]:
    return {
        "limits": [
            {
                "p02": _number(limit.p02), "p50": _number(limit.p50), "p98": _number(limit.p98), "unit": limit.unit,
                "lead": limit.lead or None, "sex": limit.sex, "age_min_days": limit.age_min_days,
                "age_max_days": limit.age_max_days, "source": limit.name, "citation": citations[limit.source],
                "cross_checked": limit.cross_checked, "transcriptions": list(limit.transcriptions),
            }
            for limit in answer.limits
        ],
        "near_boundary": answer.near_boundary,
        "reason": render(answer.reason) if answer.reason is not None else None,
    }


def _notes(notes: Iterable[Note]) -> list[dict[str, str]]:
    return [{"code": note.code, "text": render(note)} for note in notes]


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None

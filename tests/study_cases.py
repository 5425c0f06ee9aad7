"""Studies for tests: a protocol, and readings that go through their states."""

from collections.abc import Mapping
from datetime import UTC, datetime

from peace_desktop.review.blind_reading import lock, reveal
from peace_desktop.review.circumstances import Circumstances, Display, Shown, Stage, Versions
from peace_desktop.review.reading import Reading, new_draft, sign, with_statement
from peace_desktop.review.statements import Presence, Statement
from peace_desktop.review.study import Protocol, Rule

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
BUNDLE = "b" * 64
LABELS = ("RVH", "LVH")


def protocol(**changes: object) -> Protocol:
    values: dict[str, object] = {
        "study_id": "s" * 32, "name": "Right ventricles", "labels": LABELS, "mode": "blind",
        "readers": ("Dr A", "Dr B", "Dr C"), "readers_per_recording": 2, "order_seed": 7,
        "adjudication_rule": Rule.ANY, "indication_shown": False, "bundle_sha256": BUNDLE, "created_by": "Dr Chief",
        "created_at": NOW}
    return Protocol(**{**values, **changes})  # type: ignore[arg-type]


def drafted(sha256: str, reader: str, answers: Mapping[str, Presence], study: Protocol) -> Reading:
    draft = new_draft(sha256, reader, mode=study.mode, study_id=study.study_id)
    for label, presence in answers.items():
        draft = with_statement(draft, Statement(label, presence))
    return draft


def locked(sha256: str, reader: str, answers: Mapping[str, Presence], study: Protocol) -> Reading:
    return lock(drafted(sha256, reader, answers, study), study.labels, at=NOW)


def signed_after_reveal(reading: Reading, *changed: Statement) -> Reading:
    shown = reveal(reading, bundle_sha256=BUNDLE)
    for statement in changed:
        shown = with_statement(shown, statement)
    return sign(shown, reader=reading.reader, meaning="read", at=NOW)


def surrounding(reading: Reading, stage: Stage = "locked") -> Circumstances:
    return Circumstances(
        reading.reading_id, stage, 41.5, 3, 7,
        Shown(age=True, sex=True, indication=False, earlier_recordings=False, model_output=stage == "signed",
              rule_results=False, source_statements=False, other_readings=False, maps=("RVH/gradcam",)),
        Display("3x4+rhythm", 25.0, 10.0, False, "off"),
        Versions("0.1.0", BUNDLE, "1", "1.0.1", reading.recording_sha256))

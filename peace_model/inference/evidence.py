"""What the tests at release said of each kind of map, read from bundle.json: how far a map of a label has support.

The rule is applied where the tests are computed (`evaluation.explanation_checks`) and stands in the bundle in words;
here its verdicts are only read. A bundle that holds no verdict has not tested its maps, whatever it says of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from peace_model.inference.bundle_fields import Fields
from peace_model.inference.prediction import NOT_TESTED, Reason, Support, Verdict
from peace_model.words import mark, worded


class Failed(StrEnum):
    """A test that a map did not pass."""

    WEIGHTS = "weights"
    DELETION = "deletion"
    INSERTION = "insertion"


_SENTENCES = {
    Failed.WEIGHTS: mark("No support: such maps look much the same when the model's weights are random"),
    Failed.DELETION: mark("No support: the model needs what such maps mark no more than random places"),
    Failed.INSERTION: mark("No support: what such maps mark brings the answer back no sooner than random places"),
}


@dataclass(frozen=True)
class LabelCheck:
    """The verdict on one label's maps. failed: the tests not passed, in their order."""

    verdict: Verdict
    recordings: int
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True)
class ExplanationCheck:
    """What the tests said of one kind of map, in words and figures, and label by label."""

    text: str
    figures: Mapping[str, Any]
    labels: Mapping[str, LabelCheck]


def read_checks(section: Fields, codes: tuple[str, ...]) -> dict[str, ExplanationCheck]:
    """The field `explanation_checks`. Raises BundleError for a verdict or a test that is none, or an unknown label."""
    checks = {}
    for method, fields in section.children():
        labels = {}
        if "labels" in fields.content:
            for code, item in fields.section("labels").children():
                if code not in codes:
                    raise fields.error(f"labels.{code}", "is not a label of this bundle")
                labels[code] = _label_check(item)
        checks[method] = ExplanationCheck(fields.text("text"), fields.content, labels)
    return checks


def support_of(checks: Mapping[str, ExplanationCheck], *, method: str, label: str) -> Support:
    """What the bundle's tests allow to say of a label's map of a method."""
    if method not in checks or not checks[method].labels:
        return NOT_TESTED
    check = checks[method].labels.get(label)
    if check is None or check.verdict is Verdict.NOT_TESTED:
        count = str(check.recordings if check is not None else 0)
        return Support(Verdict.NOT_TESTED, Reason(
            "map_too_few", "Not tested: too few recordings with this label ({count})", (("count", count),)))
    count = str(check.recordings)
    if check.verdict is Verdict.SUPPORTED:
        return Support(Verdict.SUPPORTED, Reason(
            "map_supported", "Supported by tests on {count} recordings with this label", (("count", count),)))
    return Support(Verdict.UNSUPPORTED, Reason("map_unsupported", _SENTENCES[check.failed[0]]))


def _label_check(fields: Fields) -> LabelCheck:
    said, recordings = fields.text("verdict"), fields.integer("recordings")
    if said not in set(Verdict):
        raise fields.error("verdict", worded("is {said}, which is no verdict", said=said))
    verdict = Verdict(said)
    names = fields.content.get("failed", [])
    if not isinstance(names, list) or not set(names) <= set(Failed):
        raise fields.error("failed", "names no test of maps")
    if (verdict is Verdict.UNSUPPORTED) != bool(names):
        raise fields.error("failed", "does not go with the verdict")
    return LabelCheck(verdict, recordings, tuple(item for item in Failed if item in names))

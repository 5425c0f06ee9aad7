"""The result of one rule, and how a measured value is set against the limits that hold for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from peace_model.ecg.measurement.catalogue import quantity
from peace_model.ecg.measurement.conventions import Criterion, Kind, criteria
from peace_model.ecg.measurement.value import Measurement, Note
from peace_model.ecg.norms import Limit, load_norms
from peace_model.ecg.recording import Recording
from peace_model.words import mark

Side = Literal["above", "below"]
Bound = Limit | Criterion

NO_LIMIT = Note("no_limit", mark("no published limit at this age"))
NO_AGE = Note("age_unknown", mark("the age is unknown"))
PACED = Note("paced", mark("the beats are paced"))
_AGREEING = 2
"""Transcriptions of a publication that must agree before a rule uses a percentile that may not flag a measurement."""
_OPEN = Note("limits_disagree", mark("Another limit that may hold here is not passed."))


@dataclass(frozen=True)
class RuleResult:
    """One rule applied to a recording's measurements.

    name, template: English, to be translated; values fill the template into the criterion. value: what was compared;
    limit: the figure that decides, both in `unit`; None where there is none. kind: how firm the limit is.
    positive: None exactly when why says why the rule cannot be assessed. notes: what the reader should know beside it.
    """

    code: str
    name: str
    template: str
    values: tuple[tuple[str, str], ...]
    value: float | None
    unit: str
    limit: float | None
    citation: str
    kind: Kind | None
    positive: bool | None
    why: Note | None
    notes: tuple[Note, ...] = ()

    @property
    def criterion(self) -> str:
        return self.template.format(**dict(self.values))

    @property
    def reason(self) -> str:
        return self.why.text if self.why is not None else ""


@dataclass(frozen=True)
class Inputs:
    """What rules are applied to."""

    recording: Recording
    measured: Mapping[str, Measurement]

    def value(self, name: str) -> float | None:
        return self.measured[name].value

    def limits(self, name: str) -> tuple[Limit, ...]:
        """The percentiles of a measurement that a rule may use: cross-checked ones, else those two copies agree on."""
        item = self.measured[name]
        if item.limit is not None and item.limit.limits:
            return item.limit.limits
        others = item.reference.limits if item.reference is not None else ()
        return tuple(limit for limit in others if limit.transcriptions[2] >= _AGREEING and not limit.display_only)

    def criteria(self, code: str) -> tuple[Criterion, ...]:
        return criteria(code, age=self.recording.age, sex=self.recording.sex)

    @property
    def no_limit(self) -> Note:
        """Why no limit holds."""
        return NO_AGE if self.recording.age is None else NO_LIMIT

    @property
    def paced(self) -> bool:
        """Whether most beats are paced."""
        beats, paced = self.value("beats_count"), self.value("paced_beats_count")
        return beats is not None and paced is not None and 2 * paced > beats

    def stop(self, rule: "Rule", bounds: Sequence[Bound], *names: str, side: Side = "above") -> RuleResult | None:
        """The result where the rule cannot be applied: no limit, paced beats, or one of the measurements missing."""
        if not bounds:
            return rule.not_assessable(self.no_limit)
        why = PACED if self.paced else self.lacking(*names)
        return rule.not_assessable(why, bounds=bounds, side=side) if why is not None else None

    def lacking(self, *names: str) -> Note | None:
        """The first of the measurements that has no value, with its reason; None when all have one."""
        for name in names:
            item = self.measured[name]
            if item.value is None and item.lead is not None:
                return Note("not_measured", mark("{quantity} in {lead}: {reason}"),
                            (("quantity", words_of(item)), ("lead", item.lead), ("reason", item.reason)))
            if item.value is None:
                return Note("not_measured", mark("{quantity}: {reason}"),
                            (("quantity", words_of(item)), ("reason", item.reason)))
        return None


def words_of(item: Measurement) -> str:
    """A measurement's name in English words."""
    return quantity(item.name, item.lead).text


@dataclass(frozen=True)
class Rule:
    """What every result of a rule shares."""

    code: str
    name: str
    template: str
    unit: str
    values: tuple[tuple[str, str], ...] = ()

    def not_assessable(self, why: Note, *, bounds: Sequence[Bound] = (), side: Side = "above",
                       value: float | None = None) -> RuleResult:
        """No answer, with whatever limit is known all the same."""
        return self._result(value, bounds, side, None, why, ())

    def against(self, value: float, bounds: Sequence[Bound], side: Side, *, also: bool = True,
                notes: tuple[Note, ...] = ()) -> RuleResult:
        """Positive when the value lies on that side of every limit and the other conditions (`also`) hold too."""
        passed = [bound.position(value) == side for bound in bounds]
        open_notes = (_OPEN,) if also and any(passed) and not all(passed) else ()
        return self._result(value, bounds, side, also and bool(passed) and all(passed), None, (*notes, *open_notes))

    def within(self, value: float, bounds: Sequence[Bound], *, positive: bool, side: Side = "above",
               notes: tuple[Note, ...] = ()) -> RuleResult:
        """For a criterion of a range or a pattern that the caller has judged."""
        return self._result(value, bounds, side, positive, None, notes)

    def _result(self, value: float | None, bounds: Sequence[Bound], side: Side, positive: bool | None, why: Note | None,
                notes: tuple[Note, ...]) -> RuleResult:
        figures = [figure for bound in bounds if (figure := _figure(bound, side)) is not None]
        limit = (max(figures) if side == "above" else min(figures)) if figures else None
        shown = f"{limit:g}" if limit is not None else "\N{EN DASH}"
        citations = dict.fromkeys(_citation(bound) for bound in bounds)
        return RuleResult(self.code, self.name, self.template, (*self.values, ("limit", shown)), value, self.unit,
                          limit, " ".join(citations), _kind(bounds[0]) if bounds else None, positive, why, notes)


def _figure(bound: Bound, side: Side) -> float | None:
    if isinstance(bound, Limit):
        return bound.p98 if side == "above" else bound.p02
    return bound.high if side == "above" else bound.low


def _kind(bound: Bound) -> Kind:
    if isinstance(bound, Limit):
        return "published limit" if bound.cross_checked else "two transcriptions"
    return bound.kind


def _citation(bound: Bound) -> str:
    return dict(load_norms().citations)[bound.source] if isinstance(bound, Limit) else bound.citation

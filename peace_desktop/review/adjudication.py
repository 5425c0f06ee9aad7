"""Where readers differ, a third decides, without knowing who said what and never on an own case."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from peace_desktop.review.errors import StudyError
from peace_desktop.review.reading import Reading
from peace_desktop.review.statements import Presence
from peace_desktop.review.study import Protocol, Rule, answers_are_in
from peace_desktop.texts import _


@dataclass(frozen=True)
class Adjudication:
    """One decision on one label of one recording. A later one on the same label stands in place of an earlier one, in
    whatever order they came to a library (`order`).

    Raises StudyError without a name, and for a time without its zone.
    """

    adjudication_id: str
    study_id: str
    recording_sha256: str
    label: str
    presence: Presence
    adjudicator: str
    at: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "presence", Presence(self.presence))
        if not self.adjudicator.strip():
            raise StudyError(_("A decision needs the adjudicator's name."))
        if self.at.utcoffset() is None:
            raise StudyError(_("The time of a decision needs its time zone."))

    @property
    def order(self) -> tuple[datetime, str]:
        """The same at every site: the last one of a label holds."""
        return self.at, self.adjudication_id


@dataclass(frozen=True)
class Case:
    """A disagreement to be decided. answers: without names, in an order that tells nothing of who gave them."""

    study_id: str
    recording_sha256: str
    label: str
    answers: tuple[Presence, ...]


def study_answer(protocol: Protocol, reading: Reading, label: str) -> Presence | None:
    """What counts for agreement and reference: the locked answer of a blind reading, the signed one of an open one."""
    said = (reading.locked if reading.locked is not None else reading).statement(label)
    return said.presence if said is not None and answers_are_in(protocol, reading) else None


def first_readings(protocol: Protocol, readings: Iterable[Reading]) -> dict[str, Reading]:
    """Reader -> the reading of this study that counts: the first; an amendment is made after all is seen."""
    return {reading.reader: reading for reading in readings
            if reading.study_id == protocol.study_id and reading.amends is None}


def answers_of(protocol: Protocol, readings: Iterable[Reading], readers: Sequence[str], label: str
               ) -> dict[str, Presence] | None:
    """Reader -> answer of all readers of a recording; None while one of them has not answered."""
    mine = first_readings(protocol, readings)
    said = {reader: study_answer(protocol, mine[reader], label) if reader in mine else None for reader in readers}
    answers = {reader: presence for reader, presence in said.items() if presence is not None}
    return answers if len(answers) == len(readers) else None


def agreed(answers: Sequence[Presence], rule: Rule) -> Presence | None:
    """The answer the readers share under a rule, None where an adjudicator is needed."""
    (first, count), = Counter(answers).most_common(1)
    needed = len(answers) if rule is Rule.ANY else len(answers) // 2 + 1
    return first if count >= needed else None


def open_cases(protocol: Protocol, assigned: Mapping[str, Sequence[str]], readings: Mapping[str, Sequence[Reading]],
               decided: Iterable[Adjudication], *, adjudicator: str) -> tuple[Case, ...]:
    """What an adjudicator is to decide, in an order drawn from the study's seed.

    assigned: recording -> its readers; readings: recording -> its readings. Left out are labels decided before,
    recordings whose readers have not all answered, and the adjudicator's own.
    """
    done = {(item.recording_sha256, item.label) for item in decided}
    cases = []
    for sha256, readers in assigned.items():
        if adjudicator in readers:
            continue
        for label in protocol.labels:
            answers = answers_of(protocol, readings.get(sha256, ()), readers, label)
            if answers is None or (sha256, label) in done or agreed(
                    tuple(answers.values()), protocol.adjudication_rule) is not None:
                continue
            cases.append(Case(protocol.study_id, sha256, label, _anonymous(protocol, sha256, label, answers)))
    return tuple(sorted(cases, key=lambda case: _draw(protocol, case.recording_sha256, case.label)))


def reference_of(protocol: Protocol, readers: Sequence[str], readings: Sequence[Reading],
                 decided: Iterable[Adjudication], label: str) -> Presence | None:
    """The reference for a label of a recording: decided, else agreed under the protocol's rule, else None."""
    decisions = [item for item in decided if item.label == label]
    if decisions:
        return max(decisions, key=lambda item: item.order).presence
    answers = answers_of(protocol, readings, readers, label)
    return None if answers is None else agreed(tuple(answers.values()), protocol.adjudication_rule)


def refuse_own_case(adjudicator: str, readers: Iterable[str]) -> None:
    """Raises StudyError when the adjudicator is one of the recording's readers."""
    if adjudicator in set(readers):
        raise StudyError(_("A reader never decides on a recording they have read for the same study."))


def _draw(protocol: Protocol, *parts: str) -> bytes:
    return hashlib.sha256("\0".join((str(protocol.order_seed), *parts)).encode()).digest()


def _anonymous(protocol: Protocol, sha256: str, label: str, answers: Mapping[str, Presence]) -> tuple[Presence, ...]:
    order = sorted(answers, key=lambda reader: _draw(protocol, sha256, label, reader))
    return tuple(answers[reader] for reader in order)

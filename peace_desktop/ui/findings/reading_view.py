"""What the reading's part of the side column says: pure functions from readings to words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peace_desktop.library.records import Person
from peace_desktop.report.later_correction import correction_short, correction_words
from peace_desktop.report.terms import reading_words
from peace_desktop.review.reading import SIGNED_STATES, WRITABLE_STATES, Reading, ReadingState, shown_state
from peace_desktop.texts import _, as_fact, mark, ngettext
from peace_desktop.ui.findings.later_correction import later_correction

CONFIDENCE_WORDS = (mark("1 very low"), mark("2 low"), mark("3 middle"), mark("4 high"), mark("5 very high"))


@dataclass(frozen=True)
class ReadingView:
    """editable: statements may change. signed: the reading shown is final. line: its state in words.

    step: what the button at the foot does next, "" where nothing follows.
    """

    line: str
    editable: bool
    signed: bool
    amendable: bool
    earlier: tuple[str, ...]
    step: str = ""


def state_words(state: ReadingState | None) -> str:
    """A reading's state; None where nobody has read the recording."""
    return reading_words(state) if state is not None else _("not read")


def time_words(moment: datetime) -> str:
    """A moment in the reader's own time zone, with the zone."""
    local = moment.astimezone()
    return f"{local:%Y-%m-%d %H:%M} {local.tzname() or ''}".strip()


def reading_view(reading: Reading | None, others: Sequence[Reading], *, history: Sequence[Person] = (),
                 barred: bool = False) -> ReadingView:
    """others: every stored reading of the recording, the shown one may be among them. history: of the person, oldest
    first. barred: nothing may be said.
    """
    everything = tuple(others) + ((reading,) if reading is not None else ())
    earlier = tuple(earlier_words(other, everything, history) for other in others
                    if reading is None or other.reading_id != reading.reading_id)
    if reading is None:
        return ReadingView(_("Not read yet."), editable=not barred, signed=False, amendable=False, earlier=earlier,
                           step=_("Sign…"))
    if reading.state in SIGNED_STATES:
        return ReadingView(_signed_line(reading, history), editable=False, signed=True, amendable=not barred,
                           earlier=earlier)
    line = _("Draft by {reader}.").format(reader=reading.reader)
    if reading.amends is not None:
        line = _("Amendment in work by {reader}: {reason}").format(
            reader=reading.reader, reason=reading.amendment_reason)
    if reading.locked is not None:
        line = _("Locked by {reader}, {time}. The locked answers do not change any more.").format(
            reader=reading.reader, time=time_words(reading.locked.at))
    return ReadingView(line, editable=not barred and reading.state in WRITABLE_STATES, signed=False, amendable=False,
                       earlier=earlier, step=_step(reading))


def _step(reading: Reading) -> str:
    if reading.state is ReadingState.LOCKED:
        return _("Reveal")
    return _("Lock…") if reading.blind else _("Sign…")


def _signed_line(reading: Reading, history: Sequence[Person]) -> str:
    if reading.signed_at is None or reading.meaning is None:
        raise ValueError("a signed reading carries its time and meaning")
    line = _("Final. Signed by {reader}, {time}, meaning: {meaning}. It does not change any more.").format(
        reader=reading.reader, time=time_words(reading.signed_at), meaning=reading_words(reading.meaning.value))
    corrected = later_correction(history, reading)
    return f"{line} {correction_words(corrected, time_words(corrected.at))}" if corrected is not None else line


def earlier_words(reading: Reading, everything: Sequence[Reading], history: Sequence[Person]) -> str:
    """One line for a reading that is not the shown one."""
    state = state_words(shown_state(reading, everything))
    said = ngettext("{n} statement", "{n} statements", len(reading.statements)).format(n=len(reading.statements))
    when = f", {time_words(reading.signed_at)}" if reading.signed_at is not None else ""
    corrected = later_correction(history, reading)
    since = f" \N{MIDDLE DOT} {correction_short(corrected)}" if corrected is not None else ""
    return as_fact(reading.reader, f"{state}{when} \N{MIDDLE DOT} {said}{since}")

"""What an import says of its files: pure functions from outcomes to words."""

from collections import Counter
from collections.abc import Sequence

from peace_desktop.jobs.import_outcomes import Fate, Outcome
from peace_desktop.texts import _, ngettext, put_together

_STEADY_S = 1.0
"""A rate told after less would jump."""


def count(outcomes: Sequence[Outcome], fate: Fate) -> int:
    return sum(1 for outcome in outcomes if outcome.fate is fate)


def fate_words(fate: Fate) -> str:
    """What became of a file, or would become of it, in a word or two."""
    return {Fate.NEW: _("new"), Fate.IMPORTED: _("imported"), Fate.DUPLICATE: _("known already"),
            Fate.ASKS: _("asks for something"), Fate.REFUSED: _("refused")}[fate]


def looked_headline(numbers: Counter[Fate]) -> str:
    """One line after the first look; nothing has been imported yet."""
    new = ngettext("{n} new recording", "{n} new recordings", numbers[Fate.NEW]).format(n=f"{numbers[Fate.NEW]:,}")
    known = _("{n} known already").format(n=f"{numbers[Fate.DUPLICATE]:,}")
    parts = [new, *([known] if numbers[Fate.DUPLICATE] else []), *_not_in(numbers)]
    return _("{found}. Nothing is imported yet.").format(found=put_together(*parts))


def cancelled_look_headline(numbers: Counter[Fate]) -> str:
    """One line after a look that was cancelled."""
    return _("Looking was cancelled after {n} files; nothing was imported.").format(n=f"{sum(numbers.values()):,}")


def headline(outcomes: Sequence[Outcome], *, cancelled: bool, left: int = 0) -> str:
    """One line: how many were imported, known already, refused, and wait for an answer."""
    if not outcomes and not cancelled:
        return _("No recording was found. The help tells which files can be opened.")
    numbers = Counter(outcome.fate for outcome in outcomes)
    parts = [ngettext("{n} recording imported", "{n} recordings imported", numbers[Fate.IMPORTED]).format(
        n=f"{numbers[Fate.IMPORTED]:,}")]
    if not numbers[Fate.IMPORTED]:
        parts = [_("Nothing imported")]
    text = put_together(*parts, *_others(numbers))
    return f"{text}. {left_words(left)}" if cancelled else text


def left_words(left: int) -> str:
    """Of an import that ended before its end."""
    said = ngettext("Cancelled: what was imported stays in the library, {n} file is left.",
                    "Cancelled: what was imported stays in the library, {n} files are left.", left)
    return said.format(n=f"{left:,}")


def trouble_words(trouble: str, outcomes: Sequence[Outcome]) -> str:
    """Of an import that could not go on: the reason, and what is in the library whole."""
    return trouble + " " + ngettext(
        "{n} recording of this import is in the library, whole; nothing is in by half.",
        "{n} recordings of this import are in the library, each whole; nothing is in by half.",
        count(outcomes, Fate.IMPORTED)).format(n=f"{count(outcomes, Fate.IMPORTED):,}")


def walk_words(done: int, found: int) -> str:
    """While the folders are still walked: how many files of those found so far are done."""
    return _("{done} of {found} files found so far").format(done=f"{done:,}", found=f"{found:,}")


def pace_words(done: int, total: int, *, begun_at: int, elapsed_s: float) -> str:
    """ "312 of 2,000 files, 54 a second, about 31 s left"; rate and rest only once they are steady."""
    said = _("{done} of {total} files").format(done=f"{done:,}", total=f"{total:,}")
    if elapsed_s < _STEADY_S or done <= begun_at:
        return said
    per_s = (done - begun_at) / elapsed_s
    left_s = (total - done) / per_s
    rest = _("{n} s").format(n=f"{max(1, round(left_s))}") if left_s < 90 else _("{n} min").format(
        n=f"{round(left_s / 60)}")
    return _("{files}, {rate} a second, about {rest} left").format(
        files=said, rate=f"{per_s:.0f}" if per_s >= 10 else f"{per_s:.1f}", rest=rest)


def reason(outcome: Outcome) -> str:
    """Why a file was or would not be imported, "" for one that is or can be."""
    if outcome.fate is Fate.DUPLICATE:
        return outcome.said or _("{file}: in the library already").format(file=outcome.found.path.name)
    return outcome.said


def lines(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """One line for every file that was not imported, with the reason and the remedy; known ones last."""
    asked = [reason(outcome) for outcome in outcomes if outcome.fate in (Fate.REFUSED, Fate.ASKS)]
    return tuple(asked + [reason(outcome) for outcome in outcomes if outcome.fate is Fate.DUPLICATE])


def _others(numbers: Counter[Fate]) -> list[str]:
    parts = []
    if numbers[Fate.DUPLICATE]:
        parts.append(ngettext("{n} was in the library already", "{n} were in the library already",
                              numbers[Fate.DUPLICATE]).format(n=f"{numbers[Fate.DUPLICATE]:,}"))
    return parts + _not_in(numbers)


def _not_in(numbers: Counter[Fate]) -> list[str]:
    parts = []
    if numbers[Fate.REFUSED]:
        parts.append(ngettext("{n} refused", "{n} refused", numbers[Fate.REFUSED]).format(
            n=f"{numbers[Fate.REFUSED]:,}"))
    if numbers[Fate.ASKS]:
        parts.append(ngettext("{n} needs an answer", "{n} need an answer", numbers[Fate.ASKS]).format(
            n=f"{numbers[Fate.ASKS]:,}"))
    return parts

"""What an import says at its end: pure functions from outcomes to words."""

from collections.abc import Sequence

from peace_desktop.jobs.importing import Fate, Outcome
from peace_desktop.texts import _, ngettext


def count(outcomes: Sequence[Outcome], fate: Fate) -> int:
    return sum(1 for outcome in outcomes if outcome.fate is fate)


def headline(outcomes: Sequence[Outcome], *, cancelled: bool) -> str:
    """One line: how many were imported, known already, refused, and wait for an answer."""
    numbers = {fate: count(outcomes, fate) for fate in Fate}
    parts = [ngettext("{n} recording imported", "{n} recordings imported", numbers[Fate.IMPORTED]).format(
        n=numbers[Fate.IMPORTED])]
    if numbers[Fate.DUPLICATE]:
        parts.append(ngettext("{n} was in the library already", "{n} were in the library already",
                              numbers[Fate.DUPLICATE]).format(n=numbers[Fate.DUPLICATE]))
    if numbers[Fate.REFUSED]:
        parts.append(ngettext("{n} refused", "{n} refused", numbers[Fate.REFUSED]).format(n=numbers[Fate.REFUSED]))
    if numbers[Fate.ASKS]:
        parts.append(ngettext("{n} needs an answer", "{n} need an answer", numbers[Fate.ASKS]).format(
            n=numbers[Fate.ASKS]))
    if not outcomes:
        parts = [_("No recording was found. The help tells which files can be opened.")]
    text = ", ".join(parts) if outcomes else parts[0]
    return f"{text}. {_('Cancelled; the rest was left.')}" if cancelled else text


def lines(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """One line for every file that was not imported, with the reason and the remedy."""
    said = [outcome.said for outcome in outcomes if outcome.fate in (Fate.REFUSED, Fate.ASKS)]
    said += [_("{file}: in the library already").format(file=outcome.found.path.name)
             for outcome in outcomes if outcome.fate is Fate.DUPLICATE]
    return tuple(said)

"""What the card of a study says over the side column: which study and place, what is hidden and why, what is next."""

from collections.abc import Mapping
from dataclasses import dataclass

from peace_desktop.jobs.blindness import Blindness
from peace_desktop.jobs.study_session import StudyItem, StudySession
from peace_desktop.report.terms import method_words
from peace_desktop.review.blind_reading import unanswered
from peace_desktop.review.map_ratings import Rating
from peace_desktop.review.reading import SIGNED_STATES, Reading, ReadingState
from peace_desktop.review.study import Protocol
from peace_desktop.texts import _, listed, mark, ngettext
from peace_desktop.ui.action_table import action
from peace_desktop.ui.actions import keys_text

HIDDEN = mark("model, maps, rules, machine, header, other readings")
_HIDDEN_BESIDE_THE_MODEL = mark("rules, machine, header, other readings")
_NAMED_AT_MOST = 4


@dataclass(frozen=True)
class MapToRate:
    """The map on the screen, and how the reader has rated it so far."""

    label: str
    method: str
    bundle_sha256: str
    words: str
    rating: Rating | None
    editable: bool


@dataclass(frozen=True)
class StudyCard:
    """heading: study and place, "" where no study is read. state: what comes next. hidden: what and why, "" for
    nothing. indication: why the ECG was taken, "" where it is unknown or not to be shown.
    """

    heading: str
    state: str
    hidden: str
    indication: str
    map: MapToRate | None = None


def study_card(session: StudySession | None, sha256: str, blindness: Blindness, reading: Reading | None,
               map_to_rate: MapToRate | None) -> StudyCard | None:
    """None where there is no study and nothing is hidden."""
    item = session.item(sha256) if session is not None else None
    if session is None or item is None:
        return StudyCard("", "", barred_words(blindness, None), "") if blindness else None
    protocol = session.protocol
    heading = _("{study} \N{MIDDLE DOT} {place} of {all}").format(
        study=protocol.name, place=item.position, all=len(session.items))
    barred = barred_words(blindness, protocol.study_id)
    indication = ""
    if protocol.indication_shown:
        indication = _("Indication: {words}").format(words=item.indication or _("not known"))
    return StudyCard(heading, _("This study is closed.") if session.closed else
                     _state(reading, protocol.labels, session, item),
                     barred or _hidden(reading, protocol) if blindness else "", indication,
                     map_to_rate if not blindness else None)


def barred_words(blindness: Blindness, study_id: str | None) -> str:
    """Why nothing can be written about a recording here: it is to be read blind elsewhere. "" where it can.

    study_id: of the study it is opened for, None outside studies.
    """
    if not blindness or study_id in blindness.study_ids:
        return ""
    return _("To be read blind for the study \"{study}\": hidden until then are {hidden}. Open it in that study "
             "({key}).").format(study=listed(blindness.study_names), hidden=_(HIDDEN),
                                key=keys_text(action("studies")))


def _hidden(reading: Reading | None, protocol: Protocol) -> str:
    hidden = _(HIDDEN if protocol.bundle_sha256 is not None else _HIDDEN_BESIDE_THE_MODEL)
    if reading is not None and reading.state is ReadingState.LOCKED:
        return _("Blind. Still hidden: {hidden}.").format(hidden=hidden)
    return _("Blind. Hidden until you lock and reveal: {hidden}.").format(hidden=hidden)


def missing_words(reading: Reading | None, labels: tuple[str, ...], names: Mapping[str, str]) -> str:
    """The labels asked for that are not answered yet; "" when all are."""
    missing = [names.get(label, label) for label in unanswered(reading, labels)]
    if not missing:
        return ""
    told = listed(missing[:_NAMED_AT_MOST])
    more = len(missing) - _NAMED_AT_MOST
    if more > 0:
        told += ngettext(" and {n} more", " and {n} more", more).format(n=more)
    return _("Not answered yet: {labels}.").format(labels=told)


def _state(reading: Reading | None, labels: tuple[str, ...], session: StudySession, item: StudyItem) -> str:
    state = reading.state if reading is not None else ReadingState.DRAFT
    key = keys_text(action("sign"))
    if state in SIGNED_STATES:
        return _signed(session, item)
    if state is ReadingState.LOCKED:
        return _("Answers locked. {key} reveals what was hidden.").format(key=key)
    if state is ReadingState.REVEALED:
        return _("Revealed. Change your mind where you do, then {key} signs.").format(key=key)
    missing = len(unanswered(reading, labels))
    if missing:
        return _("{n} of {all} labels answered.").format(n=len(labels) - missing, all=len(labels))
    return _("All answered. {key} locks your answers.").format(key=key) if session.protocol.mode == "blind" else _(
        "All answered. {key} signs.").format(key=key)


def _signed(session: StudySession, item: StudyItem) -> str:
    """What comes after a signature: the next one, one that was passed over, or nothing more."""
    left = sum(other.state not in SIGNED_STATES for other in session.items if other is not item)
    if not left:
        return _("Signed, and with it everything of this study. {key} goes back to the worklist.").format(
            key=keys_text(action("leave_study")))
    if session.neighbour(item.sha256, 1):
        return _("Signed. {key} goes on to the next recording.").format(key=keys_text(action("next_recording")))
    return ngettext("Signed. This was the end of your list; {n} before it is still to be signed.",
                    "Signed. This was the end of your list; {n} before it are still to be signed.", left).format(n=left)


def rating_words(rating: Rating) -> str:
    """A rating in the reader's language."""
    return _(_RATINGS[rating])


_RATINGS = {Rating.PLAUSIBLE: mark("Plausible"), Rating.IMPLAUSIBLE: mark("Implausible"),
            Rating.NOT_INTERPRETABLE: mark("Not interpretable")}


def map_words(name: str, method: str) -> str:
    """Which map is rated."""
    return _("Map of {label} ({method}):").format(label=name, method=method_words(method))

"""The words of DESIGN's glossary in the reader's language: the same on screen and in print."""

from typing import Protocol

from peace_desktop.review.agreement import Agreement
from peace_desktop.review.statements import Presence
from peace_desktop.texts import _, mark, pgettext, pmark
from peace_model.ecg.formats.registry import FORMATS
from peace_model.ecg.recording import Sex
from peace_model.ecg.signal.filters import NOTCH
from peace_model.inference.prediction import Verdict

_SEX: dict[Sex | None, str] = {"F": mark("Female"), "M": mark("Male"), None: mark("Sex unknown")}
_ORIGINS = {
    "file header": mark("from the file's header"),
    "side-car table": mark("from the side-car table"),
    "entered by reader": mark("entered by a reader"),
    "birth date": mark("from the birth date"),
    "simulation": mark("as simulated"),
}
_PRESENCE = {
    Presence.PRESENT: pmark("statement", "Present"),
    Presence.ABSENT: pmark("statement", "Absent"),
    Presence.UNCERTAIN: pmark("statement", "Uncertain"),
    Presence.NOT_ASSESSABLE: pmark("statement", "Not assessable"),
}
_AGREEMENT: dict[Agreement, str] = {"agrees": mark("agrees"), "disagrees": mark("disagrees"), "none": ""}
_READING = {
    "assigned": mark("assigned"),
    "draft": mark("draft"),
    "locked": mark("locked"),
    "revealed": mark("revealed"),
    "final": mark("final"),
    "amended": mark("amended"),
    "read": mark("read"),
    "open": mark("open reading"),
    "blind": mark("blind reading"),
}
_METHODS = {"gradcam": "Grad-CAM++", "attention": mark("Attention"),
            "occlusion": mark("Occlusion")}
_HATCHES = {Verdict.SUPPORTED: "", Verdict.NOT_TESTED: mark("hatched = not tested"),
            Verdict.UNSUPPORTED: mark("cross-hatched = without support")}


_FORMATS = {form.name: form.title for form in FORMATS}


class Filter(Protocol):
    """What is said of a display filter (peace_model.ecg.signal.filters.FilterSetting)."""

    def label(self, notch: str = ...) -> str: ...


def sex_words(sex: Sex | None) -> str:
    return _(_SEX[sex])


def format_title(name: str) -> str:
    """A file format as people call it, by the name that is stored; one without a title is called by that name."""
    return _(_FORMATS.get(name, name))


def origin_words(origin: str) -> str:
    """Where an age comes from; an origin without words is shown as its source wrote it."""
    return _(_ORIGINS[origin]) if origin in _ORIGINS else origin


def presence_words(presence: Presence) -> str:
    return pgettext("statement", _PRESENCE[presence])


def agreement_words(agreement: Agreement) -> str:
    """ "" where there is nothing to agree with."""
    return _(_AGREEMENT[agreement])


def reading_words(word: str) -> str:
    """A reading's state, meaning or mode in the reader's language."""
    return _(_READING[word])


def method_words(method: str) -> str:
    """A method of explanation; one without words by its own name."""
    return _(_METHODS[method]) if method in _METHODS else method


def hatch_words(verdict: Verdict) -> str:
    """What the pattern over a map says; "" for a map without one."""
    return _(_HATCHES[verdict]) if verdict is not Verdict.SUPPORTED else ""


def filter_words(setting: Filter) -> str:
    """The filter as it is written on the paper."""
    return setting.label(_(NOTCH))


def percent(share: float, *, gap: str = " ") -> str:
    """A probability as whole per cent; never 0 % or 100 %, which would claim certainty."""
    if share < 0.01:
        return f"<{gap}1{gap}%"
    return f">{gap}99{gap}%" if share > 0.99 else f"{share * 100:.0f}{gap}%"

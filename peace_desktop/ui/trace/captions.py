"""What stands written on the paper, and the whole trace in words for those who do not see it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from peace_desktop.report.gain_words import own_gains_words
from peace_desktop.report.paper import Gain, LayoutKind, PageLayout
from peace_desktop.report.terms import filter_words
from peace_desktop.texts import _, as_sentence, listed, pgettext
from peace_desktop.ui.trace.caliper import CaliperReading
from peace_desktop.ui.trace.overview import window_words
from peace_model.ecg.age import Age, days_from_years
from peace_model.ecg.leads import PRECORDIAL
from peace_model.ecg.recording import Recording

CHILD_LOWPASS_HZ = 250.0
ADULT_LOWPASS_HZ = 150.0
"""Least upper cut-off that shows a QRS truthfully (AHA/ACCF/HRS 2007 Part I, after Rijnbeek 2001)."""
_ADOLESCENT_DAYS = days_from_years(12)

Kind = Literal["plain", "muted", "warning"]


class Filter(Protocol):
    """What is said of a display filter (peace_model.ecg.signal.filters.FilterSetting)."""

    @property
    def lowpass_hz(self) -> float | None: ...

    def label(self, notch: str = ...) -> str: ...


@dataclass(frozen=True)
class Writing:
    """One piece of text; a warning is set apart by its frame and weight, not by colour alone."""

    text: str
    kind: Kind = "plain"


def number(value: float) -> str:
    """A setting as written on paper: 12.5, 25."""
    return f"{value:g}"


def layout_name(kind: LayoutKind) -> str:
    names = {
        LayoutKind.THREE_BY_FOUR_RHYTHM: _("3×4 with rhythm strip"),
        LayoutKind.THREE_BY_FIVE_RHYTHM: _("3×5 with V3R, V4R, V7 and rhythm strip"),
        LayoutKind.OVERLAY: _("leads over each other"),
        LayoutKind.SIX_BY_TWO: _("6×2"),
        LayoutKind.TWELVE_BY_ONE: _("12×1"),
        LayoutKind.CABRERA: _("Cabrera"),
        LayoutKind.STRIP: _("every lead in a row of its own"),
    }
    return names[kind]


def gain_text(gain: Gain) -> str:
    """The gain, both of them where the precordial leads have their own."""
    if not gain.precordial_half:
        return _("{gain} mm/mV").format(gain=number(gain.mm_per_mv))
    return _("limb {gain} mm/mV, precordial {half} mm/mV").format(
        gain=number(gain.mm_per_mv), half=number(gain.mm_per_mv / 2))


def own_gain_writing(gain: Gain) -> tuple[Writing, ...]:
    """The leads that are drawn larger or smaller than the others: nobody may compare their heights unawares."""
    words = own_gains_words(gain)
    return (Writing(words, "warning"),) if words else ()


def lowpass_warning(setting: Filter, age: Age | None) -> str:
    """Why a low-pass hides what a reader looks for; "" where it does not. An unknown age is taken for a child's."""
    least = ADULT_LOWPASS_HZ if age is not None and age.days >= _ADOLESCENT_DAYS else CHILD_LOWPASS_HZ
    if setting.lowpass_hz is None or setting.lowpass_hz >= least:
        return ""
    return _("{hz} Hz low-pass hides high-frequency QRS detail").format(hz=number(setting.lowpass_hz))


def filter_writing(setting: Filter | None, *, applied: bool, age: Age | None) -> tuple[Writing, ...]:
    """The filter of the displayed traces; one that is still being computed is said not to be on the traces yet."""
    if setting is None:
        return (Writing(_("filter off")),)
    if not applied:
        return (Writing(_("filter off, computing {filter}").format(filter=filter_words(setting))),)
    warning = lowpass_warning(setting, age)
    named = Writing(_("Filter {filter}").format(filter=filter_words(setting)), "warning")
    return (named, Writing(warning, "warning")) if warning else (named,)


def person_writing(recording: Recording) -> tuple[Writing, ...]:
    """What a reader must not overlook of whose trace this is."""
    writing = []
    if recording.simulated:
        writing.append(Writing(_("SIMULATED: not a patient"), "warning"))
    if recording.age is None:
        writing.append(Writing(_("AGE UNKNOWN"), "warning"))
    return tuple(writing)


def zoom_writing(zoom: float) -> tuple[Writing, ...]:
    if zoom == 1.0:
        return ()
    return (Writing(_("zoom {percent} %, not to scale").format(percent=round(zoom * 100)), "warning"),)


def window_text(page: PageLayout, duration_s: float) -> str:
    """Which seconds of the recording the page shows."""
    return window_words(page.start_s, min(page.start_s + page.seconds, duration_s), duration_s)


def described(recording: Recording, page: PageLayout, gain: Gain, speed_mm_per_s: float,
              writing: tuple[Writing, ...]) -> str:
    """The trace in sentences, for assistive technology."""
    missing = listed(sorted({strip.lead for strip in page.strips if not strip.present}))
    sentences = [
        pgettext("trace", "{count} leads: {leads}.").format(
            count=len(recording.leads), leads=listed(recording.leads)),
        _("Not recorded: {leads}.").format(leads=missing) if missing else "",
        _("Shown {window}, layout {layout}, {speed} mm/s, {gain}.").format(
            window=window_text(page, recording.duration_s), layout=layout_name(page.kind),
            speed=number(speed_mm_per_s), gain=gain_text(gain)),
        *(as_sentence(piece.text) for piece in writing),
    ]
    if gain.precordial_half and any(lead in PRECORDIAL for lead in recording.leads):
        sentences.append(_("Precordial leads are at half standard."))
    return " ".join(sentence for sentence in sentences if sentence)


def caliper_text(reading: CaliperReading, *, filtered: bool) -> str:
    """What stands at the calipers."""
    parts = [_("{ms} ms").format(ms=round(reading.interval_ms))]
    if reading.rate_bpm is not None:
        parts.append(_("{rate} bpm").format(rate=round(reading.rate_bpm)))
    if reading.delta_mv is not None:
        parts.append(_("{mv} mV").format(mv=f"{reading.delta_mv:+.2f}".replace("-", "\N{MINUS SIGN}")))
    if filtered:
        parts.append(_("filtered trace"))
    return " · ".join(parts)

"""Every trace of a recording in a sentence, for those who do not see it."""

from collections.abc import Callable, Sequence

from peace_desktop.report.limit_words import measurement_words, value_words
from peace_desktop.texts import _, as_sentence, put_together
from peace_model.ecg.measurement import Measurement
from peace_model.ecg.recording import LeadRole, Recording, RoleKind
from peace_model.ecg.signal.lead_quality import LeadQuality

_RHYTHM = ("heart_rate_bpm", "rhythm_regularity", "premature_beats_count", "wide_beats_count", "paced_beats_count")
_MINUS = "\N{MINUS SIGN}"


def lead_sentences(recording: Recording, reach_mv: Callable[[str, int], float],
                   quality: Sequence[LeadQuality]) -> tuple[str, ...]:
    """One a lead: what it is, how far it goes below and above its own median, how undisturbed it is.

    reach_mv(lead, way): how far it goes up (way 1) or down (-1). quality: () while nothing is known of it.
    """
    index = {item.lead: item.index for item in quality}
    return tuple(_sentence(role, reach_mv, index.get(role.lead)) for role in recording.roles)


def rhythm_sentence(measurements: Sequence[Measurement]) -> str:
    """Rate and rhythm as measured, in a sentence; "" where nothing was measured. Not for a blind reader."""
    told = {item.name: item for item in measurements if item.lead is None and item.value is not None}
    parts = [f"{measurement_words(name)} {value_words(told[name])}" for name in _RHYTHM if name in told]
    return as_sentence(put_together(*parts)) if parts else ""


def _sentence(role: LeadRole, reach_mv: Callable[[str, int], float], index: float | None) -> str:
    if role.kind is RoleKind.ABSENT:
        return _("{lead}: not recorded.").format(lead=role.lead)
    kind = {
        RoleKind.RECORDED: _("recorded"),
        RoleKind.DERIVED: _("derived from {leads}").format(leads=role.of or ""),
        RoleKind.DUPLICATE: _("the same as {leads}").format(leads=role.of or ""),
    }[role.kind]
    words = _("{lead}: {kind}, from {low} to {high} mV").format(
        lead=role.lead, kind=kind, low=f"{-reach_mv(role.lead, -1):.2f}".replace("-", _MINUS),
        high=f"{reach_mv(role.lead, 1):+.2f}")
    quality = _("quality {index}").format(index=f"{index:.2f}") if index is not None else ""
    return as_sentence(put_together(words, quality))

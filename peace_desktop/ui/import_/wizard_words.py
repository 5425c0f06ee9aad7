"""What the wizard says of a table under the present answers: pure functions from a check to words."""

from peace_desktop.jobs.table_check import PLAUSIBLE_QRS_MV, TableCheck
from peace_desktop.texts import _, ngettext, put_together


def check_words(check: TableCheck) -> str:
    """ "12 leads, 500 Hz, 10.0 s, largest QRS 1.8 mV (V3)", or what is still missing."""
    if check.problem:
        missing = _missing().get(check.field)
        return missing or _("Not yet: {problem}").format(problem=check.problem)
    leads = ngettext("{n} lead", "{n} leads", check.n_leads).format(n=check.n_leads)
    duration = f"{check.duration_s:.1f} s" if check.duration_s < 120 else _("{minutes} min").format(
        minutes=f"{check.duration_s / 60:.1f}")
    if not check.whole:
        duration = _("about {duration}").format(duration=duration)
    parts = [leads, f"{check.fs_hz:g} Hz", duration]
    if check.qrs_mv is not None:
        parts.append(_("largest QRS {height} mV ({lead})").format(height=_shown_mv(check.qrs_mv), lead=check.lead))
    return put_together(*parts)


def _shown_mv(height_mv: float) -> str:
    return f"{height_mv:.0f}" if height_mv >= 100 else f"{height_mv:.3g}"


def _missing() -> dict[str, str]:
    """What is still open, by the field that the reader asks for."""
    return {"unit": _("Still open: the unit of the samples."),
            "sampling rate": _("Still open: the sampling rate, or which column is time."),
            "leads": _("Still open: which column is which lead.")}


def doubt_words(check: TableCheck) -> str:
    """A warning where no heart gives such amplitudes; "" where they are plausible or unknown."""
    if check.problem or check.plausible:
        return ""
    low, high = PLAUSIBLE_QRS_MV
    if check.qrs_mv is None:
        return _("The leads hold no samples: check the columns.")
    if check.qrs_mv == 0:
        return _("The leads are flat: check the columns.")
    said = _("A largest QRS of {height} mV is implausible: check the unit and the columns.").format(
        height=_shown_mv(check.qrs_mv))
    other_mv = check.qrs_mv / 1000 if check.qrs_mv > high else check.qrs_mv * 1000
    if low <= other_mv <= high:
        template = (_("In a unit a thousand times smaller it would be {height} mV.") if check.qrs_mv > high
                    else _("In a unit a thousand times larger it would be {height} mV."))
        said += " " + template.format(height=_shown_mv(other_mv))
    return said

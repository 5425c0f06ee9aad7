"""The gain of single leads in words, as it is written at their traces and in the line under the paper."""

from peace_desktop.report.paper import Gain, Strip
from peace_desktop.texts import _, listed


def own_gain_note(gain: Gain, strip: Strip) -> str:
    """What stands at a lead that is drawn larger or smaller than the paper's gain; "" at the others."""
    if gain.factor(strip.lead) == 1.0:
        return ""
    return _("{gain} mm/mV").format(gain=f"{gain.of(strip):g}")


def own_gains_words(gain: Gain) -> str:
    """Every lead with a gain of its own and by how much it differs from the paper's; "" for none."""
    return listed(_("{lead} at {factor}× the gain").format(lead=lead, factor=f"{factor:g}")
                  for lead, factor in sorted(gain.own))

"""The names of findings, where the worklist is filtered by them: a finding's own sentence names leads and values.

A test holds the table against every code that a recording can bear.
"""

from peace_desktop.texts import _, mark

_NAMES = {
    "age_contradicted": mark("Ages contradict each other"),
    "age_implausible": mark("Age implausible"),
    "age_over_89": mark("Age over 89 years"),
    "age_unknown": mark("Age unknown"),
    "age_unreadable": mark("Age unreadable"),
    "annotations_left_out": mark("Annotations left out"),
    "baseline_wander": mark("Baseline wander"),
    "calibration_pulse_left_out": mark("Calibration pulse left out"),
    "channels_left_out": mark("Channels left out"),
    "checksum_differs": mark("Checksum differs"),
    "chest_leads_swapped": mark("Chest leads seem swapped"),
    "date_unreadable": mark("Date unreadable"),
    "derived_leads": mark("Derived leads"),
    "duplicate_leads": mark("Leads that repeat another"),
    "filters_differ": mark("Filters differ between leads"),
    "flat_lead": mark("Flat leads"),
    "gain_suspected": mark("Gain may be wrong"),
    "groups_joined": mark("Groups of leads joined"),
    "groups_left_out": mark("Groups of leads left out"),
    "implausible_voltage": mark("Implausible voltage"),
    "lead_names_contradict": mark("Lead names contradict each other"),
    "lead_off": mark("Electrode off at times"),
    "lead_off_declared": mark("Electrode off, says the recorder"),
    "length_differs": mark("Length differs from the header"),
    "limb_algebra": mark("Limb leads do not add up"),
    "limb_leads_swapped": mark("Limb leads seem swapped"),
    "low_rate": mark("Low sampling rate"),
    "mains": mark("Mains interference"),
    "missing_leads": mark("Leads not recorded"),
    "nan_run": mark("Gaps in the signal"),
    "negative_gain": mark("Negative gain"),
    "noise": mark("Noise"),
    "offset_not_applied": mark("Offset not applied"),
    "orthogonal_leads": mark("Orthogonal leads"),
    "rate_given_by_user": mark("Sampling rate entered by hand"),
    "recording_not_closed": mark("Recording not closed"),
    "saturated": mark("Saturated leads"),
    "sex_unknown": mark("Sex unknown"),
    "short_recording": mark("Short recording"),
    "sidecar_silent": mark("Table beside it does not list it"),
    "signal_derived": mark("Computed from another signal"),
    "simulated": mark("Simulated"),
    "tail_left_out": mark("End left out"),
    "time_contradicted": mark("Times contradict each other"),
    "unit_given_by_user": mark("Unit entered by hand"),
}


def finding_name(code: str) -> str:
    """A finding in two or three words; one that only a newer version knows by its code."""
    return _(_NAMES[code]) if code in _NAMES else code.replace("_", " ")

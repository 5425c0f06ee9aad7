"""Why a prediction deserves less trust on this recording: what differs from the recordings the model learnt from."""

from collections.abc import Mapping, Sequence

import numpy as np

from peace_model.ecg.age import Age, age_band, age_text, days_from_years
from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Finding, Recording
from peace_model.ecg.signal.pipeline import ModelInput
from peace_model.inference.bundle import Bundle
from peace_model.inference.prediction import Reason
from peace_model.words import mark

FEW_RECORDS = 50
"""Positives of a label in an age band below which a prediction is said to rest on few records."""

ADULT_DAYS = days_from_years(18)
NEWBORN_BELOW_DAYS = 30
"""The journal's neonates are 28 days old at the most; two days more end with an age band."""

# Findings of the input that change what the model sees. Missing leads, age, rate and length have their own reasons;
# wander and mains hum are taken out by the filters of the signal path.
_FROM_FINDINGS = {
    "saturated": mark(
        "The signal reaches the recorder's limit in {leads}: voltages there are not those of the heart."),
    "implausible_voltage": mark(
        "In {leads} the signal is larger than a heart makes it; the model knows nothing like it."),
    "lead_off": mark("In {leads} an electrode was off for a time, and the model was given that as a signal."),
    "flat_lead": mark("Nothing moves in {leads}, yet the model was given it as a signal."),
    "duplicate_leads": mark("Leads repeat one another, and the model was given all of them: {leads}."),
    "limb_leads_swapped": mark("Limb leads look swapped; the model was given them as the file names them."),
    "chest_leads_swapped": mark(
        "Chest leads look swapped ({leads}); the model was given them as the file names them."),
    "limb_algebra": mark("The limb leads do not agree with one another: names or gains may be wrong."),
    "gain_suspected": mark(
        "The voltages are not those of a heart: the gain may be wrong, and the model goes by voltages, too."),
    "nan_run": mark("The signal has gaps in {leads}."),
    "noise": mark("The signal is noisy in {leads}."),
    "simulated": mark("The recording is simulated; the model has learnt from real recordings only."),
}

NINE_LEADS_LACK = ("V2", "V4", "V6")
_MASKED_WHERE_FOUND = {"flat_lead", "lead_off", "nan_run"}
"""Where the signal path masked the lead, the missing lead is the reason, not this."""


def general_reasons(recording: Recording, findings: Sequence[Finding], bundle: Bundle, *,
                    given: ModelInput) -> tuple[Reason, ...]:
    """Reasons that concern every label, the model's age first. given: the recording as the model saw it."""
    reasons = [*_age_reasons(recording.age, bundle), *_newborn(recording.age), *_lead_reasons(given, bundle)]
    fs_hz, model_fs_hz = recording.fs_hz, bundle.pipeline.fs_hz
    if fs_hz < model_fs_hz:
        reasons.append(Reason("low_rate", "Recorded at {fs_hz} Hz and up-sampled to the model's {model_fs_hz} Hz.",
                              (("fs_hz", f"{fs_hz:g}"), ("model_fs_hz", f"{model_fs_hz:g}"))))
    valid_s = int(given.valid_samples.max()) / model_fs_hz
    if round(valid_s, 1) < bundle.pipeline.window_s:  # As it is said: "only 10.0 s" would say nothing.
        reasons.append(Reason("short_recording", "Only {valid_s} s of signal; the model expects {window_s} s.",
                              (("valid_s", f"{valid_s:.1f}"), ("window_s", f"{bundle.pipeline.window_s:g}"))))
    reasons += _input_reasons(findings, given)
    codes = {reason.code for reason in reasons}
    reasons += [Reason(note.code, note.template, note.values) for note in given.notes if note.code not in codes]
    return tuple(reasons)


def label_reasons(age: Age | None, label: str, bundle: Bundle) -> tuple[Reason, ...]:
    """Reasons that concern one label: too few training records of it in the person's age band, or at any age."""
    total = bundle.training.positives_at_all_ages(label)
    if total < FEW_RECORDS:
        return (Reason("few_records", "Few records: the model saw {count} recordings with this label in training.",
                       (("count", str(total)),)),)
    if age is None or bundle.training.ages_unknown:
        return ()
    band = age_band(age.days)
    count = bundle.training.positives_in(label, band.code)
    if count >= FEW_RECORDS:
        return ()
    return (Reason("few_records", "Few records: the model saw {count} recordings with this label at {band} in "
                                  "training ({total} at all ages).",
                   (("count", str(count)), ("band", band.text), ("total", str(total)))),)


def _age_reasons(age: Age | None, bundle: Bundle) -> tuple[Reason, ...]:
    if age is None:
        return (Reason("age_unknown", "The age is unknown, so nobody can say whether the model knows such hearts."),)
    if bundle.training.ages_unknown:
        return (Reason("training_ages_unknown", "The ages of the training recordings are unknown, so nobody can say "
                                                "whether the model knows such hearts."),)
    youngest_days = bundle.training.min_age_days
    if youngest_days is None or age.days >= youngest_days:
        return ()
    if youngest_days >= ADULT_DAYS:
        return (Reason("adult_trained", "The model was trained on adults only; this is a child's recording ({age}).",
                       (("age", age_text(age)),)),)
    return (Reason("younger_than_training", "The model was trained on nobody this young ({age}).",
                   (("age", age_text(age)),)),)


def _newborn(age: Age | None) -> tuple[Reason, ...]:
    """Whatever the model learnt from: the pediatric ML journal (stevetodman/peds-ecg-viewer) tested 56 neonates."""
    if age is None or age.days >= NEWBORN_BELOW_DAYS:
        return ()
    return (Reason("newborn", "A newborn ({age}): a published model of children's heart disease did little better than "
                              "chance at this age (AUROC 0.61 in 56 recordings).", (("age", age_text(age)),)),)


def _lead_reasons(given: ModelInput, bundle: Bundle) -> list[Reason]:
    part = given.lead_mask.mean(axis=0)
    missing = ", ".join(lead for lead, share in zip(STANDARD_12, part, strict=True) if share == 0)
    partly = ", ".join(lead for lead, share in zip(STANDARD_12, part, strict=True) if 0 < share < 1)
    reasons = []
    if missing:
        reasons.append(Reason("missing_leads", "The model was run without {leads}.", (("leads", missing),)))
    if missing == ", ".join(NINE_LEADS_LACK):
        reasons.append(_nine_leads(bundle))
    if partly:
        reasons.append(Reason("partly_missing_leads", "In part of the recording the model was run without {leads}.",
                              (("leads", partly),)))
    return reasons


def _nine_leads(bundle: Bundle) -> Reason:
    """What the usual nine leads of young children cost this model, by its own figures."""
    choosing = bundle.metrics.get("choosing")
    measured = choosing.get("nine_leads") if isinstance(choosing, Mapping) else None
    lost = measured.get("difference") if isinstance(measured, Mapping) else None
    if not isinstance(lost, Mapping) or not all(isinstance(lost.get(name), float) for name in ("value", "low", "high")):
        return Reason("nine_leads", "Nine leads, as in many young children: what their loss costs this model was not "
                                    "measured.")
    return Reason("nine_leads", "Nine leads, as in many young children: on the recordings that the model was chosen "
                                "by, losing the others changed its macro AUROC by {change} ({low} to {high}).",
                  tuple((name, f"{lost[key]:+.4f}") for name, key in (("change", "value"), ("low", "low"),
                                                                      ("high", "high"))))


def _input_reasons(findings: Sequence[Finding], given: ModelInput) -> list[Reason]:
    """One reason a kind of finding. A finding of leads the model was not given does not touch the prediction."""
    part = dict(zip(STANDARD_12, given.lead_mask.mean(axis=0), strict=True))
    leads_of: dict[str, set[str]] = {}
    for finding in findings:
        if finding.code in _FROM_FINDINGS:
            least = 1.0 if finding.code in _MASKED_WHERE_FOUND else np.nextafter(0, 1)
            touched = {lead for lead in finding.leads if part.get(lead, 1.0) >= least}
            if touched or not finding.leads:
                leads_of.setdefault(finding.code, set()).update(touched)
    return [Reason(code, _FROM_FINDINGS[code], (("leads", ", ".join(sorted(leads, key=_lead_order))),))
            for code, leads in leads_of.items()]


def _lead_order(lead: str) -> tuple[int, str]:
    return (STANDARD_12.index(lead) if lead in STANDARD_12 else len(STANDARD_12), lead)

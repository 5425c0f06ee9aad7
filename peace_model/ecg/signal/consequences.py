"""What each finding about the input means: for what is measured, and for what the model is given.

English sentences to be translated; "" where there is nothing to say. A test holds this table and `SAY_IT_ALL` against
every code that the readers of files, the signal path and `quality.input_findings` can give.
"""

from dataclasses import dataclass

from peace_model.words import mark


@dataclass(frozen=True)
class Consequence:
    """For the measurements, and for the model."""

    measurement: str
    model: str


CONSEQUENCES: dict[str, Consequence] = {
    "simulated": Consequence(mark("Measured like any recording; the values are those of a drawn heart."),
                             mark("The model has learnt from real recordings only.")),
    "age_unknown": Consequence(mark("Values without limits; rules that depend on age cannot be assessed."),
                               mark("Nobody can say whether the model knows such hearts.")),
    "sex_unknown": Consequence(mark("Limits span girls and boys, so that less is flagged."), ""),
    "missing_leads": Consequence(mark("Nothing is measured there, and rules that need the lead cannot be assessed."),
                                 mark("The lead is masked; the model works with the others.")),
    "low_rate": Consequence(mark("Amplitudes are underestimated and boundaries coarser."),
                            mark("Fine detail that the model may have learnt from is missing.")),
    "short_recording": Consequence(mark("Fewer beats: rate, regularity and the median beat are less certain."),
                                   mark("The model sees less than it was trained on.")),
    "flat_lead": Consequence(mark("Nothing is measured in this lead; no axis from a flat limb lead."),
                             mark("The lead is masked where the signal path finds it flat.")),
    "saturated": Consequence(mark("No amplitude, ST or T of this lead; the lead has no say in the boundaries."),
                             mark("Voltages there are not those of the heart; distrust the prediction.")),
    "implausible_voltage": Consequence(mark("Amplitudes of this lead and rules on them are not to be believed."),
                                       mark("The model knows nothing like it.")),
    "nan_run": Consequence(mark("Beats inside the gap are not measured."),
                           mark("The gap is filled or the lead masked.")),
    "lead_off": Consequence(mark("The lead is measured from the remaining beats."),
                            mark("A flat stretch is given to the model as a signal.")),
    "duplicate_leads": Consequence(mark("The repeated lead is not measured; rules that need it cannot be assessed."),
                                   mark("The model was given the same lead twice.")),
    "derived_leads": Consequence(mark("Measured, but nothing of their own: they cannot confirm the leads they come "
                                      "from."), ""),
    "limb_algebra": Consequence(mark("No axis; amplitudes of these leads are not measured."),
                                mark("Names, signs or gains may be wrong in what the model was given.")),
    "limb_leads_swapped": Consequence(mark("No axis; limb lead amplitudes stand under the wrong names."),
                                      mark("The model was given the leads as the file names them.")),
    "chest_leads_swapped": Consequence(mark("Amplitudes of these leads and the rules on them stand under the wrong "
                                            "names."),
                                       mark("The model was given the leads as the file names them.")),
    "gain_suspected": Consequence(mark("Amplitudes and rules on voltages are not to be believed; times are."),
                                  mark("The model was given voltages that may be wrong.")),
    "baseline_wander": Consequence(mark("ST levels are less certain; the median beat takes most of it out."),
                                   mark("Taken out by the signal path.")),
    "mains": Consequence(mark("Small waves and boundaries are less certain."),
                         mark("Taken out by the signal path.")),
    "noise": Consequence(mark("Small waves, P above all, and boundaries are less certain."),
                         mark("The model is less certain too.")),
    # From the readers of files.
    "rate_given_by_user": Consequence(mark("Every time and rate stands on what was entered."),
                                      mark("A wrong rate shows the model another heart's rhythm.")),
    "unit_given_by_user": Consequence(mark("Every amplitude, and rules on voltages, stand on what was entered."),
                                      mark("A wrong unit gives the model voltages that are not those of the heart.")),
    "negative_gain": Consequence(mark("These leads are measured as the header turns them; if it is wrong, every "
                                      "deflection in them stands upside down, and the axis with limb leads."),
                                 mark("The model was given the leads as the header turns them.")),
    "lead_names_contradict": Consequence(mark("If the words are right, the values stand under the wrong names, and "
                                              "rules and axis on them are wrong."),
                                         mark("The model was given the leads as the code names them.")),
    "lead_off_declared": Consequence(mark("What is measured in these leads may not be of the heart."),
                                     mark("These leads were given to the model like any other.")),
    "checksum_differs": Consequence(mark("Samples may be damaged: look at the traces before believing a number."),
                                    mark("The model was given the samples as they are.")),
    "signal_derived": Consequence(mark("Measured as the file gives it; what the computation did to amplitudes and "
                                       "boundaries is not known."),
                                  mark("The model has learnt from recorded signals only.")),
    "groups_joined": Consequence(mark("Axis and boundaries over all leads take them for simultaneous, which they are "
                                      "not."),
                                 mark("The model takes all leads for simultaneous.")),
    "filters_differ": Consequence(mark("Amplitudes and ST levels of one lead cannot be held against those of another "
                                       "for certain."), ""),
    "length_differs": Consequence(mark("Measured from what is there; the time of what is missing is not known."), ""),
    "orthogonal_leads": Consequence(mark("Vx, Vy and Vz are measured like any lead; no limits and no rules apply to "
                                         "them."),
                                    mark("The model is not given these leads.")),
    "offset_not_applied": Consequence(mark("Amplitudes and ST are taken from the level before the beat, so that an "
                                           "offset does not touch them."),
                                      mark("Taken out by the signal path.")),
}

SAY_IT_ALL = frozenset({
    "age_contradicted", "age_implausible", "age_over_89", "age_unreadable", "annotations_left_out",
    "calibration_pulse_left_out", "channels_left_out", "date_unreadable", "groups_left_out", "recording_not_closed",
    "sidecar_silent", "tail_left_out", "time_contradicted"})
"""Findings that need no further sentence: nothing measured or predicted changes by them, or `age_unknown` says it."""

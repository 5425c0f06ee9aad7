"""What each finding about the input means: for what is measured, and for what the model is given.

English sentences to be translated; "" where there is nothing to say. A test holds this table against every code that
`quality.input_findings` can give.
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
}

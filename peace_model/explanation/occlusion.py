"""Which leads a label rests on: the model is asked again with each lead taken away.

Grad-CAM and attention say when, not in which lead, because the encoder mixes all leads in its first layer. Taking a
lead away (signal and mask zero, as for a lead that was never recorded) and watching the logit says the other half.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording
from peace_model.inference.predictor import Predictor

BATCH = 6
"""Copies of the recording run at once: large enough to use the cores, small enough to stop soon when cancelled."""


@dataclass(frozen=True)
class LeadRelevance:
    """logit_drop: how much the calibrated logit falls without the lead; > 0: the lead speaks for the label.

    None: the lead was not given to the model in the first place.
    """

    lead: str
    logit_drop: float | None


def lead_relevance(predictor: Predictor, recording: Recording, label: str, *,
                   progress: Callable[[int, int, str], None] | None = None) -> tuple[LeadRelevance, ...]:
    """One entry per standard lead, in their order, averaged over the windows.

    progress: called as (done, total, text) before every batch; what it raises (a cancelled operation) ends the work.
    Raises KeyError for a label the bundle does not have.
    """
    codes = [item.code for item in predictor.bundle.labels]
    if label not in codes:
        raise KeyError(f"label {label} is not in the bundle")
    column = codes.index(label)
    scale = predictor.bundle.calibration[label].scale
    given = predictor.prepare(recording)
    n_windows = len(given.valid_samples)
    present = [row for row in range(len(STANDARD_12)) if given.lead_mask[:, row].any()]

    variants: list[tuple[int | None, int]] = [(None, window) for window in range(n_windows)]
    variants += [(row, window) for row in present for window in range(n_windows)]
    logits = np.empty(len(variants))
    for first in range(0, len(variants), BATCH):
        if progress is not None:
            progress(first, len(variants), label)
        chosen = variants[first:first + BATCH]
        windows = [window for _, window in chosen]
        signal, lead_mask = given.signal[windows].copy(), given.lead_mask[windows].copy()
        for index, (row, _) in enumerate(chosen):
            if row is not None:
                signal[index, row] = 0
                lead_mask[index, row] = 0
        output = predictor.run(signal=signal, lead_mask=lead_mask, valid_samples=given.valid_samples[windows],
                               age_days=given.age_days[windows])
        logits[first:first + len(chosen)] = output.logits[:, column]

    per_variant = logits.reshape(-1, n_windows).mean(axis=1) * scale
    drops = dict(zip(present, per_variant[0] - per_variant[1:], strict=True))
    return tuple(LeadRelevance(lead, float(drops[row]) if row in drops else None)
                 for row, lead in enumerate(STANDARD_12))

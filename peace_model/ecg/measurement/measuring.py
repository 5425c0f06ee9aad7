"""By what recordings are measured here: what is kept beside measurements, so that nobody goes on with other ones."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from peace_model.ecg.measurement.conventions import load_conventions
from peace_model.ecg.measurement.measure import measure
from peace_model.ecg.measurement.rules import apply_rules
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import Recording, Source

MEASURING = 1
"""Raise it with every change after which a recording may measure otherwise or a rule may answer otherwise: of finding
beats, typical beats and boundaries, of a quantity, of a rule's code, and of what is believed of the leads before."""


@lru_cache(maxsize=1)
def rule_codes() -> tuple[str, ...]:
    """The codes of all rules, in the order in which they are applied."""
    nothing = Recording(np.zeros((0, 0), np.float32), 500.0, (), (), None, None, None, "", Source(Path(), "", "", ()))
    return tuple(result.code for result in apply_rules(nothing, measure(nothing)))


def measured_by() -> dict[str, int | str | list[str]]:
    """Version of the measuring, the rules, and the hashes of the limits that these are held against; for JSON."""
    return {"measuring": MEASURING, "rules": list(rule_codes()), "conventions_sha256": load_conventions().sha256,
            "norms_sha256": load_norms().sha256}

"""Numbers measured from a recording, and the rules applied to them."""

from peace_model.ecg.measurement.catalogue import quantity
from peace_model.ecg.measurement.measure import measure
from peace_model.ecg.measurement.rule_result import RuleResult
from peace_model.ecg.measurement.rules import apply_rules
from peace_model.ecg.measurement.strip import PercentileStrip, percentile_strips
from peace_model.ecg.measurement.value import Measurement, Note

__all__ = ["Measurement", "Note", "PercentileStrip", "RuleResult", "apply_rules", "measure", "percentile_strips",
           "quantity"]

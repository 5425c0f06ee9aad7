"""Numbers measured from a recording."""

from peace_model.ecg.measurement.measure import Measurement, measure

__all__ = ["Measurement", "measure"]

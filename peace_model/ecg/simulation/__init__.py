"""Children's and adults' ECGs from a cardiac dipole, for the demo library, tests and teaching.

`simulate(SimulationSpec(...))` gives a recording marked as simulated and the truth of every beat.
"""

from peace_model.ecg.simulation.simulate import SimulatedRecording, simulate
from peace_model.ecg.simulation.spec import Disturbances, Pathology, SimulationSpec
from peace_model.ecg.simulation.truth import BeatKind, BeatTruth, TrueBeat

__all__ = ["BeatKind", "BeatTruth", "Disturbances", "Pathology", "SimulatedRecording", "SimulationSpec", "TrueBeat",
           "simulate"]

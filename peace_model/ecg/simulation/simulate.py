"""From a specification to a recording and the truth about it."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.recording import Recording, Source, roles_of
from peace_model.ecg.simulation.age_parameters import Vitals, leads_of_torso, vitals
from peace_model.ecg.simulation.disturbance import disturbed, recorded
from peace_model.ecg.simulation.heart_vector import Canvas, DrawnBeat, add_f_waves, draw, landmarks
from peace_model.ecg.simulation.leadfield import LEAD_SETS, with_limb_leads
from peace_model.ecg.simulation.morphology import Shape, axis_deg, healthy_shape
from peace_model.ecg.simulation.pathology import ectopic_p, ventricular, with_pathologies
from peace_model.ecg.simulation.rhythm import plan
from peace_model.ecg.simulation.spec import Pathology, SimulationSpec
from peace_model.ecg.simulation.truth import BeatKind, BeatTruth
from peace_model.ecg.simulation.waves import Array

FORMAT = "simulated"


@dataclass(frozen=True)
class SimulatedRecording:
    """A recording that no patient made, and what is true of it."""

    recording: Recording
    truth: BeatTruth


def simulate(spec: SimulationSpec) -> SimulatedRecording:
    """Draw the recording; the same spec gives the same samples, on other processors to within rounding.

    Healthy hearts keep to the cited limits for age and sex (`age_parameters`); pathologies leave them as they should.
    Raises ValueError when a pathology cannot be drawn on this heart.
    """
    rng = np.random.default_rng(spec.seed)
    heart = vitals(spec.age_days, spec.sex, rng)
    shape = with_pathologies(healthy_shape(spec.age_days, heart, rng), spec.pathologies,
                             age_days=spec.age_days, sex=spec.sex, rng=rng)
    beats = plan(spec, heart, shape, rng)
    canvas = Canvas(round(spec.duration_s * spec.fs_hz), spec.fs_hz)
    drawn = draw(canvas, beats, _shapes(shape, heart, spec, rng), heart, rng)
    if Pathology.ATRIAL_FIBRILLATION in spec.pathologies:
        add_f_waves(canvas, rng)
    return SimulatedRecording(_recording(spec, canvas.vector_mv, rng), _truth(spec, drawn, shape))


def _shapes(shape: Shape, heart: Vitals, spec: SimulationSpec, rng: np.random.Generator) -> dict[BeatKind, Shape]:
    shapes = {BeatKind.SINUS: shape}
    if Pathology.PAC in spec.pathologies:
        shapes[BeatKind.ATRIAL_PREMATURE] = replace(shape, p=ectopic_p(heart.p_ii_mv))
    if Pathology.PVC in spec.pathologies:
        shapes[BeatKind.VENTRICULAR_PREMATURE] = ventricular(shape, spec.age_days, rng)
    if Pathology.SVT in spec.pathologies:
        shapes[BeatKind.SUPRAVENTRICULAR] = replace(shape, p=None)
    if Pathology.ATRIAL_FIBRILLATION in spec.pathologies:
        shapes[BeatKind.FIBRILLATION] = replace(shape, p=None)
    return shapes


def _recording(spec: SimulationSpec, vector_mv: Array, rng: np.random.Generator) -> Recording:
    leads = LEAD_SETS[spec.lead_set]
    independent = {name: row @ vector_mv for name, row in leads_of_torso().items() if name in leads}
    single = {name: signal.astype(np.float32)
              for name, signal in disturbed(independent, spec.fs_hz, spec.disturbances, rng).items()}
    signal_mv = recorded(with_limb_leads(single, leads), leads, spec.fs_hz, spec.disturbances, rng)
    digest = hashlib.sha256(repr((leads, spec.fs_hz)).encode() + signal_mv.tobytes()).hexdigest()
    key = f"SIM-{digest[:8]}"
    return Recording(
        signal_mv=signal_mv, fs_hz=spec.fs_hz, leads=leads, roles=roles_of(leads),
        age=Age(spec.age_days, Precision.DAY, "simulation") if spec.age_known else None,
        sex=spec.sex if spec.sex_known else None, recorded_at=None, patient_key=key,
        source=Source(path=Path(f"{key}.{FORMAT}"), format=FORMAT, sha256=digest, files=()),
        source_statements=tuple(sorted(pathology.value for pathology in spec.pathologies)),
        simulated=True)


def _truth(spec: SimulationSpec, drawn: list[DrawnBeat], shape: Shape) -> BeatTruth:
    n_samples = round(spec.duration_s * spec.fs_hz)
    marked = [(beat, landmarks(beat, n_samples, spec.fs_hz)) for beat in drawn]
    inside = [beat for beat in drawn if 0 <= beat.qrs.start_s < spec.duration_s]
    if len(inside) < 2:
        inside = drawn
    onsets = np.array([beat.qrs.start_s for beat in inside])
    rr_s = float(np.diff(onsets).mean())
    main = [beat for beat in inside if beat.kind not in (BeatKind.ATRIAL_PREMATURE, BeatKind.VENTRICULAR_PREMATURE)]
    qt_ms = float(np.mean([beat.qt_ms for beat in main or inside]))
    no_p = spec.pathologies & {Pathology.SVT, Pathology.ATRIAL_FIBRILLATION}
    return BeatTruth(
        beats=tuple(landmark for _, landmark in marked if landmark is not None),
        hr_bpm=60 / rr_s, pr_ms=None if no_p else shape.pr_ms, qrs_ms=shape.qrs_ms, qt_ms=qt_ms,
        qtc_ms=qt_ms / float(np.sqrt(rr_s)), axis_deg=axis_deg(shape.qrs))

"""How fast the bundled model answers on two threads, without a window."""

from running_window import milliseconds
from speed_table import Row

from peace_model.ecg.signal.quality import input_findings
from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.explanation.occlusion import occlude
from peace_model.inference.bundle import default_bundle_folder, load_bundle
from peace_model.inference.predictor import Predictor

THREADS = 2
MANY = 64


def model_rows() -> list[Row]:
    """The signal's own findings, one recording with both maps, many without maps, the occlusion map of one label."""
    predictor = Predictor(load_bundle(default_bundle_folder()), provider="cpu", threads=THREADS)
    recording = simulate(SimulationSpec(age_days=4000, sex="F", seed=1)).recording
    given = predictor.prepare(recording)
    many = {name: getattr(given, name)[:1].repeat(MANY, axis=0) for name in (
        "signal", "lead_mask", "valid_samples", "age_days")}
    label = predictor.bundle.labels[0].code
    findings = input_findings(recording)
    return [
        ("what stands out in the signal", "-", milliseconds(lambda: input_findings(recording), times=20), "ms"),
        # As the window asks: what stands out was found before, for the input panel.
        ("one recording with both maps", "60 ms",
         milliseconds(lambda: predictor.predict(recording, findings), times=20), "ms"),
        (f"{MANY} windows without maps", f"{10 * MANY} ms", milliseconds(lambda: predictor.logits(**many), times=5),
         "ms"),
        ("occlusion map of one label", "-", milliseconds(lambda: occlude(
            predictor, recording, label, progress=lambda _done, _total, _text: None), times=2), "ms"),
    ]

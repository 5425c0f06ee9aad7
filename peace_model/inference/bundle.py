"""A model as one folder: the graph, and everything needed to use it honestly.

`bundle.json` (schema version 1) holds::

    schema_version  1
    name, version   text, e.g. "peace-ptbxl", "0.1.0"
    graph           {file, sha256}: the ONNX file beside bundle.json and the SHA-256 of its bytes, in hex
    labels          [{code, name}, ...] in the order of the graph's outputs
    pipeline        the parameters of the signal path, as PipelineSpec.to_dict() writes them
    calibration     code -> {scale, offset, threshold, method}: probability = sigmoid(scale * logit + offset);
                    positive when the probability is at least the threshold; method says how they were chosen
    training        {data, records, min_age_days, positives}: what the weights were learnt from; min_age_days is the
                    youngest age among it (null: no age is known); positives is code -> {age band code -> records},
                    positives_of_unknown_age (may be missing: there are none) code -> records beside those.
                    seen (may be missing: nothing of it is known): `seen_key` of every record of a folder of one's own
                    that was learnt from or chosen by, also by the runs it began with
    tokens          {samples_per_token, offset, receptive_field, count}: step k of a map covers the input samples
                    [offset + k * samples_per_token, offset + (k + 1) * samples_per_token); count is T
    metrics         free: figures with their intervals, data and split
    explanation_checks  method -> {text, labels, ...}: tests of each kind of map, in words and figures; labels is
                    code -> {verdict, recordings, failed, ...}, verdict one of "supported", "unsupported", "not tested".
                    Without labels the method's maps are not tested
    abnormalities   may be missing: the graph has no head for them. {heads: [{code, name, criterion, citation}, ...] in
                    the order of the graph's output, calibration: as above, data: which recordings the figures are of,
                    metrics: code -> {positives, known, auroc: {value, low, high}, ...}, ...}
    explanation_evidence  free: the rule of the verdicts, agreement between methods, relevance of leads
    intended_use, licence  text

Graph: in `signal` (B, 12, N) float32, `lead_mask` (B, 12), `valid_samples` (B,), `age_days` (B,) with NaN for unknown;
out `logits` (B, C), `attention` (B, C, T), `gradcam` (B, C, T), and `abnormalities` (B, A) where bundle.json has them.
B may be free, everything else is fixed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peace_model.ecg.age import AGE_BANDS
from peace_model.ecg.signal.pipeline import PipelineSpec
from peace_model.inference.associated import Abnormality, read_abnormalities
from peace_model.inference.bundle_fields import BundleError, Fields
from peace_model.inference.evidence import ExplanationCheck, read_checks
from peace_model.resources import resource
from peace_model.words import worded

SCHEMA_VERSION = 1
MIN_STEPS_PER_WINDOW = 100
"""Fewer steps in 10 s could not tell P from QRS from T."""


@dataclass(frozen=True)
class Label:
    code: str
    name: str


@dataclass(frozen=True)
class Calibration:
    """probability = sigmoid(scale * logit + offset), positive from threshold on; method: how they were chosen."""

    scale: float
    offset: float
    threshold: float
    method: str


@dataclass(frozen=True)
class Training:
    """What the weights were learnt from; positives: label code -> age band code -> records.

    min_age_days: None where no age is known. positives_of_unknown_age: label code -> records, in no band.
    seen: `seen_key` of every record of a folder of one's own that took part, None where the bundle lists none.
    """

    data: str
    records: int
    min_age_days: int | None
    positives: Mapping[str, Mapping[str, int]]
    seen: frozenset[str] | None = None
    positives_of_unknown_age: Mapping[str, int] = field(default_factory=dict)

    @property
    def ages_unknown(self) -> bool:
        """Whether of none of the recordings the age is known."""
        return self.records > 0 and self.min_age_days is None

    def has_seen(self, record: str) -> bool:
        """Whether a record of this name was learnt from or chosen by."""
        return self.seen is not None and seen_key(record) in self.seen

    def positives_in(self, label: str, band: str) -> int:
        """Training records of a label in an age band; a band that is not named had none."""
        return self.positives[label].get(band, 0)

    def positives_at_all_ages(self, label: str) -> int:
        """Training records of a label, those of unknown age among them."""
        return sum(self.positives[label].values()) + self.positives_of_unknown_age.get(label, 0)


@dataclass(frozen=True)
class Tokens:
    """How the steps of a map lie on the input: samples of the pipeline's rate."""

    samples_per_token: int
    offset: int
    receptive_field: int
    count: int


@dataclass(frozen=True, eq=False)
class Bundle:
    """A loaded and checked bundle.

    sha256: of the graph; description_sha256: of bundle.json, which holds the thresholds.
    graph: the very bytes that were hashed, so that no other ones can be run.
    """

    folder: Path
    name: str
    version: str
    graph_file: Path
    sha256: str
    description_sha256: str
    graph: bytes
    labels: tuple[Label, ...]
    pipeline: PipelineSpec
    calibration: Mapping[str, Calibration]
    training: Training
    tokens: Tokens
    metrics: Mapping[str, Any]
    explanation_checks: Mapping[str, ExplanationCheck]
    intended_use: str
    licence: str
    abnormalities: tuple[Abnormality, ...] = ()

    def __repr__(self) -> str:
        return f"Bundle({self.name} {self.version}, {self.sha256[:12]})"


def seen_key(record: str) -> str:
    """What stands for a record in `training.seen`: its name may be a person's and is not told."""
    return hashlib.sha256(record.encode("utf-8")).hexdigest()


def default_bundle_folder() -> Path:
    """The bundle that comes with the application. Raises FileNotFoundError when it is not part of the installation."""
    return resource("models", "peace-ptbxl")


def load_bundle(folder: Path) -> Bundle:
    """Read and check a bundle: schema, hash of the graph, labels, calibration, pipeline.

    The graph's inputs and outputs are compared with it where the session is made (`session.open_session`).
    Raises BundleError naming file, field and remedy.
    """
    fields, description_sha256 = _read_json(folder / "bundle.json")
    schema_version = fields.integer("schema_version")
    if schema_version != SCHEMA_VERSION:
        raise fields.error("schema_version", worded("is {found}, this application reads {known}",
                                                    found=schema_version, known=SCHEMA_VERSION),
                           "use a bundle made for this version of the application")
    graph_file, graph, sha256 = _read_graph(folder, fields.section("graph"))
    labels = tuple(Label(item.text("code"), item.text("name")) for item in fields.sections("labels"))
    codes = tuple(label.code for label in labels)
    if not codes or len(set(codes)) != len(codes):
        raise fields.error("labels", "is empty or names a label twice", "export the bundle again")
    pipeline = _read_pipeline(fields)
    tokens = _read_tokens(fields.section("tokens"))
    if abs(tokens.count * tokens.samples_per_token - pipeline.window_samples) > 2 * tokens.samples_per_token:
        raise fields.error("tokens", worded(
            "cover {covered} samples of a window of {window}", window=pipeline.window_samples,
            covered=tokens.count * tokens.samples_per_token), "export the bundle again")
    return Bundle(
        folder=folder,
        name=fields.text("name"),
        version=fields.text("version"),
        graph_file=graph_file,
        sha256=sha256,
        description_sha256=description_sha256,
        graph=graph,
        labels=labels,
        pipeline=pipeline,
        calibration=_read_calibration(fields.section("calibration"), codes),
        training=_read_training(fields.section("training"), codes),
        tokens=tokens,
        metrics=fields.mapping("metrics"),
        explanation_checks=read_checks(fields.section("explanation_checks"), codes),
        intended_use=fields.text("intended_use"),
        licence=fields.text("licence"),
        abnormalities=_read_abnormalities(fields),
    )


def _read_json(path: Path) -> tuple[Fields, str]:
    try:
        data = path.read_bytes()
        content = json.loads(data)
    except OSError as error:
        raise BundleError(
            path, "file", worded("cannot be read ({strerror})", strerror=error.strerror),
            "choose a folder that holds a bundle") from error
    except ValueError as error:
        raise BundleError(path, "file", "is not valid JSON", "copy the bundle again from where it came") from error
    if not isinstance(content, dict):
        raise BundleError(path, "file", "is not a JSON object", "copy the bundle again from where it came")
    return Fields(path, "", content), hashlib.sha256(data).hexdigest()


def _read_graph(folder: Path, fields: Fields) -> tuple[Path, bytes, str]:
    name = fields.text("file")
    if Path(name).name != name:
        raise fields.error("file", "is not a plain file name", "keep the graph beside bundle.json")
    path = folder / name
    try:
        graph = path.read_bytes()
    except OSError as error:
        raise BundleError(
            path, "file", worded("cannot be read ({strerror})", strerror=error.strerror),
            "copy the whole bundle folder again") from error
    sha256 = hashlib.sha256(graph).hexdigest()
    if sha256 != fields.text("sha256"):
        raise BundleError(
            path, "SHA-256",
            worded("is {sha256}, bundle.json says {text}", sha256=sha256[:12], text=fields.text("sha256")[:12]),
            "the graph is damaged or of another bundle: copy the whole bundle folder again")
    return path, graph, sha256


def _read_tokens(fields: Fields) -> Tokens:
    tokens = Tokens(
        samples_per_token=fields.integer("samples_per_token"),
        offset=fields.integer("offset"),
        receptive_field=fields.integer("receptive_field"),
        count=fields.integer("count"),
    )
    if tokens.samples_per_token < 1:
        raise fields.error("samples_per_token", "is below 1", "export the bundle again")
    if tokens.count < MIN_STEPS_PER_WINDOW:
        raise fields.error("count", worded("is {count}; a map needs at least {least} steps", count=tokens.count,
                                           least=MIN_STEPS_PER_WINDOW),
                           "export the model with a smaller stride")
    return tokens


def _read_pipeline(fields: Fields) -> PipelineSpec:
    section = fields.section("pipeline")
    for name in ("fs_hz", "window_s", "min_window_s", "saturation_mv"):
        section.number(name)
    for name in ("highpass_hz", "lowpass_hz", "notch_hz"):
        if section.content.get(name) is not None:
            section.number(name)
    try:
        return PipelineSpec.from_dict(fields.mapping("pipeline"))
    except (KeyError, TypeError, ValueError) as error:
        raise fields.error("pipeline", worded(
            "does not describe a signal path ({error})", error=error), "export the bundle again") from error


def _read_calibration(fields: Fields, codes: tuple[str, ...]) -> dict[str, Calibration]:
    calibration = {}
    for code in codes:
        item = fields.section(code)
        values = Calibration(item.number("scale"), item.number("offset"), item.number("threshold"),
                             item.text("method"))
        if not 0 <= values.threshold <= 1 or values.scale <= 0:
            raise item.error("threshold or scale", "is outside its range", "calibrate and export the bundle again")
        calibration[code] = values
    return calibration


def _read_abnormalities(fields: Fields) -> tuple[Abnormality, ...]:
    if fields.content.get("abnormalities") is None:
        return ()
    section = fields.section("abnormalities")
    codes = tuple(item.text("code") for item in section.sections("heads"))
    return read_abnormalities(section, _read_calibration(section.section("calibration"), codes))


def _read_training(fields: Fields, codes: tuple[str, ...]) -> Training:
    bands = {band.code for band in AGE_BANDS}
    positives = {}
    for code in codes:
        item = fields.section("positives").section(code)
        unknown = sorted(set(item.content) - bands)
        if unknown:
            raise item.error(unknown[0], "is not an age band", "export the bundle again")
        positives[code] = {band: item.integer(band) for band in item.content}
    return Training(
        data=fields.text("data"),
        records=fields.integer("records"),
        min_age_days=None if fields.content.get("min_age_days") is None else fields.integer("min_age_days"),
        positives=positives,
        seen=_read_seen(fields),
        positives_of_unknown_age=_read_of_unknown_age(fields, codes),
    )


def _read_of_unknown_age(fields: Fields, codes: tuple[str, ...]) -> dict[str, int]:
    if "positives_of_unknown_age" not in fields.content:
        return {}
    counts = fields.section("positives_of_unknown_age")
    return {code: counts.integer(code) for code in codes}


def _read_seen(fields: Fields) -> frozenset[str] | None:
    seen = fields.content.get("seen")
    if seen is None:
        return None
    if not isinstance(seen, list) or not all(isinstance(key, str) for key in seen):
        raise fields.error("seen", "is not a list of texts")
    return frozenset(seen)


"""One spoilt recording, what is known of its meaning, and the judgement on what a reader made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.formats.registry import ReadOptions, read_recording
from peace_model.ecg.formats.stored_form import document_text
from peace_model.ecg.recording import Recording, RecordingError

FOLDER = "recording"
"""Where a case's files lie; what stands beside this folder is not theirs to name."""
OUTSIDE = "outside"


@dataclass(frozen=True, eq=False)
class Truth:
    """What a file states. leads: as the standard spells them, in the file's order. signal_mv: (n_leads, n_samples)."""

    fs_hz: float
    leads: tuple[str, ...]
    signal_mv: NDArray[np.float64]

    def without(self, lead: str) -> "Truth":
        kept = [row for row, name in enumerate(self.leads) if name != lead]
        return replace(self, leads=tuple(self.leads[row] for row in kept), signal_mv=self.signal_mv[kept])


@dataclass(frozen=True)
class Meaning:
    """What may come of a case that is understood: a refusal, or exactly `truth` with one of the warnings `said`.

    truth None: what it states is not known, one of the warnings is enough; it must be refused where there is none
    either. said (): no warning is needed.
    """

    truth: Truth | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Case:
    """files: name -> content, the one that is opened first. links: name -> target, from the folder above.

    about: what was done to it, for people. meaning: None where nobody can say what the spoilt file states.
    """

    files: dict[str, bytes]
    about: str
    meaning: Meaning | None = None
    links: dict[str, str] = field(default_factory=dict)
    outside: dict[str, bytes] = field(default_factory=dict)
    options: ReadOptions = ReadOptions()

    @property
    def name(self) -> str:
        return next(iter(self.files))

    def spoilt(self, content: bytes, about: str, *, name: str = "") -> "Case":
        """The same case with one file's bytes changed into something nobody can vouch for."""
        return replace(self, files={**self.files, name or self.name: content}, about=about, meaning=None)

    def lay_down(self, folder: Path) -> Path:
        """Write the files into an empty folder; returns the one to open."""
        for kind, files in ((FOLDER, self.files), (OUTSIDE, self.outside)):
            (folder / kind).mkdir()
            for name, content in files.items():
                (folder / kind / name).write_bytes(content)
        for name, target in self.links.items():
            (folder / FOLDER / name).symlink_to(Path(folder, target) if target.startswith(OUTSIDE) else target)
        return folder / FOLDER / self.name


@dataclass(frozen=True)
class Outcome:
    """opened: whether it was read as a recording. faults: what no reader may do. words: of the refusal."""

    opened: bool
    faults: tuple[str, ...] = ()
    words: str = ""


def outcome(case: Case, path: Path, read: Callable[..., Recording] = read_recording) -> Outcome:
    """Read the case and judge what comes of it."""
    try:
        recording = read(path, options=case.options)
    except RecordingError as refusal:
        return Outcome(False, tuple(_faults_of_words(refusal)), str(refusal))
    except Exception as error:  # noqa: BLE001 - whatever else leaves the reader is what is looked for
        return Outcome(False, (f"{type(error).__name__} left the reader: {_where(error)}",))
    faults = [*_faults_of_form(recording), *(_faults_of_meaning(case.meaning, recording) if case.meaning else ())]
    return Outcome(True, tuple(faults))


def _faults_of_words(refusal: RecordingError) -> list[str]:
    faults = []
    if len(str(refusal).splitlines()) != 1 or len(str(refusal)) > 1000:
        faults.append("the refusal is not one line")
    if not (refusal.field and refusal.problem and refusal.remedy):
        faults.append("the refusal says too little")
    below: BaseException | None = refusal
    while below is not None:
        if isinstance(below, MemoryError):
            faults.append("the reader ran out of memory")
        below = below.__cause__ or below.__context__
    return faults


def _faults_of_form(recording: Recording) -> list[str]:
    """What no recording may be, whatever the file says."""
    faults = []
    if np.isinf(recording.signal_mv).any():
        faults.append("a voltage is infinite")
    if recording.n_samples < 1 or not 20 <= recording.fs_hz <= 100_000:
        faults.append(f"{recording.n_samples} samples at {recording.fs_hz:g} Hz")
    steps = recording.source.quantum_mv
    if steps and len(steps) != len(recording.leads):
        faults.append(f"{len(steps)} steps for {len(recording.leads)} leads")
    try:
        for finding in recording.warnings:
            finding.text.encode()
        document_text(replace(recording, identity=None), signal_sha256="").encode()
    except (ValueError, LookupError, TypeError) as error:
        faults.append(f"it cannot be stored: {type(error).__name__}: {_where(error)}")
    return faults


def _faults_of_meaning(meaning: Meaning, recording: Recording) -> list[str]:
    truth = meaning.truth
    codes = {finding.code for finding in recording.warnings}
    faults = []
    if meaning.said and codes.isdisjoint(meaning.said):
        faults.append(f"no warning says so ({' or '.join(meaning.said)})")
    if truth is None:
        told = ", ".join(sorted(codes)) or "none"
        return faults if meaning.said else [f"opened though it must be refused (warnings: {told})"]
    if recording.recorded_leads != truth.leads:
        return [*faults, f"leads {' '.join(recording.recorded_leads)} where {' '.join(truth.leads)} are stated"]
    if abs(recording.fs_hz - truth.fs_hz) > 1e-6 * truth.fs_hz:
        faults.append(f"{recording.fs_hz:g} Hz where {truth.fs_hz:g} are stated")
    held = recording.signal_mv[:len(truth.leads)].astype(np.float64)
    if held.shape != truth.signal_mv.shape:
        return [*faults, f"{held.shape[1]} samples where {truth.signal_mv.shape[1]} are stated"]
    if not np.allclose(held, truth.signal_mv, rtol=1e-5, atol=1e-9, equal_nan=True):
        row, at = np.unravel_index(np.nanargmax(np.abs(held - truth.signal_mv)), held.shape)
        faults.append(f"lead {truth.leads[row]}, sample {at}: {held[row, at]:g} mV where {truth.signal_mv[row, at]:g} "
                      "are stated")
    return faults


def _where(error: BaseException) -> str:
    """The error's words and the last place of this project that it passed."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "peace_model" in code.co_filename:
            place = f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next
    return f"{str(error)[:120]} [{place}]"

"""Occlusion, lead by time: how far a label's logit falls when a short patch of one lead is set to the training mean.

After Zeiler and Fergus (2014). The signal is standardised with the training set's mean, so the mean is 0. Every patch
is a pass through the graph, hence on demand, in parts between which the work can be cancelled.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from peace_model.ecg.leads import STANDARD_12
from peace_model.ecg.recording import Recording
from peace_model.ecg.signal.pipeline import ModelInput
from peace_model.inference.bundle import Tokens
from peace_model.inference.evidence import support_of
from peace_model.inference.maps import join_windows, scaled
from peace_model.inference.prediction import Explanation, Reason
from peace_model.inference.predictor import Predictor

METHOD = "occlusion"
PATCH_S = 0.2
"""Divides a window evenly; shorter than a QRS with its T wave, long enough to take a whole QRS away."""
PASSES_AT_ONCE = 8
"""Between two parts the work can be cancelled; more at once is not faster on a CPU."""

Logits = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Signals (B, 12, N) -> the logits of one label (B,)."""
Progress = Callable[[int, int, str], None]
"""(done, total, text), called between parts; whatever it raises ends the work."""


def occlude(predictor: Predictor, recording: Recording, label: str, *, progress: Progress) -> tuple[Explanation, ...]:
    """One map for each lead the model was given, scaled together; the first carries the figures of all in `said`.

    Windows of a long recording are occluded one after the other, each against its own logit; maps are joined.
    Raises KeyError for a label that is not of the bundle, PredictionError when the model has no answer.
    """
    codes = [item.code for item in predictor.bundle.labels]
    if label not in codes:
        raise KeyError(label)
    column = codes.index(label)
    given = predictor.prepare(recording)
    fs_hz = predictor.bundle.pipeline.fs_hz
    patch = max(1, round(PATCH_S * fs_hz))
    windows, leads = len(given.signal), len(STANDARD_12)
    steps = -(-given.signal.shape[2] // patch)
    total = sum(_passes(given, window, patch) for window in range(windows))
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total, label)

    progress(0, total, label)
    before = predictor.logits(signal=given.signal, lead_mask=given.lead_mask, valid_samples=given.valid_samples,
                              age_days=given.age_days)
    drops = np.zeros((windows, leads, steps), np.float32)
    lead_drops = np.zeros((windows, leads), np.float32)
    for window in range(windows):
        run = _logits_of_window(predictor, given, window, column)
        used = np.flatnonzero(given.lead_mask[window] > 0)
        drops[window], lead_drops[window] = occlusion_drops(
            run, given.signal[window], logit=float(before[window, column]), leads=used,
            valid_samples=int(given.valid_samples[window]), patch=patch, told=told)
    tokens = Tokens(samples_per_token=patch, offset=0, receptive_field=patch, count=steps)
    joined, start_s, step_s = join_windows(
        drops, tokens=tokens, fs_hz=fs_hz, starts_s=given.starts_s,
        valid_samples=[int(count) for count in given.valid_samples])
    values = scaled(joined.reshape(1, -1)).reshape(joined.shape)
    values.flags.writeable = False
    support = support_of(predictor.bundle.explanation_checks, method=METHOD, label=label)
    said = _figures(predictor, before, column, drops, lead_drops, patch_s=patch / fs_hz, starts_s=given.starts_s)
    return tuple(Explanation(label, METHOD, values[index], start_s, step_s, lead=lead, support=support, said=said)
                 for index, lead in enumerate(STANDARD_12) if (given.lead_mask[:, index] > 0).any())


def occlusion_drops(
    run: Logits, signal: NDArray[np.float32], *, logit: float, leads: NDArray[np.integer], valid_samples: int,
    patch: int, told: Callable[[int], None],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Fall of the logit for every patch (12, T') and for every whole lead (12,); below 0 where it rises.

    signal (12, N) of one window, already standardised; leads: rows to occlude; patch: samples. Zero where nothing was
    tried: other leads, patches in the padding. told: called with the passes done since the last call.
    """
    steps = -(-signal.shape[1] // patch)
    drops = np.zeros((signal.shape[0], steps), np.float32)
    lead_drops = np.zeros(signal.shape[0], np.float32)
    places = list(_places(leads, valid_samples, patch))
    for first in range(0, len(places), PASSES_AT_ONCE):
        part = places[first: first + PASSES_AT_ONCE]
        changed = np.repeat(signal[None], len(part), axis=0)
        for row, (lead, step) in enumerate(part):
            samples = slice(None) if step is None else slice(step * patch, (step + 1) * patch)
            changed[row, lead, samples] = 0
        falls = logit - run(changed)
        for (lead, step), fall in zip(part, falls, strict=True):
            if step is None:
                lead_drops[lead] = fall
            else:
                drops[lead, step] = fall
        told(len(part))
    return drops, lead_drops


def _places(leads: NDArray[np.integer], valid_samples: int, patch: int) -> Iterator[tuple[int, int | None]]:
    """(lead, step) of every pass, None for the whole lead."""
    for lead in leads:
        yield int(lead), None
        for step in range(-(-valid_samples // patch)):
            yield int(lead), step


def _passes(given: ModelInput, window: int, patch: int) -> int:
    return int((given.lead_mask[window] > 0).sum()) * (1 + -(-int(given.valid_samples[window]) // patch))


def _logits_of_window(predictor: Predictor, given: ModelInput, window: int, column: int) -> Logits:
    def run(signal: NDArray[np.float32]) -> NDArray[np.float32]:
        count = len(signal)
        found = predictor.logits(
            signal=signal, lead_mask=np.repeat(given.lead_mask[window: window + 1], count, axis=0),
            valid_samples=np.repeat(given.valid_samples[window: window + 1], count),
            age_days=np.repeat(given.age_days[window: window + 1], count))
        return np.asarray(found[:, column])

    return run


def _figures(predictor: Predictor, before: NDArray[np.float32], column: int, drops: NDArray[np.float32],
             lead_drops: NDArray[np.float32], *, patch_s: float, starts_s: tuple[float, ...]) -> Reason:
    """The probability of the recording, without its strongest patch, and without its strongest lead altogether."""
    window, lead, step = np.unravel_index(int(drops.argmax()), drops.shape)
    without_patch = before.copy()
    without_patch[window, column] -= drops[window, lead, step]
    strongest = int(lead_drops.mean(axis=0).argmax())
    without_lead = before.copy()
    without_lead[:, column] -= lead_drops[:, strongest]
    was, patched, leadless = (_percent(float(predictor.probabilities(logits)[column]))
                              for logits in (before, without_patch, without_lead))
    values = (("ms", f"{1000 * patch_s:.0f}"), ("before", was), ("patch_lead", STANDARD_12[int(lead)]),
              ("at_s", f"{starts_s[int(window)] + step * patch_s:.1f}"), ("after", patched),
              ("whole_lead", STANDARD_12[strongest]), ("leadless", leadless))
    return Reason("occlusion_figures", "{before} % becomes {after} % without {patch_lead} at {at_s} s, {leadless} % "
                                       "without {whole_lead} (patches of {ms} ms set to the training mean)", values)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"

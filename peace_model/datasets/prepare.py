"""From a data set to a store: the signal path over every recording, in a way that can be stopped and gone on with."""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np

from peace_model.datasets.row_flags import flags_of
from peace_model.datasets.source import Dropped, Source, SourceRow
from peace_model.datasets.source_digest import source_sha256
from peace_model.datasets.splits import own_split
from peace_model.datasets.standard import pipeline_spec, training_spec
from peace_model.datasets.store import STORE_VERSION, Store, assemble, open_store, read_description
from peace_model.datasets.store_files import (
    DESCRIPTION,
    LOG,
    RECORDINGS,
    StoreError,
    StoreWriter,
    Window,
    as_window,
    replace_file,
)
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.lead_truth import with_seen_roles
from peace_model.ecg.signal.pipeline import Pipeline, PipelineSpec
from peace_model.labels import DEFAULT_PROFILE, load_code_map, load_profile

SOURCE = "source_sha256"
CHUNK = 64
EXAMPLES = 3
MOST_REASONS = 20
"""Some reasons name a file or a number; a data set damaged throughout has as many as recordings."""
Windows = Literal["all", "first"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Summary:
    """What was kept and dropped. dropped: recordings for each reason, with up to three of their ids."""

    recordings: int
    windows: int
    dropped: dict[str, tuple[int, tuple[str, ...]]]
    notes: tuple[str, ...]

    def lines(self) -> list[str]:
        """For a person to read."""
        return [f"kept {self.recordings} recordings, {self.windows} windows", *self.reason_lines(), *self.notes]

    def reason_lines(self) -> list[str]:
        return [f"dropped {count}: {reason} ({', '.join(ids)}{', ...' if count > len(ids) else ''})"
                for reason, (count, ids) in self.dropped.items()]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Summary":
        dropped = {reason: (count, tuple(ids)) for reason, (count, ids) in fields["dropped"].items()}
        return cls(fields["recordings"], fields["windows"], dropped, tuple(fields["notes"]))


def prepare(
    source: Source, folder: Path, *, fs_hz: float = 100.0, windows: Windows = "all",
    profile: str = DEFAULT_PROFILE, jobs: int = 1, progress: Progress | None = None,
) -> tuple[Store, Summary]:
    """Write a store of the data set, or finish one that was interrupted; a finished one is opened as it is.

    windows: all non-overlapping windows of a recording, or its first (PEACE). profile: labels that splits are balanced
    over. jobs: processes that read recordings. progress: called with (recordings done, of all).
    Raises StoreError when nothing could be kept, or the folder was begun with other settings or data: other recordings,
    labels, patients, ages or signals (`source_sha256`).
    """
    _refuse_twice(source, folder)
    load_code_map(source.dataset, load_profile(profile))
    spec = pipeline_spec(fs_hz)
    settings = {"store_version": STORE_VERSION, "dataset": source.dataset, "windows": windows, "profile": profile,
                "signal_path": spec.to_dict(), SOURCE: source_sha256(source)}
    if (folder / DESCRIPTION).is_file():
        description = read_description(folder)
        if odd := {name for name, value in settings.items() if description.get(name) != value}:
            raise StoreError(f"{folder.name}: holds a store " + (
                "of other settings or other data" if odd != {SOURCE} else
                "whose recordings, labels, patients or signals have changed since" if SOURCE in description else
                "made before stores noted what of, so that changes could not be seen"
            ) + "; name another folder, or remove this one and prepare again")
        return open_store(folder, profile), Summary.from_dict(description["summary"])
    with closing(StoreWriter(folder, settings, window_samples=spec.window_samples)) as writer:
        done = writer.done
        waiting = [row for row in source.rows if row.facts.id not in done]
        for chunk in _prepared(waiting, spec, windows, jobs):
            writer.append(chunk)
            if progress is not None:
                progress(len(writer.entries), len(source.rows))
        entries = writer.entries
    summary = _summary(source, entries)
    if not summary.windows:
        raise StoreError(f"{folder.name}: no recording could be kept; {'; '.join(summary.reason_lines())}")
    kept = [entry for entry in entries if entry["windows"]]
    _write_recordings(folder, kept)
    _write_description(folder, settings, kept, summary)
    return open_store(folder, profile), summary


def _refuse_twice(source: Source, folder: Path) -> None:
    twice = [name for name, count in Counter(row.facts.id for row in source.rows).items() if count > 1]
    if twice:
        raise StoreError(f"{folder.name}: {twice[0]} stands twice in the table; keep the right row only")


def _prepared(
    rows: Sequence[SourceRow], spec: PipelineSpec, windows: Windows, jobs: int
) -> Iterator[list[tuple[dict[str, Any], list[Window]]]]:
    """Chunks of recordings in the order of the rows, whatever the number of processes."""
    work = partial(prepare_row, spec=spec, windows=windows)
    chunks = [rows[start: start + CHUNK * jobs] for start in range(0, len(rows), CHUNK * jobs)]
    if jobs == 1:
        yield from ([work(row) for row in chunk] for chunk in chunks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from (list(pool.map(work, chunk, chunksize=8)) for chunk in chunks)


def prepare_row(row: SourceRow, *, spec: PipelineSpec, windows: Windows) -> tuple[dict[str, Any], list[Window]]:
    """What the log keeps of one recording, and its windows in millivolts; the reason where it cannot be used."""
    facts = row.facts
    try:
        recording = with_seen_roles(row.read())
    except RecordingError as error:
        return {"id": facts.id, "dropped": f"{error.field}: {error.problem}"}, []
    if recording.n_samples == 0:
        return {"id": facts.id, "dropped": "samples: the recording holds none"}, []
    prepared = Pipeline(spec).prepare(recording)
    if not prepared.lead_mask.any():
        return {"id": facts.id, "dropped": "signals: no lead carries an ECG"}, []
    count = len(prepared.signal) if windows == "all" else 1
    kept = [as_window(prepared.signal[place], prepared.lead_mask[place], int(prepared.valid_samples[place]))
            for place in range(count)]
    age = facts.age_days if facts.age_days is not None or recording.age is None else float(recording.age.days)
    return {"id": facts.id, "patient": facts.patient, "age_days": age, "sex": facts.sex or recording.sex or "",
            "fold": facts.fold, "statements": sorted(set(facts.statements)),
            "flags": sorted({*facts.flags, *flags_of(recording)})}, kept


def _summary(source: Source, entries: Sequence[Mapping[str, Any]]) -> Summary:
    ids: dict[str, list[str]] = {}
    dropped = [*source.dropped, *(Dropped(entry["id"], entry["dropped"]) for entry in entries if "dropped" in entry)]
    for item in dropped:
        ids.setdefault(item.reason, []).append(item.id)
    reasons = sorted(ids.items(), key=lambda item: (-len(item[1]), item[0]))
    if len(reasons) > MOST_REASONS:
        others = [name for _, names in reasons[MOST_REASONS - 1:] for name in names]
        reasons = [*reasons[: MOST_REASONS - 1], (f"{len(reasons) - MOST_REASONS + 1} other reasons", others)]
    return Summary(
        recordings=sum(entry["windows"] > 0 for entry in entries), windows=sum(entry["windows"] for entry in entries),
        dropped={reason: (len(names), tuple(names[:EXAMPLES])) for reason, names in reasons}, notes=source.notes)


def _write_recordings(folder: Path, kept: Sequence[Mapping[str, Any]]) -> None:
    flags, texts = _names(kept, "flags"), _names(kept, "statements")
    place_of = {text: place for place, text in enumerate(texts)}
    said = np.array([(place, place_of[text]) for place, entry in enumerate(kept) for text in entry["statements"]],
                    np.int64).reshape(-1, 2)
    content = io.BytesIO()
    np.savez(
        content, allow_pickle=False,
        ids=np.array([entry["id"] for entry in kept]), patients=np.array([entry["patient"] for entry in kept]),
        age_days=np.array([np.nan if entry["age_days"] is None else entry["age_days"] for entry in kept], np.float32),
        sex=np.array([entry["sex"] for entry in kept], dtype="U1"),
        folds=np.array([entry["fold"] for entry in kept], np.int64),
        windows=np.array([entry["windows"] for entry in kept], np.int64),
        flags=np.array([[code in entry["flags"] for code in flags] for entry in kept], np.uint8).reshape(
            len(kept), len(flags)),
        statement_recording=said[:, 0], statement=said[:, 1])
    replace_file(folder / RECORDINGS, content.getvalue())


def _write_description(
    folder: Path, settings: Mapping[str, Any], kept: Sequence[Mapping[str, Any]], summary: Summary
) -> None:
    """Write store.json, which makes the store a finished one, with mean and deviation of its own training rows."""
    description = {**settings, "pipeline": settings["signal_path"], "flags": _names(kept, "flags"),
                   "statements": _names(kept, "statements"), "summary": summary.to_dict()}
    draft = assemble(folder, description, settings["profile"])
    description["pipeline"] = training_spec(draft, own_split(draft).train).to_dict()
    replace_file(folder / DESCRIPTION, json.dumps(description).encode())
    (folder / LOG).unlink()


def _names(kept: Sequence[Mapping[str, Any]], of: str) -> list[str]:
    return sorted({name for entry in kept for name in entry[of]})

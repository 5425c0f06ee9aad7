"""Measuring a data set once: one line a recording, appended in chunks, so that a run that was stopped goes on.

log: measured.jsonl, its settings in the first line. A line that was cut off by the end of a process is measured again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from peace_model.datasets.context import ContextError
from peace_model.datasets.source import SourceRow
from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.measurement.catalogue import catalogue
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.lead_truth import with_seen_roles

LOG = "measured.jsonl"
CHUNK = 16
DECIMALS = 4
Progress = Callable[[int, int], None]


def measured_rows(
    rows: Sequence[SourceRow], folder: Path, *, jobs: int, progress: Progress | None = None, most: int | None = None
) -> list[dict[str, Any]]:
    """What `measure_row` finds of each recording, in the order of the rows; what the log holds is not measured again.

    most: measure so many more at the most and give what there is. Raises ContextError when the log is of other
    recordings or of other measurements.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = _settings(rows)
    done = _resume(folder / LOG, settings)
    waiting = [row for row in rows if row.facts.id not in done][:most]
    with (folder / LOG).open("a", encoding="utf-8") as log:
        if not done and not log.tell():
            _write(log, [settings])
        for chunk in _measured(waiting, jobs):
            _write(log, chunk)
            done |= {entry["id"]: entry for entry in chunk}
            if progress is not None:
                progress(len(done), len(rows))
    return [done[row.facts.id] for row in rows if row.facts.id in done]


def read_measured(folder: Path) -> dict[str, dict[str, Any]]:
    """What `measured_rows` has found so far, by the recording's id. Raises ContextError where nothing was measured."""
    path = folder / LOG
    if not path.is_file():
        raise ContextError(f"{folder.name}: no measurements here; make them with peace-model context")
    return _entries(path)[1]


def measure_row(row: SourceRow) -> dict[str, Any]:
    """id, with values (quantity -> number, those that have one) and rules (code -> 0, 1 or null where the rule cannot
    be assessed), or why the recording could not be read."""
    try:
        recording = with_seen_roles(row.read())
    except RecordingError as error:
        return {"id": row.facts.id, "dropped": f"{error.field}: {error.problem}"}
    measurements = measure(recording)
    return {
        "id": row.facts.id,
        "values": {item.name: round(item.value, DECIMALS) for item in measurements if item.value is not None},
        "rules": {rule.code: None if rule.positive is None else int(rule.positive)
                  for rule in apply_rules(recording, measurements)}}


def _settings(rows: Sequence[SourceRow]) -> dict[str, Any]:
    digest = hashlib.sha256("\n".join(row.facts.id for row in rows).encode()).hexdigest()
    return {"ids_sha256": digest, "quantities": [entry.name for entry in catalogue(())]}


def _resume(path: Path, settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    told, entries, whole = _entries(path)
    if told and told != settings:
        raise ContextError(f"{path.name}: of other recordings or other measurements; name another folder")
    if whole < path.stat().st_size:
        with path.open("ab") as file:
            file.truncate(whole)
    return entries


def _entries(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]], int]:
    """The settings, the entries by id, and how many bytes hold whole lines."""
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    try:
        lines = [json.loads(line) for line in whole.splitlines()]
        return (lines[0] if lines else {}), {entry["id"]: entry for entry in lines[1:]}, len(whole)
    except (ValueError, KeyError, TypeError) as error:
        raise ContextError(f"{path.name}: damaged; remove it and measure again") from error


def _measured(rows: Sequence[SourceRow], jobs: int) -> Iterator[list[dict[str, Any]]]:
    chunks = [rows[start: start + CHUNK * jobs] for start in range(0, len(rows), CHUNK * jobs)]
    if jobs == 1:
        yield from ([measure_row(row) for row in chunk] for chunk in chunks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from (list(pool.map(measure_row, chunk, chunksize=4)) for chunk in chunks)


def _write(log: Any, lines: Sequence[Mapping[str, Any]]) -> None:
    log.write("".join(json.dumps(line) + "\n" for line in lines))
    log.flush()
    os.fsync(log.fileno())

"""Measuring a data set once: one line a recording, appended in chunks, so that a run that was stopped goes on.

log: measured.jsonl; its first line says of which recordings it is and by what they were measured, so that one log holds
numbers of one kind. A line that was cut off by the end of a process is measured again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO

from peace_model.datasets.context import ContextError
from peace_model.datasets.source import SourceRow
from peace_model.ecg.measurement import apply_rules, measure
from peace_model.ecg.measurement.catalogue import catalogue
from peace_model.ecg.measurement.measuring import measured_by
from peace_model.ecg.recording import RecordingError
from peace_model.ecg.signal.lead_truth import with_seen_roles

LOG = "measured.jsonl"
CHUNK = 16
DECIMALS = 4
_OF_EVERY_LOG = ("ids_sha256", "quantities")
"""Settings that logs had before they told by what was measured."""
Progress = Callable[[int, int], None]


def measured_rows(
    rows: Sequence[SourceRow], folder: Path, *, jobs: int, progress: Progress | None = None, most: int | None = None
) -> list[dict[str, Any]]:
    """What `measure_row` finds of each recording, in the order of the rows; what the log holds is not measured again.

    most: measure so many more at the most and give what there is. Raises ContextError when the log is of other
    recordings or was measured otherwise than it would be now.
    """
    path, settings = folder / LOG, _settings(rows)
    told, done, whole = _entries(path) if path.is_file() else ({}, {}, 0)
    waiting = [row for row in rows if row.facts.id not in done][:most]
    if told:
        _refuse_others(told, done, settings, appending=bool(waiting))
    if waiting:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as log:
            log.truncate(whole)
            if not told:
                _write(log, [settings])
            for chunk in _measured(waiting, jobs):
                _write(log, chunk)
                done |= {entry["id"]: entry for entry in chunk}
                if progress is not None:
                    progress(len(done), len(rows))
    return [done[row.facts.id] for row in rows if row.facts.id in done]


def read_measured(folder: Path, *, rules: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """What `measured_rows` has found so far, by the recording's id, by whatever it was measured.

    rules: codes that are read. Raises ContextError where nothing was measured, or one of the rules was not applied.
    """
    path = folder / LOG
    if not path.is_file():
        raise ContextError(f"{folder.name}: no measurements here; make them with peace-model context")
    entries = _entries(path)[1]
    if absent := _never_applied(entries, rules):
        raise ContextError(f"{folder.name}: measured before there were the rules {', '.join(absent)}; measure into "
                           "another folder with peace-model context")
    return entries


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
    return {"ids_sha256": digest, "quantities": [entry.name for entry in catalogue(())],
            **measured_by()}


def _refuse_others(
    told: Mapping[str, Any], done: Mapping[str, Mapping[str, Any]], settings: Mapping[str, Any], *, appending: bool
) -> None:
    """Raises ContextError for a log that is not to be taken. One that does not tell by what it was measured is taken
    where nothing is appended to it."""
    if any(told.get(name) != settings[name] for name in _OF_EVERY_LOG):
        raise ContextError(f"{LOG}: of other recordings or other measurements; name another folder")
    silent = told.keys() == set(_OF_EVERY_LOG)
    if silent and not appending and not _never_applied(done, settings["rules"]):
        return
    if others := [name for name in settings if told.get(name) != settings[name]]:
        raise ContextError(f"{LOG}: measured otherwise than it would be now ({', '.join(others)}); name another "
                           "folder, or remove this file and measure again")


def _never_applied(entries: Mapping[str, Mapping[str, Any]], rules: Collection[str]) -> list[str]:
    """Rules that some recording was never held against: that is not the same as a rule that cannot be assessed."""
    return [code for code in rules
            if any("rules" in entry and code not in entry["rules"] for entry in entries.values())]


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


def _write(log: BinaryIO, lines: Sequence[Mapping[str, Any]]) -> None:
    log.write("".join(json.dumps(line) + "\n" for line in lines).encode())
    log.flush()
    os.fsync(log.fileno())

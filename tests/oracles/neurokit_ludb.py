"""NeuroKit2's delineators beside ours on LUDB: an oracle in an environment of its own, never a run-time dependency.

    PYTHONPATH=tests python tests/oracles/neurokit_ludb.py LUDB EVALUATOR.py ENVIRONMENT [--methods M,...] [--jobs N]

LUDB: the unpacked data set (ludb.csv and data/). EVALUATOR.py: the scoring tool whose reference and matching rules are
the definition. ENVIRONMENT: a virtual environment for NeuroKit2, made when it is not there.

Each method runs in every lead on that lead's own R peaks brought to those of lead II; over the leads of a beat the
median is taken, and for comparison the second earliest onset and second latest offset, as the reference takes them.
"""

import argparse
import json
import subprocess
import sys
import venv
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

NEUROKIT = "neurokit2==0.2.13"
COLUMNS = {"p_on": "ECG_P_Onsets", "p_off": "ECG_P_Offsets", "qrs_on": "ECG_R_Onsets", "qrs_off": "ECG_R_Offsets",
           "t_on": "ECG_T_Onsets", "t_off": "ECG_T_Offsets"}
LINES = ("p_on", "p_off", "qrs_on", "qrs_off", "t_on", "t_off")
WAVES = ("wave p", "wave qrs", "wave t")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ludb", type=Path)
    parser.add_argument("evaluator", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--methods", default="prominence,dwt,cwt")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    methods = tuple(arguments.methods.split(","))
    if arguments.inside is not None:
        _inside(arguments.ludb / "data", methods, arguments.jobs, arguments.inside)
        return
    python = arguments.environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(arguments.environment, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", NEUROKIT, "wfdb", "pandas<3"], check=True)
    marks = arguments.environment / f"ludb-{'-'.join(methods)}.json"
    if not marks.exists():
        subprocess.run([python, __file__, arguments.ludb, arguments.evaluator, arguments.environment, "--methods",
                        arguments.methods, "--jobs", str(arguments.jobs), "--inside", marks], check=True)
    _print(arguments.ludb, arguments.evaluator, json.loads(marks.read_text(encoding="utf-8")))


def _inside(data: Path, methods: Sequence[str], jobs: int, out: Path) -> None:
    """Runs in NeuroKit2's environment; writes {method: {record: {lead: {boundary: samples or null, one a beat}}}}."""
    records = sorted((path.stem for path in data.glob("*.hea")), key=int)
    with ProcessPoolExecutor(jobs) as pool:
        found = {}
        for number, (record, each) in enumerate(zip(records, pool.map(partial(_record, data, methods), records),
                                                    strict=True)):
            found[record] = each
            print(f"{number + 1}/{len(records)}", end="\r", file=sys.stderr, flush=True)
    out.write_text(json.dumps({method: {record: each[method] for record, each in found.items()}
                               for method in methods}), encoding="utf-8")


def _record(data: Path, methods: Sequence[str], record: str) -> dict[str, dict[str, dict[str, list[float | None]]]]:
    import neurokit2  # type: ignore[import-not-found]
    import wfdb

    warnings.simplefilter("ignore")
    read = wfdb.rdrecord(str(data / record))
    fs = int(read.fs)
    leads = [name.lower() for name in read.sig_name]
    clean = {lead: neurokit2.ecg_clean(read.p_signal[:, column], sampling_rate=fs)
             for column, lead in enumerate(leads)}
    _, peaks = neurokit2.ecg_peaks(clean["ii"], sampling_rate=fs)
    r = np.asarray(peaks["ECG_R_Peaks"])
    found: dict[str, dict[str, dict[str, list[float | None]]]] = {method: {} for method in methods}
    for method in methods:
        for lead in leads:
            try:
                _, waves = neurokit2.ecg_delineate(clean[lead], r, sampling_rate=fs, method=method)
            except (ValueError, IndexError, KeyError, ZeroDivisionError, TypeError):
                # NeuroKit2 gives up on some leads so; for this lead it then marks nothing.
                waves = {}
            found[method][lead] = {name: [_plain(sample) for sample in samples] for name, samples in (
                ("r", r), *((name, waves.get(column, [np.nan] * len(r))) for name, column in COLUMNS.items()))}
    return found


def _plain(sample: Any) -> float | None:
    return None if sample is None or not np.isfinite(sample) else float(sample)


def over_leads(leads: Mapping[str, Mapping[str, Sequence[float | None]]], combine: str
               ) -> dict[str, list[float | None]]:
    """One set of marks from those of the leads, beat by beat: "median", or "second" earliest and latest."""
    r = next(iter(leads.values()))["r"]
    marks: dict[str, list[float | None]] = {"r": list(r)}
    for name in LINES:
        marks[name] = []
        for beat in range(len(r)):
            given = sorted(sample for lead in leads.values() for sample in lead[name][beat:beat + 1]
                           if sample is not None)
            if len(given) < 3:
                marks[name].append(None)
            elif combine == "median":
                marks[name].append(float(np.median(given)))
            else:
                marks[name].append(given[1] if name.endswith("on") else given[-2])
    return marks


def _print(ludb: Path, tool_path: Path, found: Mapping[str, Any]) -> None:
    from ludb_cases import evaluator

    from peace_model.datasets.ludb import read_recording, read_table
    from peace_model.ecg.measurement.delineation import delineate
    from peace_model.ecg.measurement.tables import beats_record

    tool = evaluator(tool_path)
    candidates = {"PEACE": {row.name: beats_record(delineate(read_recording(row))) for row in read_table(ludb)}}
    for method, records in found.items():
        for combine in ("median", "second"):
            candidates[f"{method}/{combine}"] = {
                record: over_leads(leads, combine) for record, leads in records.items()}
    tables = {}
    for name, predictions in candidates.items():
        units, no_p = tool.evaluate(str(ludb / "data"), predictions)
        tables[name] = (tool.summarise(units), tool.false_p(no_p))
    print(f"{'':9}" + "".join(f"{name:>26}" for name in tables))
    for line in LINES:
        print(f"{line:9}" + "".join(
            f"{100 * rows[line]['se']:10.1f} %{rows[line]['mean']:7.1f}{rows[line]['sd']:7.1f}"
            for rows, _ in tables.values()))
    for wave in WAVES:
        print(f"{wave:9}" + "".join(
            f"   Se{100 * rows[wave]['se']:6.1f} PPV{100 * rows[wave]['ppv']:6.1f}    " for rows, _ in tables.values()))
    print("no P     " + "".join(
        f"{false['records_affected']:17d} of {false['records']:2d}   " for _, false in tables.values()))
    print("each line: boundaries given (%), mean and standard deviation of the error (ms)")


if __name__ == "__main__":
    main()

"""The demo library: simulated recordings, written as files and read back like any other."""

import tempfile
from pathlib import Path

from peace_desktop.jobs.operation import Report
from peace_desktop.library.repository import Library
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.simulation import simulate
from peace_model.ecg.simulation.demo import demo_recipe


def make_demo(library: Library, *, progress: Report) -> int:
    """Fill an empty library with the demo's recordings; returns how many there are.

    Raises Cancelled between two recordings, LibraryError when one cannot be kept.
    """
    recipe = demo_recipe()
    with tempfile.TemporaryDirectory(prefix="peace-demo-") as folder:
        for done, item in enumerate(recipe):
            progress(done, len(recipe), item.title)
            written = write_wfdb(simulate(item.spec).recording, Path(folder), item.name)
            library.add_recording(read_recording(written), origin_path_name=written.name, title=item.title)
    progress(len(recipe), len(recipe), "")
    return len(recipe)

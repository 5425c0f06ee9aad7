"""The demo library: simulated recordings, written as files and read back like any other."""

import tempfile
from pathlib import Path

from peace_desktop.library.repository import Library
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.simulation.demo import demo_recipe


def add_demo_recording(library: Library, place: int) -> bool:
    """Make the demo's recording at this place of the recipe; True while there are more.

    Raises LibraryError when it cannot be kept, IndexError beyond the last.
    """
    recipe = demo_recipe()
    item = recipe[place]
    with tempfile.TemporaryDirectory(prefix="peace-demo-") as folder:
        written = write_wfdb(item.recording(), Path(folder), item.name)
        library.add_recording(read_recording(written), origin_path_name=written.name, title=item.title)
    return place + 1 < len(recipe)

"""Journey: the power of the process goes away in the middle of the work, again and again, and nothing is lost.

Six kills here; `python tests/crash.py --kills 200` does the same two hundred times.
"""

import time

from crash import kill_many


def test_nothing_drafted_signed_or_imported_is_lost_when_the_process_is_killed(tmp_path) -> None:
    seed = time.time_ns() % (1 << 30)
    print(f"seed {seed}")
    seen = kill_many(6, tmp_path, seed=seed)
    assert sum(count for what, count in seen.items() if what.startswith("killed while: ")) == 6
    assert seen["acknowledged: reading"] > 0
    assert (seen["killed while: study"], seen["killed while encrypted"]) == (1, 1)

"""What decoding libraries warn of: never shown, as it may repeat a patient's values, and heard by one reader at a time.

Python keeps one list of warning filters for all threads: two readers changing it at once would leave it changed.
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def library_warnings(action: Literal["ignore", "error"]) -> Iterator[None]:
    """Within it every warning is passed over, or raised."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter(action)
        yield

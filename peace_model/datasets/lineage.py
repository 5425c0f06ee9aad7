"""What a network began with and followed, as runs and bundles keep it: who had learnt before it, and from what."""

from collections.abc import Iterator, Mapping
from typing import Any

from peace_model.datasets import wfdb_folder

Made = Mapping[str, Any]
"""How a run was made, as its own state or a later run's "made" tells: "data", "data_sha256", "init", "teachers"."""


def ancestors(made: Made) -> Iterator[Made | None]:
    """The runs that a run began with or followed, and those before them; None for one of which nothing was kept."""
    for before in (*([made["init"]] if "init" in made else []), *made.get("teachers", ())):
        known = before.get("made")
        yield known
        if known is not None:
            yield from ancestors(known)


def learnt_elsewhere(made: Made) -> bool:
    """Whether a run before this one had learnt from other recordings than its own, or nobody knows from which."""
    return any(known is None or not of_the_same_recordings(made, known) for known in ancestors(made))


def of_the_same_recordings(ours: Made, theirs: Made) -> bool:
    """A published data set is known by its name, a folder of one's own by its digest alone."""
    first, second = ({name: value for name, value in (one.get("data") or {}).items() if value is not None}
                     for one in (ours, theirs))
    digests = {one.get("data_sha256") for one in (ours, theirs)}
    return bool(first) and first == second and (
        len(digests) == 1 if None not in digests else first.get("dataset") != wfdb_folder.DATASET)

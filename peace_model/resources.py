"""Where the files of `resources/` are: inside the wheel, or beside the packages in a checkout."""

from pathlib import Path


def resource(*parts: str) -> Path:
    """Path of a resource, e.g. ``resource("norms", "limits.csv")``.

    Raises FileNotFoundError naming the resource when it is not part of this installation.
    """
    here = Path(__file__).resolve().parent
    for root in (here / "_resources", here.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"resource {'/'.join(parts)} is missing from this installation; reinstall the application")

"""The table that every command of this folder prints."""

import statistics

Row = tuple[str, str, list[float], str]
"""What was measured, what is aimed at, the figures in the order they were taken, their unit."""


def table(rows: list[Row]) -> str:
    """The rows as aligned text."""
    lines = [f"{'what':32} {'aim':>9} {'first':>9} {'later':>9} {'worst':>9}"]
    for name, aim, found, unit in rows:
        later = found[1:] or found
        lines.append(f"{name:32} {aim:>9} {found[0]:9.1f} {statistics.median(later):9.1f} {max(later):9.1f} {unit}")
    return "\n".join(lines)

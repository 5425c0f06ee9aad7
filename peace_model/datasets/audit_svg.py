"""Pictures of an audit as inline SVG: text stays text, nothing is fetched, and the same counts give the same bytes."""

from collections.abc import Mapping
from html import escape
from itertools import pairwise

LEFT, WIDTH, ROW = 210, 720, 22
_ROOM = 110
"""Right of the longest bar, for its number."""


def bars(title: str, counts: Mapping[str, int], *, of: int | None = None) -> str:
    """Horizontal bars with their numbers; the share too where `of` says of how many."""
    most = max([*counts.values(), 1])
    parts = []
    for place, (name, count) in enumerate(counts.items()):
        y = place * ROW
        length = (WIDTH - LEFT - _ROOM) * count / most
        share = f" ({100 * count / of:.1f} %)" if of else ""
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(_short(name))}</text>'
            f'<rect x="{LEFT}" y="{y + 3}" width="{length:.1f}" height="{ROW - 6}" class="bar"/>'
            f'<text x="{LEFT + length + 6:.1f}" y="{y + 15}">{count:,}{share}</text>')
    return _svg(title, len(counts) * ROW + 4, "".join(parts))


def histogram(title: str, counts: Mapping[int, int], axis: str) -> str:
    """Upright bars over whole numbers, empty places included."""
    if not counts:
        return ""
    first, last = min(counts), max(counts)
    height, most, step = 150, max(counts.values()), (WIDTH - 60) / (last - first + 1)
    parts = [f'<line x1="50" y1="{height}" x2="{WIDTH - 10}" y2="{height}" class="axis"/>',
             f'<text x="44" y="12" text-anchor="end">{most:,}</text>',
             f'<text x="44" y="{height}" text-anchor="end">0</text>']
    every = next(n for n in (1, 2, 5, 10, 20, 50, 1000) if (last - first) / n <= 20)
    for value in range(first, last + 1):
        x, tall = 50 + (value - first) * step, (height - 8) * counts.get(value, 0) / most
        parts.append(f'<rect x="{x + 0.5:.1f}" y="{height - tall:.1f}" width="{max(step - 1, 0.5):.1f}" '
                     f'height="{tall:.1f}" class="bar"/>')
        if value % every == 0:
            parts.append(f'<text x="{x + step / 2:.1f}" y="{height + 15}" text-anchor="middle">{value}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{height + 32}" text-anchor="middle">{escape(axis)}</text>')
    return _svg(title, height + 38, "".join(parts))


def ranges(title: str, rows: Mapping[str, Mapping[str, float]], unit: str) -> str:
    """5th to 95th percentile as a line, the quarters as a bar, the median as a mark."""
    most = max([row["p95"] for row in rows.values()] + [1e-9])
    scale = (WIDTH - LEFT - _ROOM) / most
    parts = []
    for place, (name, row) in enumerate(rows.items()):
        x = [LEFT + row[at] * scale for at in ("p5", "p25", "p50", "p75", "p95")]
        y = place * ROW + ROW / 2
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
            f'<line x1="{x[0]:.1f}" y1="{y}" x2="{x[4]:.1f}" y2="{y}" class="axis"/>'
            f'<rect x="{x[1]:.1f}" y="{y - 6}" width="{max(x[3] - x[1], 0.5):.1f}" height="12" class="bar"/>'
            f'<line x1="{x[2]:.1f}" y1="{y - 8}" x2="{x[2]:.1f}" y2="{y + 8}" class="median"/>'
            f'<text x="{x[4] + 6:.1f}" y="{y + 4}">{row["p50"]:.2f} {escape(unit)}</text>')
    return _svg(title, len(rows) * ROW + 4, "".join(parts))


def stacked(title: str, rows: Mapping[str, Mapping[str, int]]) -> str:
    """One bar of equal length a row, cut by share; every part carries its name and number where there is room."""
    kinds = sorted({kind for row in rows.values() for kind in row}, key=lambda kind: (-int(kind), kind))
    parts = []
    for place, (name, row) in enumerate(rows.items()):
        y, total, shares = place * ROW, sum(row.values()), [0.0]
        for kind in kinds:
            shares.append(shares[-1] + row.get(kind, 0) / max(1, total))
        parts.append(f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        for number, (kind, (start, stop)) in enumerate(zip(kinds, pairwise(shares), strict=True)):
            x, wide = LEFT + start * (WIDTH - LEFT - 10), (stop - start) * (WIDTH - LEFT - 10)
            if wide > 0:
                parts.append(f'<rect x="{x:.1f}" y="{y + 3}" width="{wide:.1f}" height="{ROW - 6}" '
                             f'class="part{min(number, 2)}"/>')
            if wide > 90:
                parts.append(f'<text x="{x + 6:.1f}" y="{y + 15}" class="on{min(number, 2)}">{escape(kind)} leads: '
                             f'{row.get(kind, 0):,}</text>')
    return _svg(title, len(rows) * ROW + 4, "".join(parts))


def _svg(title: str, height: float, content: str) -> str:
    return (f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
            f'aria-label="{escape(title, quote=True)}">{content}</svg></figure>')


def _short(name: str) -> str:
    return name if len(name) <= 32 else name[:31] + "\N{HORIZONTAL ELLIPSIS}"

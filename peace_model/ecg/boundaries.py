"""The boundaries of a beat's waves that a reader may move, in milliseconds from its R peak."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

BoundaryName = Literal["p_on", "p_off", "qrs_on", "qrs_off", "t_on", "t_off"]
WaveName = Literal["p", "qrs", "t"]

BOUNDARIES: tuple[BoundaryName, ...] = ("p_on", "p_off", "qrs_on", "qrs_off", "t_on", "t_off")
"""In the order of time."""
WAVES: Mapping[WaveName, tuple[BoundaryName, BoundaryName]] = {
    "p": ("p_on", "p_off"), "qrs": ("qrs_on", "qrs_off"), "t": ("t_on", "t_off")}
OPTIONAL_WAVES: tuple[WaveName, ...] = ("p", "t")
LEAST_WAVE_MS = 4.0

_FARTHEST_MS = 3000.0
_NEW_P_MS, _NEW_T_MS = (-150.0, -70.0), (90.0, 220.0)
"""Where a wave that is added first stands: from the onset, or from the offset, of the QRS."""


@dataclass(frozen=True)
class Boundaries:
    """Milliseconds from the R peak of the dominant median beat over all leads; None for both ends of an absent wave.

    Raises ValueError for a wave with one end, without a QRS, of no duration, or far from the beat.
    """

    p_on: float | None
    p_off: float | None
    qrs_on: float
    qrs_off: float
    t_on: float | None
    t_off: float | None

    def __post_init__(self) -> None:
        for first, last in WAVES.values():
            on, off = self.at(first), self.at(last)
            if on is None and off is None and first != "qrs_on":
                continue
            if on is None or off is None:
                raise ValueError(f"{first} and {last} are given together, or neither")
            if not (-_FARTHEST_MS <= on < off <= _FARTHEST_MS):
                raise ValueError(f"{first} is {on} ms and {last} {off} ms; expected a wave within "
                                 f"{_FARTHEST_MS:g} ms of R")

    def at(self, name: BoundaryName) -> float | None:
        """One boundary."""
        value: float | None = getattr(self, name)
        return value

    def has(self, wave: WaveName) -> bool:
        return self.at(WAVES[wave][0]) is not None

    def document(self) -> dict[str, float | None]:
        """Name -> milliseconds."""
        return asdict(self)


@dataclass(frozen=True)
class Span:
    """First and last millisecond of a median beat, counted from its R peak."""

    first: float
    last: float


def moved(boundaries: Boundaries, name: BoundaryName, to_ms: float, span: Span) -> Boundaries:
    """One boundary as near to to_ms as its neighbours and the beat allow; an absent wave's stays absent."""
    if boundaries.at(name) is None:
        return boundaries
    place = BOUNDARIES.index(name)
    low, high = span.first, span.last
    for other in BOUNDARIES:
        at = boundaries.at(other)
        if other == name or at is None:
            continue
        gap_ms = LEAST_WAVE_MS if any({name, other} == set(ends) for ends in WAVES.values()) else 0.0
        if BOUNDARIES.index(other) < place:
            low = max(low, at + gap_ms)
        else:
            high = min(high, at - gap_ms)
    return boundaries if low > high else _with(boundaries, {name: min(max(to_ms, low), high)})


def without(boundaries: Boundaries, wave: WaveName) -> Boundaries:
    """The beat without a P or T wave. Raises ValueError for the QRS."""
    return _with(boundaries, dict.fromkeys(WAVES[wave], None))


def added(boundaries: Boundaries, wave: WaveName, span: Span) -> Boundaries:
    """The beat with a P or T wave at a usual place, to be moved from there; unchanged where there is no room."""
    if boundaries.has(wave):
        return boundaries
    if wave == "p":
        on, off = (max(boundaries.qrs_on + ms, span.first) for ms in _NEW_P_MS)
    else:
        on, off = (min(boundaries.qrs_off + ms, span.last) for ms in _NEW_T_MS)
    return boundaries if off - on < LEAST_WAVE_MS else _with(
        boundaries, dict(zip(WAVES[wave], (on, off), strict=True)))


def from_document(ends: Mapping[str, float | None]) -> Boundaries:
    """The boundaries of a `document`. Raises KeyError, TypeError or ValueError for anything else."""
    if set(ends) != set(BOUNDARIES):
        raise KeyError("boundaries")
    qrs_on, qrs_off = ends["qrs_on"], ends["qrs_off"]
    if qrs_on is None or qrs_off is None:
        raise ValueError("a beat has a QRS")
    return Boundaries(ends["p_on"], ends["p_off"], qrs_on, qrs_off, ends["t_on"], ends["t_off"])


def _with(boundaries: Boundaries, ends: Mapping[BoundaryName, float | None]) -> Boundaries:
    return from_document(boundaries.document() | {str(name): at for name, at in ends.items()})

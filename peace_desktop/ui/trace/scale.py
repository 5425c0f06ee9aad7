"""Pixels per millimetre of the screen: what the screen says of itself, or what the reader measured with a ruler."""

from dataclasses import dataclass

from PySide6.QtGui import QScreen

MM_PER_INCH = 25.4
_PLAUSIBLE_DPI = (50.0, 400.0)
_MOST_ANISOTROPY = 1.25


@dataclass(frozen=True)
class ScreenScale:
    """Logical pixels per millimetre, across and down. measured: by the reader, not claimed by the screen."""

    x: float
    y: float
    measured: bool

    def __post_init__(self) -> None:
        if not (self.x > 0 and self.y > 0):
            raise ValueError(f"pixels per mm are {self.x} and {self.y}; expected both above 0")


def claimed_scale(*, physical_dpi_x: float, physical_dpi_y: float, logical_dpi: float) -> ScreenScale:
    """The scale from what a screen claims, in logical pixels per inch.

    Screens lie (projectors, virtual machines, remote desktops): a size that is out of range or far from square pixels
    is not believed, and the logical resolution, then 96 per inch, is taken instead.
    """
    low, high = _PLAUSIBLE_DPI
    dpi = (physical_dpi_x, physical_dpi_y)
    square = min(dpi) > 0 and max(dpi) / min(dpi) <= _MOST_ANISOTROPY
    if not (square and all(low <= value <= high for value in dpi)):
        dpi = (logical_dpi, logical_dpi) if low <= logical_dpi <= high else (96.0, 96.0)
    return ScreenScale(dpi[0] / MM_PER_INCH, dpi[1] / MM_PER_INCH, measured=False)


def scale_of_screen(screen: QScreen) -> ScreenScale:
    """The scale a screen claims, checked for plausibility."""
    return claimed_scale(
        physical_dpi_x=screen.physicalDotsPerInchX(),
        physical_dpi_y=screen.physicalDotsPerInchY(),
        logical_dpi=screen.logicalDotsPerInch(),
    )

"""QT corrected for heart rate by four formulas; a limit published for one of them holds for that one alone.

RR is the mean interval between consecutive dominant beats, the one this package reports as rr_ms.
"""

import math
from collections.abc import Callable


def bazett_ms(qt_ms: float, rr_ms: float) -> float:
    """QT / sqrt(RR). Bazett HC. Heart 1920;7:353. Too long at fast rates, too short at slow ones."""
    return qt_ms / math.sqrt(rr_ms / 1000)


def fridericia_ms(qt_ms: float, rr_ms: float) -> float:
    """QT / cube root of RR. Fridericia LS. Acta Med Scand 1920;53:469."""
    return qt_ms / math.cbrt(rr_ms / 1000)


def hodges_ms(qt_ms: float, rr_ms: float) -> float:
    """QT + 1.75 (rate - 60). Hodges M, Salerno D, Erlien D. J Am Coll Cardiol 1983;1:694."""
    return qt_ms + 1.75 * (60_000 / rr_ms - 60)


def framingham_ms(qt_ms: float, rr_ms: float) -> float:
    """QT + 154 (1 - RR). Sagie A, et al. Am J Cardiol 1992;70:797."""
    return qt_ms + 154 * (1 - rr_ms / 1000)


FORMULAS: dict[str, Callable[[float, float], float]] = {
    "qtc_bazett_ms": bazett_ms, "qtc_fridericia_ms": fridericia_ms, "qtc_hodges_ms": hodges_ms,
    "qtc_framingham_ms": framingham_ms}

"""Times of a long recording, as a clock shows them and as a person types them."""

import re

_TYPED = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,4}):)?(\d{1,5}(?:[.,]\d+)?)", re.ASCII)


def elapsed(second: float, *, decimals: int = 0) -> str:
    """A second of a long recording as a clock shows it: "1:02:03"."""
    whole = round(second, decimals)
    minutes, rest = divmod(whole, 60)
    width = 3 + decimals if decimals else 2
    return f"{int(minutes // 60)}:{int(minutes % 60):02d}:{rest:0{width}.{decimals}f}"


def time_of(text: str) -> float | None:
    """Seconds of "1:02:03" (hours, minutes, seconds), "2:03" (minutes, seconds) or "123"; None for anything else."""
    found = _TYPED.fullmatch(text.strip().replace("\N{FULLWIDTH COLON}", ":"))
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    return 3600.0 * int(hours or 0) + 60.0 * int(minutes or 0) + float(seconds.replace(",", "."))

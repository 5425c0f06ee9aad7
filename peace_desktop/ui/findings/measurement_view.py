"""Rows of the measurement table: pure functions from measurements to words."""

from collections.abc import Iterable
from dataclasses import dataclass

from peace_desktop.report.terms import measurement_name
from peace_desktop.texts import _, render
from peace_model.ecg.measurement import Measurement
from peace_model.ecg.norms import Limit

_SHAPES = {"above": "\N{BLACK UP-POINTING TRIANGLE}", "below": "\N{BLACK DOWN-POINTING TRIANGLE}"}
_UNITS = {"deg": "°", "bpm": "bpm", "ms": "ms", "mV": "mV"}


@dataclass(frozen=True)
class LimitView:
    """One published limit beside a value, in the value's unit. drawable: both ends are published, on a line."""

    p02: float | None
    p50: float | None
    p98: float | None
    drawable: bool
    text: str


@dataclass(frozen=True)
class MeasurementView:
    """One row. value is None where nothing was measured; then `reason` says why."""

    name: str
    value: float | None
    value_text: str
    limits: tuple[LimitView, ...]
    limit_text: str
    flag: str | None
    flag_text: str
    reason: str

    @property
    def accessible(self) -> str:
        return ", ".join(part for part in (self.name, self.value_text, self.flag_text, self.limit_text, self.reason)
                         if part)


def measurement_rows(measurements: Iterable[Measurement]) -> tuple[MeasurementView, ...]:
    return tuple(_row(measurement) for measurement in measurements)


def _row(measurement: Measurement) -> MeasurementView:
    unit = _UNITS.get(measurement.unit, measurement.unit)
    gap = "" if unit == "°" else "\N{NO-BREAK SPACE}"
    value = measurement.value
    value_text = f"{value:.{2 if measurement.unit == 'mV' else 0}f}{gap}{unit}" if value is not None else "\N{EN DASH}"
    answer = measurement.limit
    limits = tuple(_limit(limit) for limit in answer.limits) if answer is not None else ()
    limit_text = "; ".join(view.text for view in limits)
    if answer is not None and answer.reason is not None:
        limit_text = render(answer.reason)
    flag = measurement.flag
    words = {"above": _("above the 98th percentile for age and sex; check by hand"),
             "below": _("below the 2nd percentile for age and sex; check by hand")}
    flag_text = f"{_SHAPES[flag]} {words[flag]}" if flag in words else ""
    return MeasurementView(
        name=measurement_name(measurement.name), value=value, value_text=value_text, limits=limits,
        limit_text=limit_text, flag=flag, flag_text=flag_text,
        reason=_(measurement.reason) if value is None else "",
    )


def _limit(limit: Limit) -> LimitView:
    ends = [f"{end:g}" if end is not None else "" for end in (limit.p02, limit.p98)]
    if all(ends):
        span = "\N{EN DASH}".join(ends)
    else:
        span = _("from {low}").format(low=ends[0]) if ends[0] else _("to {high}").format(high=ends[1])
    text = _("{span} ({source})").format(span=span, source=limit.name or limit.source)
    return LimitView(limit.p02, limit.p50, limit.p98, drawable=all(ends) and limit.unit != "deg", text=text)

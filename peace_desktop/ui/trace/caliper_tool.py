"""The calipers in the reader's hand: mouse and keys move two points from sample to sample of one strip."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from peace_desktop.report.paper import Strip
from peace_desktop.ui.trace.caliper import Caliper, nearest_peak
from peace_desktop.ui.trace.samples import LeadSamples
from peace_desktop.ui.trace.sheet import Sheet

_GRAB_MM = 2.0
_FIRST_SPAN_S = 0.2
_LARGE_STEP_S = 0.04

SamplesOfLead = Callable[[str], LeadSamples]


class CaliperTool(QObject):
    """Drag to measure; drag a line to move it. Shift snaps to the nearest peak.

    Keys: Return places the calipers or takes the other line, Left and Right move it by a sample (Shift: one small
    box's 40 ms), Up and Down go to another lead, T snaps to the peak, R repeats the interval, Escape removes. None
    of them is a command of the window: a key never means two things.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.caliper: Caliper | None = None
        self.active = 1
        self.march_out = False
        self._sheet: Sheet | None = None
        self._samples: SamplesOfLead | None = None
        self._fs_hz = 1.0
        self._held = False

    def set_sheet(self, sheet: Sheet | None, samples: SamplesOfLead | None, fs_hz: float) -> None:
        """The page to measure on; the calipers stay where they are if the page still shows their strip."""
        self._sheet, self._samples, self._fs_hz = sheet, samples, fs_hz
        if self.caliper is not None and self.strip is None:
            self.clear()

    @property
    def strip(self) -> Strip | None:
        """The strip the calipers stand on, None without calipers or when the page has another lead there."""
        if self._sheet is None or self.caliper is None:
            return None
        for strip in self._sheet.page.row(self.caliper.row):
            if (strip.column, strip.lead) == (self.caliper.column, self.caliper.lead):
                return strip
        return None

    def clear(self) -> None:
        """Remove the calipers."""
        self._held = False
        if self.caliper is not None:
            self.caliper = None
            self.changed.emit()

    def press(self, at_mm: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if self._sheet is None:
            return
        strip = self.strip
        if strip is not None and self.caliper is not None:
            top = self._sheet.row_top_mm(strip.row)
            on_row = top <= at_mm.y() <= top + self._sheet.row_mm
            ends = (self.caliper.first, self.caliper.second)
            away = [abs(self._sheet.time_x_mm(strip, end / self._fs_hz) - at_mm.x()) for end in ends]
            if on_row and min(away) <= _GRAB_MM:
                self.active = away.index(min(away))
                self._held = True
                self.changed.emit()
                return
        target = self._sheet.strip_at(at_mm.x(), at_mm.y())
        if target is None:
            return
        sample = self._sample(target, at_mm.x(), modifiers)
        self.caliper = Caliper(target.lead, target.row, target.column, sample, sample)
        self.active = 1
        self._held = True
        self.changed.emit()

    def move(self, at_mm: QPointF, modifiers: Qt.KeyboardModifier, held: bool) -> None:
        strip = self.strip
        if not (held and self._held) or strip is None or self.caliper is None:
            return
        self._place(self._sample(strip, at_mm.x(), modifiers))

    def release(self) -> None:
        if self._held and self.caliper is not None and self.caliper.first == self.caliper.second:
            self.clear()
        self._held = False

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the calipers."""
        keys = Qt.Key
        if event.key() in (keys.Key_Return, keys.Key_Enter):
            self._place_or_switch()
            return True
        if self.caliper is None or self.strip is None:
            return False
        large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = max(1, round(_LARGE_STEP_S * self._fs_hz)) if large else 1
        acts: dict[int, Callable[[], None]] = {
            keys.Key_Left: lambda: self._place(self._end() - step),
            keys.Key_Right: lambda: self._place(self._end() + step),
            keys.Key_Up: lambda: self._go_to_lead(-1),
            keys.Key_Down: lambda: self._go_to_lead(1),
            keys.Key_T: self._snap,
            keys.Key_R: self._toggle_march_out,
            keys.Key_Escape: self.clear,
        }
        act = acts.get(event.key())
        if act is None:
            return False
        act()
        return True

    def _end(self) -> int:
        assert self.caliper is not None
        return (self.caliper.first, self.caliper.second)[self.active]

    def _place(self, sample: int) -> None:
        strip = self.strip
        if strip is None or self.caliper is None or self._samples is None:
            return
        last = min(int(strip.end_s * self._fs_hz), len(self._samples(strip.lead)) - 1)
        sample = min(max(sample, int(-(-strip.start_s * self._fs_hz // 1))), last)
        self.caliper = self.caliper.with_point(self.active, sample)
        self.changed.emit()

    def _sample(self, strip: Strip, x_mm: float, modifiers: Qt.KeyboardModifier) -> int:
        assert self._sheet is not None
        assert self._samples is not None
        values = self._samples(strip.lead)
        sample = min(max(round(self._sheet.time_at(strip, x_mm) * self._fs_hz), 0), len(values) - 1)
        return nearest_peak(values, sample, self._fs_hz) if modifiers & Qt.KeyboardModifier.ShiftModifier else sample

    def _snap(self) -> None:
        if self.caliper is not None and self._samples is not None:
            self._place(nearest_peak(self._samples(self.caliper.lead), self._end(), self._fs_hz))

    def _toggle_march_out(self) -> None:
        self.march_out = not self.march_out
        self.changed.emit()

    def _place_or_switch(self) -> None:
        if self.caliper is not None:
            self.active = 1 - self.active
            self.changed.emit()
            return
        strips = self._strips()
        if strips:
            self._stand_on(strips[-1] if strips[-1].group == "rhythm" else strips[0])

    def _stand_on(self, strip: Strip) -> None:
        middle = (strip.start_s + strip.end_s) / 2
        first, second = (round((middle + side * _FIRST_SPAN_S / 2) * self._fs_hz) for side in (-1, 1))
        self.caliper = Caliper(strip.lead, strip.row, strip.column, first, second)
        self.active = 1
        self._place(second)

    def _go_to_lead(self, way: int) -> None:
        strip, strips = self.strip, self._strips()
        if strip is None or self.caliper is None or not strips:
            return
        target = strips[(strips.index(strip) + way) % len(strips)]
        moved = Caliper(target.lead, target.row, target.column, self.caliper.first, self.caliper.second)
        inside = all(target.start_s <= end / self._fs_hz <= target.end_s for end in (moved.first, moved.second))
        if not inside:
            self._stand_on(target)
            return
        self.caliper = moved
        self.changed.emit()

    def _strips(self) -> list[Strip]:
        return [strip for strip in self._sheet.page.strips if strip.present] if self._sheet else []

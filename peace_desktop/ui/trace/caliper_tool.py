"""The calipers in the reader's hand: mouse and keys move two points from sample to sample of one strip."""

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from peace_desktop.report.paper import Strip
from peace_desktop.ui.trace.caliper import Caliper
from peace_desktop.ui.trace.caliper_picture import foot_mm
from peace_desktop.ui.trace.samples import LeadSamples
from peace_desktop.ui.trace.sheet import Sheet
from peace_desktop.ui.trace.snap import Drawn, following, snapped
from peace_desktop.ui.trace.strip_item import display_offset_mv, strip_samples

_GRAB_MM = 2.0
_ALONG_BASELINE_MM = 2.0
"""So near to its line a hand drags along the time and means no height."""
_FIRST_SPAN_S = 0.2
FIRST, SECOND, BOTH = 0, 1, 2

SamplesOfLead = Callable[[str], LeadSamples]


class CaliperTool(QObject):
    """Drag to measure; drag a line to move it, or the line at the foot to move the pair.

    A line that is dragged snaps to extremes and steepest points of the trace; Shift, or `snapping` off, leaves it where
    the hand is. Keys: Return places the calipers, then takes the second line, the first, both; Left and Right move by a
    sample (Shift: by a small square, Alt: to the next extreme or steepest point), Up and Down go to another lead,
    Escape removes. None of them is a command of the window: a key never means two things.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.caliper: Caliper | None = None
        self.active = SECOND
        self.march_out = False
        self.snapping = True
        self.preferred_lead = ""
        self._sheet: Sheet | None = None
        self._samples: SamplesOfLead | None = None
        self._fs_hz = 1.0
        self._held = False
        self._grip = 0
        """Samples from the pair's first line to the hand that moves the pair."""

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

    @property
    def fs_hz(self) -> float:
        """Samples a second of what is measured."""
        return self._fs_hz

    @property
    def active_lines(self) -> tuple[bool, bool]:
        """Which of the two lines moves."""
        return self.active in (FIRST, BOTH), self.active in (SECOND, BOTH)

    def clear(self) -> None:
        """Remove the calipers."""
        self._held = False
        if self.caliper is not None:
            self.caliper = None
            self.changed.emit()

    # By hand

    def press(self, at_mm: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if self._sheet is None:
            return
        taken = self._taken(at_mm)
        if taken is not None:
            self.active = taken
            self._held = True
            self.changed.emit()
            return
        target = self._sheet.strip_at(at_mm.x(), at_mm.y(), lead=self.preferred_lead)
        if target is None:
            return
        sample = self._sample(target, at_mm, modifiers)
        self.caliper = Caliper(target.lead, target.row, target.column, sample, sample)
        self.active = SECOND
        self._held = True
        self.changed.emit()

    def move(self, at_mm: QPointF, modifiers: Qt.KeyboardModifier, held: bool) -> None:
        strip = self.strip
        if not (held and self._held) or strip is None or self.caliper is None:
            return
        if self.active != BOTH:
            self._place(self._sample(strip, at_mm, modifiers))
            return
        first = self._sample_at(strip, at_mm.x()) - self._grip
        self._place(self._snapped(strip, first, None) if self._snaps(modifiers) else first)

    def release(self) -> None:
        if self._held and self.caliper is not None and self.caliper.first == self.caliper.second:
            self.clear()
        self._held = False

    def _taken(self, at_mm: QPointF) -> int | None:
        """Which line is at a place, BOTH at the line that joins them; None for neither."""
        strip, sheet = self.strip, self._sheet
        if strip is None or sheet is None or self.caliper is None:
            return None
        top = sheet.row_top_mm(strip.row)
        ends = (self.caliper.first, self.caliper.second)
        xs_mm = [sheet.time_x_mm(strip, end / self._fs_hz) for end in ends]
        away = [abs(x_mm - at_mm.x()) for x_mm in xs_mm]
        between = min(xs_mm) + _GRAB_MM < at_mm.x() < max(xs_mm) - _GRAB_MM
        if between and abs(at_mm.y() - foot_mm(sheet, strip)) <= _GRAB_MM:
            self._grip = self._sample_at(strip, at_mm.x()) - self.caliper.first
            return BOTH
        return away.index(min(away)) if top <= at_mm.y() <= top + sheet.row_mm and min(away) <= _GRAB_MM else None

    def _sample_at(self, strip: Strip, x_mm: float) -> int:
        assert self._sheet is not None
        assert self._samples is not None
        last = len(self._samples(strip.lead)) - 1
        return min(max(round(self._sheet.time_at(strip, x_mm) * self._fs_hz), 0), last)

    def _sample(self, strip: Strip, at_mm: QPointF, modifiers: Qt.KeyboardModifier) -> int:
        sample = self._sample_at(strip, at_mm.x())
        return self._snapped(strip, sample, at_mm.y()) if self._snaps(modifiers) else sample

    def _snaps(self, modifiers: Qt.KeyboardModifier) -> bool:
        return self.snapping and not modifiers & Qt.KeyboardModifier.ShiftModifier

    def _snapped(self, strip: Strip, sample: int, y_mm: float | None) -> int:
        assert self._sheet is not None
        assert self._samples is not None
        values, hand_mv = self._samples(strip.lead), None
        up_mm = self._sheet.baseline_mm(strip.row) - y_mm if y_mm is not None else 0.0
        if abs(up_mm) > _ALONG_BASELINE_MM:
            level_mv = display_offset_mv(values[strip_samples(strip, self._fs_hz, len(values))])
            hand_mv = level_mv + strip.sign * up_mm / self._sheet.gain.of(strip)
        return snapped(values, sample, self._drawn(strip), hand_mv=hand_mv)

    def _drawn(self, strip: Strip) -> Drawn:
        assert self._sheet is not None
        return Drawn(self._fs_hz, self._sheet.speed_mm_per_s, self._sheet.gain.of(strip))

    # By keys

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the calipers."""
        keys = Qt.Key
        if event.key() in (keys.Key_Return, keys.Key_Enter):
            self.place_or_switch()
            return True
        if self.caliper is None or self.strip is None:
            return False
        acts: dict[int, Callable[[], None]] = {
            keys.Key_Left: lambda: self._step(-1, event.modifiers()),
            keys.Key_Right: lambda: self._step(1, event.modifiers()),
            keys.Key_Up: lambda: self._go_to_lead(-1),
            keys.Key_Down: lambda: self._go_to_lead(1),
            keys.Key_Escape: self.clear,
        }
        act = acts.get(event.key())
        if act is None:
            return False
        act()
        return True

    def place_or_switch(self) -> None:
        """Place the calipers where there are none; else the next of second line, first line, both."""
        if self.caliper is not None:
            self.active = {SECOND: FIRST, FIRST: BOTH, BOTH: SECOND}[self.active]
            self.changed.emit()
            return
        strips = self._strips()
        chosen = [strip for strip in strips if strip.lead == self.preferred_lead]
        if strips:
            self._stand_on((chosen or [strip for strip in strips if strip.group == "rhythm"] or strips)[0])

    def snap(self) -> None:
        """Take the line that moves to the nearest extreme or steepest point; of the pair the first."""
        strip = self.strip
        if strip is not None:
            self._place(self._snapped(strip, self._end(), None))

    def toggle_march_out(self) -> None:
        """Repeat the interval both ways across the page, or no longer."""
        self.march_out = not self.march_out
        self.changed.emit()

    def _step(self, way: int, modifiers: Qt.KeyboardModifier) -> None:
        strip, sheet = self.strip, self._sheet
        if strip is None or sheet is None or self._samples is None:
            return
        if modifiers & Qt.KeyboardModifier.AltModifier:
            first, last = self._range(strip)
            self._place(following(self._samples(strip.lead), self._end(), way, self._drawn(strip), first=first,
                                  last=last))
            return
        small_square = modifiers & Qt.KeyboardModifier.ShiftModifier
        self._place(self._end() + way * (max(1, round(self._fs_hz / sheet.speed_mm_per_s)) if small_square else 1))

    def _end(self) -> int:
        assert self.caliper is not None
        return self.caliper.second if self.active == SECOND else self.caliper.first

    def _range(self, strip: Strip) -> tuple[int, int]:
        """The first and last sample of a strip."""
        assert self._samples is not None
        last = min(int(strip.end_s * self._fs_hz), len(self._samples(strip.lead)) - 1)
        return ceil(strip.start_s * self._fs_hz), last

    def _place(self, sample: int) -> None:
        """Move the active line, or the pair by its first, as far as the strip goes."""
        strip, caliper = self.strip, self.caliper
        if strip is None or caliper is None or self._samples is None:
            return
        first, last = self._range(strip)
        if self.active == BOTH:
            by = sample - caliper.first
            by = max(min(by, last - max(caliper.first, caliper.second)), first - min(caliper.first, caliper.second))
            self.caliper = caliper.moved(by)
        else:
            self.caliper = caliper.with_point(self.active, min(max(sample, first), last))
        self.changed.emit()

    def _stand_on(self, strip: Strip) -> None:
        middle = (strip.start_s + strip.end_s) / 2
        first, second = (round((middle + side * _FIRST_SPAN_S / 2) * self._fs_hz) for side in (-1, 1))
        self.caliper = Caliper(strip.lead, strip.row, strip.column, first, second)
        self.active = SECOND
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

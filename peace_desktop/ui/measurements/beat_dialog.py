"""The median beat with its handles, the intervals they come to at once, and the way back to the automatic ones."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from peace_desktop.jobs.measured_beat import MeasuredBeat
from peace_desktop.report.limit_words import number_words
from peace_desktop.review.measurement_edits import MeasurementEdit
from peace_desktop.texts import _, listed
from peace_desktop.ui.measurements.beat_canvas import BOUNDARY_WORDS, BeatCanvas
from peace_desktop.ui.measurements.beat_scale import (
    GAINS_MM_PER_MV,
    SPEEDS_MM_PER_S,
    BeatScale,
    fitting_scale,
)
from peace_desktop.ui.measurements.beat_values import LIVE, live_values, noise_words
from peace_desktop.ui.panel import text_label
from peace_desktop.ui.theme import sized
from peace_desktop.ui.trace.scale import ScreenScale
from peace_model.ecg.boundaries import OPTIONAL_WAVES, Boundaries, WaveName, added, from_document, without
from peace_model.ecg.measurement import Measurement
from peace_model.ecg.measurement.edited import span_of

_VALUES_PX, _FRAME_PX, _AROUND_PX = 366, 48, 190
"""Width of the values; what window and screen edges take; height of everything above and below the paper."""
_SHOWN_EDITS = 4


class BeatDialog(QDialog):
    """`boundaries` is what was chosen: None for "as measured automatically".

    in_force: the reader's boundaries that hold now, None for the automatic ones. why_not: why nothing may be edited,
    "" where it may. history: the edits made before, oldest first.
    """

    def __init__(self, measured: MeasuredBeat, automatic: Sequence[Measurement], *, title: str,
                 in_force: Boundaries | None, history: Sequence[MeasurementEdit], why_not: str, screen: ScreenScale,
                 room: QSize, parent: QWidget | None = None) -> None:
        """room: the largest this dialog may be, in logical pixels."""
        super().__init__(parent)
        self.setObjectName("beat_dialog")
        self.setWindowTitle(_("Median beat: {title}").format(title=title))
        self._measured = measured
        self._automatic = tuple(automatic)
        self._in_force = in_force
        self._why_not = why_not
        self._span = span_of(measured.beat)
        scale = fitting_scale(measured, self._span, width_mm=(room.width() - _VALUES_PX - _FRAME_PX) / screen.x,
                              height_mm=(room.height() - _AROUND_PX) / screen.y)
        self.canvas = BeatCanvas(measured, in_force or measured.automatic, scale, screen, editable=not why_not)
        self._lead = self._combo(_("Lead"), [(_("All leads"), ""), *((lead, lead) for lead in measured.leads)], "")
        self._speed = self._combo(_("Speed"), [(_("{speed} mm/s").format(speed=f"{speed:g}"), speed)
                                               for speed in SPEEDS_MM_PER_S], scale.speed_mm_per_s)
        self._gain = self._combo(_("Gain"), [(_("{gain} mm/mV").format(gain=f"{gain:g}"), gain)
                                             for gain in GAINS_MM_PER_MV], scale.gain_mm_per_mv)
        self._noise = text_label(muted=True, name="residual_noise")
        self._handle = text_label(wrap=False, name="handle_text")
        self._waves = {wave: QCheckBox({"p": _("P wave"), "t": _("T wave")}[wave]) for wave in OPTIONAL_WAVES}
        self._values: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        self._reset = QPushButton(_("Back to automatic"))
        self._reset.setObjectName("reset_boundaries")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Close if why_not else
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out(history, room)
        self._lead.activated.connect(lambda _place: self._show_lead())
        for combo in (self._speed, self._gain):
            combo.activated.connect(lambda _place: self._rescale())
        for wave, box in self._waves.items():
            box.setObjectName(f"wave_{wave}")
            box.setEnabled(not why_not)
            box.clicked.connect(lambda checked, wave=wave: self._set_wave(wave, there=checked))
        self._reset.clicked.connect(self.reset)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.canvas.moved.connect(self._look)
        self.canvas.chosen.connect(self._look)
        self._show_lead()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def automatic(self) -> Boundaries:
        return self._measured.automatic

    @property
    def boundaries(self) -> Boundaries | None:
        return None if self.canvas.boundaries == self._measured.automatic else self.canvas.boundaries

    @property
    def changed(self) -> bool:
        """Whether there is anything to keep."""
        return self.boundaries != self._in_force

    def value_text(self, name: str) -> str:
        """What stands beside a measurement now."""
        return self._values[name][0].text()

    def choose_lead(self, lead: str) -> None:
        """Draw one lead before the others; "" for all."""
        self._lead.setCurrentIndex(self._lead.findData(lead))
        self._show_lead()

    def reset(self) -> None:
        """All handles back to where they were found."""
        if not self._why_not:
            self._set(self._measured.automatic)

    # Within

    def _combo(self, name: str, choices: Sequence[tuple[str, object]], chosen: object) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        for words, value in choices:
            combo.addItem(words, value)
        combo.setCurrentIndex(combo.findData(chosen))
        return combo

    def _lay_out(self, history: Sequence[MeasurementEdit], room: QSize) -> None:
        head = QHBoxLayout()
        for combo in (self._lead, self._speed, self._gain):
            head.addWidget(combo)
        head.addStretch(1)
        paper = QScrollArea()
        paper.setWidget(self.canvas)
        paper.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        edge = 2 * paper.frameWidth()
        paper.setMinimumSize(min(self.canvas.width() + edge, room.width() - _VALUES_PX - _FRAME_PX),
                             min(self.canvas.height() + edge, room.height() - _AROUND_PX))
        left = QVBoxLayout()
        left.addLayout(head)
        left.addWidget(paper, 1)
        left.addWidget(self._handle)
        keys = text_label(self._why_not or _(
            "Drag a handle, or choose it with Tab or 1 to 6: arrows move it by 2 ms, with Shift by 10 ms, Home takes "
            "it back. Dashed: where it stood automatically."), muted=not self._why_not, name="beat_keys")
        # A label that wraps claims one line only; without the second it would be laid over the paper.
        keys.setMinimumHeight(2 * keys.fontMetrics().lineSpacing())
        left.addWidget(keys)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 4, 0)
        column.addLayout(self._value_grid())
        row = QHBoxLayout()
        for box in self._waves.values():
            row.addWidget(box)
        row.addStretch(1)
        row.addWidget(self._reset)
        column.addLayout(row)
        column.addWidget(self._noise)
        column.addWidget(text_label(_history_words(history), muted=True, name="edit_history"))
        column.addStretch(1)
        values = QScrollArea()
        values.setWidget(right)
        values.setWidgetResizable(True)
        values.setFrameShape(QFrame.Shape.NoFrame)
        values.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        values.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = QWidget()
        side.setFixedWidth(_VALUES_PX)
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(values, 1)
        beside.addWidget(self._buttons)
        layout = QHBoxLayout(self)
        layout.addLayout(left, 1)
        layout.addWidget(side)

    def _value_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        for place, words in enumerate((_("Interval"), _("now"), _("automatic"))):
            grid.addWidget(text_label(words, muted=True, wrap=False), 0, place,
                           Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft)
        rows = live_values(self._measured, self.canvas.boundaries, self._automatic)
        for place, (name, row) in enumerate(zip(LIVE, rows, strict=True)):
            line = 2 * place + 1
            value = text_label(wrap=False, name=f"now_{name}")
            was = text_label(row.automatic_text, muted=True, wrap=False)
            sized(value, 13, bold=True)
            more = text_label(muted=True, name=f"more_{name}")
            more.setMinimumHeight(more.sizeHint().height())
            grid.addWidget(text_label(row.view.name, wrap=False), line, 0)
            grid.addWidget(value, line, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(was, line, 2, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(more, line + 1, 0, 1, 3)
            self._values[name] = (value, was, more)
        return grid

    def _set(self, boundaries: Boundaries) -> None:
        self.canvas.set_boundaries(boundaries)
        self._look()

    def _set_wave(self, wave: WaveName, *, there: bool) -> None:
        now, found = self.canvas.boundaries, self._measured.automatic
        if not there:
            self._set(without(now, wave))
        elif found.has(wave):
            self._set(_with_wave(now, found, wave) or added(now, wave, self._span))
        else:
            self._set(added(now, wave, self._span))

    def _show_lead(self) -> None:
        self.canvas.set_lead(self._lead.currentData())
        self._noise.setText(noise_words(self._measured, self.canvas.lead))
        self._look()

    def _rescale(self) -> None:
        before = self.canvas.scale
        self.canvas.set_scale(BeatScale(self._speed.currentData(), self._gain.currentData(), before.span,
                                        before.high_mv, before.low_mv))

    def _look(self) -> None:
        """Show what the boundaries come to."""
        boundaries = self.canvas.boundaries
        for name, row in zip(LIVE, live_values(self._measured, boundaries, self._automatic), strict=True):
            value, _was, more = self._values[name]
            value.setText(row.view.value_text)
            more.setText(row.note)
            more.setToolTip("\n".join(row.view.detail))
            value.setAccessibleName(f"{row.view.accessible}, " + _("automatic {value}").format(
                value=row.automatic_text))
        self._handle.setText(self.canvas.handle_text())
        for wave, box in self._waves.items():
            box.setChecked(boundaries.has(wave))
        self._reset.setEnabled(not self._why_not and boundaries != self._measured.automatic)
        save = self._buttons.button(QDialogButtonBox.StandardButton.Save)
        if save is not None:
            save.setEnabled(self.changed)


def _with_wave(now: Boundaries, found: Boundaries, wave: WaveName) -> Boundaries | None:
    """The boundaries with a wave back where it was found; None where that contradicts the others by now."""
    ends = now.document() | {name: at for name, at in found.document().items() if name.startswith(f"{wave}_")}
    known = [at for at in ends.values() if at is not None]
    return from_document(ends) if known == sorted(known) else None


def _history_words(history: Sequence[MeasurementEdit]) -> str:
    """The newest edits, a line each."""
    if not history:
        return _("Not edited so far.")
    lines = []
    for edit in history[-_SHOWN_EDITS:]:
        when = edit.at.astimezone().strftime("%Y-%m-%d %H:%M")
        if edit.boundaries is None:
            lines.append(_("{when} {reader}: back to automatic").format(when=when, reader=edit.reader))
        else:
            lines.append(_("{when} {reader}: {boundaries}").format(when=when, reader=edit.reader, boundaries=listed(
                _moved_words(edit))))
    return "\n".join(lines)


def _moved_words(edit: MeasurementEdit) -> list[str]:
    assert edit.boundaries is not None
    words = []
    for name, boundary in BOUNDARY_WORDS.items():
        was, now = edit.automatic.at(name), edit.boundaries.at(name)
        if was != now:
            words.append(f"{_(boundary)} " + (_("removed") if now is None else _("{ms} ms").format(
                ms=number_words(now, 0)) if was is None else f"{now - was:+.0f} ms".replace("-", "\N{MINUS SIGN}")))
    return words

"""Pictures of an evaluation: reliability and ROC of every label, and the N-shot curve of the controls.

Colours are those of Okabe and Ito (2008), which colour-blind eyes tell apart; marks and dashes tell the same again.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from peace_model.evaluation.calibration import Platt, reliability
from peace_model.evaluation.figures import Decided
from peace_model.evaluation.metrics import FEW_POSITIVES
from peace_model.evaluation.scored import Scored

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#767676"
STYLES = tuple(zip(
    ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00"), "os^Dvx",
    ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1))), strict=True))
PANEL_IN = 2.2
COLUMNS = 6


class PlotError(Exception):
    """There is nothing to draw; str() says what is missing."""


def reliability_plot(judged: Scored, decided: Decided, data: str) -> "Figure":
    """One panel a label: frequency against probability in 15 bins of equal size, before and after calibration."""
    figure, panels = _panels(_drawable(judged), f"Reliability, {data}")
    for code, panel in panels.items():
        rows, c = _known(judged, code)
        panel.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
        raw = Platt(1.0, 0.0).probabilities(judged.logits[rows, c])
        for probabilities, colour, mark, line, text in (
                (raw, ORANGE, "s", "--", "before"), (decided.probabilities[rows, c], BLUE, "o", "-", "after")):
            said, found, _ = reliability(probabilities, judged.targets[rows, c])
            panel.plot(said, found, color=colour, marker=mark, markersize=3, linestyle=line, linewidth=1,
                       markerfacecolor="none" if mark == "s" else colour, label=text)
    _finish(figure, panels, "probability", "frequency", "before and after calibration (cross-fitted)")
    return figure


def roc_plot(judged: Scored, entries: Mapping[str, Mapping[str, Any]], data: str) -> "Figure":
    """One panel a label: sensitivity against 1 - specificity, with its area as evaluated and its interval.

    entries: label -> {"auroc": {"value", "low", "high"}, ...}, as `figures` gives them.
    """
    figure, panels = _panels(_drawable(judged), f"ROC, {data}")
    for code, panel in panels.items():
        rows, c = _known(judged, code)
        panel.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":")
        panel.plot(*roc_curve(judged.logits[rows, c], judged.targets[rows, c]), color=BLUE, linewidth=1.2,
                   label="ROC", drawstyle="default")
        area = entries[code]["auroc"]
        panel.text(0.97, 0.06, f"{area['value']:.3f}\n({area['low']:.3f}\N{EN DASH}{area['high']:.3f})",
                   ha="right", va="bottom", fontsize=7)
    _finish(figure, panels, "1 \N{MINUS SIGN} specificity", "sensitivity", None)
    return figure


def roc_curve(
    scores: NDArray[np.floating], targets: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """1 - specificity and sensitivity at every distinct score, from (0, 0) to (1, 1); both classes must occur."""
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = np.cumsum(targets[order] > 0)[last]
    found = last + 1
    sensitivity = np.concatenate([[0.0], hits / hits[-1]])
    return np.concatenate([[0.0], (found - hits) / (found[-1] - hits[-1])]), sensitivity


def shots_plot(table: Mapping[str, Any]) -> "Figure":
    """Macro AUROC of every control against the number of labelled recordings a label, mean and spread over seeds.

    table: what `peace-model ablate` writes. Raises PlotError when it holds no run of several shots.
    """
    rows = [row for row in table["rows"] if "shots" in row and row.get("mean") is not None]
    shots = sorted({row["shots"] for row in rows}, key=_shots_order)
    if len(shots) < 2:
        raise PlotError("the table holds no figures of different numbers of shots; nothing to draw")
    figure = _figure(7.0, 4.2)
    axes = figure.add_subplot()
    for k, arm in enumerate(dict.fromkeys(row["arm"] for row in rows)):
        colour, mark, line = STYLES[k % len(STYLES)]
        own = sorted((row for row in rows if row["arm"] == arm), key=lambda row: _shots_order(row["shots"]))
        axes.errorbar([shots.index(row["shots"]) + 0.04 * k for row in own], [row["mean"] for row in own],
                      yerr=[row["sd"] or 0.0 for row in own], color=colour, marker=mark, linestyle=line,
                      markersize=4, linewidth=1.2, capsize=2, label=arm)
    axes.set_xticks(range(len(shots)), [str(count) for count in shots])
    axes.set_xlabel("labelled recordings per label (as many as there are, where fewer)")
    axes.set_ylabel("macro AUROC, mean and sd over seeds")
    axes.set_title(f"N-shot curve, grid {table['grid']}: a shift between adults, not to children", fontsize=9)
    axes.legend(fontsize=8, frameon=False)
    axes.grid(visible=True, color="#dddddd", linewidth=0.5)
    return figure


def write_plot(figure: "Figure", path: Path) -> None:
    """By the name's ending, SVG or PNG; the same data give the same bytes."""
    import matplotlib

    path.parent.mkdir(parents=True, exist_ok=True)
    with matplotlib.rc_context({"svg.hashsalt": "peace", "svg.fonttype": "none"}):
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _shots_order(shots: str | int) -> float:
    return math.inf if shots == "all" else float(shots)


def _drawable(judged: Scored) -> Scored:
    both = [code for code, positives, negatives in zip(
        judged.labels, judged.positives, judged.negatives, strict=True) if positives and negatives]
    if not both:
        raise PlotError("no label has positives and negatives; nothing to draw")
    return judged.only(both)


def _known(judged: Scored, code: str) -> tuple[NDArray[np.int64], int]:
    c = judged.labels.index(code)
    return np.flatnonzero(judged.known[:, c]), c


def _figure(width_in: float, height_in: float) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _panels(judged: Scored, title: str) -> tuple["Figure", dict[str, "Axes"]]:
    columns = min(COLUMNS, len(judged.labels))
    lines = math.ceil(len(judged.labels) / columns)
    figure = _figure(max(PANEL_IN * columns, 4.4), PANEL_IN * lines + 0.7)
    figure.suptitle(title, fontsize=10)
    panels = {}
    for place, (code, positives) in enumerate(zip(judged.labels, judged.positives, strict=True)):
        panel = figure.add_subplot(lines, columns, place + 1, aspect="equal", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        few = ", few" if positives < FEW_POSITIVES else ""
        panel.set_title(f"{code} (n {positives}{few})", fontsize=8)
        panel.set_xticks([0, 0.5, 1], ["0", "0.5", "1"], fontsize=7)
        panel.set_yticks([0, 0.5, 1], ["0", "0.5", "1"], fontsize=7)
        panels[code] = panel
    return figure, panels


def _finish(figure: "Figure", panels: Mapping[str, "Axes"], x: str, y: str, legend: str | None) -> None:
    figure.supxlabel(x, fontsize=9)
    figure.supylabel(y, fontsize=9)
    if legend is not None:
        lines: Sequence[Any] = next(iter(panels.values())).get_legend_handles_labels()
        figure.legend(*lines, title=legend, loc="outside upper right", ncols=2, fontsize=8, title_fontsize=8,
                      frameon=False)

"""A model of 24 labels in the window: every row in reach of the keyboard, maps hatched where they have no support."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

pytest.importorskip("onnx", reason="the bundle of these tests is made with the onnx package (extra train)")

from tiny_bundle import description, graph_bytes, write_bundle
from window_cases import import_all, open_titled, start

from peace_desktop.app import Application
from peace_desktop.ui.findings.prediction_row import PredictionRow
from peace_desktop.ui.main_window import MainWindow
from peace_model.inference.bundle import load_bundle
from peace_model.inference.prediction import Verdict
from peace_model.inference.predictor import Predictor
from peace_model.labels import load_profile

LABELS = [(label.code, label.name) for label in load_profile("peace24").labels]


def with_verdicts() -> dict[str, Any]:
    """bundle.json of a model whose attention is supported for NORM, not for CRBBB, and not tested for others."""
    fields = description(LABELS)
    fields["explanation_checks"]["attention"]["labels"] = {
        "NORM": {"verdict": "supported", "recordings": 24, "failed": []},
        "CRBBB": {"verdict": "unsupported", "recordings": 24, "failed": ["deletion"]}}
    return fields


@pytest.fixture
def window(qtbot: object, tmp_path: Path, children: Path) -> Iterator[MainWindow]:
    folder = write_bundle(tmp_path / "bundle", fields=with_verdicts(), graph=graph_bytes(len(LABELS)))
    application: Application = start(tmp_path / "data", Predictor(load_bundle(folder), provider="cpu"))
    shown = application.window
    shown.resize(1366, 768)
    import_all(qtbot, shown, children)
    open_titled(qtbot, shown, "infant")
    yield shown
    application.close()


def in_sight(scroll: QScrollArea, row: PredictionRow) -> bool:
    whole = (row.mapTo(scroll.viewport(), corner) for corner in (row.rect().topLeft(), row.rect().bottomLeft()))
    return all(scroll.viewport().rect().contains(place) for place in whole)


def test_every_label_has_a_row_and_the_down_key_reaches_the_last_in_sight(window: MainWindow, qtbot) -> None:
    rows = [row for row in window.side.predictions.findChildren(PredictionRow) if row.isVisibleTo(window)]
    assert [row.label for row in rows] == [row.label for row in window.side.predictions.rows]
    assert len(rows) == 24
    rows[0].setFocus()
    for _step in range(23):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    last = window.focusWidget()
    assert last is rows[23]
    assert window.side.predictions.detail.findChild(object, "detail_title").text() == window.side.predictions.rows[
        23].name
    scroll = window.side.findChild(QScrollArea, "case_scroll")
    qtbot.waitUntil(lambda: in_sight(scroll, last))
    assert scroll.verticalScrollBar().value() > 0
    open_titled(qtbot, window, "mother")
    assert scroll.verticalScrollBar().value() == 0, "of another recording what is said of its input comes first"


def test_a_statement_can_be_made_on_a_label_beyond_the_keys(window: MainWindow, qtbot) -> None:
    beyond = next(row for row in window.side.predictions.rows if not row.key)
    window.select_label(beyond.label)
    window.actions_["state_present"].trigger()
    qtbot.waitUntil(lambda: window.readings.reading is not None and window.readings.reading.statement(
        beyond.label) is not None)


@pytest.mark.parametrize(("label", "verdict", "words"), [
    ("NORM", Verdict.SUPPORTED, "24 recordings with this label"),
    ("CRBBB", Verdict.UNSUPPORTED, "needs what such maps mark no more than random places"),
    ("AFIB", Verdict.NOT_TESTED, "too few recordings"),
])
def test_the_legend_says_what_the_map_is_worth(
        window: MainWindow, label: str, verdict: Verdict, words: str) -> None:
    window.select_label(label)
    legend = window.stage.trace.legend.text
    assert words in legend
    assert ("hatched" in legend) == (verdict is not Verdict.SUPPORTED)


def test_a_label_chosen_with_its_key_is_scrolled_into_sight(window: MainWindow, qtbot) -> None:
    keyed = [place for place, row in enumerate(window.side.predictions.rows) if row.key]
    row = window.side.predictions.rows[keyed[-1]]
    window.select_label(row.label)
    widget = next(item for item in window.side.predictions.findChildren(PredictionRow) if item.label == row.label)
    scroll = window.side.findChild(QScrollArea, "case_scroll")
    qtbot.waitUntil(lambda: in_sight(scroll, widget))

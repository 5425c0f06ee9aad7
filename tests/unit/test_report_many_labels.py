"""A model of 24 labels on one sheet: every label with its numbers and its statement; maps with their worth."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from report_samples import content_of, draft, drawing_of, prediction, printed_text, signed

from peace_desktop.report.content import ReportContent
from peace_desktop.report.pdf import write_pdf
from peace_desktop.review.statements import Presence, Statement
from peace_model.inference.prediction import PredictionResult, Reason, Support, Verdict
from peace_model.labels import load_profile

LABELS = load_profile("peace24").labels
CODES = tuple(label.code for label in LABELS)


def result_of(*positive: str, verdict: Verdict = Verdict.SUPPORTED) -> PredictionResult:
    names = {label.code: label.name for label in LABELS}
    made = prediction(CODES, positive=positive)
    support = Support(verdict, Reason("map", "The ground of the verdict"))
    return replace(
        made, predictions=tuple(replace(item, name=names[item.label]) for item in made.predictions),
        explanations=tuple(replace(item, support=support) for item in made.explanations))


def map_of(verdict: Verdict) -> ReportContent:
    return content_of(result=result_of("RVH", verdict=verdict), selected=("RVH", "gradcam"))


@pytest.mark.parametrize("positive", [(), ("RVH", "AFIB"), CODES[:6]])
@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_every_label_is_printed_with_its_numbers(tmp_path: Path, positive: tuple[str, ...], paper: Any) -> None:
    content = content_of(result=result_of(*positive), selected=("RVH", "gradcam"))
    text = printed_text(tmp_path, content, paper=paper)
    assert "more in the record" not in text
    for label in LABELS:
        assert label.name in text, label.code
    assert text.count("13 %") == len(LABELS) - len(positive)
    assert text.count("82 %") == len(positive)


def test_statements_on_every_label_are_printed(tmp_path: Path) -> None:
    statements = tuple(Statement(code, Presence.ABSENT) for code in CODES)
    reading = signed("Normal.", statements=statements)
    text = printed_text(tmp_path, content_of(result=result_of("RVH"), reading=reading))
    assert "more in the record" not in text
    assert text.count("Absent") == len(CODES)
    for label in LABELS:
        assert label.name in text, label.code


def test_twelve_labels_keep_a_line_each(tmp_path: Path) -> None:
    text = printed_text(tmp_path, content_of(result=prediction(CODES[:12]), reading=draft()))
    assert text.count("negative") == 11


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_map_without_support_is_hatched_in_print_and_the_legend_says_why(tmp_path: Path, verdict: Verdict) -> None:
    text = printed_text(tmp_path, map_of(verdict))
    assert "The ground of the verdict" in text
    assert ("hatched = " in text) == (verdict is not Verdict.SUPPORTED)
    diagonals = {verdict: 0}
    for given in (verdict, Verdict.SUPPORTED):
        write_pdf(map_of(given), tmp_path / "map.pdf")
        lines = drawing_of(tmp_path / "map.pdf").of_length(2, 2)
        diagonals[given] = sum(abs(abs(line[1][0] - line[0][0]) - abs(line[1][1] - line[0][1])) < 0.02 and
                               abs(line[1][0] - line[0][0]) > 0.3 for line in lines)
    assert (diagonals[verdict] > diagonals[Verdict.SUPPORTED] + 100) == (verdict is not Verdict.SUPPORTED)

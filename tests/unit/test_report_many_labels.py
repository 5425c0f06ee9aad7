"""A model of 24 labels on one sheet: every label with its numbers and its statement; maps with their worth."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from report_samples import content_of, draft, drawing_of, prediction, printed_text, signed, spikes

from peace_desktop.report.content import ReportContent
from peace_desktop.report.paper import load_ink
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
    assert "the model saw 3\N{EN DASH}26 recordings" in " ".join(text.split()), "a note of many labels gives the range"


def test_a_small_probability_is_never_cut(tmp_path: Path) -> None:
    made = result_of()
    made = replace(made, predictions=tuple(replace(item, probability=0.004) for item in made.predictions))
    text = " ".join(printed_text(tmp_path, content_of(result=made)).split())
    assert text.count("< 1") == text.count("< 1 %") == len(LABELS)


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


def test_the_pattern_is_darker_than_every_map_and_far_lighter_than_the_trace() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    ink = load_ink()
    pattern, trace = lightness(ink.colours["map_hatch"]), lightness(ink.colours["trace"])
    assert pattern < min(map(lightness, ink.map_palette))
    assert pattern - trace > 0.5
    assert ink.widths_mm["map_hatch"] < ink.widths_mm["trace"] / 2


def test_the_pattern_is_not_multiplied_onto_the_map(tmp_path: Path) -> None:
    """Multiplied it came out as dark as a trace."""
    write_pdf(map_of(Verdict.NOT_TESTED), tmp_path / "map.pdf")
    operators = PdfReader(tmp_path / "map.pdf").pages[0].get_contents().get_data().decode("latin-1")
    pattern = "0.553 0.663 0.769 RG"
    multiplied = operators[operators.index(" gs"):]
    multiplied = multiplied[:multiplied.index("\nQ")]
    assert pattern in operators
    assert " rg" in multiplied
    assert pattern not in multiplied


def test_a_long_legend_beside_cut_leads_keeps_the_meaning_of_pattern_and_colours(tmp_path: Path) -> None:
    tall = spikes(peak_mv=9.0)
    long = replace(prediction(("RVH",)).predictions[0], name="Left anterior fascicular block")
    result = replace(prediction(("RVH",)), predictions=(long,))
    text = printed_text(tmp_path, content_of(tall, result=result, selected=("RVH", "gradcam")))
    assert "cut at the paper's edge" in text
    assert "Map: Grad-CAM++ for Left anterior fascicular block · hatched = not tested · least to most" in text

"""Pictures by what they show: labels, the numbers drawn, that nothing hangs on colour alone, and the file."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored_cases import scored_of

from peace_model.evaluation.calibration import patient_halves
from peace_model.evaluation.figures import Decided, calibrate, figures
from peace_model.evaluation.plots import PlotError, reliability_plot, roc_curve, roc_plot, shots_plot, write_plot
from peace_model.evaluation.scored import Scored

pytest.importorskip("matplotlib", reason="needs the extra 'train'")


@pytest.fixture(scope="module")
def judged() -> Scored:
    rng = np.random.default_rng(3)
    targets = (rng.random((300, 3)) < [0.4, 0.1, 0.0]).astype(int)
    known = np.ones(targets.shape, bool)
    known[:40, 1] = False
    return scored_of(rng.normal(size=(300, 3)) * 2 + 2 * targets, targets, known=known)


@pytest.fixture(scope="module")
def decided(judged: Scored) -> Decided:
    return calibrate(judged, patient_halves(judged.patients, 1), "by hand")[1]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30).filter(
    lambda cases: len({hit for _, hit in cases}) == 2))
def test_the_curve_is_that_of_scikit_learn(cases: list[tuple[int, bool]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="needs the extra 'dev'")
    scores, targets = np.array([c[0] for c in cases], float), np.array([int(c[1]) for c in cases])
    false, hits = roc_curve(scores, targets)
    their_false, their_hits, _ = metrics.roc_curve(targets, scores, drop_intermediate=False)
    np.testing.assert_allclose(false, their_false)
    np.testing.assert_allclose(hits, their_hits)
    assert np.trapezoid(hits, false) == pytest.approx(metrics.roc_auc_score(targets, scores))


def test_roc_draws_every_label_that_has_both_classes_with_its_area(judged: Scored, decided: Decided) -> None:
    entries = figures(judged, decided, {"profile": judged.labels}, seed=1, replicates=30)["labels"]
    figure = roc_plot(judged, entries, "made up")
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == [f"A (n {judged.positives[0]})", f"B (n {judged.positives[1]}, few)"]
    drawn = figure.axes[1].lines[1]
    rows = judged.known[:, 1]
    np.testing.assert_allclose(
        np.array(drawn.get_data()), roc_curve(judged.logits[rows, 1], judged.targets[rows, 1]))
    area = entries["B"]["auroc"]
    assert figure.axes[1].texts[0].get_text().startswith(f"{area['value']:.3f}\n({area['low']:.3f}")
    assert "made up" in figure.get_suptitle()


def test_reliability_shows_before_and_after_by_mark_and_dash_too(judged: Scored, decided: Decided) -> None:
    figure = reliability_plot(judged, decided, "made up")
    diagonal, before, after = figure.axes[0].lines
    assert {before.get_marker(), after.get_marker()} == {"s", "o"}
    assert before.get_linestyle() != after.get_linestyle()
    assert len({line.get_color() for line in (diagonal, before, after)}) == 3
    said = decided.probabilities[:, 0]
    assert after.get_xdata()[-1] == pytest.approx(np.sort(said)[-20:].mean())
    assert after.get_ydata()[-1] == pytest.approx(judged.targets[np.argsort(said, kind="stable")[-20:], 0].mean())
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["before", "after"]


def test_shots_are_in_order_with_their_spread_and_no_two_arms_look_alike() -> None:
    rows = [{"proxy": "B", "arm": arm, "shots": shots, "mean": 0.7 + 0.01 * k, "sd": 0.02}
            for k, arm in enumerate(("peace", "ecg_only", "dann")) for shots in ("all", "0", "50", "10")]
    rows += [{"proxy": "A", "arm": "peace", "mean": 0.9, "sd": None}, {"proxy": "B", "arm": "mmd", "shots": "0"}]
    figure = shots_plot({"grid": "tiny", "rows": rows})
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "10", "50", "all"]
    lines = [container.lines[0] for container in axes.containers]
    assert [container.get_label() for container in axes.containers] == ["peace", "ecg_only", "dann"]
    assert len({(line.get_marker(), line.get_linestyle(), line.get_color()) for line in lines}) == 3
    assert len({line.get_marker() for line in lines}) == 3
    assert axes.containers[1].lines[0].get_ydata().tolist() == [0.71] * 4
    assert "not to children" in axes.get_title()


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(PlotError, match="numbers of shots"):
        shots_plot({"grid": "tiny", "rows": [{"proxy": "B", "arm": "peace", "shots": "0", "mean": 0.5, "sd": 0.1}]})
    nothing = scored_of(np.zeros((5, 1)), np.zeros((5, 1), int))
    with pytest.raises(PlotError, match="positives and negatives"):
        roc_plot(nothing, {}, "")


def test_files_are_what_their_names_say_and_the_same_every_time(
    judged: Scored, decided: Decided, tmp_path: Path
) -> None:
    for name in ("a.svg", "b.svg", "c.png"):
        write_plot(reliability_plot(judged, decided, "made up"), tmp_path / "plots" / name)
    root = ElementTree.parse(tmp_path / "plots" / "a.svg").getroot()
    assert root.tag.endswith("svg")
    texts = {"".join(element.itertext()).strip() for element in root.iter() if element.tag.endswith("text")}
    assert {"probability", "frequency", f"A (n {judged.positives[0]})"} <= texts
    assert (tmp_path / "plots" / "a.svg").read_bytes() == (tmp_path / "plots" / "b.svg").read_bytes()
    assert (tmp_path / "plots" / "c.png").read_bytes().startswith(b"\x89PNG")

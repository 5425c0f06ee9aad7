"""How well a network is asked in words is told with what it is held against, and offered only where it is better."""

import json
from pathlib import Path

import numpy as np
import pytest
from layouts.ptbxl import Row, beats_uv, write_ptbxl

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)

from peace_model.__main__ import main  # noqa: E402
from peace_model.datasets import ptbxl  # noqa: E402
from peace_model.datasets.prepare import prepare  # noqa: E402
from peace_model.datasets.splits import own_split  # noqa: E402
from peace_model.datasets.store import Store, open_store  # noqa: E402
from peace_model.evaluation.metrics import auroc  # noqa: E402
from peace_model.evaluation.scored import Scored  # noqa: E402
from peace_model.evaluation.text_queries import (  # noqa: E402
    Asked,
    clearly_useful,
    query_figures,
    unlabelled_statements,
    verdict,
)
from peace_model.networks.building import fresh_peace  # noqa: E402
from peace_model.networks.label_query_network import LqnConfig  # noqa: E402
from peace_model.networks.peace import PeaceConfig  # noqa: E402
from peace_model.networks.sentence_encoder import TextEncoderError, model_folder  # noqa: E402
from peace_model.training.checkpoint import save_checkpoint  # noqa: E402
from peace_model.training.run_state import BEST  # noqa: E402
from peace_model.training.runs import network_facts  # noqa: E402

LABELS = ("NORM", "RVH", "TAB_")
TINY = PeaceConfig(encoder="xresnet1d_tiny", lqn=LqnConfig(width=32, layers=1, heads=2, feed_forward=32), align_width=8,
                   statements=2)
EACH = 14


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Fold 9 with statements that are labels, feed one (inverted T), or are none (old infarction, abnormal QRS)."""
    rng, rows, signals = np.random.default_rng(1), [], []
    for number, code in enumerate(code for code in ("NORM", "INVT", "IMI", "ABQRS", "LMI") for _ in range(EACH)):
        if code == "LMI" and number % 7:
            code = "NORM"
        rows.append(Row(number, 9 if number % EACH > 1 else 1, 40, number % 2, (code,)))
        signals.append(beats_uv(rng, wide=code == "ABQRS"))
    folder = tmp_path_factory.mktemp("queries")
    source = write_ptbxl(folder / "ptbxl", rows, np.stack(signals))
    prepare(ptbxl.source(source, fs_hz=100), folder / "store", profile="peace12_full")
    return open_store(folder / "store", "ptbxl71")


def asked(text: np.ndarray, labels: np.ndarray, truth: np.ndarray) -> Asked:
    n, k = truth.shape
    codes = tuple(f"S{column}" for column in range(k))
    return Asked(codes, labels.astype(np.float32), None, np.zeros(k, np.int64), Scored(
        codes, text.astype(np.float32), truth.astype(np.uint8), np.ones((n, k), bool),
        np.array([f"p{row}" for row in range(n)]), np.arange(n)))


def test_only_statements_that_make_no_label_and_are_frequent_enough_are_asked_for(store: Store) -> None:
    rows = own_split(store).choose
    assert unlabelled_statements(store, rows, LABELS, "peace12_full") == ("IMI", "ABQRS")
    assert set(unlabelled_statements(store, rows, ("RVH",), "peace12_full")) == {"NORM", "INVT", "IMI", "ABQRS"}


def test_texts_that_find_their_statements_are_useful_and_texts_that_do_not_are_not() -> None:
    rng = np.random.default_rng(2)
    truth = rng.random((400, 3)) < 0.2
    noise, labels = rng.standard_normal((400, 3)), rng.standard_normal((400, 2))
    good = query_figures(asked(truth * 2.0 + noise, labels, truth), ("A", "B"), seed=1, replicates=200)
    assert clearly_useful(good)
    for column, row in enumerate(good["statements"].values()):
        found = auroc(truth[:, column] * 2.0 + noise[:, column], truth[:, column])
        assert row["text"] == pytest.approx(found, abs=1e-4)
        assert row["nearest"] == pytest.approx(auroc(labels[:, 0], truth[:, column]), abs=1e-4)
        assert row["shuffled"] == pytest.approx(0.5, abs=0.1)
        assert row["label"] == "A"
    own = good["macro_auroc"]
    assert own["value"] == pytest.approx(np.mean([row["text"] for row in good["statements"].values()]), abs=1e-4)
    assert 0.5 < own["low"] < own["value"] < own["high"] < 1
    poor = query_figures(asked(noise, labels, truth), ("A", "B"), seed=1, replicates=200)
    assert not clearly_useful(poor)
    same = query_figures(asked(truth[:, [0] * 3] * 2.0 + noise, truth[:, :1].repeat(2, axis=1) * 2.0 + noise[:, :2],
                               truth[:, [0] * 3]), ("A", "B"), seed=1, replicates=200)
    assert not clearly_useful(same), "any text finds it, and the nearest label too"
    assert verdict(good) == (
        f"A statement's own text finds it better than chance (macro AUROC {own['value']:.3f}, 95 % over patients "
        f"{own['low']:.3f} to {own['high']:.3f}), better than another statement's text, and better than sorting by the "
        "label with the closest name; 0 of 3 statements come out under chance.")
    assert "not clearly different from chance" in verdict(poor)
    assert "not clearly different from another statement's text" in verdict(poor)
    assert verdict(poor).endswith(
        "The application does not offer a search in words: it would have to be clearly better than chance, than "
        "another statement's text and than sorting by the label with the closest name.")
    worse = query_figures(asked(noise, np.repeat(truth[:, :1] * 3.0, 2, axis=1) + noise[:, :2], truth[:, [0] * 3]),
                          ("A", "B"), seed=1, replicates=200)
    assert "worse than sorting by the label" in verdict(worse)


def test_texts_that_are_only_less_bad_than_the_others_are_not_offered() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random((400, 3)) < 0.3
    found = rng.standard_normal((400, 3)) - 0.5 * truth
    # Of another statement each text is even worse, and so is the label with the closest name.
    found -= 2.0 * (truth.sum(axis=1, keepdims=True) - truth)
    figures = query_figures(asked(found, found[:, :2] - 9.0 * truth.any(axis=1, keepdims=True), truth), ("A", "B"),
                            seed=1, replicates=200)
    assert all(figures["ways"][way]["difference"]["low"] > 0 for way in ("shuffled", "nearest"))
    assert figures["macro_auroc"]["high"] < 0.5
    assert not clearly_useful(figures)
    assert "finds it worse than chance" in verdict(figures)
    assert clearly_useful(figures | {"macro_auroc": {"value": 0.6, "low": 0.51, "high": 0.7}})


def test_the_command_measures_and_says_whether_it_is_worth_offering(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        model_folder()
    except TextEncoderError as missing:
        pytest.skip(str(missing))
    model = fresh_peace(TINY, LABELS, seed=2)
    save_checkpoint(tmp_path / "run" / BEST, model.state_dict(), {
        **network_facts(model), "labels": list(LABELS), "profile": "peace12_full", "pipeline": store.spec.to_dict(),
        "statement_codes": ["ABQRS", "IMI"]})
    rows = [{"proxy": "C", "state": "run", "label": "LVH", "positives": 20, "query": "text", "mean": 0.61234},
            {"proxy": "C", "state": "run", "label": "LVH", "positives": 20, "query": "nearest", "mean": 0.7,
             "difference": {"value": -0.0877, "low": -0.2, "high": 0.01}},
            {"proxy": "C", "state": "not run", "label": "LAE"}, {"proxy": "A", "state": "run", "arm": "peace"}]
    (tmp_path / "table.json").write_text(json.dumps({
        "grid": "tiny", "about": "Small networks.", "figure": "f", "bootstrap": {}, "rows": rows, "statements": [],
        "comparisons": 1, "not_run": []}), encoding="utf-8")
    command = ["query", str(tmp_path / "run"), "--measure", str(store.folder), "--replicates", "30"]
    assert main([*command, "--controls-table", str(tmp_path / "table.json"), "--out", str(tmp_path / "said")]) == 0
    assert "2 statements: text 0." in capsys.readouterr().out
    told = json.loads((tmp_path / "said" / "query.json").read_text(encoding="utf-8"))
    page = (tmp_path / "said" / "query.md").read_text(encoding="utf-8")
    assert set(told["figures"]["statements"]) == {"IMI", "ABQRS"}
    assert set(told["figures"]["ways"]) == {"shuffled", "nearest", "supervised"}
    assert ("does not offer a search in words" in page) is not told["useful"]
    assert "| LVH | 20 | nearest | 0.700 | -0.088 (-0.200 to +0.010) |" in page
    assert "LAE" not in page.partition("## Labels that no recording showed")[2]
    own = told["figures"]["macro_auroc"]
    assert f"| the statement's own text | {own['value']:.3f} ({own['low']:.3f} to {own['high']:.3f}) |" in page
    assert "| IMI | Inferior myocardial infarction | 12 |" in page
    with pytest.raises(SystemExit):
        main(command)
    assert "say with --out" in capsys.readouterr().err

"""Bundles a person may choose from: the shipped one stays, added ones are checked and told apart by their graph."""

import json
import shutil
from pathlib import Path

import pytest
from tiny_bundle import description, graph_bytes, write_bundle

from peace_desktop.jobs.bundle_shelf import SHIPPED, BundleShelf
from peace_model.inference.bundle_fields import BundleError

OTHER = (("NORM", "Normal ECG"), ("RVH", "Right ventricular hypertrophy"))


@pytest.fixture
def shelf(tmp_path: Path) -> BundleShelf:
    shipped = write_bundle(tmp_path / "shipped")
    return BundleShelf(tmp_path / "data" / "bundles", shipped=lambda: shipped)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    fields = {**description(OTHER), "name": "ward", "version": "2"}
    fields["training"]["seen"] = ["a" * 64]
    return write_bundle(tmp_path / "own", fields=fields, graph=graph_bytes(len(OTHER)))


def test_an_added_bundle_stays_when_its_folder_goes(shelf: BundleShelf, own: Path) -> None:
    added = shelf.add(own)
    shutil.rmtree(own)
    assert [(bundle.title, bundle.shipped, bundle.problem) for bundle in shelf.all()] == [
        ("tiny 0.0.1", True, ""), ("ward 2", False, "")]
    assert (added.choice, added.labels, added.lists_seen) == (added.sha256, ("NORM", "RVH"), True)
    assert (shelf.folder_of(added.choice) / "model.onnx").is_file()
    shelf.remove(added.choice)
    assert [bundle.choice for bundle in shelf.all()] == [SHIPPED]


def test_a_bundle_that_is_here_is_not_added_twice(shelf: BundleShelf, own: Path, tmp_path: Path) -> None:
    shelf.add(own)
    again = shelf.add(own)
    assert again.title == "ward 2"
    assert shelf.add(tmp_path / "shipped").choice == SHIPPED
    assert len(shelf.all()) == 2


def test_new_figures_of_the_same_graph_take_the_place_of_the_old(shelf: BundleShelf, own: Path) -> None:
    shelf.add(own)
    fields = json.loads((own / "bundle.json").read_text())
    (own / "bundle.json").write_text(json.dumps({**fields, "version": "2.1", "metrics": {"choosing": {}}}))
    assert shelf.add(own).title == "ward 2.1"
    assert [bundle.title for bundle in shelf.all()] == ["tiny 0.0.1", "ward 2.1"]


def test_the_same_graph_with_other_thresholds_is_refused(shelf: BundleShelf, own: Path) -> None:
    shelf.add(own)
    fields = json.loads((own / "bundle.json").read_text())
    fields["calibration"]["RVH"]["threshold"] = 0.9
    (own / "bundle.json").write_text(json.dumps(fields))
    with pytest.raises(BundleError, match="could not be told apart"):
        shelf.add(own)


def test_what_is_no_bundle_is_refused_and_nothing_is_kept(shelf: BundleShelf, own: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BundleError, match="choose a folder that holds a bundle"):
        shelf.add(tmp_path / "empty")
    (own / "model.onnx").write_bytes(graph_bytes(len(OTHER), steps=250))
    with pytest.raises(BundleError, match="copy the whole bundle folder again"):
        shelf.add(own)
    write_bundle(own, fields=json.loads((own / "bundle.json").read_text()), graph=graph_bytes(3))
    with pytest.raises(BundleError, match="bundle.json asks for"):
        shelf.add(own)
    assert [bundle.choice for bundle in shelf.all()] == [SHIPPED]


def test_a_damaged_copy_says_so_and_is_mended_by_adding_it_again(shelf: BundleShelf, own: Path) -> None:
    added = shelf.add(own)
    (shelf.folder_of(added.choice) / "model.onnx").write_bytes(b"x")
    assert "damaged" in shelf.all()[1].problem
    assert shelf.add(own).problem == ""
    assert [bundle.problem for bundle in shelf.all()] == ["", ""]

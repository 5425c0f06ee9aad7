"""However bundle.json is damaged, the answer is a bundle or a sentence, never another error."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tiny_bundle import description, write_bundle

from peace_model.ecg.signal.pipeline import Pipeline
from peace_model.inference.bundle import load_bundle
from peace_model.inference.bundle_fields import BundleError

JUNK = st.one_of(st.none(), st.booleans(), st.integers(-5, 10**30), st.floats(allow_nan=True), st.text(max_size=4),
                 st.lists(st.integers(0, 3), max_size=3), st.dictionaries(st.text(max_size=3), st.none(), max_size=2))


def places(value: Any, before: tuple = ()) -> list[tuple]:
    """Every path to a value inside nested objects and lists."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [before] if before else []
    for key, inner in items:
        found += places(inner, (*before, key))
    return found


PLACES = [place for place in places(description()) if place not in (("graph", "sha256"), ("graph",))]


@given(place=st.sampled_from(PLACES), junk=JUNK)
def test_a_damaged_description_gives_a_bundle_or_one_sentence(
        tmp_path_factory: Any, place: tuple, junk: Any) -> None:
    fields = description()
    inner: Any = fields
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = junk
    folder: Path = write_bundle(tmp_path_factory.mktemp("damaged"), fields=fields, graph=b"any graph")
    assert outcome(folder)


def outcome(folder: Path) -> str:
    """What the bundle is called and the length of its window, or what is wrong with it in one line."""
    try:
        bundle = load_bundle(folder)
    except BundleError as error:
        return str(error) if "\n" not in str(error) and error.remedy else ""
    return f"{bundle.name}: {Pipeline(bundle.pipeline).spec.window_samples}"

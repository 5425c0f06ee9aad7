"""The signal path is pinned: a bundle's figures hold only for the path that made them."""

import json

import numpy as np
from make_pipeline_golden import GOLDEN, SPEC, pinned, recording

from peace_model.ecg.signal.pipeline import Pipeline


def test_version_1_makes_the_pinned_windows() -> None:
    found, golden = pinned(Pipeline(SPEC).prepare(recording())), json.loads(GOLDEN.read_text(encoding="utf-8"))
    np.testing.assert_allclose(found.pop("samples"), golden.pop("samples"), atol=2e-4)
    assert found == golden

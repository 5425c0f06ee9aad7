"""The demo library's recipe: what it must contain, and that its files read back as what was simulated."""

import numpy as np
import pytest

from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.formats.wfdb_writer import write_wfdb
from peace_model.ecg.simulation import Pathology
from peace_model.ecg.simulation.demo import demo_recipe


def test_fourteen_recordings_from_five_days_to_fifteen_years_and_the_special_ones():
    specs = [item.spec for item in demo_recipe()]
    children = [spec.age_days for spec in specs if spec.age_known and spec.age_days < 18 * 365]
    assert len(specs) == 14
    assert min(children) == 5
    assert 15 * 365.25 <= max(children) < 16 * 365.25
    assert sum(not spec.age_known for spec in specs) == 1
    assert sum(spec.age_days >= 18 * 366 for spec in specs) == 1
    assert sum(bool(spec.disturbances.railed_leads) for spec in specs) == 1
    assert [spec.age_days for spec in specs if spec.lead_set == 9] == [5]
    assert sum(spec.disturbances.arms_swapped for spec in specs) == 1
    assert any(spec.lead_set == 15 for spec in specs)
    assert len(frozenset().union(*(spec.pathologies for spec in specs))) >= 8
    assert {spec.sex for spec in specs} == {"F", "M"}


def test_titles_and_file_names_give_nothing_away():
    items = demo_recipe()
    assert len({item.name for item in items}) == len({item.title for item in items}) == len(items)
    words = {word.casefold() for pathology in Pathology for word in (*pathology.value.split(), pathology.name)}
    for item in items:
        assert not words & set(item.title.casefold().replace("_", " ").split())
        assert not words & set(item.name.casefold().replace("_", " ").split())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return [write_wfdb(item.recording(), folder, item.name) for item in demo_recipe()]


def test_written_demo_reads_back_with_age_sex_leads_and_the_simulated_mark(written):
    items = demo_recipe()
    assert [path.stem for path in written] == [item.name for item in items]
    for item, path in zip(items, written, strict=True):
        made, read = item.recording(), read_recording(path)
        assert read.simulated
        assert read.leads == made.leads
        assert read.sex == made.sex
        assert (read.age.days if read.age else None) == (made.age.days if made.age else None)
        assert read.patient_key == made.patient_key
        assert set(made.source_statements) <= set(read.source_statements)
        assert np.allclose(read.signal_mv, made.signal_mv, atol=0.001, equal_nan=True)

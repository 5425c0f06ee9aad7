"""Published figures that must never drift: Rijnbeek 2001 and the Copenhagen Baby Heart Study."""

import pytest

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.norms import load_norms

BOY_11_TO_29_DAYS = {"heart_rate": (129, 160, 192), "pr_interval": (77, 99, 120), "qrs_duration": (50, 67, 85),
                     "qtc_bazett": (378, 413, 448), "qrs_axis": (75, 97, 140)}
GIRL_12_TO_16_YEARS = {"heart_rate": (54, 76, 107), "pr_interval": (106, 135, 176), "qrs_duration": (72, 87, 106),
                       "qtc_bazett": (370, 414, 457), "qrs_axis": (5, 66, 101)}


@pytest.mark.parametrize(("table", "days", "sex"), [(BOY_11_TO_29_DAYS, 20, "M"), (GIRL_12_TO_16_YEARS, 5200, "F")])
def test_rijnbeek(table: dict[str, tuple[float, float, float]], days: int, sex: str) -> None:
    for parameter, expected in table.items():
        answer = load_norms().limits(parameter, age=Age(days, Precision.DAY, "test"), sex=sex)
        limit = answer.limits[0]
        assert (limit.p02, limit.p50, limit.p98) == expected
        assert limit.name == "Rijnbeek 2001"
        assert limit.cross_checked


def test_newborn_qtc_is_never_shared_between_formulas() -> None:
    age = Age(5, Precision.DAY, "test")
    upper = {formula: load_norms().limits(f"qtc_{formula}", age=age, sex="F").limits[0].p98
             for formula in ("bazett", "fridericia")}
    assert upper == {"bazett": 474, "fridericia": 414}


def test_the_table_is_the_one_described() -> None:
    norms = load_norms()
    assert norms.version == "1.0.1"
    assert len(norms.rows) == 895
    assert sum(row.cross_checked for row in norms.rows) == 94
    assert len(norms.sha256) == 64
    assert {source for source, _ in norms.citations} == {row.source for row in norms.rows}

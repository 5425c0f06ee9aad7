"""The limits a simulated heart must keep to: one cited table, one row per question."""

from functools import lru_cache

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.norms import Limit, load_norms
from peace_model.ecg.recording import Sex

SOURCE = "Rijnbeek 2001"
"""Its children are 11 days to under 16 years old."""


@lru_cache(maxsize=4096)
def published(parameter: str, *, age_days: int, sex: Sex, lead: str | None = None) -> Limit | None:
    """The Rijnbeek 2001 row for this age and sex, None where that publication has none."""
    age = Age(age_days, Precision.DAY, "simulation")
    answer = load_norms().limits(parameter, lead=lead, age=age, sex=sex, include_single_transcriptions=True)
    for limit in answer.limits:
        if limit.source.startswith(SOURCE) and limit.age_min_days <= age_days < limit.age_max_days:
            return limit
    return None

"""What of a case can be seen at one moment: pure, for the record that is kept with a reading."""

from peace_desktop.jobs.case import CaseAnalysis
from peace_desktop.jobs.opened_case import LoadedCase
from peace_desktop.jobs.study_session import StudyItem
from peace_desktop.review.circumstances import Shown
from peace_desktop.review.reading import Reading
from peace_model.inference.prediction import Explanation


def shown_now(loaded: LoadedCase, analysis: CaseAnalysis | None, item: StudyItem | None, *, reader: str,
              maps: tuple[Explanation, ...]) -> Shown:
    """loaded, analysis: as this reader may see them. item: the study's line of it. maps: those drawn."""
    return Shown(
        age=loaded.person.age is not None, sex=loaded.person.sex is not None,
        indication=item is not None and bool(item.indication), earlier_recordings=False,
        model_output=analysis is not None and analysis.prediction is not None,
        associated_findings=analysis is not None and analysis.prediction is not None
        and bool(analysis.prediction.associated),
        rule_results=analysis is not None and not loaded.blindness,
        source_statements=bool(loaded.recording.source_statements),
        other_readings=any(_others(reading, reader) for reading in loaded.readings),
        maps=tuple(dict.fromkeys(f"{item.label}/{item.method}" for item in maps)))


def _others(reading: Reading, reader: str) -> bool:
    return reading.reader != reader

"""Everything a report prints, as plain data in the reader's words; nothing is looked up while drawing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peace_desktop.report.associated_words import AssociatedText
from peace_desktop.report.details import Details
from peace_desktop.report.paper import Gain, PageLayout
from peace_desktop.review.time_notes import TimeNote
from peace_model.inference.prediction import Explanation, Verdict


@dataclass(frozen=True, eq=False)
class TraceContent:
    """The traces of one page.

    signal_mv: float32 (n_leads, n_samples) as drawn (filtered when `scale` says so), NaN where nothing was recorded;
    its first sample is the recording's first_sample.
    lead_notes: lead -> what its trace is besides recorded ("derived", "= V1").
    scale: speed, gains, filters and seconds in words. maps: the selected explanation, one item or one a lead.
    map_legend: what the map is, "" when none is selected; map_trust: how far it has support, in words. map_verdict: a
    map that is not supported is hatched. notes: the reader's, whose brackets stand at the traces.
    """

    signal_mv: NDArray[np.float32]
    fs_hz: float
    leads: tuple[str, ...]
    lead_notes: dict[str, str]
    page: PageLayout
    gain: Gain
    scale: str
    first_sample: int = 0
    maps: tuple[Explanation, ...] = ()
    map_legend: str = ""
    map_trust: str = ""
    map_verdict: Verdict = Verdict.SUPPORTED
    notes: tuple[TimeNote, ...] = ()


@dataclass(frozen=True)
class Status:
    """Where the reading stands: a word to be seen at once, and the sentences that explain it."""

    word: str
    lines: tuple[str, ...]
    signed: bool


@dataclass(frozen=True)
class LabelRow:
    """One label: what the model says and what the reader says. probability is None without a prediction.

    reasons: numbers of the report's `reasons`, counted from 1.
    """

    name: str
    probability: float | None
    threshold: float | None
    positive: bool | None
    decision: str
    statement: str
    agreement: str
    reasons: tuple[int, ...] = ()


@dataclass(frozen=True)
class MeasurementRow:
    """One measurement in words; flagged when outside its limits."""

    name: str
    value: str
    limits: str
    flag: str


@dataclass(frozen=True)
class RuleRow:
    """One rule that is met: its name, what was compared, the criterion with remarks, and the limit's citation."""

    name: str
    value: str
    criterion: str
    citation: str


@dataclass(frozen=True, eq=False)
class ReportContent:
    """One report. All texts are final; lines are whole paragraphs which the page wraps.

    associated: None where the model is not shown or has no associated findings.
    """

    title: str
    simulated: bool
    age: str
    age_known: bool
    person: tuple[str, ...]
    recording: tuple[str, ...]
    status: Status
    trace: TraceContent
    findings: tuple[str, ...]
    banner: tuple[str, ...]
    label_rows: tuple[LabelRow, ...]
    reasons: tuple[str, ...]
    prediction_note: str
    measurements: tuple[MeasurementRow, ...]
    edited: tuple[str, ...]
    unavailable: tuple[str, ...]
    limit_sources: tuple[str, ...]
    rules: tuple[RuleRow, ...]
    rules_note: str
    details: Details | None
    signature: tuple[str, ...]
    comment: str
    versions: tuple[str, ...]
    printed: str
    application: str
    associated: AssociatedText | None = None

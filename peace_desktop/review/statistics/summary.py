"""A study's statistics: every label in every subgroup, the same for the same answers in whatever order they come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from peace_desktop.review.statistics.intervals import DRAWS, FLOOR, Floor, Resampling
from peace_desktop.review.statistics.rows import LabelAnswers, Row, row_of
from peace_desktop.review.statistics.subgroups import Grouping, subgroups


@dataclass(frozen=True)
class StudyStatistics:
    """What `study_statistics` found. readers in the order of their names; rows by label, then subgroup."""

    labels: tuple[str, ...]
    readers: tuple[str, ...]
    recordings: int
    patients: int
    resampling: Resampling
    floor: Floor
    rows: tuple[Row, ...]


def study_statistics(labels: Sequence[LabelAnswers], groupings: Sequence[Grouping] = (), *, seed: int,
                     draws: int = DRAWS, floor: Floor = FLOOR) -> StudyStatistics:
    """The statistics of a study.

    labels: in the protocol's order, all of the same recordings, patients and raters in the same order; groupings: codes
    in that order too. The result depends on neither order: recordings are sorted by id, raters by name. Readers appear
    by the names of the tables: give pseudonyms where names must not appear. Raises ValueError when labels do not match.
    """
    if not labels:
        raise ValueError("a study's statistics need at least one label")
    table = labels[0].answers
    for label in labels[1:]:
        if ((label.answers.recordings, label.answers.raters) != (table.recordings, table.raters)
                or not np.array_equal(label.answers.patients, table.patients)):
            raise ValueError(f"{label.label}: recordings, patients and raters are not those of {labels[0].label}")
    if len({label.label for label in labels}) != len(labels):
        raise ValueError("a label stands twice; a study asks each label once")

    everyone = len(table.recordings)
    recordings = np.array(sorted(range(everyone), key=lambda row: table.recordings[row]), np.int64)
    raters = np.array(sorted(range(len(table.raters)), key=lambda column: table.raters[column]), np.int64)
    judged = [label.arranged(recordings, raters) for label in labels]
    groups = [replace(group, rows=group.rows[recordings]) for group in subgroups(groupings, everyone)]
    resampling = Resampling(seed, draws)
    rows = tuple(row_of(label, group, resampling, floor) for label in judged for group in groups)
    return StudyStatistics(tuple(label.label for label in labels), judged[0].answers.raters, everyone,
                           len(np.unique(table.patients)), resampling, floor, rows)

"""Made-up studies for the tests of their statistics."""

import numpy as np

from peace_desktop.review.statistics.answers import Answer, AnswerTable
from peace_desktop.review.statistics.rows import LabelAnswers
from peace_desktop.review.statistics.subgroups import Grouping

READERS = ("ana", "ben", "chi")


def table_of(answers, *, patients=None, raters=None):
    """An answer table of these answers (R, K); a patient for each recording unless given."""
    answers = np.asarray(answers, np.int8)
    recordings, columns = answers.shape
    return AnswerTable(tuple(f"r{row:04d}" for row in range(recordings)),
                       np.arange(recordings) if patients is None else np.asarray(patients),
                       raters or tuple(f"reader {column}" for column in range(columns)), answers)


def flipped(answers):
    """Present for absent and absent for present."""
    return np.select([answers == Answer.PRESENT, answers == Answer.ABSENT], [Answer.ABSENT, Answer.PRESENT],
                     answers).astype(np.int8)


def study_label(name="RVH", *, recordings=120, seed=0, prevalence=0.4):
    """A label that three readers and a model mostly get right; two recordings a patient, every kind of answer."""
    random = np.random.default_rng(seed)
    truth = (random.random(recordings) < prevalence).astype(np.int8)
    shape = (recordings, len(READERS))
    answers = np.where(random.random(shape) < 0.12, 1 - truth[:, None], truth[:, None]).astype(np.int8)
    for kind in (Answer.UNCERTAIN, Answer.MISSING, Answer.NOT_ASSESSABLE):
        answers[random.random(shape) < 0.04] = kind
    decisions = np.where(random.random(recordings) < 0.15, 1 - truth, truth).astype(np.int8)
    decisions[:3] = Answer.MISSING
    final = np.where((random.random(shape) < 0.1) & (answers >= 0) & (decisions >= 0)[:, None], decisions[:, None],
                     answers).astype(np.int8)
    return LabelAnswers(name, table_of(answers, patients=np.arange(recordings) // 2, raters=READERS), final, decisions,
                        truth)


def age_and_sex(recordings=120):
    """Two groupings: three age bands, the last of them rare, and sex with nobody unknown."""
    place = np.arange(recordings)
    return (Grouping("age band", ("infant", "child", "adolescent"), np.where(place < 8, 2, place % 2)),
            Grouping("sex", ("F", "M", "unknown"), (place // 2) % 2))

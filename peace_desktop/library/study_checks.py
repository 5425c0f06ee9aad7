"""Whether studies, decisions and circumstances are those the audit trail recorded: what `verify` adds to its report."""

import json
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from peace_desktop.library import adjudications, studies
from peace_desktop.library.canonical import sha256_of
from peace_desktop.library.tables import AdjudicationRow, CircumstancesRow, StudyRow
from peace_desktop.review.errors import StudyError
from peace_desktop.texts import _

Key = TypeVar("Key")


def study_problems(session: Session, designs: Mapping[str, str], decisions: Mapping[str, str],
                   surroundings: Mapping[tuple[str, str], str]) -> list[str]:
    """Sentences for everything that differs. The mappings hold the last hash the trail recorded of each."""
    study_ids = session.scalars(select(StudyRow.study_id).order_by(StudyRow.position)).all()
    decided = session.scalars(select(AdjudicationRow.adjudication_id).order_by(AdjudicationRow.position)).all()
    documents = {(row.reading_id, row.stage): row.document for row in session.scalars(select(CircumstancesRow))}
    differs = _("{what} {id} differs from what the audit trail recorded")
    return [
        *(differs.format(what=_("study"), id=study_id[:12]) for study_id in _differing(
            study_ids, designs, lambda study_id: _design(session, study_id))),
        *(differs.format(what=_("decision"), id=decision_id[:12]) for decision_id in _differing(
            decided, decisions, lambda decision_id: _decision(session, decision_id))),
        *(_("what surrounded reading {id} differs from what the audit trail recorded").format(id=reading_id[:12])
          for reading_id, _stage in _differing(documents, surroundings, lambda key: _document(documents[key]))),
    ]


def _differing(stored: Collection[Key], audited: Mapping[Key, str], hashed: Callable[[Key], str]) -> list[Key]:
    return [key for key in dict.fromkeys((*stored, *audited)) if key not in stored or hashed(key) != audited.get(key)]


def _design(session: Session, study_id: str) -> str:
    """Hash of a stored study; "" when what is stored is no possible study at all."""
    try:
        protocol = studies.get(session, study_id)
    except (KeyError, TypeError, ValueError, StudyError):
        return ""
    return studies.design_sha256(protocol, studies.recordings_of(session, study_id),
                                 studies.assignments_of(session, study_id))


def _decision(session: Session, decision_id: str) -> str:
    try:
        decision = adjudications.get_one(session, decision_id)
    except (ValueError, StudyError):
        return ""
    return "" if decision is None else sha256_of(adjudications.adjudication_document(decision))


def _document(text: str) -> str:
    try:
        return sha256_of(json.loads(text))
    except ValueError:
        return ""

"""The preview of a study in words, and what the list of studies says of each: pure functions."""

from collections.abc import Mapping

from peace_desktop.jobs.study_draft import Plan
from peace_desktop.jobs.study_session import StudyOverview
from peace_desktop.review.study import Progress
from peace_desktop.texts import _, as_fact, listed, ngettext

_FIRST = 4


def plan_lines(plan: Plan, titles: Mapping[str, str]) -> tuple[str, ...]:
    """How much, who reads how many, and what each reads first."""
    count = len(plan.held)
    lines = [ngettext("{n} recording of the worklist as it is filtered now",
                      "{n} recordings of the worklist as it is filtered now", count).format(n=count), ""]
    for reader, load in plan.loads:
        first = [titles[item.recording_sha256] for item in plan.assignments if item.reader == reader][:_FIRST]
        lines.append(_("{reader}: {n}, first {titles}").format(reader=reader, n=load, titles=listed(first)))
    without = sum(not item.indication for item in plan.held)
    if plan.protocol.indication_shown and without:
        lines += ["", ngettext("{n} recording has no indication", "{n} recordings have no indication", without).format(
            n=without)]
    lines += ["", _("Made once, a study does not change: not its labels, its readers, its order.")]
    return tuple(lines)


def mode_words(overview: StudyOverview) -> str:
    """Blind or open, and whether it is closed."""
    words = _("blind") if overview.protocol.mode == "blind" else _("open")
    return f"{words}, {_('closed')}" if overview.closed else words


def progress_words(progress: Progress | None) -> str:
    """How far a reader is, in one cell; "" for somebody who does not read it."""
    if progress is None:
        return ""
    words = _("{signed} of {all} signed").format(signed=progress.signed, all=progress.assigned)
    if progress.locked:
        words += _(", {n} locked").format(n=progress.locked)
    if progress.begun:
        words += _(", {n} begun").format(n=progress.begun)
    return words


def everybody_words(overview: StudyOverview) -> str:
    """Every reader's progress, a line each."""
    return "\n".join(as_fact(item.reader, progress_words(item)) for item in overview.progress)

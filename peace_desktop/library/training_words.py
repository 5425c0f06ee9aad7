"""What is told of a data set that was written to learn from: on the console, in the window and in its own README."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from peace_desktop.library.study_room import Study
from peace_desktop.texts import _, listed, ngettext

if TYPE_CHECKING:
    from peace_desktop.library.training_set import LabelCount, TrainingSet


def commands(folder: Path) -> tuple[str, ...]:
    """From the data set to a bundle, with the names that are still to be filled in written large."""
    data = shlex.quote(str(folder))
    return (f"peace-model train --recipe few_shot --data {data} --init RUN --out NEW-RUN",
            "peace-model evaluate --store NEW-RUN/store --run NEW-RUN",
            "peace-model export --store NEW-RUN/store --run NEW-RUN --out BUNDLE --name NAME --version 1")


def told(done: "TrainingSet") -> list[str]:
    """What is in it, what was left out and why, and what there is too little of; a sentence each."""
    lines = [_("{recordings} recordings of {patients} patients").format(
        recordings=done.recordings, patients=done.patients + done.unnamed)]
    lines += [_label(count) for count in done.labels]
    lines += [_("left out, {count}: {why}").format(count=count, why=_(reason.value))
              for reason, count in done.left_out.items()]
    if done.unknown_labels:
        lines.append(_("left out, labels that the networks here do not know: {labels}").format(
            labels=listed(done.unknown_labels)))
    if done.fewer_leads:
        lines.append(ngettext("{n} recording lacks some of the twelve standard leads; they are masked, not invented",
                              "{n} recordings lack some of the twelve standard leads; they are masked, not invented",
                              done.fewer_leads).format(n=done.fewer_leads))
    if done.unnamed:
        lines.append(ngettext("{n} recording has no patient key and stands for a patient of its own",
                              "{n} recordings have no patient key and stand for a patient each", done.unnamed).format(
                                  n=done.unnamed))
    if done.simulated:
        lines.append(_("All of them are simulated: good for trying the way, not for a model of children."))
    return lines + list(warnings(done))


def warnings(done: "TrainingSet") -> tuple[str, ...]:
    """What the recipe will miss."""
    said = []
    if done.few:
        said.append(_("Few: the recipe draws {shots} recordings of each label from eight of ten patients, and takes "
                      "all there are of {labels}. Figures and thresholds of such a label will be uncertain.").format(
                          shots=done.shots, labels=listed(f"{count.label} ({count.present})"
                                                             for count in done.few)))
    alike = [count.label for count in done.labels if count.present and not count.absent]
    if alike:
        said.append(_("Nowhere absent, so that nothing tells it apart: {labels}").format(
            labels=listed(alike)))
    return tuple(said)


def next_steps(folder: Path) -> list[str]:
    """The commands with what is to be filled in."""
    return [_("Then, where peace-model is installed with the extra train:"), "",
            *(f"    {command}" for command in commands(folder)), "",
            _("RUN is what to begin with: the folder of the bundle that is to be improved, or a run of your own of the "
              "recipe pretrain. The folder BUNDLE is added in the window under Model, Bundles.")]


def read_me(done: "TrainingSet", study: Study) -> str:
    """The data set's own page. It names nobody, and of the study its id alone."""
    protocol = study.protocol
    readers = ngettext("{n} reader a recording", "{n} readers a recording", protocol.readers_per_recording).format(
        n=protocol.readers_per_recording)
    return "\n".join((
        "# " + _("Reviewed recordings"), "",
        _("Study {study}: the answers are its reference, decided by an adjudicator or else agreed ({readers}). "
          "Research use only.").format(study=protocol.study_id, readers=readers), "",
        *(f"* {line}" for line in told(done)), "",
        _("labels.csv names the records; a label in the column uncertain is open, neither present nor absent, and so "
          "is every label that the study did not ask for. Patients have keys that nobody can turn back; names and "
          "dates are not here. The ECGs are not encrypted."), "",
        *next_steps(Path("FOLDER")), ""))


def _label(count: "LabelCount") -> str:
    return _("{label}: present {present}, absent {absent}, open {open}").format(
        label=count.label, present=count.present, absent=count.absent, open=count.open)
